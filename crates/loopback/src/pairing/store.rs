//! The keys of confirmed partners, as hashes, on disk.

use std::io;
use std::path::{Path, PathBuf};
use std::sync::{Arc, Mutex, MutexGuard};

use companion::disk::replace_file;
use presence::event::PairingKind;
use presence::ids::{OrgId, UserId};
use serde::{Deserialize, Serialize};

use crate::secret::Digest;
use crate::signed_in::Owner;

/// The file's name in the profile.
const FILE: &str = "pairings.json";
/// The file's form; a change that old readers would misread raises it.
const SCHEMA: u32 = 1;
/// More browsers or phones than this of one rep: the oldest must be paired again.
const MOST_PER_REP: usize = 16;

/// The pairings file can't be used.
#[derive(Debug, thiserror::Error)]
pub enum PairingStoreError {
    /// It can't be read.
    #[error("{path} can't be read ({source}): check its permissions, or remove it and pair again", path = path.display())]
    Unreadable {
        /// The file.
        path: PathBuf,
        /// The system's reason.
        source: io::Error,
    },
    /// It can't be written.
    #[error("{path} can't be written ({source}): free some space or check the folder's permissions; until then partners must be paired again after a restart", path = path.display())]
    Unwritable {
        /// The file.
        path: PathBuf,
        /// The system's reason.
        source: io::Error,
    },
}

/// Keys of confirmed consoles and phones, kept only as SHA-256, per org and user. Cheap to clone.
#[derive(Clone, Debug)]
pub struct PairingStore {
    path: Option<Arc<Path>>,
    keys: Arc<Mutex<Vec<Key>>>,
}

#[derive(Clone, Debug)]
struct Key {
    kind: PairingKind,
    owner: Owner,
    digest: Digest,
}

#[derive(Serialize, Deserialize)]
struct Saved {
    schema: u32,
    pairings: Vec<SavedKey>,
}

#[derive(Serialize, Deserialize)]
struct SavedKey {
    kind: PairingKind,
    org: OrgId,
    user: UserId,
    sha256: String,
}

impl PairingStore {
    /// The file `pairings.json` in a profile's folder; it need not exist yet. A corrupt one is set aside as
    /// `pairings.json.corrupt`: its partners are paired again.
    pub fn open(profile: &Path) -> Result<Self, PairingStoreError> {
        let path = profile.join(FILE);
        let keys = match std::fs::read_to_string(&path) {
            Ok(text) => parse(&text).unwrap_or_else(|| {
                let aside = path.with_extension("json.corrupt");
                let moved = std::fs::rename(&path, &aside);
                tracing::warn!(
                    moved = moved.is_ok(),
                    "the pairings file was corrupt and is set aside; pair again"
                );
                Vec::new()
            }),
            Err(error) if error.kind() == io::ErrorKind::NotFound => Vec::new(),
            Err(error) if error.kind() == io::ErrorKind::InvalidData => {
                let _ = std::fs::rename(&path, path.with_extension("json.corrupt"));
                tracing::warn!("the pairings file was no text and is set aside; pair again");
                Vec::new()
            }
            Err(source) => return Err(PairingStoreError::Unreadable { path, source }),
        };
        Ok(Self {
            path: Some(path.into()),
            keys: Arc::new(Mutex::new(keys)),
        })
    }

    /// Only for this run.
    pub fn in_memory() -> Self {
        Self {
            path: None,
            keys: Arc::default(),
        }
    }

    /// Whether this key was given to such a partner of this rep.
    pub(crate) fn knows(&self, kind: PairingKind, owner: Owner, key: &str) -> bool {
        let digest = Digest::of(key);
        let keys = self.keys();
        // No early end: how long it takes says nothing about which key is near.
        keys.iter().fold(false, |known, key| {
            known | (key.kind == kind && key.owner == owner && key.digest.matches(&digest))
        })
    }

    /// Keeps a new key; known for this run even if the disk refuses it. Blocks on the disk.
    pub(crate) fn add(&self, kind: PairingKind, owner: Owner, key: &str) -> Result<(), PairingStoreError> {
        let mut keys = self.keys();
        let of_rep = |key: &Key| key.kind == kind && key.owner == owner;
        if keys.iter().filter(|key| of_rep(key)).count() >= MOST_PER_REP
            && let Some(oldest) = keys.iter().position(of_rep)
        {
            keys.remove(oldest);
        }
        keys.push(Key {
            kind,
            owner,
            digest: Digest::of(key),
        });
        match &self.path {
            // Still locked: two writers must not overtake each other.
            Some(path) => write(path, &keys).map_err(|source| PairingStoreError::Unwritable {
                path: path.to_path_buf(),
                source,
            }),
            None => Ok(()),
        }
    }

    fn keys(&self) -> MutexGuard<'_, Vec<Key>> {
        self.keys.lock().unwrap_or_else(|poisoned| poisoned.into_inner())
    }
}

fn parse(text: &str) -> Option<Vec<Key>> {
    let saved: Saved = serde_json::from_str(text).ok()?;
    if saved.schema != SCHEMA {
        return None;
    }
    let key = |saved: SavedKey| {
        let owner = Owner {
            org: saved.org,
            user: saved.user,
        };
        Some(Key {
            kind: saved.kind,
            owner,
            digest: Digest::from_text(&saved.sha256)?,
        })
    };
    saved.pairings.into_iter().map(key).collect()
}

fn write(path: &Path, keys: &[Key]) -> io::Result<()> {
    let pairings = keys
        .iter()
        .map(|key| SavedKey {
            kind: key.kind,
            org: key.owner.org,
            user: key.owner.user,
            sha256: key.digest.to_text(),
        })
        .collect();
    let text = serde_json::to_vec_pretty(&Saved {
        schema: SCHEMA,
        pairings,
    })?;
    replace_file(path, &text)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn owner(user: &str) -> Owner {
        Owner {
            org: "00D000000000001".parse().unwrap(),
            user: user.parse().unwrap(),
        }
    }

    #[test]
    fn keys_outlive_the_run_and_belong_to_one_rep_and_kind() {
        let profile = tempfile::tempdir().unwrap();
        let (pat, sam) = (owner("005000000000001"), owner("005000000000002"));
        PairingStore::open(profile.path())
            .unwrap()
            .add(PairingKind::Console, pat, "secret-key")
            .unwrap();

        let store = PairingStore::open(profile.path()).unwrap();
        assert!(store.knows(PairingKind::Console, pat, "secret-key"));
        assert!(!store.knows(PairingKind::Console, pat, "secret-kez"));
        assert!(!store.knows(PairingKind::Console, sam, "secret-key"));
        assert!(!store.knows(PairingKind::Phone, pat, "secret-key"));

        let path = profile.path().join(FILE);
        assert!(!std::fs::read_to_string(&path).unwrap().contains("secret-key"));
        #[cfg(unix)]
        {
            use std::os::unix::fs::PermissionsExt as _;
            assert_eq!(
                std::fs::metadata(&path).unwrap().permissions().mode() & 0o777,
                0o600
            );
        }
    }

    #[test]
    fn a_corrupt_file_is_set_aside() {
        for corrupt in [&b"{"[..], b"\xff\xfe", br#"{"schema":9,"pairings":[]}"#] {
            let profile = tempfile::tempdir().unwrap();
            let path = profile.path().join(FILE);
            std::fs::write(&path, corrupt).unwrap();
            let store = PairingStore::open(profile.path()).unwrap();
            assert!(!store.knows(PairingKind::Console, owner("005000000000001"), ""));
            assert_eq!(
                std::fs::read(profile.path().join("pairings.json.corrupt")).unwrap(),
                corrupt
            );
            assert!(!path.exists());
        }
    }

    #[test]
    fn the_oldest_of_too_many_is_forgotten() {
        let store = PairingStore::in_memory();
        let (pat, sam) = (owner("005000000000001"), owner("005000000000002"));
        store.add(PairingKind::Console, sam, "sam").unwrap();
        for number in 0..=MOST_PER_REP {
            store
                .add(PairingKind::Console, pat, &format!("key {number}"))
                .unwrap();
        }
        assert!(!store.knows(PairingKind::Console, pat, "key 0"));
        assert!(store.knows(PairingKind::Console, pat, "key 1"));
        assert!(store.knows(PairingKind::Console, sam, "sam"));
    }
}
