//! Two packages of one commit: are they the same, and if not, where do they differ?

use std::fs;
use std::path::{Path, PathBuf};

use anyhow::{Result, bail};

use super::deb::sha256;
use crate::command::{command, output, run_quietly};
use crate::paths;

/// Fails with the list of differences.
pub(crate) fn compare(first: &Path, second: &Path) -> Result<()> {
    if sha256(first)? == sha256(second)? {
        println!("Two builds of this commit gave the same bytes.");
        return Ok(());
    }
    let trees = [unpack(first, "first")?, unpack(second, "second")?];
    let mut diff = command("diff");
    diff.args(["--recursive", "--brief"]).args(&trees);
    let differences = String::from_utf8_lossy(&diff.output()?.stdout).into_owned();
    let listed = |deb: &Path| output(command("dpkg-deb").arg("--contents").arg(deb)).unwrap_or_default();
    let in_archive = if listed(first) == listed(second) {
        "no"
    } else {
        "yes"
    };
    bail!(
        "two builds of this commit differ. Files:\n{differences}Times, modes or order in the archive: {in_archive}"
    )
}

fn unpack(deb: &Path, name: &str) -> Result<PathBuf> {
    let tree = paths::scratch().join("compare").join(name);
    let _ = fs::remove_dir_all(&tree);
    fs::create_dir_all(&tree)?;
    run_quietly(
        command("dpkg-deb")
            .arg("--raw-extract")
            .arg(deb)
            .arg(tree.join("deb")),
        "compare.log",
    )?;
    Ok(tree)
}
