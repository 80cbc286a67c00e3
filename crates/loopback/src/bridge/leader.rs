//! The one console that is talked to.

use std::collections::VecDeque;
use std::time::{Duration, SystemTime};

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
    /// No poll is held: when the console has left, if none begins by then.
    unheld_until: Option<Instant>,
}

#[derive(Debug)]
struct Queued {
    command: CommandId,
    action: Action,
    expires: Instant,
    /// The same by the wall clock: the other one stands still while the machine is suspended, and a command
    /// from before must not be begun after.
    expires_wall: SystemTime,
}

impl Queued {
    /// What is left of its time, by the clock that gives it less.
    fn left(&self, now: Instant, wall: SystemTime) -> Duration {
        let by_wall = self.expires_wall.duration_since(wall).unwrap_or_default();
        self.expires.saturating_duration_since(now).min(by_wall)
    }
}

impl Leader {
    pub(super) fn new(
        console: ConsoleId,
        session: Digest,
        instance: String,
        withdrawn: Vec<CommandId>,
        now: Instant,
        poll_pause: Duration,
    ) -> Self {
        Self {
            console,
            session,
            instance,
            queue: VecDeque::new(),
            withdrawn,
            heard: now,
            poll: 0,
            unheld_until: Some(now + poll_pause),
        }
    }

    pub(super) fn hear(&mut self, now: Instant) {
        self.heard = now;
    }

    /// A poll begins; its number.
    pub(super) fn begin_poll(&mut self, now: Instant) -> u64 {
        self.hear(now);
        self.unheld_until = None;
        self.poll += 1;
        self.poll
    }

    /// Whether a newer poll has begun since this one.
    pub(super) fn has_newer_poll(&self, poll: u64) -> bool {
        self.poll != poll
    }

    /// The poll is over: answered, or its client has gone without its answer. The next must begin within `grace`.
    pub(super) fn end_poll(&mut self, poll: u64, now: Instant, grace: Duration) {
        if self.poll == poll {
            self.unheld_until = Some(now + grace);
        }
    }

    pub(super) fn queue(&mut self, command: CommandId, expires_in: Duration, action: Action, now: Instant) {
        self.queue.push_back(Queued {
            command,
            action,
            expires: now + expires_in,
            expires_wall: SystemTime::now() + expires_in,
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
    pub(super) fn take_expired(&mut self, now: Instant, wall: SystemTime) -> Vec<CommandId> {
        let mut expired = Vec::new();
        self.queue.retain(|queued| {
            let over = queued.left(now, wall).is_zero();
            if over {
                expired.push(queued.command);
            }
            !over
        });
        expired
    }

    /// Everything to hand out now, and the commands in it.
    pub(super) fn take(&mut self, now: Instant, wall: SystemTime) -> (Commands, Vec<CommandId>) {
        let mut fetched = Vec::new();
        let command = |queued: Queued| {
            fetched.push(queued.command);
            let left = queued.left(now, wall).as_millis();
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
        self.unheld_until.map_or(silent, |until| silent.min(until))
    }

    /// When something here is due next.
    pub(super) fn due(&self, timings: &Timings) -> Instant {
        let expiries = self.queue.iter().map(|queued| queued.expires);
        expiries.fold(self.gone_at(timings), Instant::min)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn with_a_command() -> (Leader, Instant) {
        let now = Instant::now();
        let session = Digest::of("session");
        let mut leader = Leader::new(
            ConsoleId(1),
            session,
            "page".into(),
            Vec::new(),
            now,
            Duration::from_secs(10),
        );
        leader.queue(
            CommandId { run: 1, number: 1 },
            Duration::from_secs(5),
            Action::Snapshot,
            now,
        );
        (leader, now)
    }

    #[test]
    fn a_command_does_not_outlive_a_suspended_machine() {
        let (mut leader, now) = with_a_command();
        let wall = SystemTime::now();
        assert!(leader.take_expired(now, wall).is_empty());
        assert_eq!(
            leader.take_expired(now, wall + Duration::from_secs(3600)).len(),
            1
        );
        assert!(leader.take(now, wall).0.commands.is_empty());
    }

    #[test]
    fn a_wall_clock_set_back_gives_no_command_more_time() {
        let (mut leader, now) = with_a_command();
        let set_back = SystemTime::now() - Duration::from_secs(3600);
        let later = now + Duration::from_secs(2);
        let (commands, _) = leader.take(later, set_back);
        assert_eq!(commands.commands[0].expires_in_ms, 3_000);
    }
}
