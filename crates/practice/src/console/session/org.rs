//! The practice org from its console: the event stream and the Omni-Channel toolkit.

use std::time::Duration;

use futures_util::{StreamExt, stream};
use presence::ids::{OrgId, StatusId, UserId};
use reqwest::{Client, Response, StatusCode};
use serde::{Deserialize, de::DeserializeOwned};
use serde_json::{Value, json};
use sse_stream::SseStream;
use url::Url;
use wire::bridge::{AgentWork, ConsoleEvent, Workload};
use wire::rep_setup::RepSetup;

use super::Error;

/// See the module.
pub(super) struct Org {
    client: Client,
    console: Url,
    limit: Duration,
}

/// Why the console cannot be, or is no longer, open.
#[derive(Debug)]
pub(super) enum Lost {
    /// The org cannot be reached or has ended the stream.
    Gone(String),
    /// It has no such rep.
    UnknownRep(String),
}

/// The stream's first event.
#[derive(Clone, Debug, Deserialize)]
#[serde(rename_all = "camelCase")]
pub(super) struct Hello {
    pub(super) org_id: OrgId,
    pub(super) user_id: UserId,
    pub(super) holdline_ports: Vec<u16>,
}

/// The part of the widget that a session needs.
#[derive(Debug, Deserialize)]
#[serde(rename_all = "camelCase")]
pub(super) struct Widget {
    pub(super) presence: Presence,
    pub(super) statuses: Vec<Status>,
    /// Open consoles of this rep, this one included.
    pub(super) consoles: usize,
}

/// The rep's presence.
#[derive(Debug, Deserialize)]
#[serde(rename_all = "camelCase")]
pub(super) struct Presence {
    /// None when logged out.
    pub(super) status_id: Option<StatusId>,
}

/// A status the rep can choose.
#[derive(Debug, Deserialize)]
#[serde(rename_all = "camelCase")]
pub(super) struct Status {
    pub(super) status_id: StatusId,
    pub(super) label: String,
}

#[derive(Deserialize)]
struct Answer {
    result: Value,
}

/// A refusal: the toolkit's is inside `error`, the console's own is not.
#[derive(Deserialize)]
#[serde(untagged)]
enum Refusal {
    Console { detail: String },
    Toolkit { error: ToolkitError },
}

#[derive(Deserialize)]
struct ToolkitError {
    detail: String,
}

impl Org {
    pub(super) fn new(org_url: &Url, rep: &str, limit: Duration) -> Result<Self, Error> {
        let mut console = org_url.clone();
        console.set_query(None);
        console
            .path_segments_mut()
            .map_err(|()| Error::OrgUrl(org_url.clone()))?
            .clear()
            .extend(["practice", "v1", "console", rep]);
        let client = Client::builder().no_proxy().build().map_err(Error::Http)?;
        Ok(Self {
            client,
            console,
            limit,
        })
    }

    /// Opens the console: its first event, and the stream of all that follow. The stream ends with an error.
    pub(super) async fn open(
        &self,
    ) -> Result<(Hello, impl stream::Stream<Item = Result<ConsoleEvent, String>>), Lost> {
        let sent = self.client.get(self.address(&["events"])).send();
        let response = tokio::time::timeout(self.limit, sent)
            .await
            .map_err(|_| Lost::Gone("it does not answer".to_owned()))?
            .map_err(|error| Lost::Gone(error.to_string()))?;
        if response.status() == StatusCode::NOT_FOUND {
            return Err(Lost::UnknownRep(words(response).await));
        }
        if !response.status().is_success() {
            return Err(Lost::Gone(words(response).await));
        }
        let chunks = stream::try_unfold(response, |mut response| async move {
            Ok::<_, reqwest::Error>(response.chunk().await?.map(|chunk| (chunk, response)))
        });
        let mut events = Box::pin(SseStream::from_bytes_stream(chunks));
        let hello = loop {
            let event = match tokio::time::timeout(self.limit, events.next()).await {
                Ok(Some(Ok(event))) => event,
                Ok(Some(Err(error))) => return Err(Lost::Gone(error.to_string())),
                Ok(None) | Err(_) => return Err(Lost::Gone("its console says no hello".to_owned())),
            };
            if event.event.as_deref() == Some("hello") {
                break parse(event.data.as_deref())
                    .ok_or_else(|| Lost::Gone("its console's hello cannot be read".to_owned()))?;
            }
        };
        let console = events.filter_map(|event| async move {
            match event {
                Ok(event) if event.event.as_deref() == Some("console") => {
                    parse(event.data.as_deref()).map(Ok)
                }
                Ok(_) => None,
                Err(error) => Some(Err(error.to_string())),
            }
        });
        let end = stream::once(async { Err("the event stream has ended".to_owned()) });
        Ok((hello, console.chain(end)))
    }

    /// What the Omni-Channel widget shows.
    pub(super) async fn widget(&self) -> Result<Widget, String> {
        let sent = self.client.get(self.address(&[])).timeout(self.limit).send();
        let response = sent.await.map_err(|error| error.to_string())?;
        response.json().await.map_err(|error| error.to_string())
    }

    /// The rep's set-up, as the console package's Apex class tells it.
    pub(super) async fn setup(&self) -> Result<RepSetup, String> {
        let address = self.address(&["apex", "mine"]);
        let sent = self
            .client
            .post(address)
            .timeout(self.limit)
            .json(&json!({}))
            .send();
        let response = sent.await.map_err(|error| error.to_string())?;
        response.json().await.map_err(|error| error.to_string())
    }

    /// `getAgentWorks`
    pub(super) async fn agent_works(&self) -> Result<Vec<AgentWork>, String> {
        #[derive(Deserialize)]
        struct Works {
            works: String,
        }
        let works: Works = self.call("getAgentWorks", json!({})).await?;
        serde_json::from_str(&works.works).map_err(|error| format!("getAgentWorks: {error}"))
    }

    /// `getServicePresenceStatusId`; `None` when logged out.
    pub(super) async fn status_id(&self) -> Result<Option<StatusId>, String> {
        #[derive(Deserialize)]
        #[serde(rename_all = "camelCase")]
        struct StatusResult {
            status_id: Option<StatusId>,
        }
        let status: StatusResult = self.call("getServicePresenceStatusId", json!({})).await?;
        Ok(status.status_id)
    }

    /// `getAgentWorkload`
    pub(super) async fn workload(&self) -> Result<Workload, String> {
        self.call("getAgentWorkload", json!({})).await
    }

    /// `login` by the rep's own hand, at the start of a shift.
    pub(super) async fn log_in(&self, status_id: StatusId) -> Result<(), String> {
        self.ask("login", json!({ "statusId": status_id }), "console")
            .await
            .map(drop)
    }

    /// A method that says yes, or the toolkit's refusal.
    pub(super) async fn tell(&self, method: &str, arguments: Value) -> Result<(), String> {
        self.ask(method, arguments, "bridge").await.map(drop)
    }

    async fn call<T: DeserializeOwned>(&self, method: &str, arguments: Value) -> Result<T, String> {
        let result = self.ask(method, arguments, "bridge").await?;
        serde_json::from_value(result).map_err(|error| format!("{method}: {error}"))
    }

    async fn ask(&self, method: &str, arguments: Value, source: &str) -> Result<Value, String> {
        let response = self
            .client
            .post(self.address(&["toolkit", method]))
            .query(&[("source", source)])
            .timeout(self.limit)
            .json(&arguments)
            .send()
            .await
            .map_err(|error| format!("{method}: {error}"))?;
        if !response.status().is_success() {
            return Err(format!("{method}: {}", words(response).await));
        }
        let answer: Answer = response
            .json()
            .await
            .map_err(|error| format!("{method}: {error}"))?;
        if answer.result == Value::Bool(false) {
            return Err(format!("{method} said false."));
        }
        Ok(answer.result)
    }

    fn address(&self, more: &[&str]) -> Url {
        let mut address = self.console.clone();
        if let Ok(mut segments) = address.path_segments_mut() {
            segments.extend(more);
        }
        address
    }
}

fn parse<T: DeserializeOwned>(data: Option<&str>) -> Option<T> {
    serde_json::from_str(data?).ok()
}

/// The org's own words for a refusal.
async fn words(response: Response) -> String {
    let status = response.status();
    match response.json::<Refusal>().await {
        Ok(Refusal::Console { detail }) => detail,
        Ok(Refusal::Toolkit { error }) => error.detail,
        Err(_) => format!("the practice org answered with HTTP status {status}"),
    }
}
