//! A signed apt repository of a few packages.

use std::fs;
use std::path::{Path, PathBuf};

use anyhow::{Context, Result, bail};

use super::OpenPgp;
use crate::command::{command, run_quietly};

/// The public key's file in the repository.
pub(crate) const KEYRING: &str = "holdline-archive-keyring.gpg";

/// Writes `pool/`, `dists/SUITE/` with `InRelease`, and the key's public half, ready for any web server.
pub(crate) fn repository(folder: &Path, suite: &str, debs: &[PathBuf], openpgp: &OpenPgp) -> Result<()> {
    let _ = fs::remove_dir_all(folder);
    let pool = folder.join("pool/main/h/holdline");
    fs::create_dir_all(&pool).with_context(|| format!("cannot make {}", pool.display()))?;
    for deb in debs {
        fs::copy(deb, pool.join(deb.file_name().unwrap_or_default()))?;
    }
    let binary = folder.join("dists").join(suite).join("main/binary-amd64");
    fs::create_dir_all(&binary)?;
    // Paths in the list are relative to the repository.
    let packages = ftparchive(folder, &["packages", "pool"])?;
    fs::write(binary.join("Packages"), &packages)?;
    run_quietly(
        command("gzip")
            .args(["--best", "--no-name", "--keep", "--force"])
            .arg(binary.join("Packages")),
        "gzip.log",
    )?;
    let dist = folder.join("dists").join(suite);
    let said = [
        ("Origin", "Holdline"),
        ("Label", "Holdline"),
        ("Suite", suite),
        ("Codename", suite),
        ("Architectures", "amd64"),
        ("Components", "main"),
    ];
    let mut words = Vec::new();
    for (name, value) in said {
        words.push("-o".to_owned());
        words.push(format!("APT::FTPArchive::Release::{name}={value}"));
    }
    words.extend(["release".to_owned(), ".".to_owned()]);
    let words: Vec<&str> = words.iter().map(String::as_str).collect();
    // Not into the folder while it is being listed.
    let release = ftparchive(&dist, &words)?;
    fs::write(dist.join("Release"), release)?;
    openpgp.sign_clear(&dist.join("Release"), &dist.join("InRelease"))?;
    openpgp.sign_detached(&dist.join("Release"), &dist.join("Release.gpg"))?;
    let keyring = folder.join(KEYRING);
    openpgp.export(&keyring, false)
}

fn ftparchive(folder: &Path, words: &[&str]) -> Result<Vec<u8>> {
    let mut list = command("apt-ftparchive");
    let listed = list.current_dir(folder).args(words).output();
    let listed = listed.context("apt-ftparchive could not be started: is apt-utils installed?")?;
    if !listed.status.success() {
        bail!(
            "apt-ftparchive: {}",
            String::from_utf8_lossy(&listed.stderr).trim()
        );
    }
    Ok(listed.stdout)
}
