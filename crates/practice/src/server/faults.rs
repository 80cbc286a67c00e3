//! Faults on demand, between the pure [`crate::faults::Faults`] and the requests they meet.

use std::sync::Arc;
use std::time::Duration;

use axum::body::{Body, Bytes, to_bytes};
use axum::extract::{Path, Request, State};
use axum::http::{HeaderMap, HeaderValue, StatusCode, header};
use axum::middleware::Next;
use axum::response::{Html, IntoResponse, Response};
use axum::routing::{delete, get};
use axum::{Json, Router};
use serde_json::{Value, json};

use super::problem::{self, Problem};
use super::shared::{Shared, lock};
use crate::faults::{Active, Fault, Place, What};

pub(super) fn routes() -> Router<Arc<Shared>> {
    Router::new()
        .route("/practice/v1/faults", get(list).post(add).delete(clear))
        .route("/practice/v1/faults/{id}", delete(end))
}

async fn list(State(shared): State<Arc<Shared>>) -> Json<Vec<Active>> {
    Json(lock(&shared.faults).all().to_vec())
}

const EXAMPLE: &str = r#"{"where":"rest","what":{"kind":"status","status":503,"retryAfterS":30},"times":1}"#;

async fn add(State(shared): State<Arc<Shared>>, bytes: Bytes) -> Result<(StatusCode, Json<Active>), Problem> {
    let fault: Fault = problem::body(&bytes, EXAMPLE)?;
    if let Some(wrong) = fault.problem() {
        let detail = format!("This fault cannot be: {wrong}. It looks like {EXAMPLE}.");
        return Err(Problem::new(StatusCode::BAD_REQUEST, "bad_fault", detail));
    }
    Ok((StatusCode::CREATED, Json(lock(&shared.faults).add(fault))))
}

async fn clear(State(shared): State<Arc<Shared>>) -> StatusCode {
    lock(&shared.faults).clear();
    StatusCode::NO_CONTENT
}

async fn end(State(shared): State<Arc<Shared>>, Path(id): Path<u64>) -> Result<StatusCode, Problem> {
    if lock(&shared.faults).delete(id) {
        return Ok(StatusCode::NO_CONTENT);
    }
    let detail = format!("There is no fault {id}. GET /practice/v1/faults lists them.");
    Err(Problem::new(StatusCode::NOT_FOUND, "unknown_fault", detail))
}

/// Of an answer that is cut, bytes.
const LARGEST: usize = 64 << 20;

/// Lets go wrong what was asked for.
pub(super) async fn inject(State(shared): State<Arc<Shared>>, request: Request, next: Next) -> Response {
    let path = request.uri().path();
    let Some(place) = Place::of(path) else {
        return next.run(request).await;
    };
    let faults = lock(&shared.faults).of_request(place, path);
    let mut cut = false;
    for what in faults {
        match what {
            What::CutAfter => cut = true,
            What::CutBefore => return cut_off(Bytes::new(), 1),
            What::Delay { ms } => tokio::time::sleep(Duration::from_millis(ms)).await,
            What::ExpireSessions => lock(&shared.auth).expire_all(),
            What::Html { status } => return sign_in_page(status),
            What::RequestLimit => return request_limit(shared.read(|org| org.settings().api_request_limit)),
            What::RevokeGrants => lock(&shared.auth).revoke_all(),
            What::Status {
                status,
                error_code,
                message,
                retry_after_s,
            } => return error(place, status, error_code, message, retry_after_s),
            What::UnknownClient => lock(&shared.streaming).end_all(),
            // Met where messages are delivered.
            What::DropMessage | What::DuplicateMessage | What::ReorderMessages => {}
        }
    }
    let response = next.run(request).await;
    if !cut {
        return response;
    }
    let whole = to_bytes(response.into_body(), LARGEST).await.unwrap_or_default();
    cut_off(whole.slice(..whole.len() / 2), whole.len().max(1))
}

/// The beginning of a body of that length, and then the connection ends.
fn cut_off(beginning: Bytes, length: usize) -> Response {
    let end = std::io::Error::other("a fault cuts the connection");
    let parts = futures_util::stream::iter([Ok(beginning), Err(end)]);
    let length = [(header::CONTENT_LENGTH, length.to_string())];
    (length, Body::from_stream(parts)).into_response()
}

fn sign_in_page(status: u16) -> Response {
    let page = "<!doctype html><html><head><title>Sign in to the network</title></head><body><form \
                method=\"post\" action=\"/login\"><h1>Guest network</h1><button>Accept and \
                connect</button></form></body></html>";
    (code(status), Html(page)).into_response()
}

fn request_limit(limit: u64) -> Response {
    let body = json!([{
        "message": "TotalRequests Limit exceeded.",
        "errorCode": "REQUEST_LIMIT_EXCEEDED",
    }]);
    let mut response = (StatusCode::FORBIDDEN, Json(body)).into_response();
    if let Ok(usage) = HeaderValue::from_str(&format!("api-usage={limit}/{limit}")) {
        response.headers_mut().insert("sforce-limit-info", usage);
    }
    response
}

fn error(
    place: Place,
    status: u16,
    error_code: Option<String>,
    message: Option<String>,
    retry_after_s: Option<u64>,
) -> Response {
    let status = code(status);
    let message = message.unwrap_or_else(|| format!("{status} on demand"));
    let or = |usual: &str| error_code.clone().unwrap_or_else(|| usual.to_owned());
    let body: Value = match place {
        Place::Oauth => json!({ "error": or("unknown_error"), "error_description": message }),
        Place::Cometd | Place::Rest => json!([{ "message": message, "errorCode": or(usual(status)) }]),
        Place::Ccp | Place::Console | Place::Phone => json!({ "code": or("fault"), "detail": message }),
    };
    let mut headers = HeaderMap::new();
    if let Some(seconds) = retry_after_s {
        headers.insert(header::RETRY_AFTER, seconds.into());
    }
    (status, headers, Json(body)).into_response()
}

/// The code that Salesforce gives with a status most often.
fn usual(status: StatusCode) -> &'static str {
    match status {
        StatusCode::UNAUTHORIZED => "INVALID_SESSION_ID",
        StatusCode::FORBIDDEN => "INSUFFICIENT_ACCESS",
        StatusCode::NOT_FOUND => "NOT_FOUND",
        StatusCode::SERVICE_UNAVAILABLE => "SERVER_UNAVAILABLE",
        _ => "UNKNOWN_EXCEPTION",
    }
}

/// It was checked when the fault was made.
fn code(status: u16) -> StatusCode {
    StatusCode::from_u16(status).unwrap_or(StatusCode::INTERNAL_SERVER_ERROR)
}
