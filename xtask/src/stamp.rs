//! Notes what was made from which contents, so that a second run does not make it again.

use std::fs;
use std::path::{Path, PathBuf};

use anyhow::{Context, Result};
use sha2::{Digest, Sha256};

use crate::paths;

/// A note under `.tools/stamps`: the digest of the inputs of the last success.
pub(crate) struct Stamp {
    file: PathBuf,
    digest: String,
}

impl Stamp {
    /// For the contents of these files and folders (below the checkout), without what lies in folders named
    /// in `except`.
    pub(crate) fn of(name: &str, inputs: &[PathBuf], except: &[&str]) -> Result<Self> {
        let mut files = Vec::new();
        for input in inputs {
            collect(input, except, &mut files)?;
        }
        files.sort();
        let mut digest = Sha256::new();
        for file in files {
            let contents = fs::read(&file).with_context(|| format!("cannot read {}", file.display()))?;
            digest.update(
                file.strip_prefix(paths::root())
                    .unwrap_or(&file)
                    .to_string_lossy()
                    .as_bytes(),
            );
            digest.update([0]);
            digest.update(contents.len().to_le_bytes());
            digest.update(&contents);
        }
        let digest = digest
            .finalize()
            .iter()
            .map(|byte| format!("{byte:02x}"))
            .collect();
        Ok(Self {
            file: paths::tools().join("stamps").join(name),
            digest,
        })
    }

    /// Nothing has changed since [`Stamp::set`].
    pub(crate) fn holds(&self) -> bool {
        fs::read_to_string(&self.file).is_ok_and(|noted| noted == self.digest)
    }

    /// Notes the success.
    pub(crate) fn set(&self) -> Result<()> {
        fs::create_dir_all(self.file.parent().expect("a stamp has a folder"))?;
        fs::write(&self.file, &self.digest).with_context(|| format!("cannot write {}", self.file.display()))
    }
}

fn collect(path: &Path, except: &[&str], files: &mut Vec<PathBuf>) -> Result<()> {
    if path.is_dir() {
        for entry in fs::read_dir(path)? {
            let entry = entry?;
            if !except.iter().any(|name| entry.file_name() == *name) {
                collect(&entry.path(), except, files)?;
            }
        }
    } else if path.is_file() {
        files.push(path.to_owned());
    }
    Ok(())
}
