//! `GET /holdline`: which Holdline is this?

use axum::Json;
use axum::extract::State;
use axum::routing::{MethodRouter, get};
use wire::identity::{APP, Identity, Protocols};
use wire::{bridge, connector, status_api};

use crate::signed_in::Current;

/// The route's handler.
pub(crate) fn route(current: Current) -> MethodRouter {
    get(answer).with_state(current)
}

async fn answer(State(current): State<Current>) -> Json<Identity> {
    let rep = current.rep();
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
