//! Files that are either the old one or the new one, never half of each.

use std::io::{self, Write};
use std::path::Path;

use tempfile::NamedTempFile;

/// Replaces a file: temporary file beside it (readable by its owner only), fsync, rename, fsync of the
/// folder. After a crash or a power cut the path holds the old content or the new.
///
/// # Errors
/// Whatever the system says; the old file is untouched then.
pub fn replace_file(path: &Path, content: &[u8]) -> io::Result<()> {
    let folder = path
        .parent()
        .ok_or_else(|| io::Error::other("the path has no folder"))?;
    let mut file = NamedTempFile::new_in(folder)?;
    file.write_all(content)?;
    file.as_file().sync_all()?;
    file.persist(path)?;
    sync_folder(folder)
}

#[cfg(unix)]
fn sync_folder(folder: &Path) -> io::Result<()> {
    std::fs::File::open(folder)?.sync_all()
}

/// Only Unix lets a folder be synced; Windows orders its renames itself.
#[cfg(not(unix))]
fn sync_folder(_folder: &Path) -> io::Result<()> {
    Ok(())
}
