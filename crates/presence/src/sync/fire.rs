//! A rule has matched: what becomes of it.

use crate::effect::NoticeCode;
use crate::engine::Engine;
use crate::event::{Origin, Target};
use crate::note::{Guarding, Note, RuleOutcome};
use crate::phone::AgentState;
use crate::problem::ProblemCode;
use crate::rules::RuleEvent;
use crate::settings::{GuardPolicy, Profile};
use crate::state::{PhoneWant, PresenceValue};
use crate::sync::aim::{Aim, Wish};
use crate::time::Now;

impl Engine {
    pub(super) fn fire(&mut self, now: Now, event: RuleEvent, wish: Wish) {
        let outcome = match wish.aim {
            None => RuleOutcome::NoSuchState,
            Some(Aim::Phone(state)) => self.ask_phone(now, event, state),
            Some(Aim::Presence(target)) => self.ask_presence(now, target),
        };
        self.note(Note::Rule {
            rule: wish.rule,
            event,
            destination: wish.destination,
            state: wish.state,
            outcome,
        });
    }

    fn ask_phone(&mut self, now: Now, event: RuleEvent, state: AgentState) -> RuleOutcome {
        if !self.rules_may_write_phone() {
            return RuleOutcome::NotOurs;
        }
        if self.phone_agrees(&state) && !self.phone_is_asked_for_another(&state) {
            self.state.phone_want = None;
            // A phone that is busy may come back to something else after all.
            self.phone_is_known(&state.name);
            self.clear(ProblemCode::PhoneRefused);
            return RuleOutcome::AlreadySo;
        }
        if let Some(standing) = self.state.phone_want.as_mut().filter(|want| want.state == state) {
            standing.event = event;
            return RuleOutcome::Fired;
        }
        if let Err(outcome) = self.may_begin_write(now) {
            return outcome;
        }
        let phone = self.state.phone.as_ref();
        let asked = phone.and_then(|phone| phone.asked.as_ref());
        // A newer wish has come and gone while the request for this very state was on its way: it stands again.
        let sent = asked.filter(|asked| asked.state == state.name);
        self.state.phone_want = Some(Box::new(PhoneWant {
            state,
            event,
            over: self.phone_report().and_then(|report| report.next_state.clone()),
            attempts: u32::from(sent.is_some()),
            began: sent.map(|asked| asked.sent),
            sent: sent.map(|asked| (asked.command, asked.sent)),
            retry: None,
        }));
        RuleOutcome::Fired
    }

    /// A rule's wish for presence goes the way of the rep's own, guard included; only it is beaten by any of
    /// theirs, logs nobody in, and never waits for the disk.
    fn ask_presence(&mut self, now: Now, target: Target) -> RuleOutcome {
        if self.state.presence.value == PresenceValue::LoggedOut && target != Target::Offline {
            return RuleOutcome::LoggedOut;
        }
        let standing = self.state.intent.as_ref();
        let rep_has_spoken =
            self.state.candidate.is_some() || standing.is_some_and(|intent| intent.origin != Origin::Rule);
        if rep_has_spoken {
            self.state.sync.deferred = true;
            return RuleOutcome::RepHasSpoken;
        }
        if standing.is_some_and(|intent| intent.target == target) {
            return RuleOutcome::Fired;
        }
        if self.presence_target() == Some(target) {
            self.drop_rule_wish(now);
            self.clear(ProblemCode::PresenceRefused);
            return RuleOutcome::AlreadySo;
        }
        if !self.state.signed_in() {
            return RuleOutcome::NoSuchState;
        }
        let reason = self.reason_to_hold(target);
        if reason.is_some() && self.settings.policy.guard == GuardPolicy::Block {
            self.note_guarded(Origin::Rule, target, reason, Guarding::Refused);
            self.state.sync.deferred = true;
            return RuleOutcome::Blocked;
        }
        if let Err(outcome) = self.may_begin_write(now) {
            return outcome;
        }
        self.drop_rule_wish(now);
        self.clear(ProblemCode::PresenceRefused);
        let intent = self.new_intent(now, Origin::Rule, target);
        self.note_stage(Origin::Rule, target, &intent.stage);
        if intent.was_held {
            self.notify(NoticeCode::Held, self.label(target));
        }
        self.state.intent = Some(intent);
        RuleOutcome::Fired
    }

    /// Whether one more automatic write may begin, and counts it.
    fn may_begin_write(&mut self, now: Now) -> Result<(), RuleOutcome> {
        if self.observing() {
            Err(RuleOutcome::WouldFire)
        } else if self.breaker_stops(now) {
            Err(RuleOutcome::BreakerOpen)
        } else {
            Ok(())
        }
    }

    pub(super) fn rules_may_write_phone(&self) -> bool {
        if self.state.phone.as_ref().is_some_and(|phone| !phone.writable) {
            return false;
        }
        let by_profile = self.profile() == Profile::Connector;
        self.settings.write_phone.unwrap_or(by_profile)
    }

    /// A rule's wish for presence that stands is taken back.
    pub(super) fn drop_rule_wish(&mut self, now: Now) {
        let wish = self.state.intent.take_if(|intent| intent.origin == Origin::Rule);
        if let Some(wish) = wish {
            self.take_back(now, &wish);
            self.tell_cancelled(&wish);
            self.clear(ProblemCode::WriteNotConfirmed);
            self.clear(ProblemCode::AnotherCall);
        }
    }
}
