//! The machine's policy file: where it is, and which one counts.

use std::fs;
use std::io;
use std::path::PathBuf;

/// Why a policy file can't be named on the command line.
#[derive(Debug, thiserror::Error)]
pub enum PolicyError {
    /// The machine has its own.
    #[error(
        "This machine has a policy of its own, {}. It can't be replaced with --policy; ask your \
         administrator, or leave --policy out.", .0.display()
    )]
    MachineHasOne(PathBuf),
    /// It can't be read.
    #[error("The policy {} can't be read: {source}. Check the path.", .path.display())]
    Unreadable {
        /// Which file.
        path: PathBuf,
        /// What the system said.
        source: io::Error,
    },
}

/// Where this platform's administrators put the policy.
pub fn machine_policy() -> PathBuf {
    if cfg!(windows) {
        PathBuf::from(r"C:\ProgramData\Holdline\policy.toml")
    } else if cfg!(target_os = "macos") {
        PathBuf::from("/Library/Application Support/Holdline/policy.toml")
    } else {
        PathBuf::from("/etc/holdline/policy.toml")
    }
}

/// Decides which policy file counts: the machine's, or, where there is none, the named one.
///
/// # Errors
/// [`PolicyError`], when one is named that may not or can't be used.
pub fn choose_policy(machine: PathBuf, named: Option<PathBuf>) -> Result<Option<PathBuf>, PolicyError> {
    let machine_has_one = machine.exists();
    match named {
        Some(_) if machine_has_one => Err(PolicyError::MachineHasOne(machine)),
        Some(path) => match fs::metadata(&path) {
            Ok(_) => Ok(Some(path)),
            Err(source) => Err(PolicyError::Unreadable { path, source }),
        },
        None => Ok(machine_has_one.then_some(machine)),
    }
}
