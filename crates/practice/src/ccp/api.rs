//! What the panel's page hears and asks for, and the trainer's part of it.

use std::collections::VecDeque;
use std::convert::Infallible;
use std::sync::Arc;

use axum::body::Bytes;
use axum::extract::{Path, Query, State};
use axum::http::{HeaderMap, StatusCode};
use axum::response::sse::{Event, KeepAlive, Sse};
use axum::routing::{delete, get, post};
use axum::{Json, Router};
use futures_util::Stream;
use serde::Deserialize;
use serde_json::{Value, json};
use tokio::sync::{broadcast, watch};

use super::pages::rep_of;
use super::snapshot;
use crate::org::{Choice, Happened, Org, Refusal, RepKey, Source};
use crate::server::problem::{self, Problem};
use crate::server::{Shared, lock, now};

pub(super) fn routes() -> Router<Arc<Shared>> {
    Router::new()
        .route("/ccp-v2/events", get(events))
        .route("/ccp-v2/api/{method}", post(call))
        .route("/practice/v1/ccp/{rep}/session", delete(end_session))
}

fn not_signed_in() -> Problem {
    let detail = "Nobody is signed in to this Contact Control Panel: sign in at /login.";
    Problem::new(StatusCode::UNAUTHORIZED, "not_signed_in", detail)
}

#[derive(Deserialize)]
struct EventsQuery {
    /// The panel is in somebody's page that steers it.
    #[serde(default)]
    embedded: bool,
}

/// `update` events with the whole agent, then `ended` when the session is over.
async fn events(
    State(shared): State<Arc<Shared>>,
    headers: HeaderMap,
    Query(query): Query<EventsQuery>,
) -> Result<Sse<impl Stream<Item = Result<Event, Infallible>>>, Problem> {
    let key = rep_of(&shared, &headers).ok_or_else(not_signed_in)?;
    let (first, happened) = shared.read_and_listen(|org| update(org, key));
    let listener = Listener {
        first: VecDeque::from([first]),
        happened,
        ends: lock(&shared.ccp).ends(),
        stopped: shared.stopped.clone(),
        panel: Panel::open(&shared, key, query.embedded),
        over: false,
    };
    let stream = futures_util::stream::unfold(listener, |mut listener| async {
        let event = listener.next().await?;
        Some((Ok(event), listener))
    });
    Ok(Sse::new(stream).keep_alive(KeepAlive::default()))
}

fn update(org: &Org, key: RepKey) -> Event {
    let update = snapshot::update(org, key, now().as_millisecond());
    Event::default().event("update").data(update.to_string())
}

struct Listener {
    first: VecDeque<Event>,
    happened: broadcast::Receiver<Happened>,
    ends: broadcast::Receiver<RepKey>,
    stopped: watch::Receiver<bool>,
    panel: Panel,
    over: bool,
}

impl Listener {
    async fn next(&mut self) -> Option<Event> {
        if let Some(event) = self.first.pop_front() {
            return Some(event);
        }
        if self.over {
            return None;
        }
        let Panel { shared, key, .. } = &self.panel;
        loop {
            tokio::select! {
                happened = self.happened.recv() => match happened {
                    Ok(Happened::Phone(whose)) if whose == *key => {
                        return Some(shared.read(|org| update(org, *key)));
                    }
                    Ok(_) => {}
                    Err(_) => return None,
                },
                ended = self.ends.recv() => if ended == Ok(*key) {
                    self.over = true;
                    return Some(Event::default().event("ended").data("{}"));
                },
                _ = self.stopped.wait_for(|stopped| *stopped) => return None,
            }
        }
    }
}

/// One open panel. An embedded one is how the phone is joined to whoever embeds it.
struct Panel {
    shared: Arc<Shared>,
    key: RepKey,
    embedded: bool,
}

impl Panel {
    fn open(shared: &Arc<Shared>, key: RepKey, embedded: bool) -> Self {
        if embedded {
            shared.change(|org, _| org.panel_embedded(key, true));
        }
        Self {
            shared: Arc::clone(shared),
            key,
            embedded,
        }
    }
}

impl Drop for Panel {
    fn drop(&mut self) {
        if self.embedded {
            self.shared.change(|org, _| org.panel_embedded(self.key, false));
        }
    }
}

#[derive(Deserialize)]
struct CallQuery {
    /// Asked for through `amazon-connect-streams`, and not with the panel's own buttons.
    #[serde(default)]
    streams: bool,
}

/// A method of the library's `api_request` (`connect.ClientMethods`).
async fn call(
    State(shared): State<Arc<Shared>>,
    headers: HeaderMap,
    Path(method): Path<String>,
    Query(query): Query<CallQuery>,
    bytes: Bytes,
) -> Result<Json<Value>, Problem> {
    let key = rep_of(&shared, &headers).ok_or_else(not_signed_in)?;
    let params: Value = problem::body(&bytes, r#"{"contactId":"…"}"#)?;
    let source = if query.streams {
        Source::Holdline
    } else {
        Source::Phone
    };
    shared.change(|org, now| {
        let contact = params["contactId"].as_str().unwrap_or_default();
        match method.as_str() {
            "putAgentState" => {
                let name = params["state"]["name"].as_str().unwrap_or_default();
                let enqueue = params["enqueueNextState"] == true;
                return set_state(org, now, key, name, enqueue, source);
            }
            "acceptContact" => {
                let call = org.find_call(contact)?;
                org.accept(now, org.work_of_call(call)?)?;
            }
            "rejectContact" => {
                let call = org.find_call(contact)?;
                org.decline(now, org.work_of_call(call)?, None)?;
            }
            "destroyConnection" => end(org, now, key, contact)?,
            "holdConnection" => org.hold_contact(key, contact, true),
            "resumeConnection" => org.hold_contact(key, contact, false),
            "clearContact" | "completeContact" => match org.find_call(contact) {
                Ok(call) => org.finish(now, org.work_of_call(call)?)?,
                Err(_) => org.end_dialed(now, key, contact),
            },
            // Metrics, logs and the like.
            _ => {}
        }
        Ok(Json(json!({})))
    })
}

/// Amazon Connect's rules: without the flag a state is only taken off-contact, and in after-contact work it
/// closes the contact; Offline at once ends whatever goes on.
fn set_state(
    org: &mut Org,
    now: jiff::Timestamp,
    key: RepKey,
    name: &str,
    enqueue: bool,
    source: Source,
) -> Result<Json<Value>, Problem> {
    let phone = &org.rep(key).phone;
    if !enqueue && phone.has_live_contact() && Choice::named(name) != Some(Choice::Offline) {
        let detail = "A state is only taken during a contact with enqueueNextState.";
        return Err(Problem::new(
            StatusCode::CONFLICT,
            "InvalidStateException",
            detail,
        ));
    }
    let outcome = org.set_phone(now, key, name, enqueue, source)?;
    if !enqueue {
        for contact in org.rep(key).phone.state().contacts {
            if let Ok(work) = org.find_call(&contact.id).and_then(|call| org.work_of_call(call)) {
                // Only one in after-contact work is left, and it may be over by its own end.
                let _ = org.finish(now, work);
            }
        }
    }
    Ok(Json(json!({ "outcome": outcome })))
}

fn end(org: &mut Org, now: jiff::Timestamp, key: RepKey, contact: &str) -> Result<(), Refusal> {
    match org.find_call(contact) {
        Ok(call) => org.hang_up(now, call),
        Err(_) => {
            org.end_dialed(now, key, contact);
            Ok(())
        }
    }
}

async fn end_session(
    State(shared): State<Arc<Shared>>,
    Path(rep): Path<String>,
) -> Result<StatusCode, Problem> {
    let key = shared.read(|org| org.find_rep(&rep))?;
    lock(&shared.ccp).end(key);
    Ok(StatusCode::NO_CONTENT)
}
