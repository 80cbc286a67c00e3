//! A sign-in, from the browser's page to the signed-in client.

use std::sync::Arc;
use std::time::Duration;

use companion::desk::Desk;
use loopback::redirect::{Callback, Listener, NoCallback, PortsTaken};
use presence::event::{Event, Origin};
use presence::problem::{Problem, ProblemCode};
use salesforce::{
    Authorization, Client, Http, Network, OrgConfig, Prompt, SignInError, TimeOuts, TokenStore,
};
use secrecy::ExposeSecret as _;
use url::Url;
use wire::status_api::Answer;

use crate::browser::Browser;
use crate::cloud::Cloud;
use crate::remedy;

/// How long the rep may take in the browser.
const PATIENCE: Duration = Duration::from_secs(300);

/// Everything a sign-in needs.
#[derive(Clone)]
pub(crate) struct SignIn {
    pub(crate) browser: Arc<dyn Browser>,
    pub(crate) cloud: Cloud,
    pub(crate) desk: Desk,
    pub(crate) network: Network,
    pub(crate) oauth_ports: Vec<u16>,
    pub(crate) store: TokenStore,
}

/// Why it did not work.
#[derive(Debug, thiserror::Error)]
enum Failure {
    #[error("the browser could not be opened ({0}): open it yourself and try again")]
    Browser(std::io::Error),
    #[error(transparent)]
    NoCallback(#[from] NoCallback),
    #[error("you are signed in there, but stay where you are: {0}")]
    NotSwitched(String),
    #[error(transparent)]
    Ports(#[from] PortsTaken),
    #[error(transparent)]
    Salesforce(#[from] salesforce::Error),
    #[error(transparent)]
    SignIn(#[from] SignInError),
}

impl SignIn {
    /// Runs a sign-in to its end; what came of it is in the picture.
    pub(crate) async fn run(self, config: OrgConfig) {
        let inbox = self.cloud.inbox.clone();
        inbox.post(Event::SignInStarted);
        let Err(failure) = self.attempt(config).await else {
            return;
        };
        tracing::warn!(%failure, "the sign-in failed");
        // A rep who signs in again while still signed in has lost nothing yet.
        if self.cloud.client().is_none() {
            inbox.post(Event::SignedOut);
        }
        inbox.post(Event::ProblemRaised(Problem {
            code: ProblemCode::SignInFailed,
            about: failure.to_string(),
        }));
    }

    async fn attempt(&self, config: OrgConfig) -> Result<(), Failure> {
        let http = Http::through(&self.network, &config.login_url, TimeOuts::default())
            .map_err(SignInError::Network)?
            .counting(self.cloud.api_calls.clone());
        let mut listener = Listener::open(&self.oauth_ports).await?;
        let redirect_uri =
            Url::parse(&listener.redirect_uri()).map_err(|_| SignInError::BadAnswer("port"))?;
        let (page, authorization) = Authorization::begin(&config, &redirect_uri)?;
        self.browser.open(&page).map_err(Failure::Browser)?;
        let (code, reply) = loop {
            let Callback { query, reply } = listener.wait(PATIENCE).await?;
            match authorization.read_callback(query.expose_secret()) {
                Ok(code) => break (code, reply),
                // It did not come from this sign-in; the right one may still come.
                Err(error @ SignInError::StateMismatch) => reply.finish(Err(error.to_string())).await,
                Err(error) => {
                    reply.finish(Err(error.to_string())).await;
                    listener.close().await;
                    return Err(error.into());
                }
            }
        };
        let outcome = self.complete(&http, &config, authorization, code).await;
        reply
            .finish(outcome.as_ref().map(drop).map_err(ToString::to_string))
            .await;
        listener.close().await;
        outcome
    }

    async fn complete(
        &self,
        http: &Http,
        config: &OrgConfig,
        authorization: Authorization,
        code: salesforce::AuthorizationCode,
    ) -> Result<(), Failure> {
        let tokens = authorization.exchange(http, code).await?;
        let client = Client::new(http.clone(), config.clone(), self.store.clone(), tokens);
        // Kept before it is used; where that fails the rep is told, and stays signed in for this run only.
        match client.save(Prompt::Allow).await {
            Ok(()) => self.cloud.keyring_is_well(),
            Err(error) => self
                .cloud
                .inbox
                .post(Event::ProblemRaised(remedy::of_store(error))),
        }
        let active = self.cloud.client().map(|active| active.account());
        if active.is_some_and(|active| active != client.account()) {
            // Leaving the active org may have to wait for a call to end; the new sign-in rests meanwhile.
            let kept = self.cloud.put_by(config, &client).await?;
            return match self.desk.use_org(Origin::Window, &kept.id()).await {
                Answer::Refused { text, .. } => Err(Failure::NotSwitched(text)),
                Answer::Applying | Answer::Cancelled | Answer::Held { .. } | Answer::Nothing => Ok(()),
            };
        }
        self.cloud.take_into_service(config, client).await?;
        Ok(())
    }
}
