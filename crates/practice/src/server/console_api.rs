//! What a practice console uses: an event stream, the console toolkit, the widget's state, the console package's Apex.
//!
//! `GET …/console/{rep}/events` is a server-sent event stream: `hello` first, then `phone` with the phone's
//! state, then `console` and `phone` as they happen. An open stream is an open console. A listener that falls
//! too far behind is cut off and has to open the stream anew.

use std::collections::VecDeque;
use std::convert::Infallible;
use std::sync::Arc;

use axum::body::Bytes;
use axum::extract::{Path, Query, State};
use axum::http::StatusCode;
use axum::response::sse::{Event, KeepAlive, Sse};
use axum::response::{IntoResponse, Response};
use axum::routing::{get, post};
use axum::{Json, Router};
use futures_util::Stream;
use presence::ids::{OrgId, UserId, WorkItemId};
use serde::{Deserialize, Serialize};
use serde_json::{Value, json};
use tokio::sync::{broadcast, watch};

use super::problem::{self, Problem};
use super::shared::Shared;
use wire::rep_setup::RepSetup;

use crate::org::toolkit::Rejection;
use crate::org::{Happened, RepKey, RepView, Source, StatusView, VoiceCallState};

pub(super) fn routes() -> Router<Arc<Shared>> {
    Router::new()
        .route("/practice/v1/console/{rep}", get(widget))
        .route("/practice/v1/console/{rep}/events", get(events))
        .route("/practice/v1/console/{rep}/toolkit/{method}", post(toolkit))
        .route("/practice/v1/console/{rep}/apex/mine", post(apex_mine))
        .route("/practice/v1/console/{rep}/apex/calls", post(apex_calls))
}

/// Who this console is.
#[derive(Serialize)]
#[serde(rename_all = "camelCase")]
struct Hello {
    org_id: OrgId,
    user_id: UserId,
    rep: &'static str,
    name: String,
    holdline_ports: Vec<u16>,
}

impl Hello {
    fn of(shared: &Shared, org: &crate::org::Org, key: RepKey) -> Self {
        let rep = org.rep(key);
        Self {
            org_id: org.id,
            user_id: rep.user_id,
            rep: rep.rep,
            name: rep.name(),
            holdline_ports: shared.holdline_ports.clone(),
        }
    }
}

/// Everything the widget shows.
#[derive(Serialize)]
#[serde(rename_all = "camelCase")]
struct Widget {
    org_id: OrgId,
    holdline_ports: Vec<u16>,
    statuses: Vec<StatusView>,
    may_decline: bool,
    decline_reasons: Vec<String>,
    #[serde(flatten)]
    rep: RepView,
}

async fn widget(State(shared): State<Arc<Shared>>, Path(rep): Path<String>) -> Result<Json<Widget>, Problem> {
    shared.read(|org| {
        let key = org.find_rep(&rep)?;
        Ok(Json(Widget {
            org_id: org.id,
            holdline_ports: shared.holdline_ports.clone(),
            statuses: org.statuses_view(),
            may_decline: org.settings().may_decline,
            decline_reasons: org.settings().decline_reasons.clone(),
            rep: org.rep_view(key),
        }))
    })
}

async fn events(
    State(shared): State<Arc<Shared>>,
    Path(rep): Path<String>,
) -> Result<Sse<impl Stream<Item = Result<Event, Infallible>>>, Problem> {
    let key = shared.read(|org| org.find_rep(&rep))?;
    let ((hello, phone), happened) = shared.read_and_listen(|org| {
        let hello = event("hello", &Hello::of(&shared, org, key));
        (hello, event("phone", &org.phone_view(key)))
    });
    let console = OpenConsole::new(&shared, key);
    let listener = Listener {
        first: VecDeque::from([hello, phone]),
        happened,
        stopped: shared.stopped.clone(),
        console,
    };
    let stream = futures_util::stream::unfold(listener, |mut listener| async {
        let event = listener.next().await?;
        Some((Ok(event), listener))
    });
    Ok(Sse::new(stream).keep_alive(KeepAlive::default()))
}

/// One open event stream.
struct Listener {
    first: VecDeque<Event>,
    happened: broadcast::Receiver<Happened>,
    stopped: watch::Receiver<bool>,
    console: OpenConsole,
}

impl Listener {
    async fn next(&mut self) -> Option<Event> {
        if let Some(event) = self.first.pop_front() {
            return Some(event);
        }
        let OpenConsole { shared, key } = &self.console;
        loop {
            let happened = tokio::select! {
                happened = self.happened.recv() => happened,
                _ = self.stopped.wait_for(|stopped| *stopped) => return None,
            };
            match happened {
                Ok(Happened::Console(whose, what)) if whose == *key => return Some(event("console", &what)),
                Ok(Happened::Phone(whose)) if whose == *key => {
                    return Some(event("phone", &shared.read(|org| org.phone_view(*key))));
                }
                Ok(_) => {}
                Err(_) => return None,
            }
        }
    }
}

/// Counts as an open console for as long as it lives.
struct OpenConsole {
    shared: Arc<Shared>,
    key: RepKey,
}

impl OpenConsole {
    fn new(shared: &Arc<Shared>, key: RepKey) -> Self {
        shared.change(|org, _| org.console_opened(key));
        // Nobody listening is fine.
        let _ = shared.look_again.send(key);
        Self {
            shared: Arc::clone(shared),
            key,
        }
    }
}

impl Drop for OpenConsole {
    fn drop(&mut self) {
        self.shared.change(|org, _| org.console_closed(self.key));
    }
}

fn event(name: &str, data: &impl Serialize) -> Event {
    // Our own views always serialise; an empty object would show as one that lacks everything.
    let data = serde_json::to_string(data).unwrap_or_else(|_| "{}".to_owned());
    Event::default().event(name).data(data)
}

/// The Apex class of the console package.
async fn apex_mine(
    State(shared): State<Arc<Shared>>,
    Path(rep): Path<String>,
) -> Result<Json<RepSetup>, Problem> {
    shared.read(|org| {
        org.find_rep(&rep)?;
        Ok(Json(org.apex_mine()))
    })
}

#[derive(Deserialize)]
#[serde(rename_all = "camelCase")]
struct Calls {
    work_item_ids: Vec<WorkItemId>,
}

async fn apex_calls(
    State(shared): State<Arc<Shared>>,
    Path(rep): Path<String>,
    bytes: Bytes,
) -> Result<Json<Vec<VoiceCallState>>, Problem> {
    let Calls { work_item_ids } = problem::body(&bytes, r#"{"workItemIds":["0LQ…"]}"#)?;
    shared.read(|org| {
        let key = org.find_rep(&rep)?;
        Ok(Json(org.apex_calls(key, &work_item_ids)))
    })
}

/// Who called the toolkit, for the log.
#[derive(Clone, Copy, Default, Deserialize)]
#[serde(rename_all = "snake_case")]
enum Caller {
    Bridge,
    #[default]
    Console,
}

#[derive(Deserialize)]
struct ToolkitQuery {
    #[serde(default)]
    source: Caller,
}

async fn toolkit(
    State(shared): State<Arc<Shared>>,
    Path((rep, method)): Path<(String, String)>,
    Query(query): Query<ToolkitQuery>,
    bytes: Bytes,
) -> Response {
    match call_toolkit(&shared, &rep, &method, query.source, &bytes) {
        Ok(result) => Json(json!({ "result": result })).into_response(),
        Err(problem) => (problem.status, Json(json!({ "error": problem }))).into_response(),
    }
}

fn call_toolkit(
    shared: &Arc<Shared>,
    rep: &str,
    method: &str,
    caller: Caller,
    bytes: &[u8],
) -> Result<Value, Problem> {
    let arguments: Value = if bytes.is_empty() {
        Value::Null
    } else {
        problem::body(bytes, r#"{"statusId":"0N5…"}"#)?
    };
    let source = match caller {
        Caller::Bridge => Source::Bridge,
        Caller::Console => Source::Console,
    };
    let key = shared.read(|org| org.find_rep(rep))?;
    shared
        .change(|org, now| org.toolkit(now, key, method, &arguments, source))
        .map_err(|rejection: Rejection| {
            let status = match problem::status_of(rejection.kind()) {
                StatusCode::CONFLICT => StatusCode::CONFLICT,
                _ => StatusCode::BAD_REQUEST,
            };
            Problem::new(status, rejection.code(), rejection.to_string())
        })
}
