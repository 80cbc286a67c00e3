//! The control API for tests and trainers: start calls, see everything, change settings.

use std::sync::Arc;

use axum::body::Bytes;
use axum::extract::{Path, State};
use axum::http::StatusCode;
use axum::routing::{delete, get, post};
use axum::{Json, Router};
use serde::Deserialize;
use serde_json::Value;

use super::problem::{self, Problem};
use super::shared::{Shared, lock};
use crate::org::{
    CallView, Dropped, LogEntry, NewCall, NewWork, OrgView, Refusal, RepView, Settings, Source,
};

type Answer<T> = Result<Json<T>, Problem>;

pub(super) fn routes() -> Router<Arc<Shared>> {
    Router::new()
        .route("/practice/v1/state", get(state))
        .route("/practice/v1/log", get(log))
        .route("/practice/v1/dropped", get(dropped))
        .route("/practice/v1/settings", get(settings).put(change_settings))
        .route("/practice/v1/calls", get(calls).post(start_call))
        .route("/practice/v1/calls/{call}/{action}", post(act_on_call))
        .route("/practice/v1/instance", post(switch_instance))
        .route("/practice/v1/works", post(start_work))
        .route("/practice/v1/reps/{rep}/logout", post(log_out))
        .route("/practice/v1/phones/{rep}/state", post(set_phone))
        .route("/practice/v1/phones/{rep}/contacts", post(dial))
        .route(
            "/practice/v1/phones/{rep}/contacts/{contact}/{action}",
            post(act_on_dialed),
        )
        .route("/practice/v1/presences/{id}", delete(delete_presence))
        .route("/practice/v1/cometd", get(streaming).delete(end_streaming))
}

async fn state(State(shared): State<Arc<Shared>>) -> Json<OrgView> {
    Json(shared.read(|org| org.view()))
}

async fn log(State(shared): State<Arc<Shared>>) -> Json<Vec<LogEntry>> {
    Json(shared.read(|org| org.log().to_vec()))
}

async fn dropped(State(shared): State<Arc<Shared>>) -> Json<Vec<Dropped>> {
    Json(shared.read(|org| org.dropped().to_vec()))
}

async fn settings(State(shared): State<Arc<Shared>>) -> Json<Settings> {
    Json(shared.read(|org| org.settings().clone()))
}

async fn change_settings(State(shared): State<Arc<Shared>>, bytes: Bytes) -> Answer<Settings> {
    let patch: Value = problem::body(&bytes, r#"{"connector":"naive","wrapUpMs":90000}"#)?;
    shared.change(|org, _| org.change_settings(&patch))?;
    Ok(Json(shared.read(|org| org.settings().clone())))
}

async fn calls(State(shared): State<Arc<Shared>>) -> Json<Vec<CallView>> {
    Json(shared.read(|org| org.view().calls))
}

/// The body of `POST calls`.
#[derive(Deserialize)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
struct StartCall {
    rep: String,
    from: Option<String>,
    #[serde(default)]
    force: bool,
}

/// A number that nobody has (the range reserved for fiction).
const SOMEBODY: &str = "+1 555 0100";
/// The longest `from`, characters.
const LONGEST_FROM: usize = 64;

async fn start_call(
    State(shared): State<Arc<Shared>>,
    bytes: Bytes,
) -> Result<(StatusCode, Json<NewCall>), Problem> {
    let body: StartCall = problem::body(&bytes, r#"{"rep":"pat","from":"+1 555 0100"}"#)?;
    let from = body.from.as_deref().unwrap_or(SOMEBODY);
    if from.chars().count() > LONGEST_FROM {
        return Err(Problem::new(
            StatusCode::BAD_REQUEST,
            "bad_request",
            format!("\"from\" is longer than {LONGEST_FROM} characters. Give a phone number or a name."),
        ));
    }
    let call = shared.change(|org, now| {
        let rep = org.find_rep(&body.rep)?;
        org.start_call(now, rep, from, body.force)
    })?;
    Ok((StatusCode::CREATED, Json(call)))
}

async fn act_on_call(
    State(shared): State<Arc<Shared>>,
    Path((call, action)): Path<(String, String)>,
) -> Answer<CallView> {
    shared.change(|org, now| {
        let call = org.find_call(&call)?;
        match action.as_str() {
            "accept" => org.accept(now, org.work_of_call(call)?)?,
            "decline" => org.decline(now, org.work_of_call(call)?, None)?,
            "extend" => org.extend_wrap_up(now, org.work_of_call(call)?)?,
            "finish" => org.finish(now, org.work_of_call(call)?)?,
            "hangup" => org.hang_up(now, call)?,
            other => {
                return Err(Problem::new(
                    StatusCode::NOT_FOUND,
                    "unknown_action",
                    format!(
                        "A call has no action \"{other}\". It has accept, decline, extend, finish and hangup."
                    ),
                ));
            }
        }
        Ok(Json(org.call_view(&org.calls()[call])))
    })
}

/// The body of `POST instance`.
#[derive(Deserialize)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
struct SwitchInstance {
    instance: String,
}

/// The longest name of an instance, characters.
const LONGEST_INSTANCE: usize = 32;

/// The org moves to another data centre.
async fn switch_instance(State(shared): State<Arc<Shared>>, bytes: Bytes) -> Answer<OrgView> {
    let body: SwitchInstance = problem::body(&bytes, r#"{"instance":"PRACTICE2"}"#)?;
    let instance = body.instance.trim();
    if instance.is_empty() || instance.chars().count() > LONGEST_INSTANCE {
        return Err(Problem::new(
            StatusCode::BAD_REQUEST,
            "bad_request",
            format!("\"instance\" must be a name of 1 to {LONGEST_INSTANCE} characters, like \"PRACTICE2\"."),
        ));
    }
    shared.change(|org, now| {
        org.switch_instance(now, instance)?;
        Ok(Json(org.view()))
    })
}

/// The body of `POST works`.
#[derive(Deserialize)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
struct StartWork {
    rep: String,
    channel: String,
}

async fn start_work(
    State(shared): State<Arc<Shared>>,
    bytes: Bytes,
) -> Result<(StatusCode, Json<NewWork>), Problem> {
    let body: StartWork = problem::body(&bytes, r#"{"rep":"pat","channel":"case"}"#)?;
    let work = shared.change(|org, now| {
        let rep = org.find_rep(&body.rep)?;
        org.start_work(now, rep, &body.channel)
    })?;
    Ok((StatusCode::CREATED, Json(work)))
}

/// The body of `POST reps/{rep}/logout`.
#[derive(Deserialize, Default)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
struct LogOut {
    reason: Option<String>,
}

/// Omni-Channel logs the rep out, as a supervisor or a second login would.
async fn log_out(
    State(shared): State<Arc<Shared>>,
    Path(rep): Path<String>,
    bytes: Bytes,
) -> Answer<RepView> {
    let body: LogOut = if bytes.is_empty() {
        LogOut::default()
    } else {
        problem::body(&bytes, r#"{"reason":"OmniSupervisorLogout"}"#)?
    };
    shared.change(|org, now| {
        let rep = org.find_rep(&rep)?;
        org.log_out(now, rep, Source::Org, body.reason)?;
        Ok(Json(org.rep_view(rep)))
    })
}

/// The body of `POST phones/{rep}/state`.
#[derive(Deserialize)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
struct SetPhone {
    state: String,
    #[serde(default)]
    enqueue: bool,
}

/// The rep presses the phone's own buttons.
async fn set_phone(
    State(shared): State<Arc<Shared>>,
    Path(rep): Path<String>,
    bytes: Bytes,
) -> Answer<Value> {
    let body: SetPhone = problem::body(&bytes, r#"{"state":"Available","enqueue":false}"#)?;
    let (key, answer) = shared.change(|org, now| {
        let key = org.find_rep(&rep)?;
        let outcome = org.set_phone(now, key, &body.state, body.enqueue, Source::Phone)?;
        let answer = serde_json::json!({ "outcome": outcome, "phone": org.phone_view(key) });
        Ok::<_, Problem>((key, answer))
    })?;
    // Nobody listening is fine.
    let _ = shared.look_again.send(key);
    Ok(Json(answer))
}

/// An administrator deletes a row of UserServicePresence.
async fn delete_presence(
    State(shared): State<Arc<Shared>>,
    Path(id): Path<String>,
) -> Result<StatusCode, Problem> {
    let unknown = |_| Refusal::UnknownPresence(id.clone());
    let record = id.parse().map_err(unknown)?;
    shared.change(|org, _| org.delete_presence(record))?;
    Ok(StatusCode::NO_CONTENT)
}

/// How many CometD clients there are, and their subscriptions; and their cookies, so that a test can look for them
/// where they must not be.
async fn streaming(State(shared): State<Arc<Shared>>) -> Json<Value> {
    let streaming = lock(&shared.streaming);
    let broker = &streaming.broker;
    Json(serde_json::json!({
        "clients": broker.clients(),
        "subscriptions": broker.subscriptions(),
        "browsers": broker.browsers(),
    }))
}

/// All CometD sessions end, as when Salesforce restarts a server.
async fn end_streaming(State(shared): State<Arc<Shared>>) -> StatusCode {
    lock(&shared.streaming).end_all();
    StatusCode::NO_CONTENT
}

/// The rep makes a call at the phone.
async fn dial(
    State(shared): State<Arc<Shared>>,
    Path(rep): Path<String>,
) -> Result<(StatusCode, Json<Value>), Problem> {
    let contact = shared.change(|org, _| Ok::<_, Refusal>(org.dial(org.find_rep(&rep)?)))?;
    Ok((
        StatusCode::CREATED,
        Json(serde_json::json!({ "contactId": contact })),
    ))
}

/// Whom the rep has dialed answers, or the call is over.
async fn act_on_dialed(
    State(shared): State<Arc<Shared>>,
    Path((rep, contact, action)): Path<(String, String, String)>,
) -> Answer<RepView> {
    shared.change(|org, now| {
        let key = org.find_rep(&rep)?;
        match action.as_str() {
            _ if !org.rep(key).phone.is_outbound(&contact) => {
                let detail = format!("{rep} has not dialed a contact \"{contact}\".");
                return Err(Problem::new(StatusCode::NOT_FOUND, "unknown_contact", detail));
            }
            "answer" => org.dialed_answers(key, &contact),
            "hangup" => org.end_dialed(now, key, &contact),
            other => {
                let detail = format!("A dialed contact has no action \"{other}\". It has answer and hangup.");
                return Err(Problem::new(StatusCode::NOT_FOUND, "unknown_action", detail));
            }
        }
        Ok(Json(org.rep_view(key)))
    })
}
