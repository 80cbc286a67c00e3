//! `hold_as`: a Busy status set at once while Offline is held in a call, so that no new work is routed.
//!
//! It is our own write: its echo is nobody's wish and cancels nothing. If the hold is cancelled or lapses,
//! presence goes back to the status before, unless somebody has chosen another one since.

use crate::effect::{ConsoleAction, Effect};
use crate::engine::Engine;
use crate::event::{CommandId, CommandOutcome, Origin, PresenceRow, Target};
use crate::guard::{Ask, Verdict};
use crate::ids::StatusId;
use crate::note::Note;
use crate::problem::ProblemCode;
use crate::rules::Destination;
use crate::saved::SavedHeldAs;
use crate::settings::GuardPolicy;
use crate::state::{HeldAs, HeldAsStage, Intent, PresenceValue, Stage, Stray};
use crate::time::Now;

impl HeldAs {
    /// What an earlier run left.
    pub(crate) fn restored(now: Now, saved: SavedHeldAs) -> Self {
        Self {
            status: saved.status,
            back: saved.back,
            row: saved.row,
            console: None,
            origin: Origin::Window,
            stage: HeldAsStage::Restored(now),
        }
    }
}

impl Engine {
    /// Sets the Busy status, and takes it back once nothing is held any more.
    pub(crate) fn settle_held_as(&mut self, now: Now) {
        self.recognise_held_as(now);
        // What is still on its way to the disk may come to nothing.
        if self.state.candidate.is_some() {
            return;
        }
        let standing = self.state.intent.as_ref();
        let Some(standing) = standing else {
            return self.end_held_as(now);
        };
        let held = matches!(standing.stage, Stage::Held { .. }) && !standing.restored;
        let held_now = held && standing.target == Target::Offline;
        let (origin, hold_stands) = (standing.origin, is_hold(standing));
        let allowed = hold_stands && self.guard_says(Ask::HoldAs) == Verdict::Go;
        match self.state.held_as.as_ref().map(|held_as| held_as.stage) {
            None if held_now && allowed => self.set_held_as(now, origin),
            // Set after the call it would close the wrap-up, or log the rep in again.
            Some(HeldAsStage::Sent(..)) if !allowed => self.withdraw_held_as(now),
            Some(HeldAsStage::Over) if !hold_stands => self.state.held_as = None,
            // Until the wish for another status has come true, it may be cancelled.
            None | Some(_) => {}
        }
    }

    fn recognise_held_as(&mut self, now: Now) {
        let patience_ms = self.patience_ms();
        let Some(held_as) = &mut self.state.held_as else {
            return;
        };
        let target = Target::Status(held_as.status);
        let is_so = self.state.presence.value.target() == Some(target);
        let console = self.state.console.as_ref().map(|console| console.id);
        let page_stays = console.is_some() && console == held_as.console;
        match held_as.stage {
            HeldAsStage::Recalled(_, until) if now.reached(until) && is_so => match page_stays {
                false => held_as.stage = HeldAsStage::Seen,
                // A page that has answered a later question would have told of it: it has not begun it.
                true if self.has_been_told_since(until) => {
                    self.held_as_was_not_set(now, target);
                }
                true => self.ask_snapshot(now),
            },
            HeldAsStage::Recalled(_, until) if now.reached(until) => self.look_for_held_as(now, until),
            HeldAsStage::Written(at) if !is_so && now.reached(at.plus(patience_ms)) => {
                self.look_for_held_as(now, at.plus(patience_ms));
            }
            HeldAsStage::Restored(_) if is_so => held_as.stage = HeldAsStage::Seen,
            HeldAsStage::Restored(since) if self.state.presence.value != PresenceValue::Unknown => {
                let console = self.state.console.as_ref();
                let told_all = console.is_some_and(|console| console.snapshot.is_some());
                // It was never carried out, or somebody has chosen since. A page tells what it has kept first, its
                // being set among it.
                if told_all || now.reached(since.plus(self.settings.timings.console_stale_ms)) {
                    self.state.held_as = None;
                }
            }
            HeldAsStage::Sent(_, sent) | HeldAsStage::Written(sent) if is_so => {
                held_as.stage = HeldAsStage::Seen;
                let state = self.label(self.present());
                self.note(Note::Confirmed {
                    side: Destination::Salesforce,
                    state,
                    after_ms: now.since(sent),
                });
            }
            HeldAsStage::Over
            | HeldAsStage::Recalled(..)
            | HeldAsStage::Restored(_)
            | HeldAsStage::Seen
            | HeldAsStage::Sent(..)
            | HeldAsStage::Written(_) => {}
        }
    }

    /// It should have shown by `until`: where whoever knows has been asked since, it was never carried out.
    fn look_for_held_as(&mut self, now: Now, until: Now) {
        if self.has_been_told_since(until) {
            self.state.held_as = None;
        } else {
            self.ask_snapshot(now);
        }
    }

    /// The page, or the org where there is none, has answered a question of that time or later. A page answers in
    /// order, so that nothing of before is to come.
    fn has_been_told_since(&self, then: Now) -> bool {
        let asked = match &self.state.console {
            Some(console) => console.snapshot,
            None => self.state.reading.answered,
        };
        asked.is_some_and(|asked| asked.reached(then))
    }

    fn present(&self) -> Target {
        self.presence_target().unwrap_or(Target::Offline)
    }

    fn set_held_as(&mut self, now: Now, origin: Origin) {
        let PresenceValue::Status(back) = self.state.presence.value else {
            return;
        };
        let online = self.status(back).is_some_and(|status| status.online);
        let queues = self.settings.policy.guard == GuardPolicy::Queue;
        let Some(status) = self.hold_as_status().filter(|_| online && queues) else {
            return;
        };
        if !self.console_can_write() {
            return;
        }
        let action = ConsoleAction::SetStatus {
            status,
            log_in: false,
        };
        let Some(command) = self.command(self.settings.timings.command_expiry_ms, action) else {
            return;
        };
        self.expect_echo(now, Target::Status(status));
        self.note_sent(Target::Status(status), command, 1);
        self.state.held_as = Some(Box::new(HeldAs {
            status,
            back,
            row: None,
            console: self.state.console.as_ref().map(|console| console.id),
            origin,
            stage: HeldAsStage::Sent(command, now),
        }));
    }

    /// Nothing is wished for any more: presence goes back. What is not seen yet is remembered until it is, on
    /// disk too: whoever cancels twice, or meets a crash in between, must not stay in it.
    fn end_held_as(&mut self, now: Now) {
        let Some(held_as) = self.state.held_as.as_deref().copied() else {
            return;
        };
        match held_as.stage {
            // Once it is known what became of it.
            HeldAsStage::Recalled(..) | HeldAsStage::Restored(_) | HeldAsStage::Written(_) => return,
            HeldAsStage::Over => return self.state.held_as = None,
            HeldAsStage::Seen => {}
            HeldAsStage::Sent(..) => return self.withdraw_held_as(now),
        }
        // A rule's wish would not be kept on disk; going back follows from the rep's own cancelling.
        let origin = match held_as.origin {
            Origin::Rule => Origin::Window,
            origin => origin,
        };
        let mut back = self.new_intent(now, origin, Target::Status(held_as.back));
        back.may_log_in = false;
        self.note_stage(origin, back.target, &back.stage);
        self.state.intent = Some(back);
    }

    /// Presence is as somebody wishes: a Busy status is that wish now, or has been left.
    pub(crate) fn held_as_overtaken(&mut self, wish: Target) {
        self.state.held_as.take_if(|held_as| {
            let written = matches!(held_as.stage, HeldAsStage::Written(_));
            Target::Status(held_as.status) == wish || (written && Target::Status(held_as.back) == wish)
        });
    }

    /// The rep is logged out of Omni-Channel: there is nothing to hold the place of.
    pub(crate) fn held_as_logged_out(&mut self) {
        if let Some(held_as) = &mut self.state.held_as {
            held_as.stage = HeldAsStage::Over;
        }
    }

    /// The partner may have begun it: then its answer says so, or presence does.
    fn withdraw_held_as(&mut self, now: Now) {
        let until = now.plus(self.patience_ms());
        let Some(held_as) = &mut self.state.held_as else {
            return;
        };
        let HeldAsStage::Sent(command, _) = held_as.stage else {
            return;
        };
        held_as.stage = HeldAsStage::Recalled(command, until);
        let status = held_as.status;
        self.effects.push_back(Effect::Withdraw { command });
        self.expect_no_echo(Target::Status(status));
    }

    /// When what was taken back, or what an earlier run sent, should have shown if it was carried out.
    pub(crate) fn held_as_shows_by(&self) -> Option<Now> {
        match self.state.held_as.as_ref()?.stage {
            HeldAsStage::Recalled(_, until) => Some(until),
            HeldAsStage::Written(at) => Some(at.plus(self.patience_ms())),
            HeldAsStage::Restored(since) => Some(since.plus(self.settings.timings.console_stale_ms)),
            HeldAsStage::Over | HeldAsStage::Seen | HeldAsStage::Sent(..) => None,
        }
    }

    /// It has been sent and not been seen: when it shows, however late, it is nobody's choice. Its answer may have
    /// been lost with the page.
    pub(crate) fn held_as_is_awaited(&self, target: Target) -> bool {
        let held_as = self.state.held_as.as_ref();
        held_as.is_some_and(|held_as| match held_as.stage {
            HeldAsStage::Recalled(..)
            | HeldAsStage::Restored(_)
            | HeldAsStage::Sent(..)
            | HeldAsStage::Written(_) => Target::Status(held_as.status) == target,
            HeldAsStage::Over | HeldAsStage::Seen => false,
        })
    }

    /// Presence has changed to something else.
    pub(crate) fn held_as_seen_over(&mut self, now: Now, target: Target) {
        let hold_stands = self.hold_stands();
        let Some(held_as) = &mut self.state.held_as else {
            return;
        };
        if target == Target::Status(held_as.status) {
            return;
        }
        match (held_as.stage, target) {
            // Chosen in the very moment: that is where the way back leads to.
            (HeldAsStage::Sent(..), Target::Status(chosen)) => {
                held_as.back = chosen;
                if !hold_stands {
                    self.withdraw_held_as(now);
                }
            }
            (HeldAsStage::Recalled(..), Target::Status(chosen)) => held_as.back = chosen,
            (HeldAsStage::Written(_), Target::Status(chosen)) if hold_stands => held_as.back = chosen,
            (HeldAsStage::Recalled(..) | HeldAsStage::Sent(..), _) => {
                self.withdraw_held_as(now);
                self.held_as_must_not_log_in();
            }
            (HeldAsStage::Written(_), Target::Offline) => {
                held_as.stage = HeldAsStage::Over;
                self.log_out_after_all(now);
            }
            (HeldAsStage::Seen | HeldAsStage::Written(_), _) => held_as.stage = HeldAsStage::Over,
            (HeldAsStage::Over | HeldAsStage::Restored(_), _) => {}
        }
    }

    /// The rep has logged out while it is on its way: if it is set all the same, the logout is the newer wish
    /// (`stray.rs`).
    fn held_as_must_not_log_in(&mut self) {
        let Some(held_as) = &mut self.state.held_as else {
            return;
        };
        let HeldAsStage::Recalled(command, until) = held_as.stage else {
            return;
        };
        held_as.stage = HeldAsStage::Over;
        let (status, origin) = (held_as.status, held_as.origin);
        self.remember_stray(Stray {
            command: Some(command),
            origin,
            target: Target::Status(status),
            back: Some(Target::Offline),
            armed: false,
            seen: false,
            until,
        });
    }

    /// Somebody has logged the rep out, and the Busy status that was set in the same moment logs them in again
    /// (`setServicePresenceStatus` does): the logout is the newer wish.
    fn log_out_after_all(&mut self, now: Now) {
        match &mut self.state.intent {
            Some(intent) => intent.insist |= intent.target == Target::Offline,
            None => {
                let mut intent = self.new_intent(now, Origin::Window, Target::Offline);
                intent.insist = true;
                self.state.intent = Some(intent);
            }
        }
    }

    /// The presence as a target; where it is only the status set for a hold, the one before it.
    pub(crate) fn presence_without_held_as(&self) -> Option<Target> {
        let present = self.presence_target();
        let held_as = self.state.held_as.as_deref();
        let stands_in = held_as.filter(|held_as| {
            held_as.stage != HeldAsStage::Over && present == Some(Target::Status(held_as.status))
        });
        stands_in.map_or(present, |held_as| Some(Target::Status(held_as.back)))
    }

    fn hold_stands(&self) -> bool {
        let candidate = self.state.candidate.as_deref();
        let candidates = candidate
            .into_iter()
            .flat_map(|c| c.intent.iter().chain(&c.previous));
        self.state
            .intent
            .iter()
            .chain(candidates)
            .any(|intent| is_hold(intent))
    }

    pub(crate) fn held_as_answered(&mut self, now: Now, command: CommandId, outcome: CommandOutcome) {
        let Some(held_as) = &mut self.state.held_as else {
            return;
        };
        let recalled = match held_as.stage {
            HeldAsStage::Recalled(sent, _) if sent == command => true,
            HeldAsStage::Sent(sent, _) if sent == command => false,
            _ => return,
        };
        let target = Target::Status(held_as.status);
        match outcome {
            CommandOutcome::Done => {
                held_as.stage = HeldAsStage::Written(now);
                self.ask_snapshot(now);
            }
            CommandOutcome::CallActive
            | CommandOutcome::Expired
            | CommandOutcome::Failed
            | CommandOutcome::LoggedOut => {
                // The hold goes on without.
                held_as.stage = HeldAsStage::Over;
                self.expect_no_echo(target);
                if recalled {
                    self.held_as_was_not_set(now, target);
                }
            }
        }
    }

    /// What was taken back has not been begun. If presence is that status, somebody has chosen it.
    fn held_as_was_not_set(&mut self, now: Now, target: Target) {
        self.state.held_as = None;
        if self.presence_target() == Some(target) {
            self.chosen_elsewhere(now, target, false);
        }
    }

    /// The org has told the row of the present presence.
    pub(crate) fn note_held_as_row(&mut self, presence: PresenceRow) {
        if let Some(held_as) = &mut self.state.held_as
            && presence.status == Some(held_as.status)
        {
            held_as.row = held_as.row.or(presence.row);
        }
    }

    /// A presence that Holdline itself has set for the hold is no newer wish.
    pub(crate) fn is_held_as(&self, presence: PresenceRow) -> bool {
        self.state.held_as.as_ref().is_some_and(|held_as| {
            let other_row = held_as.row.is_some() && presence.row.is_some() && held_as.row != presence.row;
            presence.status == Some(held_as.status) && !other_row
        })
    }

    pub(crate) fn held_as_to_save(&self) -> Option<SavedHeldAs> {
        let held_as = self.state.held_as.as_ref()?;
        (held_as.stage != HeldAsStage::Over).then_some(SavedHeldAs {
            status: held_as.status,
            back: held_as.back,
            row: held_as.row,
        })
    }

    /// Once it is seen.
    pub(crate) fn held_as_label(&self) -> Option<String> {
        let held_as = self.state.held_as.as_ref()?;
        (held_as.stage == HeldAsStage::Seen).then(|| self.label(Target::Status(held_as.status)))
    }

    /// The org's statuses are known: is one of them what the settings name?
    pub(crate) fn check_hold_as(&mut self) {
        let name = self.settings.hold_as.clone();
        match name.filter(|_| !self.catalogue.statuses.is_empty()) {
            Some(name) if self.hold_as_status().is_none() => self.raise(ProblemCode::HoldAsUnknown, name),
            Some(_) | None => self.clear(ProblemCode::HoldAsUnknown),
        }
    }

    /// By developer name, which is the org's own; else by the label that the rep sees.
    fn hold_as_status(&self) -> Option<StatusId> {
        let name = self.settings.hold_as.as_ref()?;
        let busy = || self.catalogue.statuses.iter().filter(|status| !status.online);
        let by_developer_name = busy().find(|status| status.developer_name.as_ref() == Some(name));
        let found = by_developer_name.or_else(|| busy().find(|status| status.label == *name));
        found.map(|status| status.id)
    }
}

/// Another wish that is held in the place of the Offline may be cancelled, too.
fn is_hold(intent: &Intent) -> bool {
    intent.target == Target::Offline || matches!(intent.stage, Stage::Held { .. })
}
