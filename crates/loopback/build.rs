//! Takes the page that embeds Amazon Connect's panel into the program, if it has been built
//! (`packages/ccp`; `cargo xtask` builds it). Without it everything else works, and the page says what is
//! missing.

use std::fmt::Write as _;
use std::path::{Path, PathBuf};
use std::{env, fs};

const KINDS: &[(&str, &str)] = &[
    ("html", "text/html; charset=utf-8"),
    ("js", "text/javascript; charset=utf-8"),
    ("css", "text/css; charset=utf-8"),
    ("txt", "text/plain; charset=utf-8"),
];

fn main() {
    let here = PathBuf::from(env::var_os("CARGO_MANIFEST_DIR").expect("cargo sets it"));
    let out = PathBuf::from(env::var_os("OUT_DIR").expect("cargo sets it"));
    let built = here.join("../../packages/ccp/dist");
    println!("cargo:rerun-if-changed=build.rs");
    println!("cargo:rerun-if-changed={}", built.display());
    let mut list = String::from("&[\n");
    for file in files(&built) {
        let name = file.file_name().unwrap_or_default().to_string_lossy();
        let kind = KINDS
            .iter()
            .find(|(ending, _)| file.extension().is_some_and(|has| has == *ending));
        let Some((_, kind)) = kind else { continue };
        let copy = out.join(format!("ccp-{name}"));
        fs::copy(&file, &copy).expect("OUT_DIR can be written");
        writeln!(list, "({name:?}, {kind:?}, include_bytes!({copy:?}).as_slice()),").expect("a String");
    }
    list.push(']');
    fs::write(out.join("ccp_files.rs"), list).expect("OUT_DIR can be written");
}

fn files(folder: &Path) -> Vec<PathBuf> {
    let entries = fs::read_dir(folder).into_iter().flatten();
    let mut files: Vec<_> = entries.map_while(Result::ok).map(|entry| entry.path()).collect();
    files.sort();
    files
}
