//! The phone: a chosen state, a next state, at most one contact, and what Offline does to it.

use presence::event::{CommandId, Event, PhoneOutcome};
use presence::phone::{AgentState, AgentStateKind, Contact, ContactPhase, PhoneJoined, PhoneState};
use presence::settings::{Authority, Profile};
use presence::time::Now;

use super::names::{self, PhoneChoice};
use super::scope::Scope;
use super::world::World;

/// What the phone shows at one moment.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub(super) struct Display {
    pub(super) choice: PhoneChoice,
    pub(super) next: Option<PhoneChoice>,
    /// Which call's, and its phase.
    pub(super) contact: Option<(u8, ContactPhase)>,
    /// When the chosen state began, where it tells.
    pub(super) since_ms: Option<i64>,
}

/// What the phone tells, in order.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub(super) enum PhoneUp {
    Answer {
        command: CommandId,
        outcome: PhoneOutcome,
    },
    Report(Display),
}

/// The phone's truth.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub(super) struct Phone {
    pub(super) joined: bool,
    pub(super) enqueues: bool,
    /// It tells since when it is in its state.
    tells_since: bool,
    pub(super) display: Display,
    pub(super) requests: Vec<(CommandId, PhoneChoice, bool)>,
    pub(super) up: Vec<PhoneUp>,
    /// Offline without enqueue came in mid-contact: what seed 000 warns of.
    pub(super) dropped: bool,
}

impl Phone {
    pub(super) fn new(scope: &Scope) -> Self {
        Self {
            joined: false,
            enqueues: scope.phone_enqueues,
            tells_since: scope.settings.authority == Authority::Last,
            display: Display {
                choice: PhoneChoice::Available,
                next: None,
                contact: None,
                since_ms: None,
            },
            requests: Vec::new(),
            up: Vec::new(),
            dropped: false,
        }
    }

    pub(super) fn has_live_contact(&self) -> bool {
        self.display.contact.is_some_and(|(_, phase)| phase.is_live())
    }

    fn report(&mut self) {
        if self.joined {
            self.up.push(PhoneUp::Report(self.display));
        }
    }

    pub(super) fn leave(&mut self) {
        self.joined = false;
        self.requests.clear();
        self.up.clear();
    }

    fn set(&mut self, now: Now, choice: PhoneChoice) {
        self.display.choice = choice;
        self.display.next = None;
        self.display.since_ms = self.tells_since.then_some(now.wall_ms);
    }

    /// A state is asked for. Without enqueue it is only valid off-contact; Offline is applied all the same.
    fn ask(&mut self, now: Now, choice: PhoneChoice, enqueue: bool) -> PhoneOutcome {
        let live = self.has_live_contact();
        if enqueue && self.enqueues && self.display.contact.is_some() {
            self.display.next = Some(choice);
            return PhoneOutcome::Queued;
        }
        if live && choice != PhoneChoice::Offline {
            return PhoneOutcome::Refused;
        }
        // A change of state in after-contact work closes the contact. Where the phone cannot queue, nobody can
        // help a contact that began while the request was on its way.
        self.dropped |= live && self.enqueues;
        self.display.contact = None;
        self.set(now, choice);
        PhoneOutcome::Done
    }

    /// The rep chooses at the phone; in a contact it is queued.
    pub(super) fn pick(&mut self, now: Now, choice: PhoneChoice) {
        if self.display.contact.is_some() {
            self.display.next = Some(choice);
        } else {
            self.set(now, choice);
        }
        self.report();
    }

    pub(super) fn contact(&mut self, contact: Option<(u8, ContactPhase)>) {
        if self.display.contact == contact {
            return;
        }
        self.display.contact = contact;
        if contact.is_none()
            && let Some(next) = self.display.next.take()
        {
            self.display.choice = next;
        }
        self.report();
    }
}

impl Display {
    fn state(self) -> AgentState {
        let system = |name: &str| AgentState {
            name: name.to_owned(),
            kind: AgentStateKind::System,
        };
        match self.contact {
            Some((_, ContactPhase::AfterCallWork)) => system("AfterCallWork"),
            Some(_) => system("Busy"),
            None => self.choice.state(),
        }
    }
}

impl PhoneUp {
    pub(super) fn event(self) -> Event {
        match self {
            Self::Answer { command, outcome } => Event::PhoneAnswered { command, outcome },
            Self::Report(display) => Event::PhoneState(PhoneState {
                state: display.state(),
                next_state: display.next.map(|next| next.name().to_owned()),
                contacts: contacts(display.contact),
                since_ms: display.since_ms,
            }),
        }
    }
}

fn contacts(contact: Option<(u8, ContactPhase)>) -> Vec<Contact> {
    let contact = contact.map(|(call, phase)| Contact {
        id: names::key(call),
        phase,
        vendor_call_key: Some(names::key(call)),
    });
    contact.into_iter().collect()
}

impl World {
    pub(super) fn phone_joins(&mut self) {
        let Some(phone) = &mut self.phone else { return };
        phone.joined = true;
        phone.report();
        let enqueues = phone.enqueues;
        self.tell(Event::PhoneJoined(PhoneJoined {
            name: String::new(),
            enqueues,
            states: PhoneChoice::ALL.map(PhoneChoice::state).into(),
            profile: Profile::Connector,
            writable: true,
        }));
    }

    pub(super) fn phone_leaves(&mut self) {
        let Some(phone) = &mut self.phone else { return };
        phone.leave();
        self.tell(Event::PhoneGone);
    }

    /// The phone carries out the next request.
    pub(super) fn phone_acts(&mut self) {
        let now = self.now;
        let Some(phone) = self.phone.as_mut().filter(|phone| !phone.requests.is_empty()) else {
            return;
        };
        let (command, choice, enqueue) = phone.requests.remove(0);
        let outcome = phone.ask(now, choice, enqueue);
        phone.up.push(PhoneUp::Answer { command, outcome });
        if outcome != PhoneOutcome::Refused {
            phone.report();
        }
        let dropped = phone.dropped;
        self.check_phone(dropped);
    }

    /// The next of the phone's words reaches Holdline.
    pub(super) fn phone_speaks(&mut self) {
        let Some(phone) = self.phone.as_mut().filter(|phone| !phone.up.is_empty()) else {
            return;
        };
        let up = phone.up.remove(0);
        self.tell(up.event());
    }

    pub(super) fn contact(&mut self, call: u8, phase: ContactPhase) {
        if let Some(phone) = &mut self.phone {
            phone.contact(Some((call, phase)));
        }
    }

    /// The call's contact, if there is one, is over.
    pub(super) fn contact_gone(&mut self, call: u8) {
        if let Some(phone) = &mut self.phone
            && phone.display.contact.is_some_and(|(of, _)| of == call)
        {
            phone.contact(None);
        }
    }

    /// The phase of the call's contact.
    pub(super) fn contact_of(&self, call: u8) -> Option<ContactPhase> {
        let (of, phase) = self.phone.as_ref()?.display.contact?;
        (of == call).then_some(phase)
    }
}
