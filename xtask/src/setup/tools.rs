//! Cargo's helpers, built below `.tools`.

use std::fs;
use std::path::PathBuf;

use anyhow::{Context, Result};

use crate::command::{cargo, run_quietly};
use crate::paths;

const CARGO_CYCLONEDX: (&str, &str) = ("cargo-cyclonedx", "0.5.9");
const CARGO_DENY: (&str, &str) = ("cargo-deny", "0.20.2");

/// cargo-cyclonedx, which writes bills of materials.
pub(crate) fn cargo_cyclonedx() -> Result<PathBuf> {
    tool(CARGO_CYCLONEDX)
}

/// cargo-deny, for `.ci/run`.
pub(crate) fn cargo_deny() -> Result<PathBuf> {
    tool(CARGO_DENY)
}

/// From crates.io. A debug build: it compiles in half the time and runs in seconds.
fn tool((name, version): (&str, &str)) -> Result<PathBuf> {
    let root = paths::tools();
    let program = root
        .join("bin")
        .join(format!("{name}{}", std::env::consts::EXE_SUFFIX));
    // Cargo's own record: not every one of them has a --version of its own.
    let record = fs::read_to_string(root.join(".crates.toml")).unwrap_or_default();
    if program.is_file() && record.contains(&format!("\"{name} {version} (")) {
        return Ok(program);
    }
    println!("Building {name} {version} below .tools");
    let mut install = cargo();
    install.args([
        "install",
        "--locked",
        "--debug",
        "--force",
        "--version",
        version,
        "--root",
    ]);
    install.arg(&root).arg(name);
    run_quietly(&mut install, &format!("{name}.log"))
        .with_context(|| format!("{name} could not be built"))?;
    Ok(program)
}
