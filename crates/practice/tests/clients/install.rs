//! Installs other people's clients, each once for all runs, in a fixed version.

use std::ffi::OsString;
use std::fs::{self, File};
use std::path::{Path, PathBuf};
use std::process::Command;

/// A client's folder, or why it cannot be had on this machine.
pub(crate) fn once(name: &str, fill: impl Fn(&Path) -> Result<(), String>) -> Result<PathBuf, String> {
    let folder = Path::new(env!("CARGO_TARGET_TMPDIR")).join(name);
    fs::create_dir_all(&folder).unwrap();
    // Tests of several processes take turns.
    let lock = File::create(folder.join("lock")).unwrap();
    lock.lock().unwrap();
    let done = folder.join("installed");
    if !done.is_file() {
        fill(&folder)?;
        fs::write(done, "").unwrap();
    }
    Ok(folder)
}

/// What a package manager says when it reaches no registry.
const UNREACHABLE: [&str; 12] = [
    "EAI_AGAIN",
    "ECONNREFUSED",
    "ECONNRESET",
    "ENETUNREACH",
    "ENOTFOUND",
    "ERR_SOCKET_TIMEOUT",
    "ETIMEDOUT",
    "Failed to establish a new connection",
    "Name or service not known",
    "Network is unreachable",
    "Temporary failure in name resolution",
    "timed out",
];

/// Runs a step of an installation. An error is a registry that cannot be reached or a program that is not
/// there; anything else fails the test.
pub(crate) fn step(command: &mut Command) -> Result<(), String> {
    let program = command.get_program().to_string_lossy().into_owned();
    let ran = match command.output() {
        Ok(ran) => ran,
        Err(error) => return Err(format!("`{program}` does not start: {error}")),
    };
    if ran.status.success() {
        return Ok(());
    }
    let said = String::from_utf8_lossy(&[ran.stdout, ran.stderr].concat()).into_owned();
    let unreachable = UNREACHABLE.iter().find(|sign| said.contains(**sign));
    match unreachable {
        Some(sign) => Err(format!("`{program}` reaches no registry: {sign}")),
        None => panic!("{command:?} failed:\n{said}"),
    }
}

/// Says that a test was skipped: to people, and to `cargo xtask test`, which repeats it at the end.
pub(crate) fn skipped(test: &str, reason: &str) {
    eprintln!("skipped: {test}: {reason}");
    if let Some(path) = std::env::var_os("HOLDLINE_SKIPPED") {
        use std::io::Write as _;
        let mut file = fs::OpenOptions::new()
            .append(true)
            .create(true)
            .open(path)
            .unwrap();
        writeln!(file, "{test}\t{reason}").unwrap();
    }
}

/// A program of Node: the checkout's own, where the set-up has brought one, else the machine's.
pub(crate) fn node(program: &str) -> Command {
    let own = Path::new(env!("CARGO_MANIFEST_DIR")).join("../../.tools/node/bin");
    let mut path: Vec<PathBuf> = vec![own.clone()];
    path.extend(std::env::split_paths(
        &std::env::var_os("PATH").unwrap_or_default(),
    ));
    let path: OsString = std::env::join_paths(path).unwrap();
    let found = own.join(program);
    let mut command = if found.is_file() {
        Command::new(found)
    } else {
        Command::new(program)
    };
    command.env("PATH", path);
    command
}
