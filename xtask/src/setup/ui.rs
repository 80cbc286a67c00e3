//! The npm packages of the pages and of the console package, and the pages' builds.

use std::path::Path;

use anyhow::{Context, Result};

use super::Node;
use crate::command::run_quietly;
use crate::paths;
use crate::stamp::Stamp;

/// `npm ci` of the UI, when its lockfile has changed since the last time.
pub(super) fn install(node: &Node) -> Result<()> {
    npm_ci(node, &paths::ui(), "npm-ci", "the UI's packages")
}

/// `npm ci` of what checks the console package: Salesforce's own converter and linters.
pub(super) fn install_console(node: &Node) -> Result<()> {
    let what = "what checks the console package";
    npm_ci(node, &paths::console_package(), "npm-ci-console", what)
}

/// `npm ci` of what checks the connector API's documents, and of the library that the voice guard is tested with.
pub(super) fn install_connector(node: &Node) -> Result<()> {
    let what = "what checks the connector API's documents";
    npm_ci(node, &paths::connector_check(), "npm-ci-connector", what)?;
    let what = "what the voice guard is tested with";
    npm_ci(node, &paths::voice_guard(), "npm-ci-voice-guard", what)
}

/// `npm ci` of what makes packages: Tauri's command line.
pub(super) fn install_packaging(node: &Node) -> Result<()> {
    npm_ci(
        node,
        &paths::packaging(),
        "npm-ci-packaging",
        "what makes packages",
    )
}

/// `npm ci` of the page with Amazon Connect's panel.
pub(super) fn install_ccp(node: &Node) -> Result<()> {
    npm_ci(
        node,
        &paths::ccp(),
        "npm-ci-ccp",
        "what the page for Amazon Connect is built from",
    )
}

fn npm_ci(node: &Node, folder: &Path, name: &str, what: &str) -> Result<()> {
    let inputs = [folder.join("package.json"), folder.join("package-lock.json")];
    let stamp = Stamp::of(name, &inputs, &[])?;
    if stamp.holds() && folder.join("node_modules").is_dir() {
        return Ok(());
    }
    println!("Installing {what} from its lockfile");
    let mut npm = node.command("npm")?;
    npm.current_dir(folder).args(["ci", "--no-audit", "--no-fund"]);
    run_quietly(&mut npm, &format!("{name}.log"))
        .with_context(|| format!("{what} could not be installed"))?;
    stamp.set()
}

/// `npm run build` of the UI, when a source has changed since the last time.
pub(super) fn build(node: &Node) -> Result<()> {
    npm_build(node, &paths::ui(), "ui-build", "the UI")
}

/// `npm run build` of the page with Amazon Connect's panel, likewise.
pub(super) fn build_ccp(node: &Node) -> Result<()> {
    npm_build(node, &paths::ccp(), "ccp-build", "the page for Amazon Connect")
}

fn npm_build(node: &Node, folder: &Path, name: &str, what: &str) -> Result<()> {
    let sources = [folder.to_owned(), paths::root().join("crates/companion/texts")];
    let stamp = Stamp::of(name, &sources, &["node_modules", "dist", "coverage"])?;
    if stamp.holds() && folder.join("dist/index.html").is_file() {
        return Ok(());
    }
    println!("Building {what}");
    let mut npm = node.command("npm")?;
    npm.current_dir(folder).args(["run", "build"]);
    run_quietly(&mut npm, &format!("{name}.log")).with_context(|| format!("{what} could not be built"))?;
    stamp.set()
}
