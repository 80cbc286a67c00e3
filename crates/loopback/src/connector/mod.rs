//! The connector API: the one phone of the rep, by WebSocket or REST; what is said is told in
//! [`wire::connector`].

mod connection;
pub(crate) mod line;
mod register;
mod rest;
pub(crate) mod seat;
mod talk;

use std::sync::{Arc, Mutex, MutexGuard};

use axum::Router;
use axum::extract::State;
use axum::extract::ws::WebSocketUpgrade;
use axum::extract::ws::rejection::WebSocketUpgradeRejection;
use axum::response::Response;
use axum::routing::get;
use companion::inbox::Inbox;
use companion::ports::PhonePort;
use presence::event::CommandId;
use secrecy::{ExposeSecret as _, SecretString};
use wire::connector::PATH;

use crate::guard::BODY_LIMIT;
use crate::options::Timings;
use crate::pairing::Pairings;
use crate::problem::Refusal;
use crate::signed_in::{Current, Owner};
use crate::stop::Stop;
use rest::RestPhones;
use seat::Place;

/// The loop's handle on the phone, and the place only one phone has. Cheap to clone.
#[derive(Clone, Debug)]
pub struct Phones(Arc<Shared>);

#[derive(Debug)]
struct Shared {
    current: Current,
    pairings: Pairings,
    may_pair: bool,
    inbox: Inbox,
    timings: Timings,
    stop: Stop,
    place: Mutex<Place>,
}

impl Phones {
    pub(crate) fn new(
        current: Current,
        pairings: Pairings,
        may_pair: bool,
        inbox: Inbox,
        timings: Timings,
        stop: Stop,
    ) -> Self {
        Self(Arc::new(Shared {
            current,
            pairings,
            may_pair,
            inbox,
            timings,
            stop,
            place: Mutex::default(),
        }))
    }

    pub(crate) fn routes(&self) -> Router {
        Router::new()
            .route(PATH, get(connect))
            .with_state(self.clone())
            .merge(RestPhones::new(self.clone()).routes())
    }

    /// Another rep, or nobody, is signed in.
    pub(crate) fn send_away(&self) {
        self.place().clear(&self.0.inbox, Refusal::not_signed_in());
    }

    /// Tokens have been revoked: a phone that joined with one of them is sent away.
    pub(crate) fn check_token(&self) {
        let mut place = self.place();
        place.clear_unless(&self.0.inbox, |owner, token| self.is_good(owner, token));
    }

    fn is_good(&self, owner: Owner, token: &SecretString) -> bool {
        self.0.pairings.phone(owner, token.expose_secret()).is_some()
    }

    fn place(&self) -> MutexGuard<'_, Place> {
        self.0
            .place
            .lock()
            .unwrap_or_else(|poisoned| poisoned.into_inner())
    }
}

impl PhonePort for Phones {
    fn set_state(&self, command: CommandId, state: String, enqueue: bool) {
        self.place().ask(&self.0.inbox, command, state, enqueue);
    }
}

async fn connect(
    State(phones): State<Phones>,
    upgrade: Result<WebSocketUpgrade, WebSocketUpgradeRejection>,
) -> Result<Response, Refusal> {
    let upgrade = upgrade
        .map_err(|rejection| Refusal::bad_request(rejection.status(), rejection.body_text()))?
        .max_frame_size(BODY_LIMIT)
        .max_message_size(BODY_LIMIT);
    Ok(upgrade.on_upgrade(|socket| connection::serve(phones, socket)))
}
