//! `GET /holdline`: which Holdline is this?

use axum::Json;
use axum::extract::State;
use axum::http::header::{HeaderMap, HeaderValue, ORIGIN};
use axum::routing::{MethodRouter, get};
use wire::identity::{APP, Identity, Protocols};
use wire::{bridge, connector, status_api};

use crate::signed_in::Current;

/// The route's handler.
pub(crate) fn route(current: Current) -> MethodRouter {
    get(answer).with_state(current)
}

async fn answer(State(current): State<Current>, headers: HeaderMap) -> Json<Identity> {
    // Somebody may have signed in since the origin was looked at: ids are for the org's own pages.
    let foreign = |origin: &HeaderValue| !current.allows(origin.as_bytes());
    let rep = current
        .rep()
        .filter(|_| !headers.get(ORIGIN).is_some_and(foreign));
    Json(Identity {
        app: APP.into(),
        protocols: Protocols {
            bridge: bridge::PROTOCOL,
            connector: connector::PROTOCOL,
            status: status_api::PROTOCOL,
        },
        org_id: rep.as_ref().map(|rep| rep.org_id),
        user_id: rep.map(|rep| rep.user_id),
    })
}
