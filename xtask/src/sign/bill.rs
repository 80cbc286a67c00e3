//! The bill of materials: every crate in the programs, as CycloneDX.

use std::fs;
use std::path::{Path, PathBuf};

use anyhow::{Context, Result};

use crate::command::{command, run_quietly};
use crate::paths;
use crate::setup;

/// Writes `holdline.cdx.json`. It is signed with everything else, by its line in the signed checksums.
pub(super) fn of_materials(folder: &Path) -> Result<PathBuf> {
    let program = setup::cargo_cyclonedx()?;
    let name = "holdline-bill";
    let mut list = command(program);
    list.args([
        "cyclonedx",
        "--format",
        "json",
        "--spec-version",
        "1.5",
        "--quiet",
    ])
    .args(["--target", "all", "--override-filename", name, "--manifest-path"])
    .arg(paths::root().join("Cargo.toml"));
    run_quietly(&mut list, "cargo-cyclonedx.log").context("the bill of materials could not be made")?;
    // It writes one beside each manifest of the workspace; the app's is the one that holds everything.
    let made = paths::root().join(format!("{name}.json"));
    let to = folder.join("holdline.cdx.json");
    fs::copy(&made, &to).with_context(|| format!("there is no {}", made.display()))?;
    remove_all(paths::root(), &format!("{name}.json"))?;
    Ok(to)
}

fn remove_all(root: &Path, name: &str) -> Result<()> {
    let crates = root.join("crates");
    let mut folders = vec![root.to_owned(), root.join("tests"), root.join("xtask")];
    for entry in fs::read_dir(crates)? {
        folders.push(entry?.path());
    }
    for folder in folders {
        let _ = fs::remove_file(folder.join(name));
    }
    Ok(())
}
