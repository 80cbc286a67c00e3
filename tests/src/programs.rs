//! Where the built programs are.

use std::fs;
use std::path::{Path, PathBuf};

/// Holdline with its window and tray: `HOLDLINE_BIN`, or the one beside the test.
#[track_caller]
pub fn holdline() -> PathBuf {
    find("HOLDLINE_BIN", "holdline")
}

/// The command line: `HOLDLINECTL_BIN`, or the one beside the test.
#[track_caller]
pub fn holdlinectl() -> PathBuf {
    find("HOLDLINECTL_BIN", "holdlinectl")
}

/// Chromium's path, or why there is none.
pub fn chromium() -> Result<PathBuf, String> {
    if let Ok(reason) = std::env::var("HOLDLINE_NO_CHROMIUM") {
        return Err(reason);
    }
    in_path("chromium").ok_or_else(|| "there is no chromium in PATH".to_owned())
}

/// A program in PATH.
pub fn in_path(name: &str) -> Option<PathBuf> {
    let path = std::env::var_os("PATH")?;
    std::env::split_paths(&path)
        .map(|folder| folder.join(name))
        .find(|program| program.is_file())
}

/// Node: the checkout's own, where the set-up has brought one, else the machine's.
pub fn node() -> Option<PathBuf> {
    let own = root().join(".tools/node/bin/node");
    if own.is_file() {
        return Some(own);
    }
    in_path("node")
}

/// Says that a test was skipped: to people, and to `cargo xtask test`, which repeats it at the end.
pub fn skipped(test: &str, reason: &str) {
    use std::io::Write as _;
    eprintln!("skipped: {test}: {reason}");
    if let Some(path) = std::env::var_os("HOLDLINE_SKIPPED") {
        let file = std::fs::OpenOptions::new().append(true).create(true).open(path);
        let told = file.and_then(|mut file| writeln!(file, "{test}\t{reason}"));
        told.expect("the list of skipped tests can be written");
    }
}

/// Puts an `xdg-open` into a folder that only adds what it is to open to a file, a line each.
#[track_caller]
pub fn install_browser(bin: &Path, opened: &Path) {
    use std::os::unix::fs::PermissionsExt as _;

    let path = bin.join("xdg-open");
    let script = format!("#!/bin/sh\nprintf '%s\\n' \"$1\" >> '{}'\n", opened.display());
    fs::write(&path, script).expect("our own folder can be written to");
    fs::set_permissions(&path, fs::Permissions::from_mode(0o755)).expect("our own file");
}

/// The checkout.
pub fn root() -> PathBuf {
    PathBuf::from(env!("CARGO_MANIFEST_DIR"))
        .parent()
        .expect("tests lie in the checkout")
        .to_owned()
}

#[track_caller]
fn find(variable: &str, name: &str) -> PathBuf {
    if let Some(path) = std::env::var_os(variable) {
        return path.into();
    }
    // target/debug/deps/journeys-… or target/debug/bench
    let test = std::env::current_exe().expect("a process knows its program");
    let path = test
        .ancestors()
        .skip(1)
        .take(2)
        .map(|folder| folder.join(name))
        .find(|path| path.is_file());
    path.unwrap_or_else(|| {
        panic!(
            "`{name}` is not built: `cargo xtask test` builds it, or set {variable}, or \
             `cargo build --workspace --all-targets --features holdline/custom-protocol`"
        )
    })
}
