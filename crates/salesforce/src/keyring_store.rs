//! Refresh tokens in the system's keyring, opened per attempt.

use std::sync::Arc;
use std::time::Duration;

use keyring::Entry;
use secrecy::SecretString;
use tokio::sync::Mutex;
use tokio::time::{Instant, timeout_at};

use crate::account::Account;
use crate::store_error::StoreError;
use crate::token_parts::{self, Entries};

/// The service name of every entry.
const SERVICE: &str = "Holdline";

/// Whether the rep may be asked to unlock the keyring.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Prompt {
    /// Ask, and wait for the answer within the time-out: when the rep has just asked for something.
    Allow,
    /// Don't ask; a locked keyring is [`StoreError::Locked`]. Known on Linux only: other systems unlock with
    /// the session and ask by themselves.
    Never,
}

/// The system's keyring: Secret Service, Keychain or Credential Manager.
///
/// Each call opens it anew, so that a keyring that starts after Holdline is found. Calls run one at a time
/// off the asynchronous threads, each within a time-out; one that hangs keeps its thread, and the calls
/// behind it are [`StoreError::Hung`] too, until it comes back: so a late write never overtakes a newer one.
#[derive(Clone, Debug)]
pub struct KeyringStore {
    time_out: Duration,
    prompt: Prompt,
    turn: Arc<Mutex<()>>,
}

impl KeyringStore {
    /// The time-out that suits a person who has to answer a prompt.
    pub const TIME_OUT: Duration = Duration::from_secs(10);

    /// A keyring that answers within this time.
    pub fn new(time_out: Duration, prompt: Prompt) -> Self {
        Self {
            time_out,
            prompt,
            turn: Arc::default(),
        }
    }

    /// The same keyring with another rule for prompts.
    #[must_use]
    pub fn with_prompt(&self, prompt: Prompt) -> Self {
        Self {
            prompt,
            ..self.clone()
        }
    }

    /// Whether it answers, asked for an entry that is not there.
    pub(crate) async fn answers(&self) -> Result<(), StoreError> {
        let asked = self.attempt(|keyring| keyring.read("doctor").map(drop)).await;
        match asked {
            Err(StoreError::NoEntry) => Ok(()),
            other => other,
        }
    }

    pub(crate) async fn load(&self, account: Account) -> Result<SecretString, StoreError> {
        self.attempt(move |keyring| token_parts::load(keyring, &account.to_string()))
            .await
    }

    pub(crate) async fn save(&self, account: Account, token: &SecretString) -> Result<(), StoreError> {
        let token = token.clone();
        self.attempt(move |keyring| token_parts::save(keyring, &account.to_string(), &token))
            .await
    }

    pub(crate) async fn forget(&self, account: Account) -> Result<(), StoreError> {
        let forgotten = self
            .attempt(move |keyring| token_parts::forget(keyring, &account.to_string()))
            .await;
        match forgotten {
            Err(StoreError::NoEntry) => Ok(()),
            other => other,
        }
    }

    async fn attempt<T: Send + 'static>(
        &self,
        act: impl FnOnce(&OpenKeyring) -> Result<T, StoreError> + Send + 'static,
    ) -> Result<T, StoreError> {
        let deadline = Instant::now() + self.time_out;
        let turn = timeout_at(deadline, Arc::clone(&self.turn).lock_owned());
        let turn = turn.await.map_err(|_| StoreError::Hung)?;
        let prompt = self.prompt;
        let attempt = tokio::task::spawn_blocking(move || {
            let _turn = turn;
            act(&OpenKeyring::open(prompt)?)
        });
        match timeout_at(deadline, attempt).await {
            Ok(Ok(outcome)) => outcome,
            Ok(Err(_panicked_or_cancelled)) => Err(StoreError::Failed),
            Err(_) => Err(StoreError::Hung),
        }
    }
}

/// The keyring, for one attempt.
struct OpenKeyring {
    #[cfg(all(unix, not(target_os = "macos")))]
    store: Arc<zbus_secret_service_keyring_store::Store>,
}

impl Entries for OpenKeyring {
    fn read(&self, name: &str) -> Result<Vec<u8>, StoreError> {
        self.entry(name)?.get_secret().map_err(store_error)
    }

    // As bytes: the same on every system, and half of what Windows would need for text.
    fn write(&self, name: &str, content: &[u8]) -> Result<(), StoreError> {
        self.entry(name)?.set_secret(content).map_err(store_error)
    }

    fn delete(&self, name: &str) -> Result<(), StoreError> {
        self.entry(name)?.delete_credential().map_err(store_error)
    }
}

#[cfg(all(unix, not(target_os = "macos")))]
impl OpenKeyring {
    /// Opens the Secret Service anew and, before anything can prompt, looks whether it is locked.
    fn open(prompt: Prompt) -> Result<Self, StoreError> {
        use secret_service::EncryptionType;
        use secret_service::blocking::SecretService;

        let service = SecretService::connect(EncryptionType::Plain).map_err(service_error)?;
        match service.get_default_collection() {
            Ok(collection) => {
                if collection.is_locked().map_err(service_error)? {
                    match prompt {
                        Prompt::Allow => collection.unlock().map_err(service_error)?,
                        Prompt::Never => return Err(StoreError::Locked),
                    }
                    // A prompt that could not be shown may end without an error and without unlocking.
                    if collection.is_locked().map_err(service_error)? {
                        return Err(StoreError::Denied);
                    }
                }
            }
            // A fresh keyring without a collection: the store makes it, or says why not.
            Err(secret_service::Error::NoResult) => {}
            Err(error) => return Err(service_error(error)),
        }
        let store = zbus_secret_service_keyring_store::Store::new().map_err(store_error)?;
        Ok(Self { store })
    }

    fn entry(&self, name: &str) -> Result<Entry, StoreError> {
        use keyring_core::api::CredentialStoreApi;

        let label = format!("Holdline sign-in {name}");
        let modifiers = [("label", label.as_str())].into();
        let inner = self
            .store
            .build(SERVICE, name, Some(&modifiers))
            .map_err(store_error)?;
        Ok(Entry { inner })
    }
}

/// The keyrings of macOS and Windows are part of the system and don't come and go.
#[cfg(not(all(unix, not(target_os = "macos"))))]
impl OpenKeyring {
    fn open(_prompt: Prompt) -> Result<Self, StoreError> {
        Ok(Self {})
    }

    fn entry(&self, name: &str) -> Result<Entry, StoreError> {
        Entry::new(SERVICE, name).map_err(store_error)
    }
}

#[cfg(all(unix, not(target_os = "macos")))]
fn service_error(error: secret_service::Error) -> StoreError {
    tracing::info!(detail = ?error, "the Secret Service refused");
    named(&error)
}

#[cfg(all(unix, not(target_os = "macos")))]
fn named(error: &secret_service::Error) -> StoreError {
    use secret_service::Error as Service;
    match error {
        Service::Locked => StoreError::Locked,
        Service::Prompt => StoreError::Denied,
        Service::Unavailable | Service::PromptDisconnected => StoreError::Absent,
        Service::Zbus(error) => bus_error(error),
        Service::ZbusFdo(error) => fdo_error(error),
        _ => StoreError::Failed,
    }
}

/// The bus is not there, nobody owns the service's name, or nobody could be started to own it.
#[cfg(all(unix, not(target_os = "macos")))]
fn bus_error(error: &zbus::Error) -> StoreError {
    match error {
        zbus::Error::Address(_)
        | zbus::Error::Connection(..)
        | zbus::Error::Handshake(_)
        | zbus::Error::InputOutput(_) => StoreError::Absent,
        zbus::Error::FDO(error) => fdo_error(error),
        zbus::Error::MethodError(name, ..) => match name.as_str() {
            "org.freedesktop.DBus.Error.ServiceUnknown"
            | "org.freedesktop.DBus.Error.NameHasNoOwner"
            | "org.freedesktop.DBus.Error.NoReply"
            | "org.freedesktop.DBus.Error.Disconnected" => StoreError::Absent,
            "org.freedesktop.DBus.Error.AccessDenied" => StoreError::Denied,
            "org.freedesktop.Secret.Error.IsLocked" => StoreError::Locked,
            name if name.starts_with("org.freedesktop.DBus.Error.Spawn.") => StoreError::Absent,
            _ => StoreError::Failed,
        },
        _ => StoreError::Failed,
    }
}

#[cfg(all(unix, not(target_os = "macos")))]
fn fdo_error(error: &zbus::fdo::Error) -> StoreError {
    use zbus::fdo::Error as Fdo;
    match error {
        Fdo::ServiceUnknown(_) | Fdo::NameHasNoOwner(_) | Fdo::NoReply(_) | Fdo::Disconnected(_) => {
            StoreError::Absent
        }
        Fdo::AccessDenied(_) => StoreError::Denied,
        Fdo::ZBus(error) => bus_error(error),
        _ => StoreError::Failed,
    }
}

/// Sorts the keyring library's errors. Their texts may hold what was read, so only their kind is logged.
fn store_error(error: keyring::Error) -> StoreError {
    use keyring::Error as Keyring;
    match error {
        Keyring::NoEntry => StoreError::NoEntry,
        Keyring::NoDefaultStore => StoreError::Absent,
        Keyring::TooLong(..) => StoreError::TooLong,
        Keyring::NoStorageAccess(cause) => platform(cause.as_ref(), StoreError::Denied),
        Keyring::PlatformFailure(cause) => platform(cause.as_ref(), StoreError::Failed),
        Keyring::BadEncoding(_) | Keyring::BadDataFormat(..) => {
            tracing::info!("the keyring holds what is no token");
            StoreError::Failed
        }
        _ => StoreError::Failed,
    }
}

fn platform(cause: &(dyn std::error::Error + Send + Sync + 'static), otherwise: StoreError) -> StoreError {
    tracing::info!(detail = ?cause, "the keyring refused");
    #[cfg(all(unix, not(target_os = "macos")))]
    if let Some(error) = cause.downcast_ref::<secret_service::Error>() {
        return match named(error) {
            StoreError::Failed => otherwise,
            name => name,
        };
    }
    otherwise
}
