//! What console and org tell about session, works and presence.

use crate::effect::{ConsoleAction, Effect, NoticeCode};
use crate::engine::Engine;
use crate::event::{
    CommandId, CommandOutcome, ConsoleId, LogoutReason, Origin, PresenceRow, Target, WorkRow, WorkSeen,
};
use crate::evidence::asked_after;
use crate::ids::{StatusId, WorkId, WorkItemId};
use crate::picture::CallPhase;
use crate::problem::{Problem, ProblemCode};
use crate::state::{Console, PresenceValue, Reading, Session, Stage, State};
use crate::time::Now;

impl Engine {
    // The session

    pub(crate) fn signed_in(&mut self, now: Now, session: Session) {
        self.state.session = session;
        self.state.reading = Reading {
            next: Some(now),
            ..Reading::default()
        };
        for code in [
            ProblemCode::SignInAgain,
            ProblemCode::SignInFailed,
            ProblemCode::OrgUnreachable,
        ] {
            self.clear(code);
        }
    }

    /// Nothing of one rep's session may be seen in the next one's.
    pub(crate) fn signed_out(&mut self, now: Now) {
        let before = std::mem::replace(&mut self.state, State::new(now));
        self.state.intent = before.intent;
        self.state.candidate = before.candidate;
        self.state.phone = before.phone;
        self.state.last_command = before.last_command;
        self.state.problems = before.problems;
        for code in [ProblemCode::ConsoleMissing, ProblemCode::ConsoleConnectionError] {
            self.clear(code);
        }
        // A wish that was restored waits for its session; any other one ends with it.
        if self.state.intent.as_ref().is_none_or(|intent| !intent.restored) {
            self.drop_intent();
        }
        self.statuses.clear();
    }

    // The console

    pub(crate) fn console_connected(&mut self, now: Now, id: ConsoleId) {
        if self
            .state
            .console
            .as_ref()
            .is_some_and(|console| console.id >= id)
        {
            return;
        }
        self.forget_console_commands(now);
        self.state.console = Some(Console {
            id,
            heard: now,
            snapshot: None,
            asking: None,
        });
        self.clear(ProblemCode::ConsoleMissing);
        self.ask_snapshot(now);
    }

    pub(crate) fn console_gone(&mut self, now: Now, id: ConsoleId) {
        if self
            .state
            .console
            .as_ref()
            .is_some_and(|console| console.id == id)
        {
            self.state.console = None;
            self.forget_console_commands(now);
            self.state.reading.next = Some(now);
        }
    }

    /// Commands to a connection that is over will never be answered.
    fn forget_console_commands(&mut self, now: Now) {
        let Some(intent) = self.state.intent.as_mut() else {
            return;
        };
        match &mut intent.stage {
            Stage::Held { armed, .. } => *armed = None,
            Stage::Applying { sent, retry, .. } => {
                if sent.take().is_some() {
                    *retry = Some(now);
                }
            }
        }
    }

    pub(crate) fn console_heard(&mut self, now: Now, id: ConsoleId) {
        if let Some(console) = self.state.console.as_mut().filter(|console| console.id == id) {
            console.heard = now;
        }
    }

    /// Asks the leading console for its state, unless an answer is on its way.
    pub(crate) fn ask_snapshot(&mut self, now: Now) {
        if self
            .state
            .console
            .as_ref()
            .is_none_or(|console| console.asking.is_some())
        {
            return;
        }
        let command = self.command(self.settings.timings.command_expiry_ms, ConsoleAction::Snapshot);
        if let (Some(console), Some(command)) = (self.state.console.as_mut(), command) {
            console.asking = Some((command, now));
        }
    }

    pub(crate) fn console_snapshot(
        &mut self,
        now: Now,
        id: ConsoleId,
        command: CommandId,
        works: &[WorkSeen],
        status: Option<StatusId>,
        conversations_ended: &[WorkItemId],
    ) {
        let Some(console) = self.state.console.as_mut().filter(|console| console.id == id) else {
            return;
        };
        let Some((_, asked)) = console.asking.filter(|(asked, _)| *asked == command) else {
            return;
        };
        console.asking = None;
        console.heard = now;
        console.snapshot = Some(asked);
        for seen in works
            .iter()
            .filter(|seen| seen.item.0.has_prefix(&self.voice_prefix))
        {
            self.state.see_work(now, *seen);
        }
        let shown: Vec<WorkId> = works.iter().map(|seen| seen.work).collect();
        self.state.miss_works(asked, &shown);
        conversations_ended
            .iter()
            .for_each(|item| self.state.end_conversation(*item));
        self.clear(ProblemCode::ConsoleConnectionError);
        let value = status.map_or(PresenceValue::LoggedOut, PresenceValue::Status);
        self.observe_presence(now, Some(asked), value, None);
    }

    /// A snapshot that was refused or came too late is asked for again after a pause.
    pub(crate) fn snapshot_answered(&mut self, command: CommandId, outcome: CommandOutcome) {
        if let Some(console) = self.state.console.as_mut()
            && outcome != CommandOutcome::Done
            && console.asking.is_some_and(|(asked, _)| asked == command)
        {
            console.asking = None;
        }
    }

    /// What the console shows may be out of date until it has been asked again.
    pub(crate) fn connection_error(&mut self, now: Now) {
        if let Some(console) = self.state.console.as_mut() {
            console.snapshot = None;
            console.asking = None;
        }
        self.raise(ProblemCode::ConsoleConnectionError, String::new());
        self.state.reading.next = Some(now);
        self.ask_snapshot(now);
    }

    pub(crate) fn work(&mut self, now: Now, seen: WorkSeen, declined: bool) {
        if !seen.item.0.has_prefix(&self.voice_prefix) {
            return;
        }
        if declined {
            self.state.declined = Some(now);
        }
        self.state.see_work(now, seen);
    }

    pub(crate) fn status_changed(&mut self, now: Now, status: StatusId) {
        self.clear(ProblemCode::ConsoleConnectionError);
        self.observe_presence(now, None, PresenceValue::Status(status), None);
    }

    pub(crate) fn omni_logout(&mut self, now: Now, reason: Option<LogoutReason>) {
        let ours = self
            .state
            .echoes
            .iter()
            .any(|echo| echo.target == Target::Offline);
        let after_miss = self
            .state
            .declined
            .is_some_and(|declined| now.since(declined) < self.settings.timings.after_decline_ms);
        let phone_is_live = self
            .state
            .phone
            .as_ref()
            .is_some_and(|phone| phone.has_live_contact());
        let during_call =
            matches!(self.state.call.phase, CallPhase::Ringing | CallPhase::OnCall) || phone_is_live;
        if let Some(LogoutReason(reason)) = reason {
            self.raise(ProblemCode::LoggedOutBy, reason.clone());
            self.notify(NoticeCode::LoggedOut, reason);
        } else if after_miss && !ours {
            self.raise(ProblemCode::LoggedOutAfterMiss, String::new());
        } else if during_call && !ours {
            self.raise(ProblemCode::LoggedOutDuringCall, String::new());
            self.notify(NoticeCode::LoggedOutDuringCall, String::new());
        }
        self.observe_presence(now, None, PresenceValue::LoggedOut, None);
    }

    // REST

    pub(crate) fn rows(&mut self, now: Now, asked: Now, works: Vec<WorkRow>, presence: PresenceRow) {
        if !self.state.signed_in() || self.state.reading.answered.is_some_and(|last| last > asked) {
            return;
        }
        self.state.reading.answered = Some(asked);
        self.state.reading.asked = None;
        for code in [
            ProblemCode::OrgUnreachable,
            ProblemCode::RequestLimit,
            ProblemCode::SignInAgain,
        ] {
            self.clear(code);
        }
        let shown: Vec<WorkId> = works.iter().map(|row| row.work).collect();
        let closed_ms = works.iter().filter_map(|row| row.closed_ms).max();
        for row in works {
            if row.voice || row.item.0.has_prefix(&self.voice_prefix) {
                self.state.see_row(now, row);
            }
        }
        self.state.miss_works(asked, &shown);
        let value = presence
            .status
            .map_or(PresenceValue::LoggedOut, PresenceValue::Status);
        self.check_restored(
            now,
            presence.since_ms.filter(|_| presence.status.is_some()),
            closed_ms,
        );
        self.observe_presence(now, Some(asked), value, presence.since_ms);
    }

    pub(crate) fn read_failed(&mut self, now: Now, problem: Problem, retry_after_ms: Option<u64>) {
        let stop = problem.code == ProblemCode::SignInAgain;
        let pause_ms = self
            .settings
            .timings
            .read_fast_ms
            .max(retry_after_ms.unwrap_or(0));
        self.state.reading.asked = None;
        self.state.reading.next = (!stop).then_some(now.plus(pause_ms));
        self.raise(problem.code, problem.about);
    }

    // Presence

    /// Presence was observed. `asked`: the answer to a question sent then, which yields to anything seen
    /// since; `None`: an event of this moment.
    fn observe_presence(
        &mut self,
        now: Now,
        asked: Option<Now>,
        value: PresenceValue,
        since_ms: Option<i64>,
    ) {
        let before = self.state.presence.value;
        let outdated = |asked| {
            self.state
                .presence
                .seen
                .is_some_and(|seen| !asked_after(asked, seen))
        };
        if asked.is_some_and(outdated) {
            return;
        }
        self.state.presence.seen = Some(now);
        if value == before {
            if let Some(since_ms) = since_ms {
                self.state.presence.since_ms = since_ms;
            }
            return;
        }
        self.state.presence.value = value;
        self.state.presence.since_ms = since_ms.unwrap_or(now.wall_ms);
        if let PresenceValue::Status(id) = value {
            if self.status(id).is_some_and(|status| status.online) {
                self.state.last_online = Some(id);
            }
            self.clear(ProblemCode::LoggedOutDuringCall);
            self.clear(ProblemCode::LoggedOutAfterMiss);
            self.clear(ProblemCode::LoggedOutBy);
        }
        let target = match value {
            PresenceValue::Status(id) => Target::Status(id),
            PresenceValue::LoggedOut => Target::Offline,
            PresenceValue::Unknown => return,
        };
        let ours = self.is_echo(target);
        if before != PresenceValue::Unknown && !ours {
            self.presence_chosen_elsewhere(now, target);
        }
        self.want_phone_to_follow();
    }

    /// The rep (or Omni-Channel) chose a presence in Salesforce: the newest wish, so a standing one gives
    /// way. What Omni-Channel does by itself after a decline is no wish.
    fn presence_chosen_elsewhere(&mut self, now: Now, target: Target) {
        let after_miss = self
            .state
            .declined
            .is_some_and(|declined| now.since(declined) < self.settings.timings.after_decline_ms);
        let replaced = self.state.intent.as_ref().is_some_and(|intent| {
            matches!(intent.target, Target::Offline | Target::Status(_)) && intent.target != target
        });
        if !replaced || after_miss || matches!(target, Target::Offline) {
            return;
        }
        if let Some(intent) = self.state.intent.take() {
            self.withdraw_commands_of(&intent.stage);
            if intent.was_held && intent.origin != Origin::Rule {
                self.notify(NoticeCode::Cancelled, self.label(intent.target));
            }
        }
    }

    // Upkeep

    /// Reads by REST: seldom while the console tells everything, often while nothing does.
    pub(crate) fn settle_reading(&mut self, now: Now) {
        if !self.state.signed_in() {
            return;
        }
        let timings = &self.settings.timings;
        let reading = &self.state.reading;
        if let Some(asked) = reading.asked {
            if now.since(asked) < timings.read_timeout_ms {
                return;
            }
            self.state.reading.asked = None;
            self.state.reading.next = Some(now);
        }
        if self.next_read().is_some_and(|at| now.reached(at)) {
            let watch = self
                .state
                .intent
                .as_ref()
                .map(|intent| intent.works.clone())
                .unwrap_or_default();
            self.state.reading.asked = Some(now);
            self.state.reading.next = None;
            self.effects.push_back(Effect::Read { watch });
        }
    }

    /// When the next read is due; `None` while a sign-in is needed first.
    pub(crate) fn next_read(&self) -> Option<Now> {
        let timings = &self.settings.timings;
        let reading = &self.state.reading;
        if reading.next.is_some() {
            return reading.next;
        }
        // A console that has gone silent tells nothing, whether or not its connection has been given up.
        let quiet = self
            .state
            .console
            .as_ref()
            .is_none_or(|console| console.snapshot.is_none())
            || self.state.call.phase == CallPhase::Unknown;
        let every_ms = if quiet {
            timings.read_fast_ms
        } else {
            timings.read_slow_ms
        };
        reading.answered.map(|asked| asked.plus(every_ms))
    }

    /// Keeps the console's snapshot young, and tells the rep when there is no console.
    pub(crate) fn settle_console(&mut self, now: Now) {
        let timings = &self.settings.timings;
        let (every_ms, again_ms, missing_ms) = (
            timings.snapshot_every_ms,
            timings.confirm_ms,
            timings.console_missing_ms,
        );
        match self.state.console.as_mut() {
            Some(console) => {
                if console
                    .asking
                    .is_some_and(|(_, asked)| now.since(asked) >= again_ms)
                {
                    console.asking = None;
                }
                let due = console.snapshot.is_none_or(|asked| now.since(asked) >= every_ms);
                if due {
                    self.ask_snapshot(now);
                }
            }
            None => {
                let missing = self
                    .session_since()
                    .is_some_and(|since| now.since(since) >= missing_ms);
                if missing {
                    self.raise(ProblemCode::ConsoleMissing, String::new());
                }
            }
        }
    }
}
