//! An event of a PushTopic, written once for all who get it, and the events still there for replay.

use std::collections::VecDeque;
use std::sync::Arc;

use jiff::{SignedDuration, Timestamp};

/// What happened to a record.
#[derive(Debug, PartialEq, Eq)]
pub(crate) struct Event {
    /// Increasing within the org, with gaps: clients must not count with it.
    pub(crate) replay_id: i64,
    pub(crate) at: Timestamp,
    /// The whole Bayeux message, as JSON. Every client that gets the event gets these bytes.
    pub(crate) message: Box<str>,
    /// The selected fields as texts, for filters.
    pub(crate) fields: Vec<(&'static str, String)>,
}

/// At most this many events of a topic are kept, so that a long run stays small.
const MOST: usize = 100_000;

/// A topic's events, oldest first.
#[derive(Debug, Default)]
pub(super) struct Retained(VecDeque<Arc<Event>>);

impl Retained {
    pub(super) fn push(&mut self, event: Arc<Event>) {
        if self.0.len() == MOST {
            self.0.pop_front();
        }
        self.0.push_back(event);
    }

    /// Forgets what is older than that.
    pub(super) fn forget(&mut self, now: Timestamp, retention: SignedDuration) {
        while self
            .0
            .front()
            .is_some_and(|event| now.duration_since(event.at) >= retention)
        {
            self.0.pop_front();
        }
    }

    pub(super) fn all(&self) -> impl Iterator<Item = &Arc<Event>> {
        self.0.iter()
    }

    /// The events after that of this position; `None` where no retained event has it.
    pub(super) fn after(&self, position: i64) -> Option<impl Iterator<Item = &Arc<Event>>> {
        let place = self.0.binary_search_by_key(&position, |event| event.replay_id);
        Some(self.0.iter().skip(place.ok()? + 1))
    }
}
