//! What is kept of confirmed partners' keys, on disk: enough to know each again, not enough to be one.

use std::io;
use std::path::{Path, PathBuf};
use std::sync::{Arc, Mutex, MutexGuard};

use companion::disk::replace_file;
use presence::event::PairingKind;
use presence::ids::{OrgId, UserId};
use secrecy::{ExposeSecret as _, SecretString};
use serde::{Deserialize, Serialize};
use wire::connector::Rights;
use wire::proof::{Credential, Verifier};

use super::token::{Grant, PhoneToken, PolicyToken, TokenSource};
use crate::secret::{self, Digest};
use crate::signed_in::Owner;

/// The file's name in the profile.
const FILE: &str = "pairings.json";
/// The file's form; a change that old readers would misread raises it.
const SCHEMA: u32 = 3;
/// Before phones were handed tokens; keys had neither names nor rights.
const NAMELESS: u32 = 2;
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

/// Why a token is not handed out.
#[derive(Debug, thiserror::Error)]
pub enum IssueError {
    /// Names tell tokens apart.
    #[error("There is a token named {0:?} already: revoke it first, or choose another name.")]
    NameTaken(String),
    /// It can't be kept.
    #[error(transparent)]
    Unkept(#[from] PairingStoreError),
}

/// Of the keys of confirmed consoles and phones, per org and user, and of the tokens handed out to phones of this
/// profile's rep, whichever org. A phone tells its key: kept is its SHA-256. A
/// console proves that it has its key ([`wire::proof`]): kept is what knows the proof. Cheap to clone.
#[derive(Clone, Debug)]
pub struct PairingStore {
    path: Option<Arc<Path>>,
    keys: Arc<Mutex<Vec<Key>>>,
    policy: Arc<[PolicyToken]>,
}

#[derive(Clone, Debug)]
struct Key {
    kind: PairingKind,
    /// `None`: handed out, for whoever uses this profile.
    owner: Option<Owner>,
    name: String,
    rights: Rights,
    kept: Kept,
}

impl Key {
    fn source(&self) -> TokenSource {
        match self.owner {
            None => TokenSource::HandedOut,
            Some(_) => TokenSource::Paired,
        }
    }
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
    #[serde(default, skip_serializing_if = "Option::is_none")]
    org: Option<OrgId>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    user: Option<UserId>,
    #[serde(default)]
    name: String,
    #[serde(default = "all_rights")]
    rights: Rights,
    #[serde(flatten)]
    kept: SavedKept,
}

fn all_rights() -> Rights {
    Rights::Control
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
            policy: Arc::default(),
        })
    }

    /// The same, with the tokens of the machine's policy.
    #[must_use]
    pub fn with_policy(self, tokens: Vec<PolicyToken>) -> Self {
        Self {
            policy: tokens.into(),
            ..self
        }
    }

    /// Only for this run.
    pub fn in_memory() -> Self {
        Self {
            path: None,
            keys: Arc::default(),
            policy: Arc::default(),
        }
    }

    /// What knows the proof of the key with this id, if it was given to such a partner of this rep.
    pub(crate) fn verifier(&self, kind: PairingKind, owner: Owner, key_id: &str) -> Option<Verifier> {
        self.keys().iter().find_map(|key| match &key.kept {
            Kept::Proven { id, verifier } if key.kind == kind && key.owner == Some(owner) && id == key_id => {
                Some(*verifier)
            }
            _ => None,
        })
    }

    /// What a phone of this rep with this token may do; `None`: the token is not good.
    pub(crate) fn phone(&self, owner: Owner, token: &str) -> Option<Grant> {
        let digest = Digest::of(token);
        let keys = self.keys();
        let kept = keys.iter().filter_map(|key| match key.kept {
            Kept::Told(its) if key.kind == PairingKind::Phone && key.owner.is_none_or(|its| its == owner) => {
                Some((its, key.rights, key.source()))
            }
            _ => None,
        });
        let policy = self.policy.iter();
        let policy = policy.map(|token| (token.digest, token.rights, TokenSource::Policy));
        let good = kept.chain(policy).filter(|(its, ..)| its.matches(&digest));
        // All are looked at: a token of which there are two has the lesser right.
        let mut good: Vec<_> = good.map(|(_, rights, source)| Grant { rights, source }).collect();
        good.sort_by_key(|grant| grant.rights);
        good.first().copied()
    }

    /// Keeps a new key; known for this run even if the disk refuses it. Blocks on the disk.
    pub(crate) fn add(
        &self,
        kind: PairingKind,
        owner: Owner,
        name: &str,
        rights: Rights,
        key: &str,
    ) -> Result<(), PairingStoreError> {
        let kept = match Credential::parse(&key.into()) {
            Some(credential) if kind == PairingKind::Console => Kept::Proven {
                id: credential.id().to_owned(),
                verifier: credential.verifier(),
            },
            _ => Kept::Told(Digest::of(key)),
        };
        let mut keys = self.keys();
        let of_rep = |key: &Key| key.kind == kind && key.owner == Some(owner);
        if keys.iter().filter(|key| of_rep(key)).count() >= MOST_PER_REP
            && let Some(oldest) = keys.iter().position(of_rep)
        {
            keys.remove(oldest);
        }
        keys.push(Key {
            kind,
            owner: Some(owner),
            name: name.to_owned(),
            rights,
            kept,
        });
        self.write(&keys)
    }

    /// Hands out a token: it is told once, here, and kept only as a hash. Blocks on the disk.
    ///
    /// # Errors
    /// [`IssueError`]; then there is no such token.
    pub fn issue(&self, name: &str, rights: Rights) -> Result<SecretString, IssueError> {
        let mut keys = self.keys();
        let taken = |key: &Key| key.owner.is_none() && key.name == name;
        if keys.iter().any(taken) || self.policy.iter().any(|token| token.name == name) {
            return Err(IssueError::NameTaken(name.to_owned()));
        }
        let token = secret::random();
        let mut with_it = keys.clone();
        with_it.push(Key {
            kind: PairingKind::Phone,
            owner: None,
            name: name.to_owned(),
            rights,
            kept: Kept::Told(Digest::of(token.expose_secret())),
        });
        self.write(&with_it)?;
        *keys = with_it;
        Ok(token)
    }

    /// Every token that is good, those of paired phones and of the policy included.
    pub fn phone_tokens(&self) -> Vec<PhoneToken> {
        let keys = self.keys();
        let kept = keys.iter().filter(|key| key.kind == PairingKind::Phone);
        let kept = kept.map(|key| PhoneToken {
            name: key.name.clone(),
            rights: key.rights,
            source: key.source(),
        });
        let policy = self.policy.iter().map(|token| PhoneToken {
            name: token.name.clone(),
            rights: token.rights,
            source: TokenSource::Policy,
        });
        kept.chain(policy).collect()
    }

    /// Takes every token of this name back, those of paired phones included; how many there were. Those of the
    /// policy are IT's. Blocks on the disk.
    ///
    /// # Errors
    /// [`PairingStoreError`]; they are not good any more until the next start.
    pub fn revoke(&self, name: &str) -> Result<usize, PairingStoreError> {
        let mut keys = self.keys();
        let before = keys.len();
        keys.retain(|key| key.kind != PairingKind::Phone || key.name != name);
        let revoked = before - keys.len();
        if revoked > 0 {
            self.write(&keys)?;
        }
        Ok(revoked)
    }

    /// Called with the keys still locked: two writers must not overtake each other.
    fn write(&self, keys: &[Key]) -> Result<(), PairingStoreError> {
        match &self.path {
            Some(path) => write(path, keys).map_err(|source| PairingStoreError::Unwritable {
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
    if ![SCHEMA, NAMELESS, TOLD_KEYS].contains(&saved.schema) {
        return None;
    }
    let usable =
        |saved: &SavedKey| saved.kind == PairingKind::Phone || matches!(saved.kept, SavedKept::Proven { .. });
    let key = |saved: SavedKey| {
        let owner = match (saved.org, saved.user) {
            (Some(org), Some(user)) => Some(Owner { org, user }),
            (None, None) if saved.kind == PairingKind::Phone => None,
            _ => return None,
        };
        Some(Key {
            kind: saved.kind,
            owner,
            name: saved.name,
            rights: saved.rights,
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
            org: key.owner.map(|owner| owner.org),
            user: key.owner.map(|owner| owner.user),
            name: key.name.clone(),
            rights: key.rights,
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
        store
            .add(PairingKind::Phone, pat, "", Rights::Control, "secret-key")
            .unwrap();
        store
            .add(PairingKind::Console, pat, "", Rights::Control, "id-1.secret-part")
            .unwrap();

        let store = PairingStore::open(profile.path()).unwrap();
        assert!(store.phone(pat, "secret-key").is_some());
        assert!(store.phone(pat, "secret-kez").is_none());
        assert!(store.phone(sam, "secret-key").is_none());
        assert!(store.verifier(PairingKind::Console, pat, "secret-key").is_none());
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
        assert!(store.phone(owner("005000000000001"), "key").is_some());
        assert_eq!(store.keys().len(), 1);
    }

    #[test]
    fn a_corrupt_file_is_set_aside() {
        for corrupt in [&b"{"[..], b"\xff\xfe", br#"{"schema":9,"pairings":[]}"#] {
            let profile = tempfile::tempdir().unwrap();
            let path = profile.path().join(FILE);
            std::fs::write(&path, corrupt).unwrap();
            let store = PairingStore::open(profile.path()).unwrap();
            assert!(store.phone(owner("005000000000001"), "").is_none());
            assert_eq!(
                std::fs::read(profile.path().join("pairings.json.corrupt")).unwrap(),
                corrupt
            );
            assert!(!path.exists());
        }
    }

    #[test]
    fn a_file_from_before_tokens_is_read() {
        let profile = tempfile::tempdir().unwrap();
        let old = serde_json::json!({"schema": 1, "pairings": [{
            "kind": "phone", "org": "00D000000000001EAA", "user": "005000000000001AAA",
            "sha256": Digest::of("an old key").to_text(),
        }]});
        std::fs::write(profile.path().join(FILE), old.to_string()).unwrap();
        let store = PairingStore::open(profile.path()).unwrap();
        let grant = store.phone(owner("005000000000001"), "an old key");
        assert_eq!(grant.map(|grant| grant.rights), Some(Rights::Control));
    }

    #[test]
    fn a_token_is_handed_out_once_and_revoked_by_name() {
        let profile = tempfile::tempdir().unwrap();
        let store = PairingStore::open(profile.path()).unwrap();
        let token = store.issue("Acme", Rights::Report).unwrap();
        assert!(matches!(
            store.issue("Acme", Rights::Control),
            Err(IssueError::NameTaken(_))
        ));
        let on_disk = std::fs::read_to_string(profile.path().join(FILE)).unwrap();
        assert!(!on_disk.contains(token.expose_secret()));

        // For every rep of the profile, and no console.
        let store = PairingStore::open(profile.path()).unwrap();
        for user in ["005000000000001", "005000000000002"] {
            let grant = store.phone(owner(user), token.expose_secret()).unwrap();
            assert_eq!(
                (grant.rights, grant.source),
                (Rights::Report, TokenSource::HandedOut)
            );
        }
        assert_eq!(store.phone_tokens().len(), 1);
        assert_eq!(store.revoke("Somebody else").unwrap(), 0);
        assert_eq!(store.revoke("Acme").unwrap(), 1);
        assert_eq!(store.phone(owner("005000000000001"), token.expose_secret()), None);
        assert_eq!(PairingStore::open(profile.path()).unwrap().phone_tokens(), []);
    }

    #[test]
    fn a_paired_phone_is_one_reps_and_can_be_revoked_too() {
        let store = PairingStore::in_memory();
        let (pat, sam) = (owner("005000000000001"), owner("005000000000002"));
        store
            .add(PairingKind::Phone, pat, "Practice phone", Rights::Report, "key")
            .unwrap();
        assert_eq!(
            store.phone(pat, "key").map(|grant| grant.rights),
            Some(Rights::Report)
        );
        assert_eq!(store.phone(sam, "key"), None);
        assert_eq!(store.revoke("Practice phone").unwrap(), 1);
        assert_eq!(store.phone(pat, "key"), None);
    }

    #[test]
    fn the_policys_tokens_are_its_own() {
        let (made, token) = PolicyToken::new("Acme", Rights::Control);
        let store = PairingStore::in_memory().with_policy(vec![made]);
        let grant = store.phone(owner("005000000000001"), token.expose_secret());
        assert_eq!(grant.map(|grant| grant.source), Some(TokenSource::Policy));
        assert_eq!(store.revoke("Acme").unwrap(), 0);
        assert!(matches!(
            store.issue("Acme", Rights::Report),
            Err(IssueError::NameTaken(_))
        ));
    }

    #[test]
    fn the_oldest_of_too_many_is_forgotten() {
        let store = PairingStore::in_memory();
        let (pat, sam) = (owner("005000000000001"), owner("005000000000002"));
        store
            .add(PairingKind::Console, sam, "", Rights::Control, "sam.secret")
            .unwrap();
        for number in 0..=MOST_PER_REP {
            store
                .add(
                    PairingKind::Console,
                    pat,
                    "",
                    Rights::Control,
                    &format!("{number}.secret"),
                )
                .unwrap();
        }
        let knows = |owner, id| store.verifier(PairingKind::Console, owner, id).is_some();
        assert!(!knows(pat, "0"));
        assert!(knows(pat, "1"));
        assert!(knows(sam, "sam"));
    }
}
