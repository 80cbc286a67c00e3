//! The intent's life: held while the guard says so, then applied, confirmed by reading back, tried again.

use crate::effect::{ConsoleAction, HoldReason, NoticeCode};
use crate::engine::Engine;
use crate::event::{CommandId, CommandOutcome, Origin, Target};
use crate::guard::{Ask, Verdict};
use crate::ids::WorkId;
use crate::note::{Guarding, HoldEnd, Note};
use crate::picture::CallPhase;
use crate::problem::ProblemCode;
use crate::rules::Destination;
use crate::state::{Intent, PresenceValue, Stage, Work};
use crate::time::Now;

/// Attempts after which the rep is told that Salesforce does not confirm.
const TELL_AFTER_ATTEMPTS: u32 = 2;

/// Works remembered for a hold; the oldest are over long before there are so many.
const WORKS_KEPT: usize = 16;

impl Engine {
    /// Decides what becomes of the intent now.
    pub(crate) fn settle_intent(&mut self, now: Now) {
        self.lapse_if_observing();
        self.check_restored_without_org(now);
        self.settle_held_as(now);
        let Some(mut intent) = self.state.intent.take() else {
            return;
        };
        let signed_in = self.state.signed_in();
        intent
            .awaits_phone
            .take_if(|until| signed_in && now.reached(*until));
        if self.presence_target() == Some(intent.target) && !intent.insist {
            return self.intent_reached(now, &intent);
        }
        if self.state.presence.value == PresenceValue::LoggedOut && intent.must_not_log_in() {
            return self.rep_has_logged_out(now, &intent);
        }
        match self.reason_to_hold(intent.target) {
            Some(reason) => self.keep_held(now, &mut intent, reason),
            // Nothing is decided for an old wish before the org has been asked.
            None if intent.restored || intent.awaits_phone.is_some() => {}
            None => self.apply(now, &mut intent),
        }
        self.state.intent = Some(intent);
        self.leave_if_free(now);
    }

    fn intent_reached(&mut self, now: Now, intent: &Intent) {
        let since = match intent.stage {
            // Or it was the doing of a write that had been taken back.
            Stage::Applying { sent } => sent.map(|(_, since)| since).or(intent.unheard),
            // The partner logged out by itself, when the last work was closed.
            Stage::Held { armed, .. } => armed.and(self.state.call.ended),
        };
        if let Some(since) = since {
            let state = self.label(intent.target);
            self.note(Note::Confirmed {
                side: Destination::Salesforce,
                state,
                after_ms: now.since(since),
            });
        }
        let held_as = self.state.held_as.as_ref();
        let stood_in = held_as.is_some_and(|held_as| Target::Status(held_as.status) == intent.target);
        self.sync_wish_fulfilled(now, intent, stood_in);
        self.take_back(now, intent);
        self.strays_must_not_undo(intent.target);
        self.held_as_overtaken(intent.target);
        self.clear(ProblemCode::WriteNotConfirmed);
        self.clear(ProblemCode::AnotherCall);
        if intent.was_held {
            self.hold_ended(intent.target, HoldEnd::Applied);
            self.notify(NoticeCode::Applied, self.label(intent.target));
        }
    }

    /// A status that only the rep themselves may log in for: the logout is the newer wish, unless a command of
    /// ours that was taken back has made it.
    fn rep_has_logged_out(&mut self, now: Now, intent: &Intent) {
        self.stray_may_have_ended(intent.target, Target::Offline);
        self.take_back(now, intent);
        self.clear(ProblemCode::WriteNotConfirmed);
        self.clear(ProblemCode::AnotherCall);
        self.held_as_logged_out();
        self.hold_ended(intent.target, HoldEnd::Replaced);
        if intent.was_held {
            self.notify(NoticeCode::Cancelled, self.label(intent.target));
        }
    }

    fn keep_held(&mut self, now: Now, intent: &mut Intent, reason: HoldReason) {
        if self.is_another_call(intent) {
            self.tell_of_another_call(intent.target);
        }
        self.note_works(&mut intent.works);
        if let Stage::Applying { .. } = intent.stage {
            // A call has begun before the write was confirmed.
            self.recall(now, intent);
            intent.stage = Stage::held(reason);
            intent.ask_at = intent.ask_at.or(self.ask_at(now, now.wall_ms));
            self.note_guarded(intent.origin, intent.target, Some(reason), Guarding::Held);
            if !intent.was_held {
                intent.was_held = true;
                self.notify(NoticeCode::Held, self.label(intent.target));
            }
        }
        let Stage::Held {
            armed,
            rearm,
            failures,
            ..
        } = intent.stage
        else {
            return;
        };
        let unsafe_to_arm = self.guard_says(Ask::Arm) != Verdict::Go;
        let armed = if armed.is_some_and(|(_, until)| now.reached(until) || unsafe_to_arm) {
            self.recall(now, intent);
            None
        } else {
            armed
        };
        let may_arm = intent.target == Target::Offline
            && !intent.restored
            && intent.awaits_phone.is_none()
            && intent.unheard.is_none()
            && !unsafe_to_arm
            && !self.state.works.is_empty()
            && self.state.console_is_fresh(now, &self.settings.timings)
            && rearm.is_none_or(|at| now.reached(at));
        let armed = armed.or_else(|| if may_arm { self.arm(now) } else { None });
        intent.stage = Stage::Held {
            reason,
            armed,
            failures,
            rearm: rearm.filter(|at| !now.reached(*at)),
        };
    }

    fn arm(&mut self, now: Now) -> Option<(CommandId, Now)> {
        let arm_ms = self.settings.timings.arm_ms;
        let voice_prefixes = self.voice_prefixes();
        let command = self.command(arm_ms, ConsoleAction::Arm { voice_prefixes })?;
        Some((command, now.plus(arm_ms)))
    }

    /// Every call that the wish waited for is over, and there is another one.
    fn is_another_call(&self, intent: &Intent) -> bool {
        let works = &self.state.works;
        let waited_for = |work: &Work| intent.works.contains(&work.id);
        intent.was_held && !intent.works.is_empty() && !works.is_empty() && !works.iter().any(waited_for)
    }

    fn note_works(&self, known: &mut Vec<WorkId>) {
        for work in &self.state.works {
            if !known.contains(&work.id) {
                if known.len() == WORKS_KEPT {
                    known.remove(0);
                }
                known.push(work.id);
            }
        }
    }

    fn apply(&mut self, now: Now, intent: &mut Intent) {
        if let Stage::Held { armed, .. } = intent.stage {
            if armed.is_some() && self.armed_may_still_fire(now) {
                return;
            }
            self.recall(now, intent);
            intent.stage = Stage::applying();
            self.note_stage(intent.origin, intent.target, &intent.stage);
        }
        let Stage::Applying { sent } = intent.stage else {
            return;
        };
        if let Some((_, since)) = sent {
            if now.since(since) >= self.settings.timings.confirm_ms {
                // Not confirmed: take it back, read what is true, and decide again.
                self.recall(now, intent);
                self.postpone(now, intent);
            }
        } else if intent.retry.is_none_or(|at| now.reached(at)) {
            if intent.unheard.is_some() {
                return self.look_again(now, intent);
            }
            intent.retry = None;
            if let Some(command) = self.write(now, intent) {
                intent.attempts = intent.attempts.saturating_add(1);
                self.note_sent(intent.target, command, intent.attempts);
                intent.stage = Stage::Applying {
                    sent: Some((command, now)),
                };
            }
        }
    }

    /// Still unheard (`settle_console` asks): as much a failure as a write that is not confirmed.
    fn look_again(&mut self, now: Now, intent: &mut Intent) {
        if intent.retry.take().is_some() {
            intent.attempts = intent.attempts.saturating_add(1);
        }
        self.postpone(now, intent);
    }

    /// The console was heard: what a write taken back has done, and what was chosen since, is known now.
    pub(crate) fn intent_heard(&mut self, asked: Now) {
        let Some(intent) = self.state.intent.as_mut() else {
            return;
        };
        if intent
            .unheard
            .take_if(|since| asked.mono_ms >= since.mono_ms)
            .is_some()
            && intent.attempts == 0
        {
            // No write has failed that a pause should follow.
            intent.retry = None;
        }
    }

    /// The last work has just been closed, so the partner is logging out by itself at this moment; a logout
    /// sent now would be a second write. In wrap-up it does nothing yet: there it is disarmed instead.
    fn armed_may_still_fire(&self, now: Now) -> bool {
        self.armed_grace_ends().is_some_and(|at| !now.reached(at))
    }

    pub(crate) fn armed_grace_ends(&self) -> Option<Now> {
        let idle = self.state.call.phase == CallPhase::Idle;
        let ended = self.state.call.ended.filter(|_| idle)?;
        Some(ended.plus(self.settings.timings.armed_grace_ms))
    }

    /// Sends the write for a target; `None` while there is nobody to send it to.
    fn write(&mut self, now: Now, intent: &Intent) -> Option<CommandId> {
        let target = intent.target;
        let action = match target {
            Target::Offline => ConsoleAction::Logout {
                voice_prefixes: self.voice_prefixes(),
                wrapping_up: self.state.wrapping_up(),
            },
            Target::Status(status) if self.state.presence.value == PresenceValue::LoggedOut => {
                ConsoleAction::Login { status }
            }
            Target::Status(status) => ConsoleAction::SetStatus {
                status,
                log_in: intent.may_log_in,
            },
            Target::CloseWork(_) | Target::Quit | Target::SignOut | Target::Restart => return None,
        };
        if !self.console_can_write() {
            return None;
        }
        let command = self.command(self.settings.timings.command_expiry_ms, action)?;
        self.expect_echo(now, target);
        Some(command)
    }

    /// A partner that has not told its state yet would be written to blindly.
    pub(crate) fn console_can_write(&self) -> bool {
        let console = self.state.console.as_ref();
        console.is_some_and(|console| console.snapshot.is_some())
    }

    fn postpone(&mut self, now: Now, intent: &mut Intent) {
        let pause_ms = self.backoff_ms(intent.attempts);
        intent.stage = Stage::applying();
        intent.retry = Some(now.plus(pause_ms));
        let told = self.state.problems.contains_key(&ProblemCode::WriteNotConfirmed);
        if intent.attempts >= TELL_AFTER_ATTEMPTS && !told {
            let label = self.label(intent.target);
            self.raise(ProblemCode::WriteNotConfirmed, label.clone());
            self.notify(NoticeCode::Failed, label);
        }
    }

    pub(crate) fn backoff_ms(&self, attempts: u32) -> u64 {
        let timings = &self.settings.timings;
        let doubled = timings
            .retry_first_ms
            .saturating_mul(1 << attempts.saturating_sub(1).min(16));
        doubled.min(timings.retry_max_ms)
    }

    pub(crate) fn command_answered(&mut self, now: Now, command: CommandId, outcome: CommandOutcome) {
        self.snapshot_answered(now, command, outcome);
        self.stray_answered(now, command, outcome);
        self.held_as_answered(now, command, outcome);
        self.closing_answered(now, command, outcome);
        self.work_answered(command, outcome);
        let Some(mut intent) = self.state.intent.take() else {
            return;
        };
        match &mut intent.stage {
            Stage::Applying {
                sent: Some((sent, _)),
            } if *sent == command => match outcome {
                // The toolkit's yes is not yet the truth: that comes by reading back.
                CommandOutcome::Done => {
                    intent.insist = false;
                    self.ask_snapshot(now);
                }
                CommandOutcome::CallActive => {
                    self.expect_no_echo(intent.target);
                    self.postpone(now, &mut intent);
                    self.another_call(now, intent.target);
                }
                CommandOutcome::LoggedOut if intent.must_not_log_in() => {
                    self.expect_no_echo(intent.target);
                    self.ask_snapshot(now);
                    intent.stage = Stage::applying();
                    return self.rep_has_logged_out(now, &intent);
                }
                CommandOutcome::Expired | CommandOutcome::Failed | CommandOutcome::LoggedOut => {
                    self.expect_no_echo(intent.target);
                    self.ask_snapshot(now);
                    self.postpone(now, &mut intent);
                }
            },
            Stage::Held {
                armed,
                failures,
                rearm,
                ..
            } if armed.is_some_and(|(armed, _)| armed == command) => {
                *armed = None;
                match outcome {
                    CommandOutcome::Done => {
                        // It has logged out: wait for the sight of it like after a command of ours.
                        self.expect_echo(now, intent.target);
                        self.ask_snapshot(now);
                        intent.attempts = intent.attempts.saturating_add(1);
                        self.note_sent(intent.target, command, intent.attempts);
                        intent.stage = Stage::Applying {
                            sent: Some((command, now)),
                        };
                    }
                    CommandOutcome::CallActive => self.another_call(now, intent.target),
                    CommandOutcome::Expired | CommandOutcome::Failed | CommandOutcome::LoggedOut => {
                        *failures = failures.saturating_add(1);
                        *rearm = Some(now.plus(self.backoff_ms(*failures)));
                    }
                }
            }
            Stage::Applying { .. } | Stage::Held { .. } => {}
        }
        self.state.intent = Some(intent);
    }

    /// The page saw a call that we had not seen: what we believe is wrong. Tell the rep, and look again.
    fn another_call(&mut self, now: Now, target: Target) {
        self.tell_of_another_call(target);
        self.doubt_evidence(now);
    }

    fn tell_of_another_call(&mut self, target: Target) {
        if !self.state.problems.contains_key(&ProblemCode::AnotherCall) {
            let label = self.label(target);
            self.raise(ProblemCode::AnotherCall, label.clone());
            self.notify(NoticeCode::AnotherCall, label);
        }
    }
}

impl Intent {
    pub(crate) fn is_armed(&self) -> bool {
        matches!(self.stage, Stage::Held { armed: Some(_), .. })
    }

    /// The phone follows it when it comes true: it is no rule's, or makes good what has led the phone astray.
    pub(crate) fn leads(&self) -> bool {
        self.origin != Origin::Rule || self.makes_good
    }

    fn must_not_log_in(&self) -> bool {
        matches!(self.target, Target::Status(_)) && !self.may_log_in
    }
}

impl Stage {
    /// What is out for it at the console.
    pub(crate) fn command(&self) -> Option<CommandId> {
        match self {
            Self::Applying { sent } => sent.map(|(command, _)| command),
            Self::Held { armed, .. } => armed.map(|(command, _)| command),
        }
    }

    pub(crate) fn held(reason: HoldReason) -> Self {
        Self::Held {
            reason,
            armed: None,
            failures: 0,
            rearm: None,
        }
    }

    pub(crate) fn applying() -> Self {
        Self::Applying { sent: None }
    }
}
