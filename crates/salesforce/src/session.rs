//! The session of one signed-in user, and its one refresher.

use std::sync::{Arc, Mutex, MutexGuard, PoisonError};

use secrecy::SecretString;
use url::Url;

use crate::account::Account;
use crate::error::{Error, SignInReason};
use crate::http::Http;
use crate::keyring_store::Prompt;
use crate::oauth::{self, OrgConfig};
use crate::sign_in_error::SignInError;
use crate::store_error::StoreError;
use crate::token_store::TokenStore;
use crate::tokens::Tokens;

/// What became of a sign-out; the session has ended either way.
#[derive(Debug)]
pub struct SignOut {
    /// Whether the org has heard of it.
    pub revoked: Result<(), Error>,
    /// Whether the keyring has forgotten the token.
    pub forgotten: Result<(), StoreError>,
}

#[derive(Debug)]
pub(crate) struct Session {
    pub(crate) http: Http,
    pub(crate) account: Account,
    config: OrgConfig,
    store: TokenStore,
    current: Mutex<Current>,
    /// Held while tokens change: a refresh token may be single-use, and using one twice revokes everything.
    changing: tokio::sync::Mutex<()>,
}

#[derive(Debug)]
struct Current {
    access: Access,
    refresh_token: Option<SecretString>,
    /// Why the newest refresh token is only in memory.
    unsaved: Option<Unsaved>,
    ended: Option<SignInReason>,
}

/// Why a refresh token is not in the store.
#[derive(Clone, Copy, Debug)]
enum Unsaved {
    Failed(StoreError),
    NotTried,
}

/// What a request is sent with.
#[derive(Clone, Debug)]
pub(crate) struct Access {
    pub(crate) token: SecretString,
    pub(crate) instance_url: Url,
    /// Counts the refreshes, so that requests refused together refresh once.
    generation: u64,
}

impl Session {
    pub(crate) fn new(http: Http, config: OrgConfig, store: TokenStore, tokens: Tokens) -> Self {
        let unsaved = tokens.refresh_token.is_some().then_some(Unsaved::NotTried);
        let access = Access {
            token: tokens.access_token,
            instance_url: tokens.instance_url,
            generation: 0,
        };
        let current = Current {
            access,
            refresh_token: tokens.refresh_token,
            unsaved,
            ended: None,
        };
        Self {
            http,
            account: tokens.account,
            config,
            store,
            current: Mutex::new(current),
            changing: tokio::sync::Mutex::default(),
        }
    }

    /// Takes up a kept sign-in: reads its refresh token and renews the session with it.
    pub(crate) async fn resume(
        http: Http,
        config: OrgConfig,
        store: TokenStore,
        account: Account,
    ) -> Result<Self, crate::error::ResumeError> {
        // On a task of its own: a rotation that nobody waits for any more must still be kept.
        let resumed = tokio::spawn(async move {
            let refresh_token = store.load(account).await?;
            let refreshed = oauth::refresh(&http, &config, &refresh_token).await;
            if let Err(SignInError::GrantRefused) = &refreshed {
                // Spent or revoked: to show it again, at the next start say, can only do harm.
                if let Err(error) = store.forget(account).await {
                    tracing::info!(code = error.code(), "a refused token is still kept");
                }
            }
            let mut tokens = refreshed.map_err(Error::from)?;
            if tokens.account != account {
                return Err(Error::from(SignInError::OtherUser).into());
            }
            let rotated = tokens.refresh_token.is_some();
            tokens.refresh_token.get_or_insert(refresh_token);
            let session = Self::new(http, config, store, tokens);
            if rotated {
                // Not kept is not lost: `unsaved` says so.
                let _ = session.save_locked(Prompt::Never).await;
            } else {
                session.current().unsaved = None;
            }
            Ok(session)
        });
        resumed.await.unwrap_or_else(|_| Err(Error::malformed(0).into()))
    }

    /// What to send a request with, unless the session has ended.
    pub(crate) fn access(&self) -> Result<Access, Error> {
        let current = self.current();
        match current.ended {
            Some(reason) => Err(Error::SignInAgain(reason)),
            None => Ok(current.access.clone()),
        }
    }

    /// Renews the session that was refused, unless another request has done so meanwhile.
    pub(crate) async fn renew(self: &Arc<Self>, refused: &Access) -> Result<(), Error> {
        let (session, generation) = (Arc::clone(self), refused.generation);
        // On a task of its own: whoever waits may give up, but a spent refresh token cannot be unspent, so
        // its successor has to be kept.
        let renewal = tokio::spawn(async move { session.renew_once(generation).await });
        renewal.await.unwrap_or_else(|_| Err(Error::malformed(0)))
    }

    async fn renew_once(&self, refused: u64) -> Result<(), Error> {
        let _changing = self.changing.lock().await;
        if self.access()?.generation != refused {
            return Ok(());
        }
        let Some(refresh_token) = self.current().refresh_token.clone() else {
            return Err(self.end(SignInReason::NoRefreshToken));
        };
        let renewed = oauth::refresh(&self.http, &self.config, &refresh_token).await;
        let tokens = match renewed {
            Ok(tokens) if tokens.account == self.account => tokens,
            Ok(_) => return Err(self.end(SignInReason::GrantRefused)),
            Err(error) => {
                tracing::info!(code = error.code(), "the session was not renewed");
                let error = Error::from(error);
                if let Error::SignInAgain(reason) = &error {
                    self.end(*reason);
                }
                return Err(error);
            }
        };
        if let Some(rotated) = tokens.refresh_token {
            let mut current = self.current();
            current.refresh_token = Some(rotated);
            current.unsaved = Some(Unsaved::NotTried);
        }
        // Kept before anything of the answer is used. A keyring that fails must not end the shift: the token
        // stays in memory, `unsaved` says so, and `save` tries again.
        if self.current().unsaved.is_some() {
            let _ = self.save_locked(Prompt::Never).await;
        }
        let mut current = self.current();
        current.access = Access {
            token: tokens.access_token,
            instance_url: tokens.instance_url,
            generation: refused + 1,
        };
        Ok(())
    }

    /// Keeps the newest refresh token.
    pub(crate) async fn save(&self, prompt: Prompt) -> Result<(), StoreError> {
        let _changing = self.changing.lock().await;
        self.save_locked(prompt).await
    }

    /// What Holdline does by itself never asks the rep for anything.
    async fn save_locked(&self, prompt: Prompt) -> Result<(), StoreError> {
        let Some(token) = self.current().refresh_token.clone() else {
            return Err(StoreError::NoEntry);
        };
        let saved = self.store.with_prompt(prompt).save(self.account, &token).await;
        if let Err(error) = saved {
            tracing::warn!(code = error.code(), "the sign-in is kept in memory only");
        }
        self.current().unsaved = saved.err().map(Unsaved::Failed);
        saved
    }

    /// Why the sign-in would not survive this process, if so.
    pub(crate) fn unsaved(&self) -> Option<StoreError> {
        match self.current().unsaved? {
            Unsaved::Failed(error) => Some(error),
            Unsaved::NotTried => Some(StoreError::NoEntry),
        }
    }

    pub(crate) async fn sign_out(self: &Arc<Self>) -> SignOut {
        let session = Arc::clone(self);
        let ended = tokio::spawn(async move { session.sign_out_once().await });
        ended.await.unwrap_or_else(|_| SignOut {
            revoked: Err(Error::malformed(0)),
            forgotten: Err(StoreError::Failed),
        })
    }

    async fn sign_out_once(&self) -> SignOut {
        let _changing = self.changing.lock().await;
        let token = {
            let mut current = self.current();
            current.ended = Some(SignInReason::SignedOut);
            current.unsaved = None;
            current
                .refresh_token
                .take()
                .unwrap_or_else(|| current.access.token.clone())
        };
        let revoked = oauth::revoke(&self.http, &self.config, &token);
        // The rep has asked for it.
        let store = self.store.with_prompt(Prompt::Allow);
        let (revoked, forgotten) = tokio::join!(revoked, store.forget(self.account));
        SignOut { revoked, forgotten }
    }

    /// Ends the session, so that no further request asks with what was refused.
    pub(crate) fn end(&self, reason: SignInReason) -> Error {
        self.current().ended = Some(reason);
        Error::SignInAgain(reason)
    }

    fn current(&self) -> MutexGuard<'_, Current> {
        self.current.lock().unwrap_or_else(PoisonError::into_inner)
    }
}
