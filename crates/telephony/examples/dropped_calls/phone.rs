//! A phone as Amazon Connect's: states, a next state, at most one contact.

use telephony::amazon_connect::{AgentState, Contact, PageOutcome, Snapshot};

const STATES: [(&str, &str); 3] = [
    ("Available", "routable"),
    ("Break", "not_routable"),
    ("Offline", "offline"),
];

pub(crate) struct Phone {
    state: &'static str,
    next: Option<&'static str>,
    contact: Option<(u32, &'static str)>,
    honours: bool,
}

impl Phone {
    pub(crate) fn new(honours: bool) -> Self {
        Self {
            state: "Available",
            next: None,
            contact: None,
            honours,
        }
    }

    /// The contact's state (`connecting`, `connected`, `ended`), `None`: it is gone, and what is enqueued applies.
    pub(crate) fn contact(&mut self, number: u32, state: Option<&'static str>) {
        self.contact = state.map(|state| (number, state));
        if self.contact.is_none()
            && let Some(next) = self.next.take()
        {
            self.state = next;
        }
    }

    /// A request, after the page's last look; and whether it dropped a call.
    pub(crate) fn set(&mut self, name: &str, enqueue: bool) -> (PageOutcome, bool) {
        if matches!(self.contact, Some((_, "connecting"))) {
            return (PageOutcome::Ringing, false);
        }
        let Some((state, _)) = STATES.iter().find(|(known, _)| *known == name) else {
            return (PageOutcome::Refused, false);
        };
        if enqueue && self.honours && self.contact.is_some() {
            self.next = Some(state);
            return (PageOutcome::Queued, false);
        }
        self.next = None;
        self.state = state;
        let live = matches!(self.contact, Some((_, "connected")));
        let dropped = live && *state == "Offline";
        if dropped {
            self.contact = None;
        }
        (PageOutcome::Done, dropped)
    }

    pub(crate) fn snapshot(&self, now_ms: i64) -> Snapshot {
        let state = |name: &str, kind: &str| AgentState {
            name: name.to_owned(),
            kind: kind.to_owned(),
        };
        let (name, kind) = match self.contact {
            Some((_, "connecting")) => ("PendingBusy", "system"),
            Some((_, "connected")) => ("Busy", "system"),
            Some(_) => ("AfterCallWork", "system"),
            None => *STATES
                .iter()
                .find(|(name, _)| *name == self.state)
                .unwrap_or(&STATES[0]),
        };
        Snapshot {
            state: state(name, kind),
            since_ms: Some(now_ms),
            next_state: self.next.map(str::to_owned),
            states: STATES.iter().map(|(name, kind)| state(name, kind)).collect(),
            contacts: self
                .contact
                .map(|(number, state)| Contact {
                    id: format!("contact-{number}"),
                    medium: "voice".to_owned(),
                    state: state.to_owned(),
                })
                .into_iter()
                .collect(),
        }
    }
}
