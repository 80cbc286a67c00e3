//! Cargo's helpers, built below `.tools`.

use std::path::PathBuf;

use anyhow::{Context, Result};

use crate::command::{cargo, output, run_quietly};
use crate::paths;

const CARGO_DENY: &str = "0.20.2";

/// cargo-deny, from crates.io. A debug build: it compiles in half the time and checks in a second.
pub(crate) fn cargo_deny() -> Result<PathBuf> {
    let program = paths::tools()
        .join("bin")
        .join(format!("cargo-deny{}", std::env::consts::EXE_SUFFIX));
    let version = output(std::process::Command::new(&program).arg("--version"));
    if version.is_some_and(|version| version.ends_with(CARGO_DENY)) {
        return Ok(program);
    }
    println!("Building cargo-deny {CARGO_DENY} below .tools");
    let mut install = cargo();
    install.args([
        "install",
        "--locked",
        "--debug",
        "--force",
        "--version",
        CARGO_DENY,
        "--root",
    ]);
    install.arg(paths::tools()).arg("cargo-deny");
    run_quietly(&mut install, "cargo-deny.log").context("cargo-deny could not be built")?;
    Ok(program)
}
