//! A CometD client that has shaken hands.

use std::sync::Arc;

use jiff::{SignedDuration, Timestamp};

use super::event::Event;
use super::subscription::Wanted;
use crate::org::RepKey;

/// `clientId`
pub(crate) type ClientId = Arc<str>;

#[derive(Debug)]
pub(super) struct Session {
    pub(super) user: RepKey,
    /// The value of its cookie.
    pub(super) browser: String,
    pub(super) subscriptions: Vec<Wanted>,
    /// What it will get with its next connect.
    pub(super) queue: Vec<Arc<Event>>,
    /// Its first connect was answered.
    pub(super) connected: bool,
    /// The connect that is held, by its number.
    pub(super) held: Option<u64>,
    /// When it was last heard of, or last answered.
    pub(super) seen_at: Timestamp,
}

impl Session {
    /// Without a connect for this long, it is gone.
    pub(super) fn is_gone(&self, now: Timestamp, reconnect_within: SignedDuration) -> bool {
        self.held.is_none() && now.duration_since(self.seen_at) > reconnect_within
    }

    pub(super) fn enqueue(&mut self, event: &Arc<Event>) -> bool {
        // Two conditions of one client may both hold.
        if self.queue.last().is_some_and(|last| Arc::ptr_eq(last, event)) {
            return false;
        }
        self.queue.push(Arc::clone(event));
        true
    }
}
