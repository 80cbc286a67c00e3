//! The place that only one phone has.

use std::sync::Arc;

use companion::inbox::Inbox;
use presence::event::{CommandId, Event, PhoneOutcome};
use presence::phone::PhoneJoined;
use secrecy::SecretString;
use tokio::sync::mpsc;
use wire::connector::Rights;

use super::Phones;
use crate::problem::Refusal;
use crate::signed_in::Owner;

/// Who has the place. The inbox is posted to under its lock, so that its order is what happened.
#[derive(Debug, Default)]
pub(crate) struct Place {
    phones: u64,
    taken: Option<Taken>,
}

#[derive(Debug)]
struct Taken {
    number: u64,
    orders: mpsc::UnboundedSender<Order>,
    rights: Rights,
    owner: Owner,
    token: Option<SecretString>,
}

/// What a connection is told to do.
#[derive(Debug)]
pub(crate) enum Order {
    /// Another phone has taken the place, nobody is signed in any more, or its token is no longer good.
    Leave(Refusal),
    /// Ask the phone for a state.
    SetState {
        command: CommandId,
        state: String,
        enqueue: bool,
    },
}

impl Place {
    /// Whoever has it is told why and is gone.
    pub(crate) fn clear(&mut self, inbox: &Inbox, why: Refusal) {
        if let Some(taken) = self.taken.take() {
            let _ = taken.orders.send(Order::Leave(why));
            inbox.post(Event::PhoneGone);
        }
    }

    /// Sends whoever has it away, unless their token is still good.
    pub(crate) fn clear_unless(&mut self, inbox: &Inbox, good: impl Fn(Owner, &SecretString) -> bool) {
        if self.taken.as_ref().is_some_and(|taken| {
            taken
                .token
                .as_ref()
                .is_some_and(|token| !good(taken.owner, token))
        }) {
            self.clear(inbox, Refusal::revoked());
        }
    }

    pub(crate) fn ask(&self, inbox: &Inbox, command: CommandId, state: String, enqueue: bool) {
        match &self.taken {
            Some(taken) if taken.rights == Rights::Control => {
                let _ = taken.orders.send(Order::SetState {
                    command,
                    state,
                    enqueue,
                });
            }
            // The engine does not write such a phone; should it ever, the door does not either.
            Some(_) => inbox.post(Event::PhoneAnswered {
                command,
                outcome: PhoneOutcome::Refused,
            }),
            None => tracing::debug!(%command, "for a phone that is gone"),
        }
    }

    fn has(&self, number: u64) -> bool {
        self.taken.as_ref().is_some_and(|taken| taken.number == number)
    }
}

/// Whose place it is to be, and by what right.
pub(crate) struct Claim {
    pub(crate) owner: Owner,
    /// What it joins with; `None`: it has come in by another door, and its right ends with its connection.
    pub(crate) token: Option<SecretString>,
    pub(crate) rights: Rights,
    pub(crate) phone: PhoneJoined,
}

/// The place, while this connection has it.
#[derive(Debug)]
pub(crate) struct Seat {
    pub(crate) occupant: Arc<Occupant>,
    pub(crate) orders: mpsc::UnboundedReceiver<Order>,
}

/// Who speaks for the phone that has the place; dropped, the phone is gone.
#[derive(Debug)]
pub(crate) struct Occupant {
    phones: Phones,
    number: u64,
}

impl Seat {
    /// The newest phone gets the place. For the engine one phone takes over from the other without a moment
    /// between in which there would be none: such a moment would look like the end of its contacts.
    pub(crate) fn take(phones: &Phones, claim: Claim) -> Result<Self, Refusal> {
        let mut place = phones.place();
        // Asked again under the lock: who signs out or revokes meanwhile sends the phone away under it.
        let rep = phones.0.current.expect_rep()?;
        if rep.owner() != claim.owner {
            return Err(Refusal::other_user());
        }
        if claim
            .token
            .as_ref()
            .is_some_and(|token| !phones.is_good(claim.owner, token))
        {
            return Err(Refusal::revoked());
        }
        if let Some(older) = place.taken.take() {
            let _ = older.orders.send(Order::Leave(Refusal::replaced()));
        }
        place.phones += 1;
        let number = place.phones;
        let (sender, orders) = mpsc::unbounded_channel();
        place.taken = Some(Taken {
            number,
            orders: sender,
            rights: claim.rights,
            owner: claim.owner,
            token: claim.token,
        });
        phones.0.inbox.post(Event::PhoneJoined(claim.phone));
        let phones = phones.clone();
        Ok(Self {
            occupant: Arc::new(Occupant { phones, number }),
            orders,
        })
    }
}

impl Occupant {
    /// Posts what this phone said, unless another has taken its place.
    pub(crate) fn post(&self, event: Event) {
        let place = self.phones.place();
        if place.has(self.number) {
            self.phones.0.inbox.post(event);
        }
    }

    /// Gives the place up.
    pub(crate) fn leave(&self) {
        let mut place = self.phones.place();
        if place.has(self.number) {
            place.taken = None;
            self.phones.0.inbox.post(Event::PhoneGone);
        }
    }
}

impl Drop for Occupant {
    fn drop(&mut self) {
        self.leave();
    }
}
