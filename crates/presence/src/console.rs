//! What the console partner tells, and its upkeep.

use crate::effect::{ConsoleAction, Effect};
use crate::engine::Engine;
use crate::event::{CommandId, CommandOutcome, ConsoleId, WorkSeen};
use crate::evidence::asked_after;
use crate::ids::{StatusId, WorkItemId};
use crate::note::Staleness;
use crate::problem::ProblemCode;
use crate::state::{Console, PresenceValue, Stage, Work};
use crate::time::Now;

/// The content of `Event::ConsoleSnapshot`.
pub(crate) struct Snapshot {
    pub(crate) works: Vec<WorkSeen>,
    pub(crate) status: Option<StatusId>,
    pub(crate) conversations_ended: Vec<WorkItemId>,
}

impl Engine {
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
            refusals: 0,
            not_before: None,
        });
        self.clear(ProblemCode::ConsoleMissing);
        self.ask_snapshot(now);
    }

    pub(crate) fn console_gone(&mut self, now: Now, id: ConsoleId) {
        if self.state.console.take_if(|console| console.id == id).is_some() {
            self.forget_console_commands(now);
            self.state.console_lost = Some(now);
            self.read_soon(now);
        }
    }

    /// Commands to a connection that is over: their answers may never come.
    pub(crate) fn forget_console_commands(&mut self, now: Now) {
        let Some(mut intent) = self.state.intent.take() else {
            return;
        };
        self.recall(now, &mut intent);
        match &mut intent.stage {
            Stage::Held { armed, .. } => *armed = None,
            Stage::Applying { sent } => *sent = None,
        }
        self.state.intent = Some(intent);
    }

    pub(crate) fn console_heard(&mut self, now: Now, id: ConsoleId) {
        if let Some(console) = self.state.console.as_mut().filter(|console| console.id == id) {
            console.heard = now;
        }
    }

    /// A console that has been silent for too long tells nothing until it has been asked again, also if it
    /// speaks up at this moment: the machine may have been asleep.
    pub(crate) fn expire_console(&mut self, now: Now) {
        let stale_ms = self.settings.timings.console_stale_ms;
        if let Some(console) = self
            .state
            .console
            .as_mut()
            .filter(|c| now.since(c.heard) >= stale_ms)
        {
            console.snapshot = None;
            console.asking = None;
        }
    }

    /// How long what was sent may take to show.
    pub(crate) fn patience_ms(&self) -> u64 {
        self.settings.timings.command_expiry_ms + self.settings.timings.confirm_ms
    }

    /// Asks the leading console for its state, unless an answer is on its way or has just been refused.
    pub(crate) fn ask_snapshot(&mut self, now: Now) {
        let stale_ms = self.settings.timings.console_stale_ms;
        let may_ask = self.state.console.as_ref().is_some_and(|console| {
            console.asking.is_none()
                && console.not_before.is_none_or(|at| now.reached(at))
                && now.since(console.heard) < stale_ms
        });
        if !may_ask {
            return;
        }
        let command = self.command(self.settings.timings.command_expiry_ms, ConsoleAction::Snapshot);
        if let (Some(console), Some(command)) = (self.state.console.as_mut(), command) {
            console.asking = Some((command, now));
        }
    }

    pub(crate) fn console_snapshot(&mut self, now: Now, id: ConsoleId, command: CommandId, seen: Snapshot) {
        let Some(console) = self.state.console.as_mut().filter(|console| console.id == id) else {
            return;
        };
        let Some((_, asked)) = console.asking.take_if(|(asked, _)| *asked == command) else {
            return self.note_ignored(Staleness::OlderAnswer);
        };
        console.heard = now;
        console.snapshot = Some(asked);
        console.refusals = 0;
        console.not_before = None;
        self.intent_heard(asked);
        // The page reports in order: what was not seen by now of writes that were over then, never comes.
        self.state.echoes.retain(|echo| !asked_after(asked, echo.until));
        self.state.strays.retain(|stray| !asked_after(asked, stray.until));
        self.forget_earlier_run();
        let happening = !self.is_apart();
        for work in &seen.works {
            self.sync_work_seen(now, *work, happening);
            if self.is_voice(work.item) {
                self.see_work(now, Some(asked), *work);
            }
        }
        let shown = |id| seen.works.iter().any(|work| work.work == id);
        if seen.status.is_some() {
            self.state.miss_works(now, asked, shown);
        } else if self.state.would_miss(asked, shown) {
            // Logged out, the toolkit shows no works, yet a call may be going on: the org knows.
            self.read_soon(now);
        }
        for item in &seen.conversations_ended {
            self.state.end_conversation(now, *item);
        }
        self.clear(ProblemCode::ConsoleConnectionError);
        let value = seen
            .status
            .map_or(PresenceValue::LoggedOut, PresenceValue::Status);
        self.observe_presence(now, Some(asked), value, None, None);
        let newer = |work: &Work| !shown(work.id) && !asked_after(asked, work.seen);
        let outranked = self.state.works.iter().any(newer) || self.state.presence.value != value;
        if outranked && asked_after(now, asked) {
            // Events that were taken in since it was asked for count more, but they may be older than it: a page
            // that has just joined tells all that it had to keep. The next one knows.
            self.ask_snapshot(now);
        }
    }

    /// A snapshot that was refused or came too late is asked for again after a pause.
    pub(crate) fn snapshot_answered(&mut self, now: Now, command: CommandId, outcome: CommandOutcome) {
        if outcome == CommandOutcome::Done {
            return;
        }
        let refusals = self.state.console.as_ref().map_or(0, |console| console.refusals);
        let pause_ms = self.backoff_ms(refusals + 1);
        if let Some(console) = self.state.console.as_mut()
            && console.asking.take_if(|(asked, _)| *asked == command).is_some()
        {
            console.refusals = refusals.saturating_add(1);
            console.not_before = Some(now.plus(pause_ms));
        }
    }

    /// What the console shows may be out of date until it has been asked again.
    pub(crate) fn connection_error(&mut self, now: Now) {
        self.raise(ProblemCode::ConsoleConnectionError, String::new());
        let doubtful = self
            .state
            .console
            .as_mut()
            .filter(|console| console.snapshot.is_some());
        if let Some(console) = doubtful {
            console.snapshot = None;
            console.asking = None;
            self.read_soon(now);
            self.ask_snapshot(now);
        }
    }

    pub(crate) fn work(&mut self, now: Now, seen: WorkSeen, declined: bool) {
        // Of another channel, unless a row has told that it is a call.
        if !self.is_voice(seen.item) && !self.state.works.iter().any(|work| work.id == seen.work) {
            return;
        }
        if declined && !self.state.org.ended.contains(&seen.work) {
            self.state.missed = Some(now);
        }
        self.see_work(now, None, seen);
    }

    fn see_work(&mut self, now: Now, asked: Option<Now>, seen: WorkSeen) {
        if let Err(why) = self.state.see_work(now, asked, seen) {
            self.note_ignored(why);
        }
    }

    /// The org calls its calls by other prefixes: nothing seen so far says which works are calls.
    pub(crate) fn voice_prefixes_changed(&mut self, now: Now) {
        self.state.works.clear();
        self.forget_console_commands(now);
        self.doubt_evidence(now);
    }

    /// What is known of works has been contradicted: it is no evidence until console or org has been asked
    /// again.
    pub(crate) fn doubt_evidence(&mut self, now: Now) {
        if let Some(console) = self.state.console.as_mut() {
            console.snapshot = None;
            if let Some((command, _)) = console.asking.take() {
                self.effects.push_back(Effect::Withdraw { command });
            }
        }
        let reading = &mut self.state.reading;
        reading.answered = None;
        if reading.asked.take().is_some() {
            // Its answer counts no more; also after a failure nothing else would ask again.
            reading.next = Some(now);
        }
        self.state.org.answers_from = Some(now);
        self.read_soon(now);
        self.ask_snapshot(now);
    }

    /// Keeps the console's snapshot young, and tells the rep when there is no console.
    pub(crate) fn settle_console(&mut self, now: Now) {
        let patience_ms = self.patience_ms();
        let every_ms = self.settings.timings.snapshot_every_ms;
        let shows_by = self.streamed_asks_at().filter(|at| now.reached(*at));
        if let Some(console) = self.state.console.as_mut() {
            console
                .asking
                .take_if(|(_, asked)| now.since(*asked) >= patience_ms);
            let intent = self.state.intent.as_ref();
            let unheard = intent.is_some_and(|intent| intent.unheard.is_some());
            if unheard
                || shows_by.is_some()
                || console.snapshot.is_none_or(|asked| now.since(asked) >= every_ms)
            {
                self.ask_snapshot(now);
            }
        } else if self.console_missing_at().is_some_and(|at| now.reached(at)) {
            self.raise(ProblemCode::ConsoleMissing, String::new());
        }
    }

    /// A message of the stream counts at once, and may be of long ago. The page that lives knows, at no cost; `None`:
    /// it has told of the work itself, or has been asked.
    pub(crate) fn streamed_asks_at(&self) -> Option<Now> {
        let shows_by = self.state.streamed_shows_by(&self.settings.timings)?;
        let asked = self.state.console.as_ref()?.snapshot?;
        (!asked.reached(shows_by)).then_some(shows_by)
    }

    /// When the rep is told that there is no console; `None` once told.
    pub(crate) fn console_missing_at(&self) -> Option<Now> {
        if self.state.console.is_some() || self.state.problems.contains_key(&ProblemCode::ConsoleMissing) {
            return None;
        }
        let since = self
            .session_since()?
            .max(self.state.console_lost.unwrap_or_default());
        Some(since.plus(self.settings.timings.console_missing_ms))
    }
}
