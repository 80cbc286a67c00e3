//! The telephony backend and the rep's phone: contacts, states, a next state. Offline applied at once while
//! somebody is on the line tears the call down (seed 000); with `enqueueNextState` it waits.

use presence::event::PhoneOutcome;
use presence::phone::{AgentState, AgentStateKind, ContactPhase};

use super::due::Due;
use super::omni::By;
use super::plan::phone_state;
use super::world::{World, tell_story};

#[derive(Clone, Debug)]
pub(crate) struct PhoneContact {
    pub(crate) id: u64,
    /// `None`: a consultation or another party of a conference.
    pub(crate) call: Option<usize>,
    pub(crate) phase: ContactPhase,
    /// Holdline, as it runs now, has been told of it.
    pub(crate) told: bool,
}

#[derive(Debug)]
pub(crate) struct Telephony {
    pub(crate) state: AgentState,
    pub(crate) next: Option<String>,
    pub(crate) contacts: Vec<PhoneContact>,
    /// The state before the phone's own one, to which it comes back.
    chosen: String,
    /// The connection to Holdline.
    pub(crate) link: Option<u64>,
    /// Since when it is out of reach, during one run of Holdline.
    pub(crate) away_since: Option<u64>,
    pub(super) links: u64,
    pub(super) last_report: u64,
    pub(crate) changed: u64,
    /// When somebody else than Holdline last chose its state.
    pub(crate) chosen_at: u64,
    seconds: u64,
}

impl Telephony {
    pub(crate) fn new() -> Self {
        Self {
            state: phone_state("Offline"),
            next: None,
            contacts: Vec::new(),
            chosen: "Offline".to_owned(),
            link: None,
            away_since: None,
            links: 0,
            last_report: 0,
            changed: 0,
            chosen_at: 0,
            seconds: 0,
        }
    }

    pub(crate) fn has_live_contact(&self) -> bool {
        self.contacts.iter().any(|contact| contact.phase.is_live())
    }

    /// The backend gives it contacts.
    pub(crate) fn takes_calls(&self) -> bool {
        self.contacts.is_empty() && self.state.kind == AgentStateKind::Routable
    }
}

impl World {
    // Contacts

    pub(crate) fn contact_begins(&mut self, call: usize, phase: ContactPhase) {
        let id = self.omni.calls[call].contact;
        let contact = PhoneContact {
            id,
            call: Some(call),
            phase,
            told: false,
        };
        self.telephony.contacts.push(contact);
        self.show_contact();
    }

    pub(crate) fn contact_moves(&mut self, call: usize, phase: ContactPhase) {
        for contact in self
            .telephony
            .contacts
            .iter_mut()
            .filter(|c| c.call == Some(call))
        {
            contact.phase = phase;
        }
        self.show_contact();
    }

    /// Its conversation is over; `work`: there is work left to do for it.
    pub(crate) fn contact_ends(&mut self, call: usize, work: bool) {
        let stays = work
            && self
                .plan
                .phone
                .as_ref()
                .is_some_and(|phone| phone.after_call_work);
        // Others on the line leave with it.
        self.telephony.contacts.retain(|contact| contact.call.is_some());
        if stays {
            self.contact_moves(call, ContactPhase::AfterCallWork);
        } else {
            self.contact_is_cleared(call);
        }
    }

    /// Gone from the phone; with the last contact what was enqueued is applied.
    pub(crate) fn contact_is_cleared(&mut self, call: usize) {
        let before = self.telephony.contacts.len();
        self.telephony
            .contacts
            .retain(|contact| contact.call != Some(call));
        if self.telephony.contacts.len() < before {
            self.come_back();
        }
    }

    pub(crate) fn contact_is_missed(&mut self, call: usize) {
        let before = self.telephony.contacts.len();
        self.telephony
            .contacts
            .retain(|contact| contact.call != Some(call));
        if self.telephony.contacts.len() == before {
            return;
        }
        let system = self.plan.phone.as_ref().is_some_and(|phone| phone.system_states);
        if self.telephony.contacts.is_empty() && self.telephony.next.is_none() && system {
            self.telephony.state = phone_state("Missed");
            self.phone_changed();
        } else {
            self.come_back();
        }
    }

    /// A consultation, or somebody joins a conference.
    pub(crate) fn second_contact(&mut self) {
        if !self
            .telephony
            .contacts
            .iter()
            .any(|contact| contact.phase == ContactPhase::Connected)
        {
            return;
        }
        self.telephony.seconds += 1;
        let id = 1_000_000 + self.telephony.seconds;
        let contact = PhoneContact {
            id,
            call: None,
            phase: ContactPhase::Connected,
            told: false,
        };
        self.telephony.contacts.push(contact);
        self.show_contact();
        let stays = self.dice.between(5_000, 120_000);
        self.later(stays, Due::SecondContactEnds { contact: id });
    }

    pub(crate) fn second_contact_ends(&mut self, contact: u64) {
        let before = self.telephony.contacts.len();
        self.telephony.contacts.retain(|other| other.id != contact);
        if self.telephony.contacts.len() < before {
            self.come_back();
        }
    }

    fn come_back(&mut self) {
        self.verdict.contact_ended();
        if self.telephony.contacts.is_empty() {
            if let Some(next) = self.telephony.next.take() {
                self.telephony.chosen.clone_from(&next);
                self.telephony.state = phone_state(&next);
            } else if self.telephony.state.kind == AgentStateKind::System {
                self.telephony.state = phone_state(&self.telephony.chosen);
            }
        }
        self.show_contact();
    }

    fn show_contact(&mut self) {
        let system = self.plan.phone.as_ref().is_some_and(|phone| phone.system_states);
        if let Some(phase) = self
            .telephony
            .contacts
            .iter()
            .map(|contact| contact.phase)
            .max()
            .filter(|_| system)
        {
            let name = match phase {
                ContactPhase::AfterCallWork => "AfterCallWork",
                ContactPhase::Connected => "Busy",
                ContactPhase::Ringing => "PendingBusy",
            };
            self.telephony.state = phone_state(name);
        }
        self.phone_changed();
    }

    // States

    /// Somebody sets the phone's state.
    pub(crate) fn set_phone(&mut self, name: &str, enqueue: bool, by: By) -> PhoneOutcome {
        tell_story!(self, "phone: {name} wanted by {by:?}, enqueue {enqueue}");
        if !matches!(by, By::Holdline(_)) {
            self.telephony.chosen_at = self.t;
        }
        if enqueue && !self.telephony.contacts.is_empty() {
            self.telephony.next = Some(name.to_owned());
            self.phone_changed();
            return PhoneOutcome::Queued;
        }
        let changes = self.telephony.state.name != name;
        if self.telephony.has_live_contact() {
            if name != "Offline" {
                return PhoneOutcome::Refused;
            }
            self.call_is_dropped(by);
        }
        // A change in after-call work closes the contact.
        self.telephony.contacts.clear();
        self.verdict.phone_set(by, changes);
        self.telephony.next = None;
        name.clone_into(&mut self.telephony.chosen);
        self.telephony.state = phone_state(name);
        self.phone_changed();
        self.route();
        PhoneOutcome::Done
    }

    fn call_is_dropped(&mut self, by: By) {
        tell_story!(self, "phone: THE CALL IS DROPPED by {by:?}");
        self.judge_drop(by);
        let live: Vec<usize> = self
            .telephony
            .contacts
            .iter()
            .filter(|contact| contact.phase.is_live())
            .filter_map(|contact| contact.call)
            .collect();
        self.telephony.contacts.retain(|contact| !contact.phase.is_live());
        // From now on it takes no call.
        self.telephony.state = phone_state("Offline");
        for call in live {
            self.talk_ends(call);
        }
    }
}
