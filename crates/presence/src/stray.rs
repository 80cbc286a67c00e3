//! Commands taken back: one that is carried out all the same is made good (DESIGN P3).

use crate::effect::Effect;
use crate::engine::Engine;
use crate::event::{CommandId, CommandOutcome, Target};
use crate::saved::SavedIntent;
use crate::state::{Candidate, Intent, Stage, Stray};
use crate::time::Now;

/// Taken-back commands remembered.
const STRAYS_KEPT: usize = 8;

impl Engine {
    /// Takes back what is out for an intent. A partner may have begun it already, or be out of reach.
    pub(crate) fn take_back(&mut self, now: Now, intent: &Intent) {
        let late_ms = self.patience_ms();
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
        self.expect_no_echo(intent.target);
        let back = self.presence_without_held_as();
        self.remember_stray(Stray {
            command: Some(command),
            origin: intent.origin,
            target: intent.target,
            back,
            armed: intent.is_armed(),
            seen: false,
            until,
        });
    }

    /// Takes back what is out for an intent that goes on: until the console has been heard, nobody knows what it
    /// did, nor what the rep has chosen since.
    pub(crate) fn recall(&mut self, now: Now, intent: &mut Intent) {
        if intent.stage.command().is_some() {
            self.take_back(now, intent);
            intent.unheard = Some(now);
        }
    }

    pub(crate) fn remember_stray(&mut self, stray: Stray) {
        if self.state.strays.len() == STRAYS_KEPT {
            self.state.strays.remove(0);
        }
        self.state.strays.push(stray);
    }

    /// A console that was armed by an earlier run, or had begun to log out for it, does not know that it has
    /// died. Which wish that was for nobody remembers: it leads nowhere, unless a newer wish gives way to it.
    pub(crate) fn remember_earlier_run(&mut self, now: Now, intent: &SavedIntent) {
        self.remember_stray(Stray {
            command: None,
            origin: intent.origin,
            target: Target::Offline,
            back: None,
            armed: false,
            seen: false,
            until: now.plus(self.settings.timings.arm_ms),
        });
    }

    /// A new session ends what was armed, and its first snapshot comes after every older answer.
    pub(crate) fn forget_earlier_run(&mut self) {
        self.state.strays.retain(|stray| stray.command.is_some());
    }

    /// A command that had been taken back was answered.
    pub(crate) fn stray_answered(&mut self, now: Now, command: CommandId, outcome: CommandOutcome) {
        let found = self.state.strays.iter().position(|stray| match stray.command {
            Some(taken_back) => taken_back == command,
            None => command.run != self.run && outcome == CommandOutcome::Done,
        });
        let Some(stray) = found.map(|at| self.state.strays.remove(at)) else {
            return;
        };
        if outcome != CommandOutcome::Done || stray.seen {
            return;
        }
        // What it did was nobody's choice, so nothing leads back to that.
        let strays = self.state.strays.iter_mut();
        strays
            .filter(|other| other.back == Some(stray.target))
            .for_each(|other| other.back = stray.back);
        if self.presence_target() != Some(stray.target) {
            // Not seen yet; once it has been, the next change is somebody's own.
            self.expect_echo(now, stray.target);
        }
        // Rules may have spoken of what it did as if somebody had chosen it.
        self.state.sync.deferred = true;
        self.ask_snapshot(now);
        let back = stray.back.filter(|back| *back != stray.target);
        let good = back.map(|back| self.to_make_good(now, stray, back));
        let candidate = self.state.candidate.as_deref_mut();
        if let Some(Candidate {
            intent: Some(standing),
            previous,
            ..
        }) = candidate
        {
            standing.stands_against(stray.target);
            // If the disk refuses what is to stand.
            *previous = previous.take().or(good);
        } else if let Some(standing) = &mut self.state.intent {
            standing.stands_against(stray.target);
        } else if let Some(good) = good {
            self.note_stage(good.origin, good.target, &good.stage);
            self.state.intent = Some(good);
        }
    }

    fn to_make_good(&self, now: Now, stray: Stray, back: Target) -> Box<Intent> {
        let mut intent = self.new_intent(now, stray.origin, back);
        intent.insist = true;
        intent.makes_good = true;
        // Whoever was logged out by a command of ours is logged in again.
        intent.may_log_in |= stray.target == Target::Offline;
        intent
    }

    /// Presence is as somebody wishes, also if nothing had to be done for it.
    pub(crate) fn strays_must_not_undo(&mut self, wish: Target) {
        // What was taken back has done its work, or would only do it again.
        let strays = &mut self.state.strays;
        strays.retain(|stray| stray.target != wish || stray.command.is_some());
        let done = strays.iter_mut().filter(|stray| stray.target == wish);
        done.for_each(|stray| stray.seen = true);
        self.strays_lead_back_to(wish);
    }

    /// Presence has changed to `target`: for a command that seemed to have done its work already, it is the second
    /// time, and one of the two was somebody else's doing.
    pub(crate) fn strays_seen_again(&mut self, target: Target) {
        let strays = self.state.strays.iter_mut();
        let again = strays.filter(|stray| stray.target == target);
        again.for_each(|stray| stray.seen = false);
    }

    /// Taken-back commands that may still turn out to have made presence `target`. The page tells in order, so that
    /// what was armed has not while a work is open.
    pub(crate) fn strays_to(&self, target: Target) -> impl Iterator<Item = &Stray> {
        let works_are_open = !self.state.works.is_empty();
        let strays = self.state.strays.iter();
        strays.filter(move |stray| stray.target == target && !stray.seen && !(stray.armed && works_are_open))
    }

    /// A newer wish, fulfilled or made in Salesforce, is what a stray command must not undo; one to the same
    /// target may have made that change itself.
    pub(crate) fn strays_lead_back_to(&mut self, target: Target) {
        let works_are_open = !self.state.works.is_empty();
        for stray in self
            .state
            .strays
            .iter_mut()
            .filter(|stray| stray.target != target || (stray.armed && works_are_open))
        {
            stray.back = Some(target);
        }
    }

    /// A wish gave way to a change to `target` that a stray command may have made: if so, it comes back.
    pub(crate) fn stray_may_have_ended(&mut self, wish: Target, target: Target) {
        for stray in self
            .state
            .strays
            .iter_mut()
            .filter(|stray| stray.target == target)
        {
            stray.back = Some(wish);
        }
    }
}

impl Intent {
    /// A command that was taken back has made presence `target` all the same: what is wanted may have been right
    /// until this moment.
    fn stands_against(&mut self, target: Target) {
        let undone = self.target != target && matches!(self.target, Target::Status(_));
        self.insist |= undone;
        self.may_log_in |= undone && target == Target::Offline;
    }
}
