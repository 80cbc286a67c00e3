//! Why things are as they are: the trace, read from its beginning to a moment.

use std::collections::BTreeMap;

use presence::changed::Part;
use presence::effect::HoldReason;
use presence::engine::Engine;
use presence::event::{Event, LogoutReason, Origin, Target};
use presence::note::{Doer, Guarding, HoldEnd, Note, RuleOutcome, Source};
use presence::picture::Picture;
use presence::rules::{Destination, RuleEvent};
use presence::time::Now;

use crate::labels::Labels;
use crate::line::{Cause, Line};
use crate::replay::Player;

/// Everything known at a moment. All times are milliseconds since 1970 UTC.
#[derive(Clone, Debug, Default)]
pub struct Story {
    player: Option<Player>,
    /// When the first line was written; what is older cannot be explained.
    pub begins_ms: Option<i64>,
    /// The newest cause.
    pub told_ms: Option<i64>,
    /// The last change of presence.
    pub presence: Option<PresenceChange>,
    /// The last request that the guard decided about.
    pub asked: Option<Asked>,
    /// How the last hold ended.
    pub hold_ended: Option<HoldEnded>,
    /// The last rule that fired, for each side.
    pub rules: BTreeMap<Destination, Fired>,
    /// The last write seen to be so, for each side.
    pub confirmed: BTreeMap<Destination, Confirmed>,
    /// When the phone last changed its state.
    pub phone_ms: Option<i64>,
    /// What the org calls its statuses.
    pub labels: Labels,
}

/// A change of presence and whose doing it was.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct PresenceChange {
    /// When.
    pub at_ms: i64,
    /// To what.
    pub to: Target,
    /// By whom.
    pub by: Doer,
    /// By what it was seen.
    pub source: Source,
    /// Omni-Channel's own reason for a logout.
    pub reason: Option<String>,
    /// Where it was Holdline: who had asked for it.
    pub asked: Option<Asked>,
}

/// A request.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Asked {
    /// When.
    pub at_ms: i64,
    /// Where it came from.
    pub origin: Origin,
    /// For what.
    pub target: Target,
    /// What the guard did.
    pub how: Guarding,
    /// Why.
    pub reason: Option<HoldReason>,
    /// The rule whose wish it was.
    pub rule: Option<Fired>,
}

/// A rule that fired.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Fired {
    /// When.
    pub at_ms: i64,
    /// Its name.
    pub rule: String,
    /// At what.
    pub event: RuleEvent,
    /// The phone's new state or the new status, where the event is about one.
    pub new_state: Option<String>,
    /// The state it asked for.
    pub state: String,
}

/// The end of a hold.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct HoldEnded {
    /// When.
    pub at_ms: i64,
    /// Of what.
    pub target: Target,
    /// How.
    pub how: HoldEnd,
}

/// A write seen to be so.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Confirmed {
    /// When.
    pub at_ms: i64,
    /// What.
    pub state: String,
    /// Since it was sent.
    pub after_ms: u64,
}

impl Story {
    /// Reads on.
    pub fn hear(&mut self, line: Line) {
        self.labels.learn(&line);
        match line {
            Line::Cause(cause) => self.hear_cause(*cause),
            Line::Gap(_) => {}
            Line::Header(header) => {
                let last = header.checkpoint.last();
                self.begins_ms = self.begins_ms.or(Some(last.wall_ms));
                self.player = Some(Player::new(Engine::from_checkpoint(header.checkpoint)));
            }
        }
    }

    /// What there was to see, as far as the trace can tell.
    pub fn picture(&self) -> Option<&Picture> {
        self.player.as_ref().map(Player::picture)
    }

    fn hear_cause(&mut self, cause: Cause) {
        let Now { wall_ms: at_ms, .. } = cause.at;
        self.told_ms = Some(at_ms);
        let fired = self.fired(&cause, at_ms);
        for note in &cause.notes {
            match note {
                Note::Confirmed {
                    side,
                    state,
                    after_ms,
                } => {
                    let confirmed = Confirmed {
                        at_ms,
                        state: state.clone(),
                        after_ms: *after_ms,
                    };
                    self.confirmed.insert(*side, confirmed);
                }
                Note::Guarded {
                    origin,
                    target,
                    reason,
                    how,
                    ..
                } => {
                    let decided = Asked {
                        at_ms,
                        origin: *origin,
                        target: *target,
                        how: *how,
                        reason: *reason,
                        rule: fired
                            .get(&Destination::Salesforce)
                            .filter(|_| *origin == Origin::Rule)
                            .cloned(),
                    };
                    self.asked = Some(decided.after(self.asked.take(), &cause.event));
                }
                Note::HoldEnded { target, how } => {
                    self.hold_ended = Some(HoldEnded {
                        at_ms,
                        target: *target,
                        how: *how,
                    });
                }
                Note::Presence { to, by, source, .. } => {
                    let asked = self.asked.as_ref();
                    let asked = asked.filter(|asked| *by == Doer::Holdline && asked.target == *to);
                    self.presence = Some(PresenceChange {
                        at_ms,
                        to: *to,
                        by: *by,
                        source: *source,
                        reason: logout_reason(&cause.event),
                        asked: asked.cloned(),
                    });
                }
                Note::Breaker { .. }
                | Note::Ignored { .. }
                | Note::Phase { .. }
                | Note::Problem { .. }
                | Note::Rule { .. }
                | Note::Sent { .. } => {}
            }
        }
        self.rules.extend(fired);
        self.play(cause);
    }

    fn play(&mut self, cause: Cause) {
        let Some(player) = &mut self.player else { return };
        let state_before = phone_state(player.picture());
        let at_ms = cause.at.wall_ms;
        let changed = player.play(cause.at, cause.event).changed;
        if changed.contains(&Part::Telephony) && phone_state(player.picture()) != state_before {
            self.phone_ms = Some(at_ms);
        }
    }

    /// The rules that fired at a cause, by the side they write.
    fn fired(&self, cause: &Cause, at_ms: i64) -> BTreeMap<Destination, Fired> {
        let mut fired = BTreeMap::new();
        for note in &cause.notes {
            let Note::Rule {
                rule,
                event,
                destination,
                state,
                outcome: RuleOutcome::Fired,
            } = note
            else {
                continue;
            };
            let rule = Fired {
                at_ms,
                rule: rule.clone(),
                event: *event,
                new_state: self.new_state(&cause.event),
                state: state.clone(),
            };
            fired.insert(*destination, rule);
        }
        fired
    }

    fn new_state(&self, event: &Event) -> Option<String> {
        match event {
            Event::PhoneState(report) => Some(report.state.name.clone()),
            Event::StatusChanged { status } => Some(self.labels.of(*status)),
            _ => None,
        }
    }
}

impl Asked {
    /// Decided again, about a request that stands: it was asked for when it was asked for first.
    fn after(self, before: Option<Self>, event: &Event) -> Self {
        let asked_now = matches!(event, Event::Request { .. } | Event::Return { .. });
        let standing = before.filter(|before| {
            !asked_now && self.rule.is_none() && (before.origin, before.target) == (self.origin, self.target)
        });
        match standing {
            Some(before) => Self {
                how: self.how,
                reason: self.reason,
                ..before
            },
            None => self,
        }
    }
}

fn logout_reason(event: &Event) -> Option<String> {
    match event {
        Event::OmniLogout {
            reason: Some(LogoutReason(reason)),
        } => Some(reason.clone()),
        _ => None,
    }
}

fn phone_state(picture: &Picture) -> Option<String> {
    let state = picture.telephony.as_ref()?.state.as_ref();
    state.map(|state| state.name.clone())
}
