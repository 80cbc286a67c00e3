//! What Holdline knows of the phone, from its events.

use std::collections::BTreeMap;

use presence::event::{CommandId, Event, PhoneOutcome};
use presence::phone::{ContactPhase, PhoneJoined, PhoneState};

/// The phone as it was told.
#[derive(Debug, Default)]
pub(crate) struct Picture {
    pub(crate) phone: Option<PhoneJoined>,
    pub(crate) state: Option<PhoneState>,
    pub(crate) joined: usize,
    pub(crate) gone: usize,
    pub(crate) answers: BTreeMap<CommandId, Vec<PhoneOutcome>>,
    pub(crate) asks: Vec<Option<String>>,
    /// Every whole state it has told.
    pub(crate) told: Vec<PhoneState>,
    pub(crate) writable: bool,
    /// Every state it was ever in since the last [`Picture::forget`].
    pub(crate) was: Vec<String>,
}

impl Picture {
    pub(crate) fn take(&mut self, event: Event) {
        match event {
            Event::PhoneJoined(phone) => {
                self.writable = phone.writable;
                self.phone = Some(phone);
                self.state = None;
                self.joined += 1;
            }
            Event::PhoneGone => {
                self.phone = None;
                self.state = None;
                self.gone += 1;
            }
            Event::PhoneState(state) => {
                assert!(
                    self.phone.is_some(),
                    "a state of a phone that has not joined: {state:?}"
                );
                self.was.push(state.state.name.clone());
                self.told.push(state.clone());
                self.state = Some(state);
            }
            Event::PhoneAnswered { command, outcome } => {
                self.answers.entry(command).or_default().push(outcome);
            }
            Event::PhoneAsks { state } => self.asks.push(state),
            _ => {}
        }
    }

    pub(crate) fn forget(&mut self) {
        self.was.clear();
        self.asks.clear();
    }

    pub(crate) fn is_in(&self, state: &str) -> bool {
        self.state.as_ref().is_some_and(|told| told.state.name == state)
    }

    pub(crate) fn next_state(&self) -> Option<&str> {
        self.state.as_ref()?.next_state.as_deref()
    }

    pub(crate) fn phase(&self, contact: &str) -> Option<ContactPhase> {
        let contacts = &self.state.as_ref()?.contacts;
        contacts
            .iter()
            .find(|known| known.id == contact)
            .map(|known| known.phase)
    }

    pub(crate) fn has_no_contact(&self) -> bool {
        self.state.as_ref().is_some_and(|told| told.contacts.is_empty())
    }
}
