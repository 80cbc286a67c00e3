//! `GET /`: what this is, for trainers.

use std::fmt::Write as _;
use std::sync::Arc;

use axum::Router;
use axum::extract::State;
use axum::http::StatusCode;
use axum::response::Response;
use axum::routing::get;

use super::page::{escape, page};
use super::shared::Shared;

pub(super) fn routes() -> Router<Arc<Shared>> {
    Router::new().route("/", get(start))
}

async fn start(State(shared): State<Arc<Shared>>) -> Response {
    let (org_id, reps) = shared.read(|org| {
        let mut reps = String::new();
        for (key, rep) in org.reps() {
            let presence = org.rep_view(key).presence.status;
            // Writing to a String cannot fail.
            let _ = write!(
                reps,
                "<li><a href=\"/console/{rep}\"><span>{name}</span><span class=\"soft\">{rep} · {presence}</span></a></li>",
                rep = escape(rep.rep),
                name = escape(&rep.name()),
                presence = escape(presence),
            );
        }
        (org.id, reps)
    });
    let url = escape(&shared.url);
    let body = format!(
        "<h1>Holdline practice org</h1>\
         <p>A small Salesforce with Omni-Channel on this computer, for learning and testing. Nothing here \
         reaches a real org, and nobody else can reach it. Calls come only when you send one.</p>\
         <h2>1. Open a rep's practice console</h2><ul class=\"reps\">{reps}</ul>\
         <h2>2. Sign in from Holdline</h2><p>Give Holdline the org URL <code>{url}</code> and choose the same \
         rep.</p>\
         <h2>3. Send a call</h2><p>From the practice console, or by command:</p>\
         <p><code>curl -X POST {url}/practice/v1/calls -d '{{\"rep\":\"pat\"}}'</code></p>\
         <p class=\"soft\">Org id {org_id}. See also <a href=\"/practice/v1/state\">state</a>, \
         <a href=\"/practice/v1/log\">log</a>, <a href=\"/practice/v1/dropped\">dropped calls</a> and \
         <a href=\"/practice/v1/settings\">settings</a>.</p>"
    );
    page(StatusCode::OK, "Holdline practice org", &body, "")
}
