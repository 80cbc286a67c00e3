//! The UI's packages and its build.

use anyhow::{Context, Result};

use super::Node;
use crate::command::run_quietly;
use crate::paths;
use crate::stamp::Stamp;

/// `npm ci`, when the lockfile has changed since the last time.
pub(super) fn install(node: &Node) -> Result<()> {
    let ui = paths::ui();
    let stamp = Stamp::of(
        "npm-ci",
        &[ui.join("package.json"), ui.join("package-lock.json")],
        &[],
    )?;
    if stamp.holds() && ui.join("node_modules").is_dir() {
        return Ok(());
    }
    println!("Installing the UI's packages from its lockfile");
    let mut npm = node.command("npm")?;
    npm.current_dir(&ui).args(["ci", "--no-audit", "--no-fund"]);
    run_quietly(&mut npm, "npm-ci.log").context("the UI's packages could not be installed")?;
    stamp.set()
}

/// `npm run build`, when a source has changed since the last time.
pub(super) fn build(node: &Node) -> Result<()> {
    let ui = paths::ui();
    let sources = [
        ui.clone(),
        paths::root().join("packages"),
        paths::root().join("crates/companion/texts"),
    ];
    let stamp = Stamp::of("ui-build", &sources, &["node_modules", "dist", "coverage"])?;
    if stamp.holds() && ui.join("dist/index.html").is_file() {
        return Ok(());
    }
    println!("Building the UI");
    let mut npm = node.command("npm")?;
    npm.current_dir(&ui).args(["run", "build"]);
    run_quietly(&mut npm, "ui-build.log").context("the UI could not be built")?;
    stamp.set()
}
