//! When the engine wants to be asked again, and why.

use crate::engine::Engine;
use crate::state::Stage;
use crate::time::Now;

/// What a deadline is for.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Why {
    /// An armed logout is to be decided again.
    Armed,
    /// A silent console stops being evidence.
    ConsoleStale,
    /// The closing of a work, or what else was asked for one, has had no answer.
    CloseWork,
    /// No console since sign-in: the rep is told.
    ConsoleMissing,
    /// A hold has lasted long: the rep is asked whether it is to go on.
    HoldLasts,
    /// A write is to be confirmed or tried again.
    Intent,
    /// A phone request is to be confirmed or tried again.
    Phone,
    /// The contact of a phone that left is too old to be true.
    PhoneStale,
    /// The org is to be read, or a read has taken too long.
    Read,
    /// The last REST answer stops being evidence.
    ReadStale,
    /// The state is to be written again.
    Save,
    /// The console is to be asked for a snapshot.
    Snapshot,
    /// A rule's wish has waited too long, a doubt ends, or the breaker closes.
    Sync,
}

impl Engine {
    /// The earliest time at which something changes without an event; then feed `Event::Tick`.
    pub fn poll_deadline(&self) -> Option<(Now, Why)> {
        let mut first: Option<(Now, Why)> = None;
        let mut add = |at: Option<Now>, why| {
            // A deadline that has come was seen by the decisions of that time.
            if let Some(at) = at.filter(|at| !self.last.reached(*at))
                && first.is_none_or(|(earliest, _)| at.mono_ms < earliest.mono_ms)
            {
                first = Some((at, why));
            }
        };
        self.console_deadlines(&mut add);
        self.reading_deadlines(&mut add);
        self.intent_deadlines(&mut add);
        self.phone_deadlines(&mut add);
        for at in self.sync_deadlines() {
            add(at, Why::Sync);
        }
        add(self.disk.retry, Why::Save);
        first
    }

    fn console_deadlines(&self, add: &mut impl FnMut(Option<Now>, Why)) {
        let timings = &self.settings.timings;
        add(self.works_given_up_at(), Why::CloseWork);
        add(self.console_missing_at(), Why::ConsoleMissing);
        let Some(console) = &self.state.console else {
            return;
        };
        add(
            Some(console.heard.plus(timings.console_stale_ms)),
            Why::ConsoleStale,
        );
        match console.asking {
            Some((_, asked)) => add(Some(asked.plus(self.patience_ms())), Why::Snapshot),
            None => {
                add(self.streamed_asks_at(), Why::Snapshot);
                add(console.not_before, Why::Snapshot);
                let next = console
                    .snapshot
                    .map(|asked| asked.plus(timings.snapshot_every_ms));
                add(next, Why::Snapshot);
            }
        }
    }

    fn reading_deadlines(&self, add: &mut impl FnMut(Option<Now>, Why)) {
        let timings = &self.settings.timings;
        if !self.state.signed_in() {
            return;
        }
        let reading = &self.state.reading;
        add(
            reading.answered.map(|asked| asked.plus(2 * timings.read_fast_ms)),
            Why::ReadStale,
        );
        match reading.asked {
            Some(asked) => add(Some(asked.plus(timings.read_timeout_ms)), Why::Read),
            None => add(self.next_read(), Why::Read),
        }
    }

    fn intent_deadlines(&self, add: &mut impl FnMut(Option<Now>, Why)) {
        add(self.closing_given_up_at(), Why::CloseWork);
        add(self.held_as_shows_by(), Why::Intent);
        let Some(intent) = &self.state.intent else {
            return;
        };
        add(intent.retry, Why::Intent);
        add(intent.awaits_phone, Why::Intent);
        match intent.stage {
            Stage::Applying { sent } => {
                let confirm_ms = self.settings.timings.confirm_ms;
                add(sent.map(|(_, since)| since.plus(confirm_ms)), Why::Intent);
            }
            Stage::Held { armed, rearm, .. } => {
                add(intent.ask_at, Why::HoldLasts);
                add(rearm, Why::Armed);
                add(armed.map(|(_, until)| until), Why::Armed);
                add(self.armed_grace_ends().filter(|_| armed.is_some()), Why::Armed);
            }
        }
    }

    fn phone_deadlines(&self, add: &mut impl FnMut(Option<Now>, Why)) {
        let timings = &self.settings.timings;
        let kept = self.state.kept_contact;
        add(
            kept.map(|(_, since)| since.plus(timings.console_stale_ms)),
            Why::PhoneStale,
        );
        if let Some(want) = &self.state.phone_want {
            add(
                want.sent.map(|(_, since)| since.plus(timings.confirm_ms)),
                Why::Phone,
            );
            add(want.retry, Why::Phone);
            add(self.phone_is_late_at(), Why::Phone);
        }
    }
}
