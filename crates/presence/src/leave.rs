//! Leaving: quitting, restarting and signing out would leave a call unguarded, so they go through the guard.
//! They are done here and not at a console.

use crate::effect::{Answer, Effect, HoldReason, NoticeCode, RefusalReason};
use crate::engine::Engine;
use crate::event::{Origin, Target};
use crate::guard::{Ask, Verdict};
use crate::note::HoldEnd;
use crate::state::{Intent, Stage};
use crate::time::Now;

impl Engine {
    /// Leaving does not wait for the disk when the guard has nothing against it: there is nothing to hold.
    /// And with no evidence at all, asking a second time is the rep's own word that there is no call: leaving
    /// writes no presence. An updater or a shutdown that asks twice knows no more than at first.
    pub(crate) fn may_leave_at_once(&self, origin: Origin, target: Target) -> bool {
        if !is_leaving(target) {
            return false;
        }
        let asked_before = self.state.intent.as_ref().is_some_and(|intent| {
            intent.target == target
                && origin.is_reps_own()
                && intent.origin.is_reps_own()
                && matches!(
                    intent.stage,
                    Stage::Held {
                        reason: HoldReason::NoEvidence,
                        ..
                    }
                )
        });
        let ask = if asked_before || !self.state.signed_in() {
            Ask::LeaveAgain
        } else {
            Ask::Leave
        };
        !matches!(self.guard_says(ask), Verdict::Hold(_))
    }

    /// A held wish to leave is free to go.
    pub(crate) fn leave_if_free(&mut self, now: Now) {
        let free = |intent: &Intent| matches!(intent.stage, Stage::Applying { .. });
        let leaving = |intent: &Intent| is_leaving(intent.target) && free(intent);
        if let Some(intent) = self.state.intent.take_if(|intent| leaving(intent)) {
            if intent.was_held {
                self.hold_ended(intent.target, HoldEnd::Applied);
            }
            self.leave(now, intent.origin, intent.target);
        }
    }

    pub(crate) fn leave(&mut self, now: Now, origin: Origin, target: Target) {
        // What the rep wishes for is not over because Holdline starts again, or the machine does: it stays on
        // the disk. So does a wish that was restored and waits for its session.
        let goes_on = target == Target::Restart || !origin.is_reps_own();
        if self.state.signed_in() && !goes_on {
            if let Some(ticket) = self.state.candidate.take().and_then(|candidate| candidate.ticket) {
                self.answer(ticket, Answer::Refused(RefusalReason::Replaced));
            }
            if let Some(intent) = self.state.intent.take() {
                self.take_back(now, &intent);
                if intent.was_held {
                    self.hold_ended(intent.target, HoldEnd::Replaced);
                }
            }
            self.state.held_as = None;
            // The last wish is to leave, and presence is left as it is.
            self.state.strays.clear();
        }
        match target {
            Target::Quit => self.effects.push_back(Effect::Quit),
            Target::SignOut => self.effects.push_back(Effect::SignOut),
            Target::Restart => self.effects.push_back(Effect::Restart),
            Target::CloseWork(_) | Target::Offline | Target::Status(_) => {}
        }
    }

    /// A wish of a session that is over is told, never carried into the next.
    pub(crate) fn drop_intent(&mut self, now: Now) {
        if let Some(ticket) = self.state.candidate.take().and_then(|candidate| candidate.ticket) {
            self.answer(ticket, Answer::Refused(RefusalReason::NotSignedIn));
        }
        if let Some(intent) = self.state.intent.take() {
            self.take_back(now, &intent);
            if intent.was_held {
                self.hold_ended(intent.target, HoldEnd::Lapsed);
                self.notify(NoticeCode::Lapsed, self.label(intent.target));
            }
        }
    }
}

/// Done at Holdline itself.
pub(crate) fn is_leaving(target: Target) -> bool {
    match target {
        Target::Quit | Target::Restart | Target::SignOut => true,
        Target::CloseWork(_) | Target::Offline | Target::Status(_) => false,
    }
}
