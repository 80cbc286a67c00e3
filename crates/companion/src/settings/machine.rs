//! Where a machine's policy comes from, and which one counts.

use std::path::{Path, PathBuf};

use super::document::Document;
use super::registry::RegistryValues;
use super::{managed, registry};

/// One place that says what the organisation wants.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum PolicySource {
    /// A TOML file.
    File(PathBuf),
    /// macOS' managed preferences.
    ManagedPreferences(PathBuf),
    /// The Windows registry.
    Registry {
        /// The key that holds the sections, for people.
        root: String,
        /// What is in it.
        values: RegistryValues,
    },
}

impl PolicySource {
    /// The source, for people.
    pub fn place(&self) -> String {
        match self {
            Self::File(path) | Self::ManagedPreferences(path) => path.display().to_string(),
            Self::Registry { root, .. } => root.clone(),
        }
    }

    pub(super) fn document(&self) -> Document {
        match self {
            Self::File(path) => Document::read(path),
            Self::ManagedPreferences(path) => managed::read(path),
            Self::Registry { root, values } => registry::document(values, root),
        }
    }
}

/// Why a policy file can't be named on the command line.
#[derive(Debug, thiserror::Error)]
pub enum PolicyError {
    /// The machine has its own.
    #[error(
        "This machine has a policy of its own, {0}. It can't be replaced with --policy; ask your administrator, or \
         leave --policy out."
    )]
    MachineHasOne(String),
    /// It can't be read.
    #[error("The policy {} can't be read: {source}. Check the path.", .path.display())]
    Unreadable {
        /// Which file.
        path: PathBuf,
        /// What the system said.
        source: std::io::Error,
    },
}

/// Where this platform's administrators put the policy, those places that are there. The first counts most, key by
/// key: what a management tool has set, then the file.
pub fn machine_policies() -> Vec<PolicySource> {
    let mut sources = Vec::new();
    #[cfg(windows)]
    sources.extend(
        registry::read()
            .into_iter()
            .map(|(hive, values)| PolicySource::Registry {
                root: format!(r"{hive}\{}", registry::REGISTRY_KEY),
                values,
            }),
    );
    if cfg!(target_os = "macos") {
        let folder = Path::new("/Library/Managed Preferences");
        let name = format!("{}.plist", managed::PREFERENCES_DOMAIN);
        // The machine's before the user's, as in the registry.
        let user = std::env::var_os("USER").map(|user| folder.join(user).join(&name));
        let places = [folder.join(&name)].into_iter().chain(user);
        let there = places.filter(|path| may_be_there(path));
        sources.extend(there.map(PolicySource::ManagedPreferences));
    }
    let file = policy_file();
    if may_be_there(&file) {
        sources.push(PolicySource::File(file));
    }
    sources
}

/// The machine's policy file; it need not be there.
pub fn policy_file() -> PathBuf {
    if cfg!(windows) {
        PathBuf::from(r"C:\ProgramData\Holdline\policy.toml")
    } else if cfg!(target_os = "macos") {
        PathBuf::from("/Library/Application Support/Holdline/policy.toml")
    } else {
        PathBuf::from("/etc/holdline/policy.toml")
    }
}

/// One that can't be looked at counts as there: reading it then says why it can't be used.
fn may_be_there(path: &Path) -> bool {
    path.try_exists().unwrap_or(true)
}

/// Decides which policy counts: the machine's, or, where there is none, the named file.
///
/// # Errors
/// [`PolicyError`], when one is named that may not or can't be used.
pub fn choose_policy(
    machine: Vec<PolicySource>,
    named: Option<PathBuf>,
) -> Result<Vec<PolicySource>, PolicyError> {
    match (machine.first(), named) {
        (Some(first), Some(_)) => Err(PolicyError::MachineHasOne(first.place())),
        (None, Some(path)) => match std::fs::metadata(&path) {
            Ok(_) => Ok(vec![PolicySource::File(path)]),
            Err(source) => Err(PolicyError::Unreadable { path, source }),
        },
        (_, None) => Ok(machine),
    }
}
