//! Commands taken back: one that is carried out all the same is made good (DESIGN P3).

use crate::effect::Effect;
use crate::engine::Engine;
use crate::event::{CommandId, CommandOutcome, Target};
use crate::state::{Intent, PresenceValue, Stage, Stray};
use crate::time::Now;

/// Taken-back commands remembered.
const STRAYS_KEPT: usize = 8;

impl Engine {
    /// Takes back what is out for an intent. A partner may have begun it already, or be out of reach.
    pub(crate) fn take_back(&mut self, now: Now, intent: &Intent) {
        let timings = &self.settings.timings;
        let late_ms = timings.command_expiry_ms + timings.confirm_ms;
        let (command, until) = match intent.stage {
            Stage::Applying {
                sent: Some((command, _)),
            } => (command, now.plus(late_ms)),
            Stage::Held {
                armed: Some((command, until)),
                ..
            } => (command, until.plus(late_ms)),
            Stage::Applying { sent: None } | Stage::Held { armed: None, .. } => return,
        };
        self.effects.push_back(Effect::Withdraw { command });
        if self.state.strays.len() == STRAYS_KEPT {
            self.state.strays.remove(0);
        }
        let back = match self.state.presence.value {
            PresenceValue::Status(id) => Some(id),
            PresenceValue::LoggedOut | PresenceValue::Unknown => None,
        };
        self.state.strays.push(Stray {
            command,
            origin: intent.origin,
            target: intent.target,
            back,
            until,
        });
    }

    /// A command that had been taken back was answered.
    pub(crate) fn stray_answered(&mut self, now: Now, command: CommandId, outcome: CommandOutcome) {
        let found = self
            .state
            .strays
            .iter()
            .position(|stray| stray.command == command);
        let Some(stray) = found.map(|at| self.state.strays.remove(at)) else {
            return;
        };
        if outcome != CommandOutcome::Done {
            return;
        }
        self.expect_echo(now, stray.target);
        self.ask_snapshot(now);
        let candidate = self
            .state
            .candidate
            .as_mut()
            .and_then(|candidate| candidate.intent.as_mut());
        if let Some(standing) = candidate.or(self.state.intent.as_mut()) {
            // What is wanted now may have been right until this moment.
            standing.insist |=
                standing.target != stray.target && matches!(standing.target, Target::Status(_));
        } else if let Some(back) = stray.back.filter(|back| stray.target != Target::Status(*back)) {
            let mut intent = self.new_intent(now, stray.origin, Target::Status(back));
            intent.insist = true;
            self.state.intent = Some(intent);
        }
    }
}
