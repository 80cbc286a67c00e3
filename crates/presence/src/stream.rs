//! What the org tells by stream: some rows, late, again or out of order, and nothing about others.

use crate::engine::Engine;
use crate::event::{PresenceRow, StreamStop, WorkRow};
use crate::note::Staleness;
use crate::problem::ProblemCode;
use crate::state::PresenceValue;
use crate::time::Now;

impl Engine {
    /// A streaming message. Each row counts like an event of this moment, unless its version is known already
    /// or older than the known one; what is not in it is not looked for.
    pub(crate) fn streamed(
        &mut self,
        now: Now,
        works: Vec<WorkRow>,
        presence: Option<PresenceRow>,
        replay: Option<i64>,
    ) {
        if !self.state.signed_in() {
            return;
        }
        // Positions grow along the stream; a message that comes again is behind.
        self.state.org.replay = self.state.org.replay.max(replay);
        self.see_rows(now, None, works);
        if let Some(row) = presence {
            self.stream_presence(now, row);
        }
    }

    /// The page is asked where there is one, because that costs no API call; else the org.
    pub(crate) fn stream_gap(&mut self, now: Now) {
        if self.state.console_is_fresh(now, &self.settings.timings) {
            self.ask_snapshot(now);
        } else if self.state.signed_in() {
            self.read_soon(now);
        }
    }

    /// Nothing depends on the stream; the rep is told, so that an administrator can be.
    pub(crate) fn stream_stopped(&mut self, why: StreamStop) {
        if self.state.signed_in() {
            let about = match why {
                StreamStop::Limit => "limit",
                StreamStop::Refused => "refused",
                StreamStop::Unavailable => "unavailable",
            };
            self.raise(ProblemCode::StreamStopped, about.to_owned());
        }
    }

    fn stream_presence(&mut self, now: Now, row: PresenceRow) {
        if self.is_known_version(row) {
            return self.note_ignored(Staleness::OlderVersion);
        }
        let value = row.status.map_or(PresenceValue::LoggedOut, PresenceValue::Status);
        let differs = value != self.state.presence.value;
        if differs && self.state.console_is_fresh(now, &self.settings.timings) {
            // The page's own words come in order but without versions, so that nobody can say which is the
            // newer: the page is asked.
            return self.ask_snapshot(now);
        }
        if differs && self.state.presence.row.is_none() {
            // Likewise, and there is no page to ask.
            self.read_soon(now);
        }
        self.observe_presence(now, None, value, Some(row), None);
    }

    /// Of one UserServicePresence every version counts once; a row made earlier than the newest version known
    /// was another status, and that is over.
    fn is_known_version(&self, row: PresenceRow) -> bool {
        let known = self.state.org.presence.zip(row.modstamp_ms);
        known.is_some_and(|(known, modstamp_ms)| {
            if row.row == known.row {
                modstamp_ms <= known.modstamp_ms
            } else {
                modstamp_ms < known.modstamp_ms
            }
        })
    }
}
