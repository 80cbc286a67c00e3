//! The port to Salesforce's cloud: the signed-in client, and each read as a task of its own.

use std::collections::BTreeSet;
use std::sync::atomic::AtomicU64;
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};

use companion::clock::Clock;
use companion::inbox::Inbox;
use companion::orgs::{KeptOrg, Orgs};
use companion::ports::SalesforcePort;
use loopback::{Doors, SignedInAs};
use presence::event::Event;
use presence::ids::WorkId;
use presence::problem::{Problem, ProblemCode};
use salesforce::{Account, Client, Error, OrgConfig, Prompt, StoreError};
use tokio::runtime::Handle;

use crate::catalogue::Known;
use crate::pace::{News, Pace};
use crate::stream::{Standing, Stream};
use crate::{origins, remedy, rows};

/// Everything that needs the signed-in client. Clones share it.
#[derive(Clone)]
pub(crate) struct Cloud {
    /// Requests sent to Salesforce, by all sign-ins of this run.
    pub(crate) api_calls: Arc<AtomicU64>,
    pub(crate) clock: Clock,
    pub(crate) doors: Option<Arc<Doors>>,
    pub(crate) inbox: Inbox,
    pub(crate) orgs: Orgs,
    runtime: Handle,
    client: Arc<Mutex<Option<Client>>>,
    known: Arc<Mutex<Known>>,
    pace: Arc<Mutex<Pace>>,
    pub(crate) stream: Stream,
    voice_channels: Arc<[String]>,
}

impl Cloud {
    /// `voice_channels`: channels whose work counts as calls besides those that route VoiceCall.
    pub(crate) fn new(
        inbox: Inbox,
        clock: Clock,
        doors: Option<Arc<Doors>>,
        orgs: Orgs,
        stream: Stream,
        voice_channels: &[String],
    ) -> Self {
        Self {
            api_calls: Arc::default(),
            clock,
            doors,
            inbox,
            orgs,
            runtime: Handle::current(),
            client: Arc::default(),
            known: Arc::default(),
            pace: Arc::default(),
            stream,
            voice_channels: voice_channels.into(),
        }
    }

    pub(crate) fn client(&self) -> Option<Client> {
        self.client.lock().unwrap_or_else(PoisonError::into_inner).clone()
    }

    pub(crate) fn forget_client(&self) -> Option<Client> {
        self.client.lock().unwrap_or_else(PoisonError::into_inner).take()
    }

    /// Keeps a sign-in to another org than the active one, for the rep to switch to.
    pub(crate) async fn put_by(&self, config: &OrgConfig, client: &Client) -> Result<KeptOrg, Error> {
        let identity = client.identity().await?;
        let kept = kept(
            config,
            client,
            identity.name,
            identity.username.unwrap_or_default(),
        );
        self.orgs.keep(kept.clone());
        Ok(kept)
    }

    /// Takes a client into service: who is it, what are the org's statuses, who may call at the doors.
    pub(crate) async fn take_into_service(&self, config: &OrgConfig, client: Client) -> Result<(), Error> {
        let identity = client.identity().await?;
        let username = identity.username.unwrap_or_default();
        if let Some(doors) = &self.doors {
            doors.set_identity(Some(SignedInAs {
                org_id: identity.org_id,
                user_id: identity.user_id,
                username: username.clone(),
                origins: origins::of_org(client.instance_url().iter().chain([&config.login_url])),
            }));
        }
        self.stream.end();
        *self.client.lock().unwrap_or_else(PoisonError::into_inner) = Some(client.clone());
        *self.known() = Known::default();
        let before = std::mem::take(&mut *self.pace());
        if before.used_percent().is_some() {
            let code = ProblemCode::RequestLimitNear;
            self.inbox.post(Event::ProblemCleared { code });
        }
        let kept = kept(config, &client, identity.name, username);
        self.orgs.keep(kept.clone());
        self.inbox.post(Event::SignedIn {
            org: kept.org,
            user: kept.user,
            name: kept.name,
            org_url: kept.org_url,
        });
        if let Err(error) = self.read_catalogue(&client).await {
            self.inbox.post(Event::ProblemRaised(remedy::of_error(&error).0));
        }
        Ok(())
    }

    /// A sign-in that is in memory only, because the keyring failed when the token changed, is kept as soon as the
    /// keyring takes it, and without asking the rep.
    async fn keep_unsaved(&self, client: &Client) {
        // An org that grants no refresh token leaves nothing to keep.
        if client
            .unsaved()
            .is_none_or(|reason| reason == StoreError::NoEntry)
        {
            return;
        }
        match client.save(Prompt::Never).await {
            Ok(()) => self.keyring_is_well(),
            Err(error) => self.inbox.post(Event::ProblemRaised(remedy::of_store(error))),
        }
    }

    pub(crate) fn keyring_is_well(&self) {
        for code in [
            ProblemCode::KeyringAbsent,
            ProblemCode::KeyringDenied,
            ProblemCode::KeyringHung,
            ProblemCode::KeyringLocked,
        ] {
            self.inbox.post(Event::ProblemCleared { code });
        }
    }

    /// Tells the engine whatever a console tells of the rep's set-up, until the doors close.
    pub(crate) fn follow_console(&self) {
        let Some(mut told) = self.doors.as_ref().map(|doors| doors.rep_setup()) else {
            return;
        };
        // Not the whole of this: it holds the doors, which would then never close.
        let (known, inbox, voice) = (
            self.known.clone(),
            self.inbox.clone(),
            self.voice_channels.clone(),
        );
        self.runtime.spawn(async move {
            while told.changed().await.is_ok() {
                let Some(page) = told.borrow_and_update().clone() else {
                    continue;
                };
                let known = known.lock().unwrap_or_else(PoisonError::into_inner);
                if let Some(options) = known.work_options(Some(&page)) {
                    inbox.post(Event::WorkOptions(options));
                }
                if let Some((catalogue, lacks_nothing)) = known.told_by_page(&page, &voice) {
                    inbox.post(Event::Catalogue(catalogue));
                    if lacks_nothing {
                        let code = ProblemCode::PermissionMissing;
                        inbox.post(Event::ProblemCleared { code });
                    }
                }
            }
        });
    }

    /// Reads what the org has set up, and tells the engine.
    async fn read_catalogue(&self, client: &Client) -> Result<(), Error> {
        let asked = self.clock.now();
        let setup = client.setup(client.account().user).await?;
        // Not under the lock of `known`: whoever follows the console takes that one first.
        let page = self
            .doors
            .as_ref()
            .and_then(|doors| doors.rep_setup().borrow().clone());
        let mut known = self.known();
        let (catalogue, missing) = known.learn(asked, setup, &self.voice_channels, page.as_ref());
        self.inbox.post(Event::Catalogue(catalogue));
        if let Some(options) = known.work_options(page.as_ref()) {
            self.inbox.post(Event::WorkOptions(options));
        }
        drop(known);
        if let Some(about) = missing {
            self.inbox.post(Event::ProblemRaised(Problem {
                code: ProblemCode::PermissionMissing,
                about,
            }));
        }
        Ok(())
    }

    /// One complete answer about works and presence. What the org has set up comes first where it is due, or
    /// where the org has moved: then works and presence are asked for again, after the engine has heard of it.
    async fn rows(&self, client: &Client, watch: &[WorkId]) -> Result<Event, Error> {
        if self.known().is_due(self.clock.now())
            && let Err(error) = self.read_catalogue(client).await
        {
            if self.known().is_nothing() {
                return Err(error);
            }
            tracing::info!(code = error.code(), "the org's set-up could not be read again");
        }
        let user = client.account().user;
        let mut asked = self.clock.now();
        let mut situation = client.situation(user, watch).await?;
        if self.known().has_moved(situation.instance.as_deref()) {
            tracing::info!("the org has moved to another instance");
            self.stream.forget();
            self.read_catalogue(client).await?;
            asked = self.clock.now();
            situation = client.situation(user, watch).await?;
        }
        let skew_ms = client.facts().skew_ms.unwrap_or(0);
        Ok(rows::event(asked, &situation, &self.known(), skew_ms))
    }

    /// Listens to the stream, for as long as this is the session: a read may answer after it has ended.
    fn listen(&self, client: &Client) {
        if self.client().is_some_and(|now| now.is_same_session(client)) {
            let instance = self.known().instance().map(str::to_owned);
            self.stream.begin(client, instance.as_deref(), &self.inbox);
        }
    }

    /// Watches the org's quota: `Sforce-Limit-Info` stands in every answer.
    fn watch_quota(&self, client: &Client) {
        let code = ProblemCode::RequestLimitNear;
        let news = self.pace().learn(client.facts().api_usage);
        match news {
            None => {}
            Some(News::Enough) => self.inbox.post(Event::ProblemCleared { code }),
            Some(News::Near(percent)) => self.inbox.post(Event::ProblemRaised(near_limit(percent))),
        }
    }

    /// A read that has to wait because the org's quota is nearly used up.
    fn put_off(&self) -> Option<Event> {
        let mut pace = self.pace();
        let pause = pace.pause(self.clock.now())?;
        Some(Event::ReadFailed {
            problem: near_limit(pace.used_percent()?),
            retry_after_ms: u64::try_from(pause.as_millis()).ok(),
        })
    }

    fn pace(&self) -> MutexGuard<'_, Pace> {
        self.pace.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// The fields, objects and permissions that the org has refused; `None` before it was asked.
    pub(crate) fn missing(&self) -> Option<BTreeSet<String>> {
        self.known().missing().cloned()
    }

    /// How it goes with what the org pushes.
    pub(crate) fn streaming(&self) -> Standing {
        self.stream.standing()
    }

    fn known(&self) -> MutexGuard<'_, Known> {
        self.known.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

impl SalesforcePort for Cloud {
    fn read(&self, watch: Vec<WorkId>) {
        let cloud = self.clone();
        self.runtime.spawn(async move {
            let Some(client) = cloud.client() else { return };
            if let Some(event) = cloud.put_off() {
                return cloud.inbox.post(event);
            }
            let rows = cloud.rows(&client, &watch).await;
            let is_answer = rows.is_ok();
            let event = rows.unwrap_or_else(|error| {
                tracing::warn!(code = error.code(), "the org could not be read");
                let (problem, pause) = remedy::of_error(&error);
                let retry_after_ms = pause.and_then(|pause| u64::try_from(pause.as_millis()).ok());
                Event::ReadFailed {
                    problem,
                    retry_after_ms,
                }
            });
            cloud.inbox.post(event);
            if is_answer {
                cloud.listen(&client);
            }
            cloud.watch_quota(&client);
            cloud.keep_unsaved(&client).await;
        });
    }

    fn sign_out(&self) {
        let cloud = self.clone();
        self.runtime.spawn(async move {
            let next = cloud.orgs.take_plan();
            let left = cloud.forget_client();
            if let Some(ended) = cloud.stream.end() {
                // With the token, which is about to be revoked.
                let _ = ended.await;
            }
            // A switch leaves the sign-in as it is.
            if let Some(client) = left.filter(|_| next.is_none()) {
                let account = client.account();
                cloud.orgs.forget(account.org, account.user);
                let outcome = client.sign_out().await;
                if let Err(error) = outcome.revoked {
                    tracing::warn!(code = error.code(), "the org has not heard of the sign-out");
                }
                if let Err(error) = outcome.forgotten {
                    cloud.inbox.post(Event::ProblemRaised(remedy::of_store(error)));
                }
            }
            if let Some(doors) = &cloud.doors {
                doors.set_identity(None);
            }
            cloud.inbox.post(Event::SignedOut);
            if let Some(next) = next {
                cloud.orgs.take_up(next);
            }
        });
    }
}

fn near_limit(percent: u64) -> Problem {
    Problem {
        code: ProblemCode::RequestLimitNear,
        about: format!("{percent} %"),
    }
}

/// How a sign-in is called: by the rep's name, or the user name where there is none.
fn kept(config: &OrgConfig, client: &Client, name: Option<String>, username: String) -> KeptOrg {
    let Account { org, user } = client.account();
    KeptOrg {
        org,
        user,
        name: name.filter(|name| !name.is_empty()).unwrap_or(username),
        org_url: config.login_url.to_string(),
    }
}

#[cfg(test)]
mod tests;
