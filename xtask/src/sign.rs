//! `cargo xtask sign`: everything in a folder of packages, by the keys that the environment names.
//!
//! Read top-down. Private keys are never in the checkout: OpenPGP goes through gpg, whose agent also speaks to smart
//! cards and HSMs; minisign and Authenticode take a key from the environment or a signer's command
//! (`HOLDLINE_SIGN_COMMAND`), which may be backed by hardware.

pub(crate) mod apt;
mod authenticode;
mod bill;
pub(crate) mod minisign;
pub(crate) mod openpgp;
mod sums;

use std::fs;
use std::path::{Path, PathBuf};

use anyhow::{Context, Result, bail};

use crate::paths;
use crate::setup;

pub(crate) use authenticode::Authenticode;
pub(crate) use minisign::Minisign;
pub(crate) use openpgp::OpenPgp;

/// Where updates are downloaded from, for the manifest: the folder's address.
const UPDATE_BASE: &str = "HOLDLINE_UPDATE_BASE_URL";

/// Signs what lies in a folder: packages, then an apt repository of them, an update manifest, a bill of materials
/// and checksums.
pub(crate) fn sign(folder: &Path, channel: &str) -> Result<()> {
    setup::packaging()?;
    let openpgp = OpenPgp::from_environment()?;
    let minisign = Minisign::from_environment()?;
    let authenticode = Authenticode::from_environment();
    let base = std::env::var(UPDATE_BASE).ok();
    let signed = everything(
        folder,
        channel,
        base.as_deref(),
        &openpgp,
        &minisign,
        &authenticode,
    )?;
    for file in signed {
        println!("{}", file.display());
    }
    Ok(())
}

/// [`sign`] with these keys; answers what a release consists of.
pub(crate) fn everything(
    folder: &Path,
    channel: &str,
    base: Option<&str>,
    openpgp: &OpenPgp,
    minisign: &Minisign,
    authenticode: &Authenticode,
) -> Result<Vec<PathBuf>> {
    let mut files = with_ending(
        folder,
        &[".deb", ".rpm", "-setup.exe", ".msi", ".app.tar.gz", ".dmg"],
    )?;
    if files.is_empty() {
        bail!(
            "{} holds no package: make some with `cargo xtask package`",
            folder.display()
        );
    }
    // Signatures inside a file change it, so they come first.
    for file in &files {
        match ending(file) {
            "deb" => openpgp.sign_deb(file)?,
            "rpm" => openpgp.sign_rpm(file)?,
            "exe" | "msi" => authenticode.sign(file)?,
            _ => {}
        }
    }
    let debs: Vec<_> = files
        .iter()
        .filter(|file| ending(file) == "deb")
        .cloned()
        .collect();
    if !debs.is_empty() {
        apt::repository(&folder.join("apt"), channel, &debs, openpgp)?;
    }
    let mut signatures = Vec::new();
    for file in files.iter().filter(|file| ending(file) != "dmg") {
        signatures.push(minisign.sign(file)?);
    }
    if let Some(base) = base {
        let manifest = folder.join(channel).join("updates.json");
        minisign::manifest(&manifest, base, &signatures)?;
    }
    files.extend(signatures);
    files.push(bill::of_materials(folder)?);
    files.extend(sums::write(folder, &files, openpgp, minisign)?);
    Ok(files)
}

/// The folder's files whose names end so, sorted.
pub(crate) fn with_ending(folder: &Path, endings: &[&str]) -> Result<Vec<PathBuf>> {
    let mut found = Vec::new();
    for entry in fs::read_dir(folder).with_context(|| format!("cannot read {}", folder.display()))? {
        let path = entry?.path();
        let name = path.file_name().unwrap_or_default().to_string_lossy();
        if path.is_file() && endings.iter().any(|ending| name.ends_with(ending)) {
            found.push(path);
        }
    }
    found.sort();
    Ok(found)
}

/// The default folder of packages.
pub(crate) fn default_folder() -> PathBuf {
    paths::target().join("packages")
}

fn ending(file: &Path) -> &str {
    file.extension()
        .and_then(|ending| ending.to_str())
        .unwrap_or_default()
}
