//! Checksums of a release, signed.

use std::fs;
use std::path::{Path, PathBuf};

use anyhow::Result;

use super::{Minisign, OpenPgp};
use crate::package::sha256;

/// Writes `SHA256SUMS` for these files, as `sha256sum --check` reads it, with both kinds of signature.
pub(super) fn write(
    folder: &Path,
    files: &[PathBuf],
    openpgp: &OpenPgp,
    minisign: &Minisign,
) -> Result<Vec<PathBuf>> {
    let mut lines = String::new();
    for file in files {
        let name = file.strip_prefix(folder).unwrap_or(file);
        lines.push_str(&format!("{}  {}\n", sha256(file)?, name.display()));
    }
    let sums = folder.join("SHA256SUMS");
    fs::write(&sums, lines)?;
    let signature = folder.join("SHA256SUMS.asc");
    openpgp.sign_detached(&sums, &signature)?;
    Ok(vec![minisign.sign(&sums)?, sums, signature])
}
