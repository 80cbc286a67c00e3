//! The notes that guard and intent take down (DESIGN P8).

use crate::effect::HoldReason;
use crate::engine::Engine;
use crate::event::{CommandId, Origin, Target};
use crate::note::{Guarding, HoldEnd, Note};
use crate::rules::Destination;
use crate::state::Stage;

impl Engine {
    pub(crate) fn note_guarded(
        &mut self,
        origin: Origin,
        target: Target,
        reason: Option<HoldReason>,
        how: Guarding,
    ) {
        let phase = self.state.call.phase;
        self.note(Note::Guarded {
            origin,
            target,
            phase,
            reason,
            how,
        });
    }

    /// What the guard made of a request that has just become the intent.
    pub(crate) fn note_stage(&mut self, origin: Origin, target: Target, stage: &Stage) {
        match stage {
            Stage::Applying { .. } => self.note_guarded(origin, target, None, Guarding::LetThrough),
            Stage::Held { reason, .. } => self.note_guarded(origin, target, Some(*reason), Guarding::Held),
        }
    }

    /// What the guard would have made of it.
    pub(crate) fn note_observed(&mut self, origin: Origin, target: Target, reason: Option<HoldReason>) {
        let how = match reason {
            Some(_) => Guarding::WouldHold,
            None => Guarding::LetThrough,
        };
        self.note_guarded(origin, target, reason, how);
    }

    pub(crate) fn note_sent(&mut self, target: Target, command: CommandId, attempt: u32) {
        let state = self.label(target);
        self.note(Note::Sent {
            side: Destination::Salesforce,
            state,
            command,
            attempt,
            enqueue: false,
        });
    }

    pub(crate) fn hold_ended(&mut self, target: Target, how: HoldEnd) {
        self.note(Note::HoldEnded { target, how });
    }
}
