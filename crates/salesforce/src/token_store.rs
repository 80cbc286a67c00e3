//! Where refresh tokens are kept: the system's keyring, or this process's memory. Nowhere else.

use std::collections::BTreeMap;
use std::sync::atomic::{AtomicBool, Ordering};
use std::sync::{Arc, Mutex, PoisonError};

use secrecy::SecretString;

use crate::account::Account;
use crate::keyring_store::{KeyringStore, Prompt};
use crate::store_error::StoreError;

/// Keeps one refresh token per user of an org. Clones share what they keep.
#[derive(Clone, Debug)]
pub enum TokenStore {
    /// The system's keyring.
    Keyring(KeyringStore),
    /// Memory only: signed out when the process ends. Chosen by name, never as a fallback.
    Session(SessionStore),
}

/// Refresh tokens in this process's memory.
#[derive(Clone, Debug, Default)]
pub struct SessionStore {
    locked: Arc<AtomicBool>,
    kept: Arc<Mutex<BTreeMap<Account, SecretString>>>,
}

impl TokenStore {
    /// The same store with another rule for prompts.
    #[must_use]
    pub fn with_prompt(&self, prompt: Prompt) -> Self {
        match self {
            Self::Keyring(keyring) => Self::Keyring(keyring.with_prompt(prompt)),
            Self::Session(session) => Self::Session(session.clone()),
        }
    }

    /// Whether it can be used now.
    ///
    /// # Errors
    /// Why not.
    pub async fn answers(&self) -> Result<(), StoreError> {
        match self {
            Self::Keyring(keyring) => keyring.answers().await,
            Self::Session(session) => session.unlocked(),
        }
    }

    /// Reads a user's refresh token.
    ///
    /// # Errors
    /// [`StoreError::NoEntry`] when none is kept, or why the store did not say.
    pub async fn load(&self, account: Account) -> Result<SecretString, StoreError> {
        match self {
            Self::Keyring(keyring) => keyring.load(account).await,
            Self::Session(session) => session.load(account),
        }
    }

    /// Keeps a user's refresh token in the place of any older one.
    ///
    /// # Errors
    /// Why the store did not. After [`StoreError::Hung`] it may still do it later.
    pub async fn save(&self, account: Account, token: &SecretString) -> Result<(), StoreError> {
        match self {
            Self::Keyring(keyring) => keyring.save(account, token).await,
            Self::Session(session) => session.save(account, token),
        }
    }

    /// Forgets a user's refresh token; one that is not kept is forgotten already.
    ///
    /// # Errors
    /// Why the store did not.
    pub async fn forget(&self, account: Account) -> Result<(), StoreError> {
        match self {
            Self::Keyring(keyring) => keyring.forget(account).await,
            Self::Session(session) => session.forget(account),
        }
    }
}

impl SessionStore {
    /// Locks it, as a desktop locks its keyring, or unlocks it: rehearses what a locked keyring does.
    pub fn set_locked(&self, locked: bool) {
        self.locked.store(locked, Ordering::Relaxed);
    }

    fn load(&self, account: Account) -> Result<SecretString, StoreError> {
        self.unlocked()?;
        self.kept().get(&account).cloned().ok_or(StoreError::NoEntry)
    }

    fn save(&self, account: Account, token: &SecretString) -> Result<(), StoreError> {
        self.unlocked()?;
        self.kept().insert(account, token.clone());
        Ok(())
    }

    fn forget(&self, account: Account) -> Result<(), StoreError> {
        self.unlocked()?;
        self.kept().remove(&account);
        Ok(())
    }

    fn unlocked(&self) -> Result<(), StoreError> {
        if self.locked.load(Ordering::Relaxed) {
            return Err(StoreError::Locked);
        }
        Ok(())
    }

    fn kept(&self) -> std::sync::MutexGuard<'_, BTreeMap<Account, SecretString>> {
        self.kept.lock().unwrap_or_else(PoisonError::into_inner)
    }
}
