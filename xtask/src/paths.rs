//! Where things are in this checkout.

use std::path::{Path, PathBuf};

/// The checkout.
pub(crate) fn root() -> &'static Path {
    Path::new(env!("CARGO_MANIFEST_DIR"))
        .parent()
        .expect("xtask lies in the checkout")
}

/// Programs that the set-up brings, and its notes on what it has done. Not in version control.
pub(crate) fn tools() -> PathBuf {
    root().join(".tools")
}

/// The window's sources.
pub(crate) fn ui() -> PathBuf {
    root().join("ui")
}

/// The sources of the page with Amazon Connect's panel.
pub(crate) fn ccp() -> PathBuf {
    root().join("packages/ccp")
}

/// What an admin installs in the org.
pub(crate) fn console_package() -> PathBuf {
    root().join("console-package")
}

/// What a Salesforce Voice connector uses.
pub(crate) fn voice_guard() -> PathBuf {
    root().join("packages/voice-guard")
}

/// The tools that check the connector API's documents.
pub(crate) fn connector_check() -> PathBuf {
    root().join("docs/connector/check")
}

/// What packages are made from, and the npm package of the tools that make them.
pub(crate) fn packaging() -> PathBuf {
    root().join("packaging")
}

/// Cargo's target directory, wherever this machine keeps it.
pub(crate) fn target() -> PathBuf {
    match std::env::var_os("CARGO_TARGET_DIR") {
        Some(folder) => root().join(folder),
        None => root().join("target"),
    }
}

/// A built program, by profile folder (`debug`, `release`) and name.
pub(crate) fn program(profile: &str, name: &str) -> PathBuf {
    target()
        .join(profile)
        .join(format!("{name}{}", std::env::consts::EXE_SUFFIX))
}

/// Scratch space of the tasks.
pub(crate) fn scratch() -> PathBuf {
    target().join("xtask")
}
