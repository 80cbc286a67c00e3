//! When the engine wants to be asked again, and why.

use crate::engine::Engine;
use crate::problem::ProblemCode;
use crate::state::Stage;
use crate::time::Now;

/// What a deadline is for.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Why {
    /// An armed logout is to be decided again.
    Armed,
    /// A silent console stops being evidence.
    ConsoleStale,
    /// No console since sign-in: the rep is told.
    ConsoleMissing,
    /// A write is to be confirmed or tried again.
    Intent,
    /// A phone request is to be confirmed or tried again.
    Phone,
    /// The org is to be read, or a read has taken too long.
    Read,
    /// The last REST answer stops being evidence.
    ReadStale,
    /// The console is to be asked for a snapshot.
    Snapshot,
}

impl Engine {
    /// The earliest time at which something changes without an event; then feed `Event::Tick`.
    pub fn poll_deadline(&self) -> Option<(Now, Why)> {
        let timings = &self.settings.timings;
        let state = &self.state;
        let mut deadlines = Vec::new();
        let mut add = |at: Now, why| deadlines.push((at, why));

        if let Some(console) = &state.console {
            if console.snapshot.is_some() {
                add(console.heard.plus(timings.console_stale_ms), Why::ConsoleStale);
            }
            match (console.asking, console.snapshot) {
                (Some((_, asked)), _) => add(asked.plus(timings.confirm_ms), Why::Snapshot),
                (None, Some(asked)) => add(asked.plus(timings.snapshot_every_ms), Why::Snapshot),
                (None, None) => {}
            }
        } else if let Some(since) = self.session_since()
            && !state.problems.contains_key(&ProblemCode::ConsoleMissing)
        {
            add(since.plus(timings.console_missing_ms), Why::ConsoleMissing);
        }
        if state.signed_in() {
            if let Some(answered) = state.reading.answered {
                add(answered.plus(2 * timings.read_fast_ms), Why::ReadStale);
            }
            match state.reading.asked {
                Some(asked) => add(asked.plus(timings.read_timeout_ms), Why::Read),
                None => {
                    if let Some(at) = self.next_read() {
                        add(at, Why::Read);
                    }
                }
            }
        }
        match state.intent.as_ref().map(|intent| &intent.stage) {
            Some(Stage::Applying { sent, retry, .. }) => {
                if let Some((_, since)) = sent {
                    add(since.plus(timings.confirm_ms), Why::Intent);
                }
                if let Some(at) = retry {
                    add(*at, Why::Intent);
                }
            }
            Some(Stage::Held { armed, rearm, .. }) => {
                if let Some((_, until)) = armed {
                    add(*until, Why::Armed);
                    if let Some(ended) = state.call.ended {
                        add(ended.plus(timings.armed_grace_ms), Why::Armed);
                    }
                }
                if let Some(at) = rearm {
                    add(*at, Why::Armed);
                }
            }
            None => {}
        }
        if let Some(want) = &state.phone_want {
            if let Some((_, since)) = want.sent {
                add(since.plus(timings.confirm_ms), Why::Phone);
            }
            if let Some(at) = want.retry {
                add(at, Why::Phone);
            }
        }
        deadlines
            .into_iter()
            .filter(|(at, _)| self.is_ahead(*at))
            .min_by_key(|(at, _)| at.mono_ms)
    }
}
