//! The REST client of one signed-in user, with the refresh built in.

use std::sync::{Arc, Mutex, PoisonError};

use reqwest::Method;
use secrecy::ExposeSecret;
use serde::de::DeserializeOwned;
use serde_json::Value;
use tokio::sync::OnceCell;
use url::Url;

use crate::account::Account;
use crate::answer;
use crate::error::{Error, ResumeError, SignInReason};
use crate::facts::ServerFacts;
use crate::http::{Answer, Http};
use crate::key_prefix::KeyPrefixes;
use crate::keyring_store::Prompt;
use crate::oauth::OrgConfig;
use crate::org_url::is_secure;
use crate::remedy::{Refusal, check};
use crate::select::Absent;
use crate::session::{Access, Session, SignOut};
use crate::store_error::StoreError;
use crate::token_store::TokenStore;
use crate::tokens::Tokens;
use crate::versions::ApiVersion;

/// Asks one org as one user. Clones share the session, its refresher and what is known of the server.
#[derive(Clone, Debug)]
pub struct Client {
    pub(crate) session: Arc<Session>,
    facts: Arc<Mutex<ServerFacts>>,
    pub(crate) absent: Arc<Absent>,
    pub(crate) key_prefixes: Arc<KeyPrefixes>,
    pub(crate) version: Arc<OnceCell<ApiVersion>>,
}

/// A request within the org, before the token is put on it.
#[derive(Clone, Copy)]
enum Question<'q> {
    Get(&'q str, &'q [(&'q str, &'q str)]),
    Post(&'q str, &'q Value),
}

impl Client {
    /// A client with the tokens of a sign-in. They are kept by [`Self::save`], until then in memory only.
    pub fn new(http: Http, config: OrgConfig, store: TokenStore, tokens: Tokens) -> Self {
        Self::with(Session::new(http, config, store, tokens))
    }

    /// A client for a sign-in that the store keeps.
    ///
    /// # Errors
    /// Why the store did not give the token, or the org did not take it. [`SignInReason::GrantRefused`] and
    /// [`StoreError::NoEntry`] mean that one has to sign in; the others pass.
    pub async fn resume(
        http: Http,
        config: OrgConfig,
        store: TokenStore,
        account: Account,
    ) -> Result<Self, ResumeError> {
        Session::resume(http, config, store, account)
            .await
            .map(Self::with)
    }

    fn with(session: Session) -> Self {
        Self {
            session: Arc::new(session),
            facts: Arc::default(),
            absent: Arc::default(),
            key_prefixes: Arc::default(),
            version: Arc::default(),
        }
    }

    /// Whose session it is.
    pub fn account(&self) -> Account {
        self.session.account
    }

    /// Whether the other one is a clone of this.
    pub fn is_same_session(&self, other: &Self) -> bool {
        Arc::ptr_eq(&self.session, &other.session)
    }

    /// Keeps the newest refresh token: after a sign-in the keyring may ask the rep, later it may not.
    ///
    /// # Errors
    /// Why the store did not; [`StoreError::NoEntry`] when the org granted no refresh token.
    pub async fn save(&self, prompt: Prompt) -> Result<(), StoreError> {
        self.session.save(prompt).await
    }

    /// Why the sign-in would not survive this process: the store's last refusal, or [`StoreError::NoEntry`]
    /// when it was not asked yet. `None` when it is kept, and after a sign-out.
    pub fn unsaved(&self) -> Option<StoreError> {
        self.session.unsaved()
    }

    /// Ends the session here, revokes the grant and forgets the token. Both outcomes are reported; the
    /// session is over in any case.
    pub async fn sign_out(&self) -> SignOut {
        self.session.sign_out().await
    }

    /// The host that answers, as the org's token answer named it; `None` once the session has ended.
    pub fn instance_url(&self) -> Option<Url> {
        self.session.access().ok().map(|access| access.instance_url)
    }

    /// The newest API usage and clock skew that an answer has shown.
    pub fn facts(&self) -> ServerFacts {
        *self.facts.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// Asks for JSON at a path of the org. `object` names what is asked for, in errors.
    pub(crate) async fn json<T: DeserializeOwned>(
        &self,
        path: &str,
        query: &[(&str, &str)],
        object: &str,
    ) -> Result<T, Error> {
        let answer = self.ask(Question::Get(path, query), object).await?;
        answer::parse(answer.status.as_u16(), &answer.body, object)
    }

    /// Posts JSON to a path of the org, only ever to ask. `object` names what is asked for, in errors.
    pub(crate) async fn post_json<T: DeserializeOwned>(
        &self,
        path: &str,
        body: &Value,
        object: &str,
    ) -> Result<T, Error> {
        let answer = self.ask(Question::Post(path, body), object).await?;
        answer::parse(answer.status.as_u16(), &answer.body, object)
    }

    /// Asks; when the session is refused, renews it once and asks again.
    async fn ask(&self, question: Question<'_>, object: &str) -> Result<Answer, Error> {
        let access = self.session.access()?;
        match self.ask_with(&access, question, object).await {
            Err(Refusal::Expired) => self.session.renew(&access).await?,
            Err(Refusal::Other(error)) => return Err(error),
            Ok(answer) => return Ok(answer),
        }
        let access = self.session.access()?;
        self.ask_with(&access, question, object)
            .await
            .map_err(|refusal| match refusal {
                Refusal::Expired => self.session.end(SignInReason::RefusedAgain),
                Refusal::Other(error) => error,
            })
    }

    async fn ask_with(
        &self,
        access: &Access,
        question: Question<'_>,
        object: &str,
    ) -> Result<Answer, Refusal> {
        let (Question::Get(path, _) | Question::Post(path, _)) = question;
        let url = within(&access.instance_url, path).ok_or(Error::malformed(200))?;
        let http = &self.session.http;
        let request = match question {
            Question::Get(_, []) => http.request(Method::GET, url),
            Question::Get(_, query) => http.request(Method::GET, url).query(query),
            Question::Post(_, body) => http.request(Method::POST, url).json(body),
        };
        let request = request.bearer_auth(access.token.expose_secret()).build();
        let request = request.map_err(|_| Error::malformed(200))?;
        let answer = self
            .session
            .http
            .send(request)
            .await
            .map_err(Error::CheckNetwork)?;
        self.facts
            .lock()
            .unwrap_or_else(PoisonError::into_inner)
            .update(answer.facts);
        check(&answer, object)?;
        Ok(answer)
    }
}

/// The path on this host; nothing if a server named a path that leads elsewhere.
pub(crate) fn within(instance: &Url, path: &str) -> Option<Url> {
    let url = instance.join(path).ok()?;
    (url.origin() == instance.origin() && is_secure(&url)).then_some(url)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_path_never_takes_the_token_elsewhere() {
        let instance = Url::parse("https://x.my.salesforce.com").unwrap();
        assert!(within(&instance, "/services/data/v67.0/query/01g-2000").is_some());
        for path in [
            "//evil.example/x",
            "https://evil.example",
            "http://x.my.salesforce.com/",
            "\\\\evil.example",
        ] {
            assert_eq!(within(&instance, path), None, "{path}");
        }
    }
}
