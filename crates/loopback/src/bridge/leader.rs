//! The one console that is talked to.

use std::collections::VecDeque;
use std::time::Duration;

use presence::event::{CommandId, ConsoleId};
use tokio::time::Instant;
use wire::bridge::{Action, Command, Commands};

use crate::options::Timings;
use crate::secret::Digest;

/// The newest session of the rep's consoles.
#[derive(Debug)]
pub(super) struct Leader {
    pub(super) console: ConsoleId,
    pub(super) session: Digest,
    /// The page; its events are numbered by it.
    pub(super) instance: String,
    /// Not fetched yet.
    queue: VecDeque<Queued>,
    /// Not told yet.
    withdrawn: Vec<CommandId>,
    heard: Instant,
    /// The number of the newest poll; an older one that is still held has lost its client.
    poll: u64,
    /// When the newest poll's connection was dropped, if it was.
    dropped: Option<Instant>,
}

#[derive(Debug)]
struct Queued {
    command: CommandId,
    expires: Instant,
    action: Action,
}

impl Leader {
    pub(super) fn new(
        console: ConsoleId,
        session: Digest,
        instance: String,
        withdrawn: Vec<CommandId>,
        now: Instant,
    ) -> Self {
        Self {
            console,
            session,
            instance,
            queue: VecDeque::new(),
            withdrawn,
            heard: now,
            poll: 0,
            dropped: None,
        }
    }

    pub(super) fn hear(&mut self, now: Instant) {
        self.heard = now;
    }

    /// A poll begins; its number.
    pub(super) fn begin_poll(&mut self, now: Instant) -> u64 {
        self.hear(now);
        self.dropped = None;
        self.poll += 1;
        self.poll
    }

    /// Whether a newer poll has begun since this one.
    pub(super) fn has_newer_poll(&self, poll: u64) -> bool {
        self.poll != poll
    }

    /// The poll's client has gone without its answer.
    pub(super) fn drop_poll(&mut self, poll: u64, now: Instant) {
        if self.poll == poll {
            self.dropped = Some(now);
        }
    }

    pub(super) fn queue(&mut self, command: CommandId, expires_in: Duration, action: Action, now: Instant) {
        self.queue.push_back(Queued {
            command,
            expires: now + expires_in,
            action,
        });
    }

    /// Takes a command back that was not fetched yet; whether it was one.
    pub(super) fn forget(&mut self, command: CommandId) -> bool {
        let before = self.queue.len();
        self.queue.retain(|queued| queued.command != command);
        self.queue.len() < before
    }

    /// The partner is to be told.
    pub(super) fn tell_withdrawn(&mut self, command: CommandId) {
        self.withdrawn.push(command);
    }

    /// Removes what may not be begun any more.
    pub(super) fn take_expired(&mut self, now: Instant) -> Vec<CommandId> {
        let expired = self.queue.iter().filter(|queued| queued.expires <= now);
        let expired = expired.map(|queued| queued.command).collect();
        self.queue.retain(|queued| queued.expires > now);
        expired
    }

    /// Everything to hand out now, and the commands in it.
    pub(super) fn take(&mut self, now: Instant) -> (Commands, Vec<CommandId>) {
        let mut fetched = Vec::new();
        let command = |queued: Queued| {
            fetched.push(queued.command);
            let left = queued.expires.saturating_duration_since(now).as_millis();
            Command {
                id: queued.command.to_string(),
                expires_in_ms: u64::try_from(left).unwrap_or(u64::MAX),
                action: queued.action,
            }
        };
        let commands = self.queue.drain(..).map(command).collect();
        let withdrawn = self
            .withdrawn
            .drain(..)
            .map(|command| command.to_string())
            .collect();
        (Commands { commands, withdrawn }, fetched)
    }

    /// When the console counts as gone, if it stays silent.
    pub(super) fn gone_at(&self, timings: &Timings) -> Instant {
        let silent = self.heard + timings.console_silence;
        self.dropped
            .map_or(silent, |dropped| silent.min(dropped + timings.poll_grace))
    }

    /// When something here is due next.
    pub(super) fn due(&self, timings: &Timings) -> Instant {
        let expiries = self.queue.iter().map(|queued| queued.expires);
        expiries.fold(self.gone_at(timings), Instant::min)
    }
}
