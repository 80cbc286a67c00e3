//! A held Offline is enqueued at the phone, too, where that has a queue of its own: nothing is routed between
//! the call's end and the logout, and the rep sees one thing on both sides. So one word ends both: cancelling
//! takes the phone's queue back, by enqueueing what it is to be instead, because phones have no other way.

use crate::engine::Engine;
use crate::event::Target;
use crate::phone::AgentState;
use crate::rules::{Destination, Happening, OFFLINE, RuleEvent};
use crate::settings::Profile;
use crate::state::{HeldThere, PhoneWant, PresenceValue, Stage};
use crate::sync::aim::Aim;

impl Engine {
    /// Keeps the hold and the phone's queue one thing.
    pub(crate) fn settle_held_phone(&mut self) {
        match self.phone_state_for_hold() {
            Some(state) => self.hold_at_phone(state),
            None => self.take_phones_hold_back(),
        }
    }

    fn hold_at_phone(&mut self, state: AgentState) {
        let next = self
            .phone_report()
            .and_then(|report| report.next_state.as_deref());
        let is_queued = next == Some(state.name.as_str());
        let Some(phone) = &mut self.state.phone else {
            return;
        };
        match phone.held {
            _ if is_queued => phone.held = HeldThere::Seen,
            HeldThere::Asked => {}
            HeldThere::No if self.state.phone_want.is_none() => {
                phone.held = HeldThere::Asked;
                self.want_of_phone(state, RuleEvent::SalesforceAgentLogout);
            }
            HeldThere::No => {}
            // Changed at the phone, or by an older request of ours that came late: not fought over. The hold
            // stands, and the phone follows when it is applied.
            HeldThere::Seen => phone.held = HeldThere::Asked,
        }
    }

    fn take_phones_hold_back(&mut self) {
        let Some(phone) = self
            .state
            .phone
            .as_ref()
            .filter(|phone| phone.held != HeldThere::No)
        else {
            return;
        };
        let waits = self.state.candidate.is_some() || self.state.intent.is_some();
        if waits && self.presence_target() != Some(Target::Offline) {
            // Still held, or another wish is on its way to presence, and the phone follows that.
            return;
        }
        let asked = phone.held == HeldThere::Asked;
        let home = phone.home.clone();
        if let Some(phone) = &mut self.state.phone {
            phone.held = HeldThere::No;
        }
        if self.state.presence.value == PresenceValue::LoggedOut {
            // Applied: the phone is where it is to be.
            return;
        }
        if asked {
            self.state.phone_want = None;
        }
        let event = RuleEvent::SalesforceAgentStateChange;
        let back = self.phone_state_by_rules(event).or_else(|| {
            let states = self.state.phone.as_ref().map(|phone| phone.states.as_slice());
            let mut states = states.unwrap_or_default().iter();
            states.find(|state| Some(&state.name) == home.as_ref()).cloned()
        });
        if let Some(back) =
            back.filter(|back| !self.phone_agrees(back) || self.phone_is_asked_for_another(back))
        {
            self.want_of_phone(back, event);
        }
    }

    /// What the phone is to be after the call, by the hold; `None`: there is none, or it can't be told now.
    pub(super) fn phone_state_for_hold(&self) -> Option<AgentState> {
        let intent = self.state.intent.as_ref()?;
        let held = matches!(intent.stage, Stage::Held { .. }) && !intent.restored;
        let may =
            held && intent.target == Target::Offline && !self.observing() && self.rules_may_write_phone();
        let on_contact = self
            .phone_report()
            .is_some_and(|report| !report.contacts.is_empty());
        let enqueues = self.state.phone.as_ref().is_some_and(|phone| phone.enqueues);
        if !may || !on_contact || !enqueues {
            return None;
        }
        let state = self.phone_state_by_rules(RuleEvent::SalesforceAgentLogout)?;
        (self.enqueue_for(&state) == Some(true)).then_some(state)
    }

    /// What the rules want of the phone at a logout, or in the present status.
    fn phone_state_by_rules(&self, event: RuleEvent) -> Option<AgentState> {
        let logout = event == RuleEvent::SalesforceAgentLogout;
        let status = match self.state.presence.value {
            PresenceValue::Status(id) if !logout => self.status(id),
            _ => None,
        };
        let label = status.map(|status| status.label.as_str());
        let developer_name = status.and_then(|status| status.developer_name.as_deref());
        let names: Vec<&str> = if logout {
            vec![OFFLINE]
        } else {
            label.into_iter().chain(developer_name).collect()
        };
        let phone = self.phone_as_it_counts(false);
        let happening = Happening {
            event,
            connect_new: phone.as_ref().map(|state| state.name.as_str()),
            connect_old: None,
            salesforce_new: &names,
            channel: None,
            workload: self.state.sync.workload,
        };
        let rule = self.settings.rules.first_match(&happening, Destination::Connect);
        if let Some((_, rule)) = rule {
            return match self.wish_of_rule(rule).aim {
                Some(Aim::Phone(state)) => Some(state),
                Some(Aim::Presence(_)) | None => None,
            };
        }
        let by_name = self.settings.rules.by_name && self.profile() == Profile::Connector;
        match by_name {
            true if logout => self.settable_state(OFFLINE),
            true => self.phone_state_of_presence(),
            false => None,
        }
    }

    fn want_of_phone(&mut self, state: AgentState, event: RuleEvent) {
        let over = self.phone_report().and_then(|report| report.next_state.clone());
        self.state.phone_want = Some(Box::new(PhoneWant {
            state,
            event,
            over,
            attempts: 0,
            began: None,
            sent: None,
            retry: None,
        }));
    }
}
