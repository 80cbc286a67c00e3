//! A practice phone: what a telephony backend does with states, next state and contacts.
//!
//! As seed 000 says, Offline applied at once while somebody is on the line tears the call down; with
//! `enqueueNextState` it waits until the contact is gone.

use std::collections::BTreeSet;

use jiff::Timestamp;
use wire::connector::{AgentState, AgentStateKind, Contact, ContactPhase, PhoneState};

/// The name the system gives the state after a contact was declined or missed.
pub const MISSED: &str = "Missed";

/// A state the rep can choose.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Choice {
    /// Gets contacts.
    Available,
    /// Signed in, gets none.
    Break,
    /// The same, for seed 001's example rule.
    Lunch,
    /// The backend sees no agent.
    Offline,
}

impl Choice {
    /// All, in the phone's order.
    pub const ALL: [Self; 4] = [Self::Available, Self::Break, Self::Lunch, Self::Offline];

    /// The name the rep sees.
    pub fn name(self) -> &'static str {
        match self {
            Self::Available => "Available",
            Self::Break => "Break",
            Self::Lunch => "Lunch",
            Self::Offline => "Offline",
        }
    }

    /// The state with this name, upper or lower case.
    pub fn named(name: &str) -> Option<Self> {
        Self::ALL
            .into_iter()
            .find(|choice| choice.name().eq_ignore_ascii_case(name))
    }

    /// As the connector API says it.
    pub fn agent_state(self) -> AgentState {
        AgentState {
            name: self.name().to_owned(),
            kind: match self {
                Self::Available => AgentStateKind::Routable,
                Self::Break | Self::Lunch => AgentStateKind::NotRoutable,
                Self::Offline => AgentStateKind::Offline,
            },
        }
    }
}

/// What became of a state request.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum SetOutcome {
    /// The phone is in that state. Calls that this tore down are named by their contact ids.
    Done {
        /// Empty unless Offline was applied while somebody was on the line or it rang.
        dropped: Vec<String>,
    },
    /// It will be, after the contact.
    Queued,
}

/// The phone of one rep.
#[derive(Clone, Debug)]
pub struct Phone {
    /// `None` is the system state [`MISSED`].
    state: Option<Choice>,
    since: Timestamp,
    next_state: Option<Choice>,
    contacts: Vec<Contact>,
    /// Contacts that the rep has dialed.
    outbound: BTreeSet<String>,
    on_hold: BTreeSet<String>,
    /// Open panels of it in pages that steer it.
    pub panels: usize,
    /// Whether it is joined to a Holdline through the connector API.
    pub joined: bool,
    /// The code to compare, while a Holdline asks its rep to confirm this phone.
    pub pairing_code: Option<String>,
    /// Whether somebody has used it, or a console was opened for its rep: only then it looks for a Holdline.
    pub on: bool,
}

impl Phone {
    pub(super) fn new(now: Timestamp) -> Self {
        Self {
            state: Some(Choice::Offline),
            since: now,
            next_state: None,
            contacts: Vec::new(),
            outbound: BTreeSet::new(),
            on_hold: BTreeSet::new(),
            panels: 0,
            joined: false,
            pairing_code: None,
            on: false,
        }
    }

    /// The whole state, as the connector API says it.
    pub fn state(&self) -> PhoneState {
        PhoneState {
            state: self.state.map_or_else(
                || AgentState {
                    name: MISSED.to_owned(),
                    kind: AgentStateKind::System,
                },
                Choice::agent_state,
            ),
            next_state: self.next_state.map(|choice| choice.name().to_owned()),
            contacts: self.contacts.clone(),
            since_ms: Some(self.since.as_millisecond()),
        }
    }

    /// Whether the rep has dialed this contact.
    pub fn is_outbound(&self, contact: &str) -> bool {
        self.outbound.contains(contact)
    }

    /// Whether somebody whom the rep has dialed has not answered yet.
    pub fn is_dialing(&self) -> bool {
        let mut ringing = self
            .contacts
            .iter()
            .filter(|contact| contact.phase == ContactPhase::Ringing);
        ringing.any(|contact| self.is_outbound(&contact.id))
    }

    /// Whether this contact waits on hold.
    pub fn is_on_hold(&self, contact: &str) -> bool {
        self.on_hold.contains(contact)
    }

    /// Whether a contact rings or somebody is on the line.
    pub fn has_live_contact(&self) -> bool {
        self.contacts.iter().any(is_live)
    }

    /// Sets the state; with `enqueue` not before the contact is gone. The newest request replaces an older
    /// one that is still queued.
    pub(super) fn set(&mut self, now: Timestamp, choice: Choice, enqueue: bool) -> SetOutcome {
        if enqueue && !self.contacts.is_empty() {
            self.next_state = Some(choice);
            return SetOutcome::Queued;
        }
        self.next_state = None;
        self.turn(now, Some(choice));
        let mut dropped = Vec::new();
        if choice == Choice::Offline {
            self.contacts.retain(|contact| {
                if is_live(contact) {
                    dropped.push(contact.id.clone());
                }
                !is_live(contact)
            });
        }
        SetOutcome::Done { dropped }
    }

    /// A contact begins to ring. Its id is also the VoiceCall's VendorCallKey.
    pub(super) fn ring(&mut self, id: &str) {
        self.contacts.push(Contact {
            id: id.to_owned(),
            phase: ContactPhase::Ringing,
            vendor_call_key: Some(id.to_owned()),
        });
    }

    /// The rep dials.
    pub(super) fn dial(&mut self, id: &str) {
        self.ring(id);
        self.outbound.insert(id.to_owned());
    }

    /// A dialed contact is over. `to_available`: where nobody answered, the phone is Available then, unless
    /// another state was asked for.
    pub(super) fn end_dialed(&mut self, now: Timestamp, id: &str, to_available: bool) {
        let unanswered = self
            .contacts
            .iter()
            .any(|contact| contact.id == id && contact.phase == ContactPhase::Ringing);
        let asked = self.next_state.is_some();
        self.clear(now, id);
        self.outbound.remove(id);
        if unanswered && to_available && !asked && self.contacts.is_empty() {
            self.turn(now, Some(Choice::Available));
        }
    }

    /// Puts a contact on hold, or takes it back.
    pub(super) fn hold(&mut self, id: &str, hold: bool) {
        if hold {
            self.on_hold.insert(id.to_owned());
        } else {
            self.on_hold.remove(id);
        }
    }

    /// Moves a contact to another phase.
    pub(super) fn move_to(&mut self, id: &str, phase: ContactPhase) {
        for contact in self.contacts.iter_mut().filter(|contact| contact.id == id) {
            contact.phase = phase;
        }
    }

    /// The contact is gone; with the last one a queued state is applied.
    pub(super) fn clear(&mut self, now: Timestamp, id: &str) {
        self.contacts.retain(|contact| contact.id != id);
        self.on_hold.remove(id);
        if self.contacts.is_empty()
            && let Some(choice) = self.next_state.take()
        {
            self.turn(now, Some(choice));
        }
    }

    /// The contact was declined or not answered: the phone shows [`MISSED`], unless the rep had already asked
    /// for another state or is on another contact.
    pub(super) fn miss(&mut self, now: Timestamp, id: &str) {
        let asked = self.next_state.is_some();
        self.clear(now, id);
        if self.contacts.is_empty() && !asked {
            self.turn(now, None);
        }
    }

    /// A state that is set again goes on.
    fn turn(&mut self, now: Timestamp, state: Option<Choice>) {
        if self.state != state {
            self.state = state;
            self.since = now;
        }
    }
}

fn is_live(contact: &Contact) -> bool {
    matches!(contact.phase, ContactPhase::Connected | ContactPhase::Ringing)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn at(second: i64) -> Timestamp {
        Timestamp::from_second(second).unwrap()
    }

    fn on_a_call() -> Phone {
        let mut phone = Phone::new(at(0));
        phone.set(at(1), Choice::Available, false);
        phone.ring("c");
        phone.move_to("c", ContactPhase::Connected);
        phone
    }

    fn name(phone: &Phone) -> String {
        phone.state().state.name
    }

    #[test]
    fn offline_without_enqueue_drops_the_call() {
        let mut phone = on_a_call();
        assert_eq!(
            phone.set(at(1), Choice::Offline, false),
            SetOutcome::Done {
                dropped: vec!["c".to_owned()]
            }
        );
        assert!(phone.state().contacts.is_empty());
        assert_eq!(name(&phone), "Offline");
    }

    #[test]
    fn offline_with_enqueue_waits_until_the_contact_is_gone() {
        let mut phone = on_a_call();
        assert_eq!(phone.set(at(1), Choice::Offline, true), SetOutcome::Queued);
        phone.move_to("c", ContactPhase::AfterCallWork);
        assert_eq!(name(&phone), "Available");
        assert_eq!(phone.state().next_state.as_deref(), Some("Offline"));
        phone.clear(at(1), "c");
        assert_eq!(name(&phone), "Offline");
        assert_eq!(phone.state().next_state, None);
    }

    #[test]
    fn offline_in_after_call_work_drops_nothing() {
        let mut phone = on_a_call();
        phone.move_to("c", ContactPhase::AfterCallWork);
        assert_eq!(
            phone.set(at(1), Choice::Offline, false),
            SetOutcome::Done { dropped: Vec::new() }
        );
        assert_eq!(phone.state().contacts.len(), 1);
    }

    #[test]
    fn available_replaces_a_queued_offline() {
        let mut phone = on_a_call();
        phone.set(at(1), Choice::Offline, true);
        phone.set(at(1), Choice::Available, true);
        phone.clear(at(1), "c");
        assert_eq!(name(&phone), "Available");
    }

    #[test]
    fn a_state_applied_at_once_forgets_the_queued_one() {
        let mut phone = on_a_call();
        phone.set(at(1), Choice::Offline, true);
        phone.set(at(1), Choice::Break, false);
        assert_eq!(phone.state().next_state, None);
        phone.clear(at(1), "c");
        assert_eq!(name(&phone), "Break");
    }

    #[test]
    fn a_missed_contact_shows_and_ends_with_the_next_choice() {
        let mut phone = Phone::new(at(0));
        phone.set(at(1), Choice::Available, false);
        phone.ring("c");
        phone.miss(at(1), "c");
        assert_eq!(name(&phone), MISSED);
        assert_eq!(phone.state().state.kind, AgentStateKind::System);
        phone.set(at(1), Choice::Available, true);
        assert_eq!(name(&phone), "Available");
    }

    #[test]
    fn a_second_contact_keeps_the_queue() {
        let mut phone = on_a_call();
        phone.ring("d");
        phone.set(at(1), Choice::Offline, true);
        phone.clear(at(1), "c");
        assert_eq!(name(&phone), "Available");
        phone.clear(at(1), "d");
        assert_eq!(name(&phone), "Offline");
    }

    #[test]
    fn the_state_says_since_when() {
        let mut phone = Phone::new(at(0));
        let since = |phone: &Phone| phone.state().since_ms;
        phone.set(at(5), Choice::Available, false);
        phone.set(at(6), Choice::Available, false);
        assert_eq!(since(&phone), Some(5_000), "set again, it goes on");
        phone.ring("c");
        phone.set(at(7), Choice::Break, true);
        assert_eq!(since(&phone), Some(5_000), "queued is not begun");
        phone.clear(at(8), "c");
        assert_eq!(since(&phone), Some(8_000));
    }
}
