//! What is kept of confirmed partners' keys, on disk: enough to know each again, not enough to be one.

use std::io;
use std::path::{Path, PathBuf};
use std::sync::{Arc, Mutex, MutexGuard};

use companion::disk::replace_file;
use presence::event::PairingKind;
use presence::ids::{OrgId, UserId};
use serde::{Deserialize, Serialize};

use crate::secret::Digest;
use crate::signed_in::Owner;
use wire::proof::{Credential, Verifier};

/// The file's name in the profile.
const FILE: &str = "pairings.json";
/// The file's form; a change that old readers would misread raises it.
const SCHEMA: u32 = 2;
/// Until then consoles told their keys, of which only hashes were kept: those must be paired again.
const TOLD_KEYS: u32 = 1;
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

/// Of the keys of confirmed consoles and phones, per org and user. A phone tells its key: kept is its SHA-256. A
/// console proves that it has its key ([`wire::proof`]): kept is what knows the proof. Cheap to clone.
#[derive(Clone, Debug)]
pub struct PairingStore {
    path: Option<Arc<Path>>,
    keys: Arc<Mutex<Vec<Key>>>,
}

#[derive(Clone, Debug)]
struct Key {
    kind: PairingKind,
    owner: Owner,
    kept: Kept,
}

#[derive(Clone, Debug)]
enum Kept {
    Told(Digest),
    Proven { id: String, verifier: Verifier },
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
    #[serde(flatten)]
    kept: SavedKept,
}

#[derive(Serialize, Deserialize)]
#[serde(untagged)]
enum SavedKept {
    Told {
        sha256: String,
    },
    Proven {
        id: String,
        partner: String,
        desktop: String,
    },
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
            let Kept::Told(kept) = &key.kept else { return known };
            known | (key.kind == kind && key.owner == owner && kept.matches(&digest))
        })
    }

    /// What knows the proof of the key with this id, if it was given to such a partner of this rep.
    pub(crate) fn verifier(&self, kind: PairingKind, owner: Owner, key_id: &str) -> Option<Verifier> {
        self.keys().iter().find_map(|key| match &key.kept {
            Kept::Proven { id, verifier } if key.kind == kind && key.owner == owner && id == key_id => {
                Some(*verifier)
            }
            _ => None,
        })
    }

    /// Keeps a new key; known for this run even if the disk refuses it. Blocks on the disk.
    pub(crate) fn add(&self, kind: PairingKind, owner: Owner, key: &str) -> Result<(), PairingStoreError> {
        let kept = match Credential::parse(&key.into()) {
            Some(credential) if kind == PairingKind::Console => Kept::Proven {
                id: credential.id().to_owned(),
                verifier: credential.verifier(),
            },
            _ => Kept::Told(Digest::of(key)),
        };
        let mut keys = self.keys();
        let of_rep = |key: &Key| key.kind == kind && key.owner == owner;
        if keys.iter().filter(|key| of_rep(key)).count() >= MOST_PER_REP
            && let Some(oldest) = keys.iter().position(of_rep)
        {
            keys.remove(oldest);
        }
        keys.push(Key { kind, owner, kept });
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
    if saved.schema != SCHEMA && saved.schema != TOLD_KEYS {
        return None;
    }
    let usable =
        |saved: &SavedKey| saved.kind == PairingKind::Phone || matches!(saved.kept, SavedKept::Proven { .. });
    let key = |saved: SavedKey| {
        let owner = Owner {
            org: saved.org,
            user: saved.user,
        };
        Some(Key {
            kind: saved.kind,
            owner,
            kept: match saved.kept {
                SavedKept::Told { sha256 } => Kept::Told(Digest::from_text(&sha256)?),
                SavedKept::Proven { id, partner, desktop } => Kept::Proven {
                    id,
                    verifier: Verifier::from_text(&partner, &desktop)?,
                },
            },
        })
    };
    saved.pairings.into_iter().filter(usable).map(key).collect()
}

fn write(path: &Path, keys: &[Key]) -> io::Result<()> {
    let pairings = keys
        .iter()
        .map(|key| SavedKey {
            kind: key.kind,
            org: key.owner.org,
            user: key.owner.user,
            kept: match &key.kept {
                Kept::Told(digest) => SavedKept::Told {
                    sha256: digest.to_text(),
                },
                Kept::Proven { id, verifier } => {
                    let (partner, desktop) = verifier.to_text();
                    SavedKept::Proven {
                        id: id.clone(),
                        partner,
                        desktop,
                    }
                }
            },
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
        let store = PairingStore::open(profile.path()).unwrap();
        store.add(PairingKind::Phone, pat, "secret-key").unwrap();
        store.add(PairingKind::Console, pat, "id-1.secret-part").unwrap();

        let store = PairingStore::open(profile.path()).unwrap();
        assert!(store.knows(PairingKind::Phone, pat, "secret-key"));
        assert!(!store.knows(PairingKind::Phone, pat, "secret-kez"));
        assert!(!store.knows(PairingKind::Phone, sam, "secret-key"));
        assert!(!store.knows(PairingKind::Console, pat, "secret-key"));
        let credential = Credential::parse(&"id-1.secret-part".into()).unwrap();
        let verifier = |kind, owner, id| store.verifier(kind, owner, id);
        assert_eq!(
            verifier(PairingKind::Console, pat, "id-1"),
            Some(credential.verifier())
        );
        assert_eq!(verifier(PairingKind::Console, pat, "id-2"), None);
        assert_eq!(verifier(PairingKind::Console, sam, "id-1"), None);
        assert_eq!(verifier(PairingKind::Phone, pat, "id-1"), None);

        let path = profile.path().join(FILE);
        let text = std::fs::read_to_string(&path).unwrap();
        assert!(!text.contains("secret-key") && !text.contains("secret-part"));
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
    fn of_a_file_from_before_proofs_the_phones_are_kept() {
        let profile = tempfile::tempdir().unwrap();
        let sha256 = Digest::of("key").to_text();
        let entry = |kind| {
            format!(
                r#"{{"kind":"{kind}","org":"00D000000000001EAA","user":"005000000000001AAA","sha256":"{sha256}"}}"#
            )
        };
        let text = format!(
            r#"{{"schema":1,"pairings":[{},{}]}}"#,
            entry("console"),
            entry("phone")
        );
        std::fs::write(profile.path().join(FILE), text).unwrap();
        let store = PairingStore::open(profile.path()).unwrap();
        assert!(store.knows(PairingKind::Phone, owner("005000000000001"), "key"));
        assert_eq!(store.keys().len(), 1);
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
        store.add(PairingKind::Console, sam, "sam.secret").unwrap();
        for number in 0..=MOST_PER_REP {
            store
                .add(PairingKind::Console, pat, &format!("{number}.secret"))
                .unwrap();
        }
        let knows = |owner, id| store.verifier(PairingKind::Console, owner, id).is_some();
        assert!(!knows(pat, "0"));
        assert!(knows(pat, "1"));
        assert!(knows(sam, "sam"));
    }
}
