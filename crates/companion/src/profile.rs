//! A profile: the folder that holds one Holdline's files, owned by one process at a time.

use std::fs::{self, File, TryLockError};
use std::io;
use std::path::{Path, PathBuf};

use directories::ProjectDirs;

/// An open profile. The lock goes with the value, or with the process.
#[derive(Debug)]
pub struct Profile {
    folder: PathBuf,
    _lock: File,
}

/// Why a profile could not be opened.
#[derive(Debug, thiserror::Error)]
pub enum ProfileError {
    /// Another Holdline owns it.
    #[error(
        "Another Holdline is already running on the profile {}. Use that one, or give this one another \
         profile with --profile DIR.", .0.display()
    )]
    InUse(PathBuf),
    /// The system said no.
    #[error("The profile {} can't be used: {source}. Check that you may write there, or give another with \
             --profile DIR.", .folder.display())]
    Io {
        /// The profile's folder.
        folder: PathBuf,
        /// What the system said.
        source: io::Error,
    },
    /// The platform names no place for user data.
    #[error("This system names no folder for user data. Give one with --profile DIR.")]
    NoHome,
}

impl Profile {
    /// Opens (and makes) a profile's folder and takes its lock.
    ///
    /// # Errors
    /// [`ProfileError`]; each text names its remedy.
    pub fn open(folder: PathBuf) -> Result<Self, ProfileError> {
        let lock = lock(&folder).map_err(|error| match error {
            LockError::Held => ProfileError::InUse(folder.clone()),
            LockError::Io(source) => ProfileError::Io {
                folder: folder.clone(),
                source,
            },
        })?;
        Ok(Self { folder, _lock: lock })
    }

    /// Where the platform keeps user data, when no profile is named.
    ///
    /// # Errors
    /// [`ProfileError::NoHome`].
    pub fn default_folder() -> Result<PathBuf, ProfileError> {
        let dirs = ProjectDirs::from("io", "Holdline", "Holdline").ok_or(ProfileError::NoHome)?;
        Ok(dirs.data_local_dir().to_owned())
    }

    /// The folder.
    pub fn folder(&self) -> &Path {
        &self.folder
    }

    /// A file in it.
    pub fn file(&self, name: &str) -> PathBuf {
        self.folder.join(name)
    }
}

enum LockError {
    Held,
    Io(io::Error),
}

fn lock(folder: &Path) -> Result<File, LockError> {
    fs::create_dir_all(folder).map_err(LockError::Io)?;
    keep_private(folder).map_err(LockError::Io)?;
    let file = File::create(folder.join("lock")).map_err(LockError::Io)?;
    file.try_lock().map_err(|error| match error {
        TryLockError::WouldBlock => LockError::Held,
        TryLockError::Error(error) => LockError::Io(error),
    })?;
    Ok(file)
}

#[cfg(unix)]
fn keep_private(folder: &Path) -> io::Result<()> {
    use std::os::unix::fs::PermissionsExt;
    fs::set_permissions(folder, fs::Permissions::from_mode(0o700))
}

/// Elsewhere the user's own data folder is private already.
#[cfg(not(unix))]
fn keep_private(_folder: &Path) -> io::Result<()> {
    Ok(())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_second_holdline_on_a_profile_is_refused_with_a_remedy() {
        let folder = tempfile::tempdir().unwrap();
        let first = Profile::open(folder.path().to_owned()).unwrap();
        let error = Profile::open(folder.path().to_owned()).unwrap_err();
        assert!(matches!(error, ProfileError::InUse(_)));
        assert!(error.to_string().contains("--profile"));
        drop(first);
        Profile::open(folder.path().to_owned()).unwrap();
    }
}
