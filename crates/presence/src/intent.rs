//! The intent's life: held while the guard says so, then applied, confirmed by reading back, tried again.

use crate::effect::{Answer, ConsoleAction, Effect, HoldReason, NoticeCode, RefusalReason};
use crate::engine::Engine;
use crate::event::{CommandId, CommandOutcome, Target};
use crate::guard::is_guarded;
use crate::picture::CallPhase;
use crate::problem::ProblemCode;
use crate::state::{Intent, PresenceValue, Session, Stage};
use crate::time::Now;

/// Attempts after which the rep is told that Salesforce does not confirm.
const TELL_AFTER_ATTEMPTS: u32 = 2;

impl Engine {
    /// Decides what becomes of the intent now.
    pub(crate) fn settle_intent(&mut self, now: Now) {
        let Some(mut intent) = self.state.intent.take() else {
            return;
        };
        if self.presence_target() == Some(intent.target) {
            return self.intent_reached(intent);
        }
        if intent.restored {
            // Nothing is decided for an old wish before the org has been asked (`intent_checked`).
            self.state.intent = Some(intent);
            return;
        }
        match self.reason_to_hold().filter(|_| is_guarded(intent.target)) {
            Some(reason) => self.keep_held(now, &mut intent, reason),
            None => self.apply(now, &mut intent),
        }
        self.state.intent = Some(intent);
        self.leave_if_free();
    }

    fn intent_reached(&mut self, intent: Intent) {
        self.withdraw_commands_of(&intent.stage);
        self.clear(ProblemCode::WriteNotConfirmed);
        self.clear(ProblemCode::AnotherCall);
        if intent.was_held {
            self.notify(NoticeCode::Applied, self.label(intent.target));
        }
    }

    fn keep_held(&mut self, now: Now, intent: &mut Intent, reason: HoldReason) {
        for work in &self.state.works {
            if !intent.works.contains(&work.id) {
                intent.works.push(work.id);
            }
        }
        let Stage::Held {
            reason: before,
            armed,
            rearm,
        } = &mut intent.stage
        else {
            // A call has begun before the write was confirmed.
            self.withdraw_commands_of(&intent.stage.clone());
            if !intent.was_held {
                self.notify(NoticeCode::Held, self.label(intent.target));
            }
            intent.was_held = true;
            intent.stage = Stage::held(reason);
            return self.keep_held(now, intent, reason);
        };
        *before = reason;
        if armed.is_some_and(|(_, until)| now.reached(until)) {
            let (command, _) = armed.take().unwrap_or_else(|| unreachable!("just seen"));
            self.effects.push_back(Effect::Withdraw { command });
        }
        let may_arm = intent.target == Target::Offline
            && !self.state.works.is_empty()
            && reason != HoldReason::NoEvidence
            && rearm.is_none_or(|at| now.reached(at));
        if may_arm && armed.is_none() && self.state.console_is_fresh(now, &self.settings.timings) {
            let arm_ms = self.settings.timings.arm_ms;
            let voice_prefix = self.voice_prefix.clone();
            let command = self.command(arm_ms, ConsoleAction::Arm { voice_prefix });
            intent.stage = Stage::Held {
                reason,
                armed: command.map(|command| (command, now.plus(arm_ms))),
                rearm: None,
            };
        }
    }

    fn apply(&mut self, now: Now, intent: &mut Intent) {
        if let Stage::Held { armed, .. } = &intent.stage {
            let grace_ms = self.settings.timings.armed_grace_ms;
            let ended = self.state.call.ended;
            if let Some((command, _)) = *armed {
                // The partner is logging out by itself at this moment; a second logout would be a second
                // write. In wrap-up it does nothing yet, so there it is disarmed first.
                let waiting = self.state.call.phase == CallPhase::Idle
                    && ended.is_some_and(|ended| now.since(ended) < grace_ms);
                if waiting {
                    return;
                }
                self.effects.push_back(Effect::Withdraw { command });
            }
            intent.stage = Stage::applying();
        }
        let Stage::Applying {
            attempts,
            sent,
            retry,
        } = intent.stage
        else {
            return;
        };
        if let Some((command, since)) = sent {
            if now.since(since) < self.settings.timings.confirm_ms {
                return;
            }
            // Not confirmed: take it back, read what is true, and decide again.
            self.effects.push_back(Effect::Withdraw { command });
            self.ask_snapshot(now);
            self.postpone(now, intent);
            return;
        }
        if retry.is_some_and(|at| !now.reached(at)) {
            return;
        }
        let Some(command) = self.write(now, intent.target) else {
            return;
        };
        intent.stage = Stage::Applying {
            attempts: attempts + 1,
            sent: Some((command, now)),
            retry: None,
        };
    }

    /// Sends the write for a target; `None` while there is nobody to send it to.
    fn write(&mut self, now: Now, target: Target) -> Option<CommandId> {
        let action = match target {
            Target::Offline => ConsoleAction::Logout {
                voice_prefix: self.voice_prefix.clone(),
                wrapping_up: self.state.wrapping_up(),
            },
            Target::Status(status) if self.state.presence.value == PresenceValue::LoggedOut => {
                ConsoleAction::Login { status }
            }
            Target::Status(status) => ConsoleAction::SetStatus { status },
            Target::Quit | Target::SignOut => return None,
        };
        // A partner that has not told its state yet would be written to blindly.
        self.state
            .console
            .as_ref()
            .filter(|console| console.snapshot.is_some())?;
        let command = self.command(self.settings.timings.command_expiry_ms, action)?;
        self.expect_echo(now, target);
        Some(command)
    }

    fn postpone(&mut self, now: Now, intent: &mut Intent) {
        let Stage::Applying { attempts, .. } = intent.stage else {
            return;
        };
        let pause_ms = self.backoff_ms(attempts);
        intent.stage = Stage::Applying {
            attempts,
            sent: None,
            retry: Some(now.plus(pause_ms)),
        };
        if attempts == TELL_AFTER_ATTEMPTS {
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
        self.snapshot_answered(command, outcome);
        let Some(mut intent) = self.state.intent.take() else {
            return;
        };
        match &mut intent.stage {
            Stage::Applying {
                sent: Some((sent, _)),
                ..
            } if *sent == command => match outcome {
                // The toolkit's yes is not yet the truth: that comes by reading back.
                CommandOutcome::Done => {}
                CommandOutcome::CallActive => {
                    self.postpone(now, &mut intent);
                    self.another_call(now, intent.target);
                }
                CommandOutcome::Expired | CommandOutcome::Failed => {
                    self.ask_snapshot(now);
                    self.postpone(now, &mut intent);
                }
            },
            Stage::Held { armed, rearm, .. } if armed.is_some_and(|(armed, _)| armed == command) => {
                *armed = None;
                match outcome {
                    CommandOutcome::Done => self.expect_echo(now, intent.target),
                    CommandOutcome::CallActive => self.another_call(now, intent.target),
                    CommandOutcome::Expired | CommandOutcome::Failed => {
                        *rearm = Some(now.plus(self.settings.timings.retry_first_ms));
                    }
                }
                if outcome == CommandOutcome::Done {
                    // It has logged out: wait for the sight of it like after a command of ours.
                    intent.stage = Stage::Applying {
                        attempts: 1,
                        sent: Some((command, now)),
                        retry: None,
                    };
                }
            }
            Stage::Applying { .. } | Stage::Held { .. } => {}
        }
        self.state.intent = Some(intent);
    }

    /// The page saw a call that we had not seen yet: tell the rep, and look again.
    fn another_call(&mut self, now: Now, target: Target) {
        let label = self.label(target);
        self.raise(ProblemCode::AnotherCall, label.clone());
        self.notify(NoticeCode::AnotherCall, label);
        self.ask_snapshot(now);
    }

    /// Takes back everything that is out for an intent.
    pub(crate) fn withdraw_commands_of(&mut self, stage: &Stage) {
        let command = match stage {
            Stage::Applying { sent, .. } => sent.map(|(command, _)| command),
            Stage::Held { armed, .. } => armed.map(|(command, _)| command),
        };
        self.effects
            .extend(command.map(|command| Effect::Withdraw { command }));
    }

    /// The org has answered for the first time since a restart: what became of the restored wish?
    ///
    /// `changed_ms`: when the present status began. A status chosen after the wish is a newer wish; calls
    /// that ended long ago, or a wish older than the lapse time without any call, are nobody's wish any more
    /// (DESIGN P2).
    pub(crate) fn check_restored(&mut self, now: Now, changed_ms: Option<i64>, closed_ms: Option<i64>) {
        let Some(intent) = self.state.intent.as_mut().filter(|intent| intent.restored) else {
            return;
        };
        intent.restored = false;
        let still_open = self
            .state
            .works
            .iter()
            .any(|work| intent.works.contains(&work.id));
        let last_true_ms = closed_ms.unwrap_or(intent.since_ms);
        let lapse_ms = i64::try_from(self.settings.timings.lapse_ms).unwrap_or(i64::MAX);
        let too_old = !still_open && now.wall_ms.saturating_sub(last_true_ms) > lapse_ms;
        let newer_wish = changed_ms.is_some_and(|changed_ms| changed_ms > intent.since_ms);
        if too_old || newer_wish {
            let target = intent.target;
            let label = self.label(target);
            self.state.intent = None;
            self.raise(ProblemCode::HoldLapsed, label.clone());
            self.notify(NoticeCode::Lapsed, label);
        }
    }

    /// Leaving is done here, not at a console.
    fn leave_if_free(&mut self) {
        let target = self.state.intent.as_ref().and_then(|intent| match intent.stage {
            Stage::Applying { sent: None, .. } => Some(intent.target),
            Stage::Applying { .. } | Stage::Held { .. } => None,
        });
        match target {
            Some(target @ (Target::Quit | Target::SignOut)) => self.leave(target),
            Some(Target::Offline | Target::Status(_)) | None => {}
        }
    }

    pub(crate) fn leave(&mut self, target: Target) {
        self.state.intent = None;
        match target {
            Target::Quit => self.effects.push_back(Effect::Quit),
            Target::SignOut => self.effects.push_back(Effect::SignOut),
            Target::Offline | Target::Status(_) => {}
        }
    }

    /// A wish of a session that is over is told, never carried into the next.
    pub(crate) fn drop_intent(&mut self) {
        if let Some(ticket) = self.state.candidate.take().and_then(|candidate| candidate.ticket) {
            self.answer(ticket, Answer::Refused(RefusalReason::NotSignedIn));
        }
        if let Some(intent) = self.state.intent.take() {
            self.withdraw_commands_of(&intent.stage);
            if intent.was_held {
                self.notify(NoticeCode::Lapsed, self.label(intent.target));
            }
        }
    }

    pub(crate) fn session_since(&self) -> Option<Now> {
        match self.state.session {
            Session::SignedIn { since, .. } => Some(since),
            Session::SignedOut | Session::SigningIn => None,
        }
    }
}
