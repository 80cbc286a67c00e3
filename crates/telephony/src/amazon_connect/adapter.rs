//! Frames to events, requests to frames.

use std::collections::VecDeque;

use presence::event::{CommandId, Event, PhoneOutcome};
use presence::phone::{self, AgentStateKind, ContactPhase, PhoneJoined, PhoneState};
use presence::settings::Profile;

use super::frame::{AgentState, Contact, FromPage, PageOutcome, Snapshot, ToPage, Trouble};

/// The phone's name, as the rep sees it.
const NAME: &str = "Amazon Connect";

/// Requests whose answer is awaited; a page that never answers must not add up.
const MOST_ASKED: usize = 256;

/// Something a frame has told.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Heard {
    /// For the engine.
    Event(Event),
    /// A phone is there, or one with other states than before. [`Event::PhoneState`] follows.
    Joined(PhoneJoined),
    /// It is not there any more: what was known of it does not hold.
    Left(Trouble),
}

/// One page's connection.
#[derive(Debug, Default)]
pub struct Adapter {
    last: Option<Snapshot>,
    asked: VecDeque<CommandId>,
}

impl Adapter {
    /// Takes in a frame; what it told, in order.
    pub fn hear(&mut self, frame: FromPage) -> Vec<Heard> {
        match frame {
            FromPage::Answer { id, outcome } => self.answered(&id, outcome).into_iter().collect(),
            FromPage::Snapshot(snapshot) => self.seen(snapshot),
            FromPage::Trouble { trouble } => {
                self.last = None;
                self.asked.clear();
                vec![Heard::Left(trouble)]
            }
        }
    }

    /// What to say to the page for a state request.
    ///
    /// # Errors
    /// What became of it at once, where nothing is said: a contact rings, or there is no agent.
    pub fn ask(&mut self, command: CommandId, state: String, enqueue: bool) -> Result<ToPage, PhoneOutcome> {
        let Some(last) = &self.last else {
            return Err(PhoneOutcome::Refused);
        };
        if last.contacts.iter().any(Contact::rings) {
            return Err(PhoneOutcome::NotNow);
        }
        let offline = last
            .states
            .iter()
            .any(|known| known.name == state && known.kind() == AgentStateKind::Offline);
        let on_contact = last.contacts.iter().any(|contact| !contact.is_over());
        if self.asked.len() == MOST_ASKED {
            self.asked.pop_front();
        }
        self.asked.push_back(command);
        Ok(ToPage::SetState {
            id: command.to_string(),
            state,
            enqueue_next_state: enqueue || offline || on_contact,
        })
    }

    fn answered(&mut self, id: &str, outcome: PageOutcome) -> Option<Heard> {
        let command = id.parse().ok()?;
        let place = self.asked.iter().position(|asked| *asked == command)?;
        self.asked.remove(place);
        let outcome = match outcome {
            PageOutcome::Done => PhoneOutcome::Done,
            PageOutcome::Queued => PhoneOutcome::Queued,
            PageOutcome::Refused => PhoneOutcome::Refused,
            PageOutcome::Ringing => PhoneOutcome::NotNow,
        };
        Some(Heard::Event(Event::PhoneAnswered { command, outcome }))
    }

    fn seen(&mut self, snapshot: Snapshot) -> Vec<Heard> {
        let mut heard = Vec::new();
        let known = self.last.as_ref().map(|last| &last.states);
        if known != Some(&snapshot.states) {
            heard.push(Heard::Joined(PhoneJoined {
                name: NAME.to_owned(),
                enqueues: true,
                states: snapshot.states.iter().map(AgentState::seen).collect(),
                profile: Profile::Connector,
                writable: true,
            }));
        }
        heard.push(Heard::Event(Event::PhoneState(snapshot.seen())));
        self.last = Some(snapshot);
        heard
    }
}

impl Snapshot {
    fn seen(&self) -> PhoneState {
        let choosable = self.states.iter().any(|state| state.name == self.state.name);
        let mut state = self.state.seen();
        if !choosable {
            // Busy, AfterCallWork, MissedCallAgent and the like: read, never set (seed 001).
            state.kind = AgentStateKind::System;
        }
        PhoneState {
            state,
            next_state: self.next_state.clone(),
            contacts: self.contacts.iter().filter_map(Contact::seen).collect(),
            since_ms: self.since_ms,
        }
    }
}

impl AgentState {
    fn kind(&self) -> AgentStateKind {
        match self.kind.as_str() {
            "routable" => AgentStateKind::Routable,
            "not_routable" => AgentStateKind::NotRoutable,
            "offline" => AgentStateKind::Offline,
            _ => AgentStateKind::System,
        }
    }

    fn seen(&self) -> phone::AgentState {
        phone::AgentState {
            name: self.name.clone(),
            kind: self.kind(),
        }
    }
}

impl Contact {
    /// It asks for the rep, or the rep's own call is not answered yet.
    fn rings(&self) -> bool {
        matches!(self.state.as_str(), "connecting" | "incoming" | "pending")
    }

    /// Nobody is on the line and nothing is left to do.
    fn is_over(&self) -> bool {
        matches!(self.state.as_str(), "error" | "missed" | "rejected")
    }

    /// A call, as the engine counts it. Chats and tasks are no calls: there is no line to drop.
    fn seen(&self) -> Option<phone::Contact> {
        if self.is_over() || !matches!(self.medium.as_str(), "queue_callback" | "voice") {
            return None;
        }
        let phase = match self.state.as_str() {
            _ if self.rings() => ContactPhase::Ringing,
            "ended" => ContactPhase::AfterCallWork,
            // What is not known may well be somebody on the line.
            _ => ContactPhase::Connected,
        };
        Some(phone::Contact {
            id: self.id.clone(),
            phase,
            vendor_call_key: Some(self.id.clone()),
        })
    }
}
