//! A phone that has no queue of its own asks for Holdline's.

use crate::engine::Engine;
use crate::phone::AgentStateKind;
use crate::rules::RuleEvent;
use crate::state::PhoneWant;

impl Engine {
    /// Wants the state of the phone as if a rule had asked for it: sent when the guard lets it, confirmed, tried
    /// again. Such a phone was told by Salesforce, so it counts as following presence. The newest wish wins;
    /// `None` takes back what has not been sent.
    pub(crate) fn phone_asks(&mut self, state: Option<&str>) {
        let writable = self.state.phone.as_ref().is_some_and(|phone| phone.writable);
        if !writable || self.observing() {
            return;
        }
        let Some(state) = state else {
            self.state.phone_want.take_if(|want| want.began.is_none());
            return;
        };
        let Some(state) = self.settable_state(state) else {
            return;
        };
        if self.phone_agrees(&state) {
            self.state.phone_want = None;
            return;
        }
        if self
            .state
            .phone_want
            .as_ref()
            .is_some_and(|want| want.state == state)
        {
            return;
        }
        let event = match state.kind {
            AgentStateKind::Offline => RuleEvent::SalesforceAgentLogout,
            _ => RuleEvent::SalesforceAgentStateChange,
        };
        self.state.phone_want = Some(Box::new(PhoneWant {
            state,
            event,
            over: None,
            attempts: 0,
            began: None,
            sent: None,
            retry: None,
        }));
    }
}
