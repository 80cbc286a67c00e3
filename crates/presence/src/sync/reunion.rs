//! Sides that were apart are reconciled once, by authority: as if the side that counts had just changed to
//! what it is now. Old wishes are not replayed (DESIGN P7).

use crate::engine::Engine;
use crate::event::{Origin, Target};
use crate::phone::AgentStateKind;
use crate::problem::ProblemCode;
use crate::rules::{Destination, RuleEvent};
use crate::settings::Authority;
use crate::state::{Intent, PresenceValue, Stage};
use crate::sync::{ByName, Occasion};
use crate::time::Now;

/// Attempts after which a rule's wish for presence ends, and the rep is told.
const GIVE_UP_AFTER_ATTEMPTS: u32 = 6;

impl Engine {
    /// Brings the two sides together; true if a rule has had its say or its wish has ended, so that what follows is
    /// to be settled.
    pub(crate) fn settle_sync(&mut self, now: Now) -> bool {
        let ended = self.end_rule_wish(now);
        self.close_quiet_breaker(now);
        if self.phone_report().is_none() || self.presence_event().is_none() {
            return ended;
        }
        let end_of_doubt = self.state.sync.doubtful && self.end_doubt(now);
        let reunion = self.is_out_of_step() && self.reconcile(now);
        ended || end_of_doubt || reunion
    }

    /// A rule's wish that Salesforce keeps refusing, or that nobody is there to carry out, ends.
    fn end_rule_wish(&mut self, now: Now) -> bool {
        let wish = self.state.intent.as_ref();
        let idle = wish
            .filter(|intent| intent.origin == Origin::Rule && intent.stage == Stage::Applying { sent: None });
        let Some(wish) = idle else {
            self.state.sync.waiting_since = None;
            return false;
        };
        let (target, refused) = (wish.target, wish.attempts >= GIVE_UP_AFTER_ATTEMPTS);
        let waiting_since = match self.console_can_write() {
            true => None,
            false => Some(self.state.sync.waiting_since.unwrap_or(now)),
        };
        self.state.sync.waiting_since = waiting_since;
        let patience_ms = self.settings.timings.rule_patience_ms;
        let waited = waiting_since.is_some_and(|since| now.since(since) >= patience_ms);
        if !refused && !waited {
            return false;
        }
        self.drop_rule_wish(now);
        self.state.sync.waiting_since = None;
        if waited {
            self.state.sync.known = None;
        }
        let label = self.label(target);
        self.raise(ProblemCode::PresenceRefused, label);
        true
    }

    /// Until when a change of presence to this may turn out to be a taken-back write of ours. An arm stands
    /// for minutes and would make everybody wait: its answer comes with the logout itself.
    pub(super) fn doubted_until(&self, now: Now, target: Target) -> Option<Now> {
        let late = now.plus(self.patience_ms());
        self.strays_to(target)
            .filter(|stray| stray.until <= late && !now.reached(stray.until))
            .map(|stray| stray.until)
            .max()
    }

    /// Nobody has said that the change was ours: it was somebody's.
    fn end_doubt(&mut self, now: Now) -> bool {
        let target = self.presence_target();
        if target.is_some_and(|target| self.doubted_until(now, target).is_some()) {
            return false;
        }
        self.state.sync.doubtful = false;
        let known = self.state.sync.known.as_ref();
        let changed = known.is_some_and(|known| known.presence != self.state.presence.value);
        if changed && self.state.intent.is_none() && !self.is_apart() {
            self.presence_chosen(now);
        }
        changed
    }

    /// Something has changed that no rule has been told of.
    fn is_out_of_step(&self) -> bool {
        let sync = &self.state.sync;
        let Some(known) = &sync.known else {
            return true;
        };
        if known.presence != self.state.presence.value {
            return true;
        }
        let wish_has_ended = || self.state.intent.is_none() && self.reason_to_hold(Target::Offline).is_none();
        if sync.deferred && wish_has_ended() {
            return true;
        }
        let phone = self.state.phone.as_ref();
        let queued = phone.and_then(|phone| phone.queued.as_ref());
        if queued.is_some_and(|queued| *queued != known.phone) {
            // A request of ours came late, behind a newer one.
            return true;
        }
        // What a phone does in a contact is not its last word.
        let settled = self
            .phone_report()
            .filter(|report| report.contacts.is_empty() && report.state.kind != AgentStateKind::System);
        settled.is_some_and(|report| report.next_state.is_none() && report.state.name != known.phone)
    }

    fn reconcile(&mut self, now: Now) -> bool {
        let sync = &self.state.sync;
        let busy = self.is_apart()
            || sync.paused_until.is_some()
            || sync.doubtful
            || self.state.candidate.is_some()
            || self.state.phone_want.is_some()
            || self.phone_state_for_hold().is_some();
        let Some(side) = self.authority().filter(|_| !busy) else {
            return false;
        };
        let may = match (&self.state.intent, side) {
            (None, Destination::Salesforce) => true,
            // A wish for presence without anybody to carry it out would only grow old.
            (None, Destination::Connect) => self.console_can_write(),
            (Some(intent), side) => {
                matches!(intent.stage, Stage::Held { .. })
                    && (intent.origin == Origin::Rule || side == Destination::Salesforce)
            }
        };
        let Some(event) = self.event_of(side).filter(|_| may) else {
            return false;
        };
        self.state.sync.deferred = false;
        let occasion = Occasion {
            reunion: true,
            ..Occasion::default()
        };
        let (wished, _) = self.look_at_rules(now, event, occasion, ByName::May);
        let old = |intent: &Intent| intent.origin == Origin::Rule && Some(intent.target) != wished;
        if self.state.intent.as_deref().is_some_and(old) {
            self.drop_rule_wish(now);
        }
        if self.state.sync.paused_until.is_none() {
            self.sides_are_known();
        }
        true
    }

    fn event_of(&self, side: Destination) -> Option<RuleEvent> {
        match side {
            Destination::Connect => {
                Some(RuleEvent::ConnectAgentStateChange).filter(|_| self.presence_has_a_name())
            }
            Destination::Salesforce => self.presence_event().filter(|_| self.presence_has_a_name()),
        }
    }

    /// Until the org's statuses are known, nothing can be said of them.
    fn presence_has_a_name(&self) -> bool {
        match self.state.presence.value {
            PresenceValue::Status(id) => self.status(id).is_some(),
            PresenceValue::LoggedOut | PresenceValue::Unknown => true,
        }
    }

    /// The side that counts; `None`: the org is about to tell.
    pub(super) fn authority(&self) -> Option<Destination> {
        let presence = &self.state.presence;
        let phone_since = self.phone_report().and_then(|report| report.since_ms);
        match (self.settings.authority, phone_since) {
            (Authority::Omni, _) | (Authority::Last, None) => Some(Destination::Salesforce),
            (Authority::Telephony, _) => Some(Destination::Connect),
            (Authority::Last, Some(_)) if !presence.since_told => {
                (!self.is_read_under_way()).then_some(Destination::Salesforce)
            }
            (Authority::Last, Some(phone_since)) => {
                let skew_ms = i64::try_from(self.settings.timings.skew_ms).unwrap_or(i64::MAX);
                let phone_is_later = phone_since.saturating_sub(presence.since_ms) > skew_ms;
                Some(if phone_is_later {
                    Destination::Connect
                } else {
                    Destination::Salesforce
                })
            }
        }
    }

    /// The org is asked, or will be at this very moment.
    fn is_read_under_way(&self) -> bool {
        let reading = &self.state.reading;
        let is_due = reading.next.is_some_and(|at| self.last.reached(at));
        reading.asked.is_some() || (is_due && !reading.stopped)
    }

    /// When this room wants to be asked again.
    pub(crate) fn sync_deadlines(&self) -> [Option<Now>; 3] {
        let sync = &self.state.sync;
        let doubt = self.presence_target().filter(|_| sync.doubtful);
        let patience_ms = self.settings.timings.rule_patience_ms;
        [
            sync.paused_until,
            sync.waiting_since.map(|since| since.plus(patience_ms)),
            doubt.and_then(|target| self.doubted_until(self.last, target)),
        ]
    }
}
