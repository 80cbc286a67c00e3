//! Cargo for a system that this machine is not.
//!
//! Debian's own Rust (`rustc-web`) has the standard library's sources, from which cargo builds it for the target; the
//! toolchain of this checkout has no standard library for other systems here. RUSTC_BOOTSTRAP lets a stable compiler
//! do that (`-Zbuild-std`).

use std::process::Command;

use crate::build::{FEATURES, locked};
use crate::command::cargo;
use crate::paths;

/// In a folder of its own: what it builds is nobody else's.
pub(crate) fn cargo_for(target: &str, system: &str, verb: &str) -> Command {
    let mut cargo = cargo();
    cargo
        .args([verb, "-Zbuild-std=std,panic_abort", "--target", target])
        .env("RUSTC", "/usr/bin/rustc")
        .env("RUSTC_BOOTSTRAP", "1")
        // The toolchain of this checkout sets it for its own compiler.
        .env_remove("RUSTUP_TOOLCHAIN")
        .env("CARGO_TARGET_DIR", paths::target().join(system));
    locked(&mut cargo);
    cargo
}

/// The whole app, and all that the release workflow tests there.
pub(crate) fn everything(check: &mut Command) -> &mut Command {
    check
        .args(["--workspace", "--exclude", "journeys", "--features", FEATURES])
        .args(["--all-targets", "--keep-going"])
}
