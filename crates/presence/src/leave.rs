//! Leaving: quitting and signing out would leave a call unguarded, so both go through the guard. They are
//! done here and not at a console.

use crate::effect::{Answer, Effect, HoldReason, NoticeCode, RefusalReason};
use crate::engine::Engine;
use crate::event::Target;
use crate::state::Stage;
use crate::time::Now;

impl Engine {
    /// Leaving does not wait for the disk when the guard has nothing against it: there is nothing to hold.
    /// And with no evidence at all, asking a second time is the rep's own word that there is no call: leaving
    /// writes no presence.
    pub(crate) fn may_leave_at_once(&self, target: Target) -> bool {
        if !matches!(target, Target::Quit | Target::SignOut | Target::Restart) {
            return false;
        }
        let asked_before = self.state.intent.as_ref().is_some_and(|intent| {
            intent.target == target
                && matches!(
                    intent.stage,
                    Stage::Held {
                        reason: HoldReason::NoEvidence,
                        ..
                    }
                )
        });
        let on_the_line = self.state.has_live_contact();
        self.reason_to_hold(target).is_none() || (!on_the_line && (asked_before || !self.state.signed_in()))
    }

    /// A held wish to leave is free to go.
    pub(crate) fn leave_if_free(&mut self, now: Now) {
        let free = |intent: &crate::state::Intent| matches!(intent.stage, Stage::Applying { .. });
        let target = self
            .state
            .intent
            .as_ref()
            .filter(|intent| free(intent))
            .map(|intent| intent.target);
        if let Some(target @ (Target::Quit | Target::SignOut | Target::Restart)) = target {
            self.leave(now, target);
        }
    }

    pub(crate) fn leave(&mut self, now: Now, target: Target) {
        // A wish that was restored waits on the disk for its session.
        if self.state.signed_in() {
            if let Some(ticket) = self.state.candidate.take().and_then(|candidate| candidate.ticket) {
                self.answer(ticket, Answer::Refused(RefusalReason::Replaced));
            }
            if let Some(intent) = self.state.intent.take() {
                self.take_back(now, &intent);
            }
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
                self.notify(NoticeCode::Lapsed, self.label(intent.target));
            }
        }
    }
}
