//! What a rule asks for, found among what each side has.

use crate::engine::Engine;
use crate::event::Target;
use crate::phone::{AgentState, AgentStateKind, PhoneState};
use crate::rules::{Destination, OFFLINE, Rule, RuleEvent, SYSTEM_STATES};
use crate::settings::Profile;
use crate::state::PresenceValue;

/// What traces call the built-in rule.
const BY_NAME: &str = "by name";

/// What one rule asks for.
pub(super) struct Wish {
    pub(super) rule: String,
    pub(super) destination: Destination,
    pub(super) state: String,
    /// `None`: that side has no such state, or it can't be set.
    pub(super) aim: Option<Aim>,
}

#[derive(Clone)]
pub(super) enum Aim {
    Phone(AgentState),
    Presence(Target),
}

impl Wish {
    /// The presence it asks for.
    pub(super) fn presence(&self) -> Option<Target> {
        match self.aim {
            Some(Aim::Presence(target)) => Some(target),
            Some(Aim::Phone(_)) | None => None,
        }
    }
}

impl Engine {
    pub(super) fn wish_of_rule(&self, rule: &Rule) -> Wish {
        let aim = match rule.destination {
            Destination::Connect => self.settable_state(&rule.state).map(Aim::Phone),
            Destination::Salesforce => self.presence_named(&rule.state).map(Aim::Presence),
        };
        Wish {
            rule: rule.name.clone(),
            destination: rule.destination,
            state: rule.state.clone(),
            aim,
        }
    }

    /// A state that a phone sets by itself is never a destination (seed 001), whatever it says of its kind.
    pub(super) fn settable_state(&self, name: &str) -> Option<AgentState> {
        let mut settable = self.settable_states();
        let found = if name == OFFLINE {
            settable.find(|state| state.kind == AgentStateKind::Offline)
        } else {
            settable.find(|state| state.name == name)
        };
        found.cloned()
    }

    fn settable_states(&self) -> impl Iterator<Item = &AgentState> {
        let states = self.state.phone.as_ref().map(|phone| phone.states.as_slice());
        states
            .unwrap_or_default()
            .iter()
            .filter(|state| state.kind != AgentStateKind::System)
            .filter(|state| !SYSTEM_STATES.contains(&state.name.as_str()))
    }

    /// "Offline" is a logout; a Busy status of that label can be reached by its developer name only.
    fn presence_named(&self, name: &str) -> Option<Target> {
        if name == OFFLINE {
            return Some(Target::Offline);
        }
        let statuses = &self.catalogue.statuses;
        let by_label = statuses.iter().find(|status| status.label == name);
        let by_developer_name = || {
            let developer_name = Some(name);
            statuses
                .iter()
                .find(|status| status.developer_name.as_deref() == developer_name)
        };
        let found = by_label.or_else(by_developer_name);
        found.map(|status| Target::Status(status.id))
    }

    /// The built-in rule: states of the same name follow each other. Off where an adapter or connector in
    /// the console does that by itself.
    pub(super) fn wish_by_name(
        &self,
        event: RuleEvent,
        destination: Destination,
        phone: Option<&AgentState>,
    ) -> Option<Wish> {
        let ours = self.settings.rules.by_name && self.profile() == Profile::Connector;
        let phone = phone.filter(|_| ours)?;
        let (state, aim) = match (event, destination) {
            (
                RuleEvent::SalesforceAgentLogout | RuleEvent::SalesforceAgentStateChange,
                Destination::Connect,
            ) => {
                let state = self.phone_state_of_presence()?;
                (state.name.clone(), Aim::Phone(state))
            }
            (RuleEvent::ConnectAgentStateChange, Destination::Salesforce) => {
                (phone.name.clone(), Aim::Presence(self.presence_of(phone)?))
            }
            _ => return None,
        };
        Some(Wish {
            rule: BY_NAME.to_owned(),
            destination,
            state,
            aim: Some(aim),
        })
    }

    pub(super) fn phone_state_of_presence(&self) -> Option<AgentState> {
        let found = match self.state.presence.value {
            PresenceValue::Unknown => None,
            PresenceValue::LoggedOut => return self.settable_state(OFFLINE),
            PresenceValue::Status(id) => {
                let label = &self.status(id)?.label;
                // A Busy status may be *named* Offline in an org; the phone's Offline is a logout.
                self.settable_states()
                    .find(|state| state.name == *label && state.kind != AgentStateKind::Offline)
            }
        };
        found.cloned()
    }

    fn presence_of(&self, state: &AgentState) -> Option<Target> {
        match state.kind {
            AgentStateKind::System => None,
            AgentStateKind::Offline => Some(Target::Offline),
            AgentStateKind::NotRoutable | AgentStateKind::Routable => self
                .catalogue
                .statuses
                .iter()
                .find(|status| status.label == state.name)
                .map(|status| Target::Status(status.id)),
        }
    }

    /// The phone's state, or the one enqueued behind it.
    pub(super) fn phone_as_it_counts(&self, with_next: bool) -> Option<AgentState> {
        let phone = self.state.phone.as_ref()?;
        let report = phone.report.as_ref()?;
        let next = report.next_state.as_ref().filter(|_| with_next);
        let next = next.and_then(|next| phone.states.iter().find(|state| state.name == *next));
        Some(next.unwrap_or(&report.state).clone())
    }

    /// The phone's last report.
    pub(super) fn phone_report(&self) -> Option<&PhoneState> {
        self.state.phone.as_ref()?.report.as_ref()
    }
}
