//! The port to Salesforce's cloud: the signed-in client, and each read as a task of its own.

use std::collections::BTreeMap;
use std::sync::{Arc, Mutex, PoisonError};

use companion::clock::Clock;
use companion::inbox::Inbox;
use companion::ports::SalesforcePort;
use jiff::Timestamp;
use loopback::{Doors, SignedInAs};
use presence::event::{Catalogue, Event, PresenceRow, PresenceStatus, ServiceChannel, WorkRow, WorkStage};
use presence::ids::WorkId;
use presence::problem::{Problem, ProblemCode};
use salesforce::{Client, Error, OrgConfig, StatusKind, VoiceCall, Work, WorkStatus};
use tokio::runtime::Handle;

use crate::{origins, remedy};

/// Everything that needs the signed-in client. Clones share it.
#[derive(Clone)]
pub(crate) struct Cloud {
    pub(crate) clock: Clock,
    pub(crate) doors: Option<Arc<Doors>>,
    pub(crate) inbox: Inbox,
    runtime: Handle,
    client: Arc<Mutex<Option<Client>>>,
}

impl Cloud {
    pub(crate) fn new(inbox: Inbox, clock: Clock, doors: Option<Arc<Doors>>) -> Self {
        Self {
            clock,
            doors,
            inbox,
            runtime: Handle::current(),
            client: Arc::default(),
        }
    }

    pub(crate) fn client(&self) -> Option<Client> {
        self.client.lock().unwrap_or_else(PoisonError::into_inner).clone()
    }

    pub(crate) fn forget_client(&self) -> Option<Client> {
        self.client.lock().unwrap_or_else(PoisonError::into_inner).take()
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
        *self.client.lock().unwrap_or_else(PoisonError::into_inner) = Some(client.clone());
        self.inbox.post(Event::SignedIn {
            org: identity.org_id,
            user: identity.user_id,
            name: identity.name.filter(|name| !name.is_empty()).unwrap_or(username),
            org_url: config.login_url.to_string(),
        });
        if let Err(error) = self.read_catalogue(&client).await {
            self.inbox.post(Event::ProblemRaised(remedy::of_error(&error).0));
        }
        Ok(())
    }

    async fn read_catalogue(&self, client: &Client) -> Result<(), Error> {
        let list = client.statuses().await?;
        let voice_prefix = client.voice_key_prefix().await?;
        let statuses = list.statuses.into_iter().map(|status| PresenceStatus {
            id: status.id,
            online: status.kind() != Some(StatusKind::Busy),
            label: status.label,
            developer_name: status.developer_name,
        });
        self.inbox.post(Event::Catalogue(Catalogue {
            statuses: statuses.collect(),
            channels: vec![ServiceChannel {
                name: "sfdc_phone".to_owned(),
                item_prefix: voice_prefix,
                voice: true,
            }],
            ..Catalogue::default()
        }));
        for missing in list.missing {
            let about = missing.name().to_owned();
            self.inbox.post(Event::ProblemRaised(Problem {
                code: ProblemCode::PermissionMissing,
                about,
            }));
        }
        Ok(())
    }

    /// One complete answer about works and presence.
    async fn rows(&self, client: &Client, watch: &[WorkId]) -> Result<Event, Error> {
        let asked = self.clock.now();
        let user = client.account().user;
        if self.inbox.pictures().borrow().statuses.is_empty() {
            self.read_catalogue(client).await?;
        }
        let works = client.works_and(user, watch).await?;
        let presence = client.presence(user).await?;
        let is_voice = |work: &&Work| work.related_entity.as_deref() == Some("VoiceCall");
        let items: Vec<_> = works
            .iter()
            .filter(is_voice)
            .filter_map(|work| work.item_id)
            .collect();
        let calls = if items.is_empty() {
            Vec::new()
        } else {
            client.voice_calls(&items).await?
        };
        let calls: BTreeMap<_, VoiceCall> = calls.into_iter().map(|call| (call.id, call)).collect();
        let skew_ms = client.facts().skew_ms.unwrap_or(0);
        let ours = |at: Timestamp| at.as_millisecond() - skew_ms;
        Ok(Event::Rows {
            asked,
            works: works
                .iter()
                .filter_map(|work| {
                    let item = work.item_id?;
                    let call = calls.get(&item.0);
                    Some(WorkRow {
                        work: work.id,
                        item,
                        stage: stage(work.status),
                        voice: is_voice(&work),
                        conversation_ended: call.is_some_and(|call| call.ended_at.is_some()),
                        vendor_call_key: call.and_then(|call| call.vendor_call_key.clone()),
                        since_ms: work.accepted_at.or(work.assigned_at).map(ours),
                        closed_ms: work.closed_at.map(ours),
                        conversation_ended_ms: call.and_then(|call| call.ended_at).map(ours),
                        acw_extensions: 0,
                        modstamp_ms: work.modified_at.map(|at| at.as_millisecond()),
                    })
                })
                .collect(),
            presence: PresenceRow {
                row: presence.as_ref().map(|row| row.id),
                status: presence.as_ref().map(|row| row.status_id),
                since_ms: presence.and_then(|row| row.status_start_date).map(ours),
                modstamp_ms: None,
            },
        })
    }
}

fn stage(status: WorkStatus) -> WorkStage {
    match status {
        WorkStatus::Assigned => WorkStage::Assigned,
        WorkStatus::Opened => WorkStage::Opened,
        WorkStatus::Canceled
        | WorkStatus::Closed
        | WorkStatus::Declined
        | WorkStatus::DeclinedOnPushTimeout
        | WorkStatus::Transferred
        | WorkStatus::Unavailable => WorkStage::Ended,
    }
}

impl SalesforcePort for Cloud {
    fn read(&self, watch: Vec<WorkId>) {
        let cloud = self.clone();
        self.runtime.spawn(async move {
            let Some(client) = cloud.client() else { return };
            let event = cloud.rows(&client, &watch).await.unwrap_or_else(|error| {
                tracing::warn!(code = error.code(), "the org could not be read");
                let (problem, pause) = remedy::of_error(&error);
                let retry_after_ms = pause.and_then(|pause| u64::try_from(pause.as_millis()).ok());
                Event::ReadFailed {
                    problem,
                    retry_after_ms,
                }
            });
            cloud.inbox.post(event);
        });
    }

    fn sign_out(&self) {
        let cloud = self.clone();
        self.runtime.spawn(async move {
            if let Some(client) = cloud.forget_client() {
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
        });
    }
}
