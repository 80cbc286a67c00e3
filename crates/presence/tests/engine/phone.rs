//! A phone with its own truth: states, a next state, at most one contact.

use std::collections::VecDeque;

use presence::event::{CommandId, Event, PhoneOutcome};
use presence::phone::{AgentState, AgentStateKind, Contact, ContactPhase, PhoneJoined, PhoneState};

use presence::settings::Profile;

use crate::world::World;

/// What a lossy phone makes of a request.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Fault {
    /// It says yes and does nothing.
    DoneInName,
    /// It never comes.
    Lost,
    Refused,
}

#[derive(Clone, Debug)]
pub(crate) struct Phone {
    pub(crate) joined: bool,
    pub(crate) state: AgentState,
    pub(crate) next: Option<AgentState>,
    pub(crate) contact: Option<ContactPhase>,
    pub(crate) key: Option<String>,
    pub(crate) requests: VecDeque<(CommandId, String, bool)>,
    pub(crate) enqueues: bool,
    /// Its token lets it be written.
    pub(crate) writable: bool,
    /// What becomes of the next requests; afterwards they are carried out.
    pub(crate) faults: VecDeque<Fault>,
    pub(crate) profile: Profile,
    /// When its state began, where it tells.
    pub(crate) since_ms: Option<i64>,
    /// It refuses everything.
    pub(crate) stubborn: bool,
    /// Offline without enqueue during a contact: what seed 000 warns of.
    pub(crate) dropped: u32,
    /// Every request, as it came.
    pub(crate) log: Vec<(String, bool)>,
}

pub(crate) fn state(name: &str) -> AgentState {
    let kind = match name {
        "Available" => AgentStateKind::Routable,
        "Offline" => AgentStateKind::Offline,
        "Break" => AgentStateKind::NotRoutable,
        _ => AgentStateKind::System,
    };
    AgentState {
        name: name.to_owned(),
        kind,
    }
}

impl World {
    pub(crate) fn join_phone(&mut self, name: &str) {
        self.phone = Some(Phone {
            joined: false,
            state: state(name),
            next: None,
            contact: None,
            key: None,
            requests: VecDeque::new(),
            faults: VecDeque::new(),
            profile: Profile::Connector,
            since_ms: None,
            enqueues: true,
            writable: true,
            stubborn: false,
            dropped: 0,
            log: Vec::new(),
        });
        self.rejoin_phone();
    }

    pub(crate) fn rejoin_phone(&mut self) {
        let Some(phone) = &mut self.phone else {
            return;
        };
        phone.joined = true;
        phone.requests.clear();
        let (enqueues, profile, writable) = (phone.enqueues, phone.profile, phone.writable);
        self.tell(Event::PhoneJoined(PhoneJoined {
            name: "Practice phone".to_owned(),
            enqueues,
            states: ["Available", "Break", "Offline"].map(state).into(),
            profile,
            writable,
        }));
        self.report_phone();
    }

    pub(crate) fn lose_phone(&mut self) {
        if let Some(phone) = self.phone.as_mut().filter(|phone| phone.joined) {
            phone.joined = false;
            phone.requests.clear();
            self.tell(Event::PhoneGone);
        }
    }

    pub(crate) fn phone_truth(&mut self) -> &mut Phone {
        self.phone.as_mut().expect("a phone")
    }

    /// The name of the phone's state.
    pub(crate) fn phone(&self) -> String {
        self.phone.as_ref().expect("a phone").state.name.clone()
    }

    pub(crate) fn report_phone(&mut self) {
        let Some(phone) = self.phone.as_ref().filter(|phone| phone.joined) else {
            return;
        };
        let contacts = phone.contact.map(|phase| Contact {
            id: "contact-1".to_owned(),
            phase,
            vendor_call_key: phone.key.clone(),
        });
        let report = PhoneState {
            state: phone.state.clone(),
            next_state: phone.next.as_ref().map(|next| next.name.clone()),
            contacts: contacts.into_iter().collect(),
            since_ms: phone.since_ms,
        };
        self.tell(Event::PhoneState(report));
    }

    /// The contact moves on; at its end the enqueued state is applied.
    pub(crate) fn contact(&mut self, contact: Option<ContactPhase>, key: Option<&str>) {
        let Some(phone) = &mut self.phone else {
            return;
        };
        phone.contact = contact;
        phone.key = key.map(str::to_owned);
        if contact.is_none()
            && let Some(next) = phone.next.take()
        {
            phone.state = next;
        }
        self.report_phone();
    }

    /// The rep chooses at the phone.
    pub(crate) fn phone_pick(&mut self, name: &str) {
        if let Some(phone) = &mut self.phone {
            phone.state = state(name);
            self.report_phone();
        }
    }

    /// Carries out the next request.
    pub(crate) fn run_phone(&mut self) -> bool {
        let Some(phone) = self.phone.as_mut() else {
            return false;
        };
        let Some((command, name, enqueue)) = phone.requests.pop_front() else {
            return false;
        };
        phone.log.push((name.clone(), enqueue));
        let fault = phone.faults.pop_front();
        if fault == Some(Fault::Lost) {
            return true;
        }
        let outcome = if fault == Some(Fault::DoneInName) {
            PhoneOutcome::Done
        } else if phone.stubborn || fault == Some(Fault::Refused) {
            PhoneOutcome::Refused
        } else if enqueue && phone.contact.is_some() {
            phone.next = Some(state(&name));
            PhoneOutcome::Queued
        } else {
            if name == "Offline" && phone.contact.is_some() {
                phone.dropped += 1;
                phone.contact = None;
            }
            phone.state = state(&name);
            phone.next = None;
            PhoneOutcome::Done
        };
        self.tell(Event::PhoneAnswered { command, outcome });
        self.report_phone();
        true
    }
}
