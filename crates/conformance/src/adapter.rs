//! A phone under test.

use crate::Holdline;

/// What this vendor can do; what it can't is not asked of it.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Abilities {
    /// It honours `enqueueNextState` with a queue of its own.
    pub queue: bool,
    /// It can ask for Holdline's queue where it has none ([`Adapter::ask_holdline_to_queue`]).
    pub holdlines_queue: bool,
    /// It joins with a token that can be revoked.
    pub token: bool,
    /// After a call its contact stays in after-call work until it is finished.
    pub after_call_work: bool,
}

/// A phone that joins a Holdline, and what happens on it. It has the states [`crate::AVAILABLE`],
/// [`crate::BREAK`] and [`crate::OFFLINE`], and is Available with no contact at first.
///
/// Each method returns once it has happened at the phone; that Holdline is told is what the suite waits for.
#[expect(async_fn_in_trait, reason = "only tests call it, each on its own runtime")]
pub trait Adapter: Sized {
    /// Switches the phone on: it finds this Holdline and joins it. Whose Holdline it is to be, the adapter says
    /// by [`Holdline::sign_in`], if it matters.
    async fn start(holdline: &Holdline) -> Self;

    /// What it can do.
    fn abilities(&self) -> Abilities;

    /// A contact begins to ring: its id.
    async fn ring(&mut self) -> String;

    /// It is answered.
    async fn connect(&mut self, contact: &str);

    /// The conversation ends; with [`Abilities::after_call_work`] the contact stays.
    async fn hang_up(&mut self, contact: &str);

    /// After-call work is done, the contact is gone.
    async fn finish(&mut self, contact: &str);

    /// It was not answered.
    async fn miss(&mut self, contact: &str);

    /// The rep chooses a state at the phone.
    async fn choose(&mut self, state: &str);

    /// The vendor's backend was told of a next state that it can't keep, and asks Holdline to.
    async fn ask_holdline_to_queue(&mut self, _state: Option<&str>) {}

    /// The connection to Holdline breaks; the phone goes on and comes back by itself.
    async fn cut(&mut self);

    /// The rep has it join again after another phone has taken its place.
    async fn dial_again(&mut self);

    /// How many calls a state has torn down.
    async fn dropped(&mut self) -> usize;
}
