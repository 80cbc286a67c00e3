//! The connector API: the one phone of the rep; what is said is told in [`wire::connector`].

mod connection;
pub(crate) mod line;
mod register;

use std::sync::{Arc, Mutex, MutexGuard};

use axum::Router;
use axum::extract::State;
use axum::extract::ws::WebSocketUpgrade;
use axum::extract::ws::rejection::WebSocketUpgradeRejection;
use axum::response::Response;
use axum::routing::get;
use companion::inbox::Inbox;
use companion::ports::PhonePort;
use presence::event::{CommandId, Event};
use presence::phone::PhoneJoined;
use tokio::sync::mpsc;
use wire::connector::PATH;

use crate::guard::BODY_LIMIT;
use crate::options::Timings;
use crate::pairing::Pairings;
use crate::problem::Refusal;
use crate::signed_in::{Current, Owner};
use crate::stop::Stop;

/// The loop's handle on the phone, and the place only one phone has. Cheap to clone.
#[derive(Clone, Debug)]
pub struct Phones(Arc<Shared>);

#[derive(Debug)]
struct Shared {
    current: Current,
    pairings: Pairings,
    inbox: Inbox,
    timings: Timings,
    stop: Stop,
    place: Mutex<Place>,
}

/// Who has the place. The inbox is posted to under its lock, so that its order is what happened.
#[derive(Debug, Default)]
struct Place {
    phones: u64,
    taken: Option<(u64, mpsc::UnboundedSender<Order>)>,
}

/// What a connection is told to do.
#[derive(Debug)]
pub(crate) enum Order {
    /// Another phone has taken the place, or nobody is signed in any more.
    Leave(Farewell),
    /// Ask the phone for a state.
    SetState {
        command: CommandId,
        state: String,
        enqueue: bool,
    },
}

/// Why a connection ends with a word to the phone: a code of `ToPhone::Refused`, and what people are told.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct Farewell {
    pub(crate) code: &'static str,
    pub(crate) detail: String,
}

impl From<Refusal> for Farewell {
    fn from(refusal: Refusal) -> Self {
        Self {
            code: refusal.code(),
            detail: refusal.into_detail(),
        }
    }
}

impl Phones {
    pub(crate) fn new(
        current: Current,
        pairings: Pairings,
        inbox: Inbox,
        timings: Timings,
        stop: Stop,
    ) -> Self {
        Self(Arc::new(Shared {
            current,
            pairings,
            inbox,
            timings,
            stop,
            place: Mutex::default(),
        }))
    }

    pub(crate) fn routes(&self) -> Router {
        Router::new().route(PATH, get(connect)).with_state(self.clone())
    }

    /// Another rep, or nobody, is signed in.
    pub(crate) fn send_away(&self) {
        let mut place = self.place();
        if let Some((_, orders)) = place.taken.take() {
            let _ = orders.send(Order::Leave(Refusal::not_signed_in().into()));
            self.0.inbox.post(Event::PhoneGone);
        }
    }

    /// The newest phone gets the place. For the engine one phone takes over from the other without a moment
    /// between in which there would be none: such a moment would look like the end of its contacts.
    pub(crate) fn join(&self, owner: Owner, phone: PhoneJoined) -> Result<Seat, Farewell> {
        let mut place = self.place();
        // Asked again under the lock: who signs out meanwhile sends the phone away under it.
        let rep = self.0.current.expect_rep()?;
        if rep.owner() != owner {
            return Err(Refusal::other_user().into());
        }
        if let Some((_, older)) = place.taken.take() {
            let detail = "Another phone of this rep has joined Holdline in this one's place.".to_owned();
            let _ = older.send(Order::Leave(Farewell {
                code: "replaced",
                detail,
            }));
        }
        place.phones += 1;
        let (sender, orders) = mpsc::unbounded_channel();
        place.taken = Some((place.phones, sender));
        self.0.inbox.post(Event::PhoneJoined(phone));
        Ok(Seat {
            phones: self.clone(),
            number: place.phones,
            orders,
        })
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
        match &self.place().taken {
            Some((_, orders)) => {
                let _ = orders.send(Order::SetState {
                    command,
                    state,
                    enqueue,
                });
            }
            None => tracing::debug!(%command, "for a phone that is gone"),
        }
    }
}

/// The place, while this connection has it; dropped, the phone is gone.
#[derive(Debug)]
pub(crate) struct Seat {
    phones: Phones,
    number: u64,
    pub(crate) orders: mpsc::UnboundedReceiver<Order>,
}

impl Seat {
    /// Posts what this phone said, unless another has taken its place.
    pub(crate) fn post(&self, event: Event) {
        let place = self.phones.place();
        if place
            .taken
            .as_ref()
            .is_some_and(|(number, _)| *number == self.number)
        {
            self.phones.0.inbox.post(event);
        }
    }
}

impl Drop for Seat {
    fn drop(&mut self) {
        let mut place = self.phones.place();
        if place
            .taken
            .as_ref()
            .is_some_and(|(number, _)| *number == self.number)
        {
            place.taken = None;
            self.phones.0.inbox.post(Event::PhoneGone);
        }
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
