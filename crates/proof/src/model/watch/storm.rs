//! The breaker: a storm of automatic writes pauses sync (P6).

use presence::effect::NoticeCode;
use presence::event::Event;
use presence::settings::Timings;
use presence::time::Now;

use super::super::promise::Promise;
use super::super::scope::{Scope, Start};
use super::Watch;

/// Automatic writes within `Timings::breaker_window_ms` after which there is none any more.
const AT_MOST: usize = 8;

/// What has been written of late, in a world in which only rules write.
#[derive(Clone, Debug, Default, PartialEq, Eq, Hash)]
pub(super) struct Storm {
    written: Vec<Now>,
    /// The rep was told that sync is paused, and it cannot have gone on since.
    paused: Option<Now>,
}

impl Storm {
    pub(super) fn hear(&mut self, now: Now, event: &Event, timings: &Timings) {
        self.written
            .retain(|written| now.since(*written) < timings.breaker_window_ms);
        self.paused
            .take_if(|since| now.since(*since) >= timings.breaker_quiet_ms);
        if matches!(event, Event::ResumeSync) {
            self.paused = None;
        }
    }

    pub(super) fn notified(&mut self, now: Now, code: NoticeCode) {
        if code == NoticeCode::SyncPaused {
            self.paused = Some(now);
            self.written.clear();
        }
    }
}

impl Watch {
    /// Something was written because a rule says so. `is_new`: not the same once more, because it was not seen.
    pub(super) fn automatic_write(&mut self, now: Now, is_new: bool, scope: &Scope) {
        if scope.start != Start::Storm {
            return;
        }
        if self.storm.paused.is_some() {
            self.break_promise(Promise::P6, "a rule wrote while sync was paused");
        }
        if is_new {
            self.storm.written.push(now);
        }
        if self.storm.written.len() > AT_MOST {
            self.break_promise(Promise::P6, "a storm of automatic writes did not pause sync");
        }
    }
}
