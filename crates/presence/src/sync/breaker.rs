//! The breaker: a storm of automatic writes pauses sync (DESIGN P6).

use crate::effect::NoticeCode;
use crate::engine::Engine;
use crate::note::Note;
use crate::problem::ProblemCode;
use crate::time::Now;

/// Writes that rules may begin within `Timings::breaker_window_ms`. A rep who tries statuses out makes one
/// or two writes with each; two programs that answer each other make one every second or so.
const WRITES_AT_MOST: usize = 8;

impl Engine {
    /// A rule wants to begin a write: whether the breaker stops it, or opens at it.
    pub(super) fn breaker_stops(&mut self, now: Now) -> bool {
        let timings = &self.settings.timings;
        let (window_ms, quiet_ms) = (timings.breaker_window_ms, timings.breaker_quiet_ms);
        let sync = &mut self.state.sync;
        if let Some(until) = &mut sync.paused_until {
            *until = now.plus(quiet_ms);
            return true;
        }
        sync.begun.retain(|began| now.since(*began) < window_ms);
        if sync.begun.len() < WRITES_AT_MOST {
            sync.begun.push(now);
            return false;
        }
        sync.begun.clear();
        sync.paused_until = Some(now.plus(quiet_ms));
        self.stop_rules(now);
        self.raise(ProblemCode::SyncPaused, String::new());
        self.notify(NoticeCode::SyncPaused, String::new());
        self.note(Note::Breaker { open: true });
        true
    }

    /// What rules have begun is not gone on with.
    fn stop_rules(&mut self, now: Now) {
        self.state.phone_want = None;
        self.drop_rule_wish(now);
    }

    /// Sync goes on: the sides are reconciled by authority.
    pub(crate) fn resume_sync(&mut self) {
        if self.state.sync.paused_until.take().is_some() {
            self.state.sync.known = None;
            self.clear(ProblemCode::SyncPaused);
            self.note(Note::Breaker { open: false });
        }
    }

    /// No rule has wanted to write for long enough.
    pub(super) fn close_quiet_breaker(&mut self, now: Now) {
        if self
            .state
            .sync
            .paused_until
            .is_some_and(|until| now.reached(until))
        {
            self.resume_sync();
        }
    }
}
