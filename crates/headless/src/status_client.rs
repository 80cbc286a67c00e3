//! Talking to the running Holdline of a profile, through its authenticated status API.

use std::io;
use std::path::{Path, PathBuf};
use std::time::Duration;

use reqwest::{Client, Method};
use serde_json::Value;
use wire::bridge::Problem;
use wire::key::Key;
use wire::status_api::{
    ACCESS_FILE, ACTIONS_PATH, Access, Action, Answer, CANCEL_PATH, NewPhoneToken, NewPhoneTokenAnswer,
    PHONE_TOKENS_PATH, PICTURE_PATH, PhoneTokens, REQUESTS_PATH, REVOKE_PHONE_TOKEN_PATH, Request,
    RevokePhoneToken, RevokedPhoneTokens, SHOW_PATH, SUPPORT_PATH, USE_ORG_PATH, UseOrg, WORKS_PATH,
    WorkRequest,
};
use wire::support::{Ask, Told};

/// Longer than a request may wait for the org's statuses and the disk together.
const TIME_OUT: Duration = Duration::from_secs(15);

/// Refusals whose own words name the remedy; the others are no matter of whoever asks.
const TOLD: [&str; 2] = ["name_taken", "unkept"];

/// A way to one running Holdline.
pub struct StatusClient {
    access: Access,
    http: Client,
}

/// Why nothing came back. Each text names its remedy.
#[derive(Debug, thiserror::Error)]
pub enum StatusError {
    /// Nobody runs there.
    #[error("No Holdline is running on the profile {}. Start it, or name another with --profile DIR.", .0.display())]
    NotRunning(PathBuf),
    /// It will not; the text says why and what to do.
    #[error("{0}")]
    Refused(String),
    /// It answers, but not as it should.
    #[error("The running Holdline could not answer ({0}). If it stays, restart Holdline.")]
    Unanswered(String),
    /// The access file can't be read.
    #[error("{} can't be read: {source}. Only the rep who runs Holdline may ask it.", .path.display())]
    Unreadable {
        /// Which file.
        path: PathBuf,
        /// What the system said.
        source: io::Error,
    },
}

impl StatusClient {
    /// Finds the running Holdline of a profile.
    ///
    /// # Errors
    /// [`StatusError`].
    pub fn open(profile: &Path) -> Result<Self, StatusError> {
        let path = profile.join(ACCESS_FILE);
        let content = std::fs::read(&path).map_err(|source| match source.kind() {
            io::ErrorKind::NotFound => StatusError::NotRunning(profile.to_owned()),
            _ => StatusError::Unreadable { path, source },
        })?;
        let access =
            serde_json::from_slice(&content).map_err(|error| StatusError::Unanswered(error.to_string()))?;
        // Loopback only: a proxy of the environment has no business here.
        let http = Client::builder().no_proxy().timeout(TIME_OUT).build();
        Ok(Self {
            access,
            http: http.map_err(|error| StatusError::Unanswered(error.to_string()))?,
        })
    }

    /// The picture, as it stands in the answer.
    ///
    /// # Errors
    /// [`StatusError`].
    pub async fn picture(&self) -> Result<Value, StatusError> {
        self.call(Method::GET, PICTURE_PATH, None::<&()>).await
    }

    /// Asks for a status by its label.
    ///
    /// # Errors
    /// [`StatusError`].
    pub async fn request(&self, status: &str) -> Result<Answer, StatusError> {
        self.call(
            Method::POST,
            REQUESTS_PATH,
            Some(&Request {
                status: status.to_owned(),
            }),
        )
        .await
    }

    /// Asks for something else than a status.
    ///
    /// # Errors
    /// [`StatusError`].
    pub async fn act(&self, action: Action) -> Result<Answer, StatusError> {
        self.call(Method::POST, ACTIONS_PATH, Some(&action)).await
    }

    /// Asks for another org that is signed in to.
    ///
    /// # Errors
    /// [`StatusError`].
    pub async fn use_org(&self, org: &str) -> Result<Answer, StatusError> {
        let wanted = UseOrg { org: org.to_owned() };
        self.call(Method::POST, USE_ORG_PATH, Some(&wanted)).await
    }

    /// Asks about Holdline itself.
    ///
    /// # Errors
    /// [`StatusError`].
    pub async fn support(&self, ask: &Ask) -> Result<Told, StatusError> {
        self.call(Method::POST, SUPPORT_PATH, Some(ask)).await
    }

    /// Asks for something to be done with a work.
    ///
    /// # Errors
    /// [`StatusError`].
    pub async fn work(&self, wanted: &WorkRequest) -> Result<Answer, StatusError> {
        self.call(Method::POST, WORKS_PATH, Some(wanted)).await
    }

    /// Cancels the held request.
    ///
    /// # Errors
    /// [`StatusError`].
    pub async fn cancel(&self) -> Result<Answer, StatusError> {
        self.call(Method::POST, CANCEL_PATH, Some(&serde_json::json!({})))
            .await
    }

    /// Brings its window to the front.
    ///
    /// # Errors
    /// [`StatusError`].
    pub async fn show(&self) -> Result<(), StatusError> {
        self.call::<Value>(Method::POST, SHOW_PATH, Some(&serde_json::json!({})))
            .await
            .map(drop)
    }

    /// Hands out a token to a phone.
    ///
    /// # Errors
    /// [`StatusError`].
    pub async fn new_phone_token(&self, wanted: &NewPhoneToken) -> Result<Key, StatusError> {
        let answer: NewPhoneTokenAnswer = self.call(Method::POST, PHONE_TOKENS_PATH, Some(wanted)).await?;
        Ok(answer.token)
    }

    /// The phones that may join without a new pairing.
    ///
    /// # Errors
    /// [`StatusError`].
    pub async fn phone_tokens(&self) -> Result<PhoneTokens, StatusError> {
        self.call(Method::GET, PHONE_TOKENS_PATH, None::<&()>).await
    }

    /// Takes tokens of phones back.
    ///
    /// # Errors
    /// [`StatusError`].
    pub async fn revoke_phone_token(
        &self,
        wanted: &RevokePhoneToken,
    ) -> Result<RevokedPhoneTokens, StatusError> {
        self.call(Method::POST, REVOKE_PHONE_TOKEN_PATH, Some(wanted))
            .await
    }

    async fn call<T: serde::de::DeserializeOwned>(
        &self,
        method: Method,
        path: &str,
        body: Option<&impl serde::Serialize>,
    ) -> Result<T, StatusError> {
        let url = format!("http://127.0.0.1:{}{path}", self.access.port);
        let mut request = self
            .http
            .request(method, url)
            .bearer_auth(self.access.key.expose());
        if let Some(body) = body {
            request = request.json(body);
        }
        let unanswered = |error: reqwest::Error| StatusError::Unanswered(error.without_url().to_string());
        let answer = request.send().await.map_err(unanswered)?;
        let failed = answer.error_for_status_ref().err();
        let text = answer.text().await.map_err(unanswered)?;
        if let Some(error) = failed {
            return Err(match serde_json::from_str::<Problem>(&text) {
                Ok(problem) if TOLD.contains(&problem.code.as_str()) => StatusError::Refused(problem.detail),
                _ => unanswered(error),
            });
        }
        let text = if text.is_empty() { "null" } else { &text };
        serde_json::from_str(text).map_err(|error| StatusError::Unanswered(error.to_string()))
    }
}
