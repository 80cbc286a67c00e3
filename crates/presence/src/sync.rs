//! Presence and phone, kept the same by name: the built-in rules.
//!
//! The phone follows presence. A change made at the phone itself is a rule's wish for presence, which the
//! guard and any wish of the rep's own come before. Rules never log a rep in (DESIGN P6).

use crate::effect::Effect;
use crate::engine::Engine;
use crate::event::{CommandId, PhoneOutcome, Target};
use crate::guard::{Ask, Verdict};
use crate::phone::AgentStateKind::Routable;
use crate::phone::ContactPhase::Connected;
use crate::phone::{AgentState, AgentStateKind, Contact, PhoneJoined, PhoneState};
use crate::picture::CallPhase;
use crate::problem::ProblemCode;
use crate::state::{Phone, PhoneWant, PresenceValue};
use crate::time::Now;

/// Attempts after which a phone that does not do what it is asked is left alone, and the rep is told.
const GIVE_UP_AFTER_ATTEMPTS: u32 = 6;

impl Engine {
    /// Presence has changed (or the phone has joined): the phone is to have the state of the same name.
    pub(crate) fn want_phone_to_follow(&mut self) {
        let Some(state) = self.phone_state_for_presence() else {
            return;
        };
        let standing = self.state.phone_want.as_ref();
        if self.phone_agrees(&state) {
            self.state.phone_want = None;
        } else if standing.is_none_or(|want| want.state != state) {
            self.state.phone_want = Some(PhoneWant {
                state,
                attempts: 0,
                sent: None,
                retry: None,
            });
        }
    }

    fn phone_state_for_presence(&self) -> Option<AgentState> {
        let states = &self.state.phone.as_ref()?.states;
        let settable = states.iter().filter(|state| state.kind != AgentStateKind::System);
        let found = match self.state.presence.value {
            PresenceValue::Unknown => None,
            PresenceValue::LoggedOut => settable
                .into_iter()
                .find(|state| state.kind == AgentStateKind::Offline),
            PresenceValue::Status(id) => {
                let label = &self.status(id)?.label;
                // A Busy status may be *named* Offline in an org; the phone's Offline is a logout.
                settable
                    .into_iter()
                    .find(|state| state.name == *label && state.kind != AgentStateKind::Offline)
            }
        };
        found.cloned()
    }

    /// The phone has the state, or will have it after the contact; and nothing else is queued behind it.
    fn phone_agrees(&self, state: &AgentState) -> bool {
        let report = self.state.phone.as_ref().and_then(|phone| phone.report.as_ref());
        report.is_some_and(|report| match &report.next_state {
            Some(next) => *next == state.name,
            // Busy with a contact, it comes back routable by itself.
            None => report.state.name == state.name || (report.is_busy() && state.kind == Routable),
        })
    }

    pub(crate) fn phone_joined(&mut self, now: Now, joined: PhoneJoined) {
        self.phone_gone(now);
        self.state.phone = Some(Box::new(Phone {
            name: joined.name,
            profile: joined.profile,
            enqueues: joined.enqueues,
            states: joined.states,
            report: None,
            after_contact: false,
        }));
    }

    /// A phone that leaves in the middle of a contact has not ended the contact.
    pub(crate) fn phone_gone(&mut self, now: Now) {
        if let Some(contact) = self.state.contacts().iter().map(|contact| contact.phase).max() {
            self.state.kept_contact = Some((contact, now));
        }
        self.state.phone = None;
        self.state.phone_want = None;
        self.state.phone_echoes.clear();
    }

    pub(crate) fn expire_kept_contact(&mut self, now: Now) {
        let stale_ms = self.settings.timings.console_stale_ms;
        self.state
            .kept_contact
            .take_if(|(_, since)| now.since(*since) >= stale_ms);
    }

    pub(crate) fn phone_state(&mut self, now: Now, report: PhoneState) {
        let Some(phone) = self.state.phone.as_mut() else {
            return;
        };
        self.state.kept_contact = None;
        let connected = |contacts: &[Contact]| contacts.iter().filter(|c| c.phase == Connected).count();
        let conversation_ended = connected(&report.contacts) < connected(phone.contacts());
        let chosen_by_itself = phone.after_contact;
        phone.after_contact = !report.contacts.is_empty()
            || (phone.after_contact && report.state.kind == AgentStateKind::System);
        let state = report.state.clone();
        let before = phone.report.replace(report);
        if conversation_ended && self.state.call.phase == CallPhase::OnCall {
            // The org knows which work this was (VoiceCall's end and vendor key).
            self.read_soon(now);
        }
        let Some(before) = before else {
            return self.want_phone_to_follow();
        };
        if self.state.phone_want.is_some() {
            // Ours is on its way; whatever the phone does meanwhile is not the last word.
            return self.confirm_phone();
        }
        if before.state == state || state.kind == AgentStateKind::System {
            return;
        }
        let ours = self.forget_phone_echo(&state.name);
        if ours || chosen_by_itself || before.next_state.as_ref() == Some(&state.name) {
            // A late echo of ours, or what had been queued was applied, or the phone came back from a
            // contact by its own lights: whether it is right is presence's to say.
            return self.want_phone_to_follow();
        }
        self.phone_chose(now, &state);
    }

    /// Somebody changed the phone at the phone.
    fn phone_chose(&mut self, now: Now, state: &AgentState) {
        let target = match state.kind {
            AgentStateKind::System => return,
            AgentStateKind::Offline => Some(Target::Offline),
            AgentStateKind::NotRoutable | AgentStateKind::Routable => self
                .catalogue
                .statuses
                .iter()
                .find(|status| status.label == state.name)
                .map(|s| Target::Status(s.id)),
        };
        let logged_in = matches!(self.state.presence.value, PresenceValue::Status(_));
        if let Some(target) = target.filter(|_| logged_in) {
            self.rule_request(now, target);
        }
    }

    fn confirm_phone(&mut self) {
        let agreed = self
            .state
            .phone_want
            .as_ref()
            .is_some_and(|want| self.phone_agrees(&want.state));
        if agreed {
            if let Some(want) = self.state.phone_want.take() {
                self.forget_phone_echo(&want.state.name);
            }
            self.clear(ProblemCode::PhoneRefused);
        }
    }

    /// Whether the state was asked of the phone and not seen since.
    fn forget_phone_echo(&mut self, name: &str) -> bool {
        let before = self.state.phone_echoes.len();
        self.state.phone_echoes.retain(|(asked, _)| asked != name);
        self.state.phone_echoes.len() < before
    }

    pub(crate) fn phone_answered(&mut self, now: Now, command: CommandId, outcome: PhoneOutcome) {
        let Some(want) = self.state.phone_want.as_mut() else {
            return;
        };
        if want.sent.is_none_or(|(sent, _)| sent != command) || outcome != PhoneOutcome::Refused {
            // A yes is not yet the truth: that is the phone's next report.
            return;
        }
        let (name, attempts) = (want.state.name.clone(), want.attempts);
        let pause_ms = self.backoff_ms(attempts);
        self.forget_phone_echo(&name);
        if let Some(want) = self.state.phone_want.as_mut() {
            want.sent = None;
            want.retry = Some(now.plus(pause_ms));
        }
        self.raise(ProblemCode::PhoneRefused, name);
    }

    /// Sends what is wanted of the phone, when it may be sent.
    pub(crate) fn settle_phone(&mut self, now: Now) {
        self.confirm_phone();
        let Some(mut want) = self.state.phone_want.take() else {
            return;
        };
        if self.observing() {
            return;
        }
        if want
            .sent
            .is_some_and(|(_, since)| now.since(since) >= self.settings.timings.confirm_ms)
        {
            want.sent = None;
            want.retry = Some(now.plus(self.backoff_ms(want.attempts)));
        }
        if want.attempts >= GIVE_UP_AFTER_ATTEMPTS && want.sent.is_none() {
            self.raise(ProblemCode::PhoneRefused, want.state.name);
            return;
        }
        let waiting = want.sent.is_some() || want.retry.is_some_and(|at| !now.reached(at));
        if let Some(enqueue) = self.enqueue_for(&want.state).filter(|_| !waiting) {
            let command = self.next_command();
            let state = want.state.name.clone();
            let until = now.plus(self.settings.timings.retry_max_ms);
            self.forget_phone_echo(&state);
            self.state.phone_echoes.push((state.clone(), until));
            self.effects.push_back(Effect::Phone {
                command,
                state,
                enqueue,
            });
            want.sent = Some((command, now));
            want.attempts += 1;
        }
        self.state.phone_want = Some(want);
    }

    /// `enqueueNextState` for a state request now; `None`: nothing may be sent yet.
    fn enqueue_for(&self, state: &AgentState) -> Option<bool> {
        let ask = match state.kind {
            AgentStateKind::Offline => Ask::PhoneOffline,
            AgentStateKind::NotRoutable | AgentStateKind::Routable | AgentStateKind::System => {
                Ask::PhoneState
            }
        };
        match self.guard_says(ask) {
            Verdict::Enqueue => Some(true),
            Verdict::Go => Some(false),
            Verdict::Hold(_) => None,
        }
    }
}
