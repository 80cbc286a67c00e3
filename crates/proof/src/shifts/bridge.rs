//! Holdline's end of the console bridge: which session leads, what was handed out, what has been taken in.

use presence::effect::ConsoleAction;
use presence::event::{CommandId, CommandOutcome, ConsoleId, Event};
use presence::time::Now;

use super::due::Due;
use super::holdline::Holdline;
use super::world::World;

/// How long a poll is held.
const HOLD_MS: u64 = 20_000;
/// A console silent for this long has left.
const SILENCE_MS: u64 = 50_000;

/// What a poll is answered with.
#[derive(Clone, Debug, Default)]
pub(crate) struct Handout {
    /// With what is left of their time, milliseconds.
    pub(crate) commands: Vec<(CommandId, u64, ConsoleAction)>,
    pub(crate) withdrawn: Vec<CommandId>,
}

#[derive(Debug, Default)]
pub(crate) struct Bridge {
    pub(crate) leader: Option<Leader>,
    /// Handed out and not answered.
    pub(super) fetched: Vec<CommandId>,
    consoles: u64,
    /// Each page's last event taken in.
    pub(super) taken: Vec<(u64, u64)>,
}

#[derive(Debug)]
pub(crate) struct Leader {
    pub(crate) console: ConsoleId,
    pub(crate) session: u64,
    instance: u64,
    queue: Vec<(CommandId, Now, ConsoleAction)>,
    withdrawn: Vec<CommandId>,
    pub(super) heard: Now,
    polls: u64,
    waiting: bool,
}

impl Holdline {
    fn leader(&mut self) -> Option<&mut Leader> {
        self.bridge.leader.as_mut()
    }
}

impl World {
    pub(super) fn bridge(&mut self) -> Option<&mut Bridge> {
        self.holdline.as_mut().map(|holdline| &mut holdline.bridge)
    }

    pub(super) fn leads(&mut self, session: u64) -> Option<&mut Leader> {
        let holdline = self.holdline.as_mut()?;
        holdline.leader().filter(|leader| leader.session == session)
    }

    /// The newest console leads.
    pub(crate) fn hello_arrives(&mut self, instance: u64) {
        if !self.page.is(instance) {
            return;
        }
        if self.signed_in_run().is_none() {
            return self.hello_fails(instance);
        }
        let (now, run) = (self.now(), self.runs);
        if self.bridge().is_some_and(|bridge| bridge.leader.is_some()) {
            self.leader_leaves();
        }
        let Some(bridge) = self.bridge() else { return };
        bridge.consoles += 1;
        let console = ConsoleId(bridge.consoles);
        let session = run * 1_000_000 + bridge.consoles;
        bridge.leader = Some(Leader {
            console,
            session,
            instance,
            queue: Vec::new(),
            withdrawn: bridge.fetched.clone(),
            heard: now,
            polls: 0,
            waiting: false,
        });
        self.tell(Event::ConsoleConnected { console });
        self.session_opens(instance, session);
    }

    pub(crate) fn leader_leaves(&mut self) {
        if let Some(leader) = self.bridge().and_then(|bridge| bridge.leader.take()) {
            if leader.waiting {
                // Its session is unknown from now on.
                let (instance, session) = (leader.instance, leader.session);
                self.soon(
                    1,
                    Due::PollFails {
                        instance,
                        session,
                        by_holdline: true,
                    },
                );
            }
            self.tell(Event::ConsoleGone {
                console: leader.console,
            });
        }
    }

    pub(crate) fn send_to_console(
        &mut self,
        console: ConsoleId,
        command: CommandId,
        expires_in_ms: u64,
        action: ConsoleAction,
    ) {
        let until = self.now().plus(expires_in_ms);
        let holdline = self.holdline.as_mut();
        let Some(leader) = holdline
            .and_then(Holdline::leader)
            .filter(|leader| leader.console == console)
        else {
            return;
        };
        leader.queue.push((command, until, action));
        self.answer_poll();
    }

    pub(crate) fn withdraw(&mut self, command: CommandId) {
        let Some(bridge) = self.bridge() else { return };
        let fetched = bridge.fetched.contains(&command);
        let Some(leader) = &mut bridge.leader else { return };
        let before = leader.queue.len();
        leader.queue.retain(|(queued, ..)| *queued != command);
        if leader.queue.len() == before && fetched {
            leader.withdrawn.push(command);
            self.answer_poll();
        }
    }

    pub(crate) fn poll_arrives(&mut self, instance: u64, session: u64) {
        let now = self.now();
        let run = self.runs;
        let up = self.holdline.is_some();
        let Some(leader) = self.leads(session) else {
            if self.page.is(instance) {
                self.poll_fails(session, up);
            }
            return;
        };
        leader.heard = now;
        leader.polls += 1;
        leader.waiting = true;
        let (console, poll) = (leader.console, leader.polls);
        self.tell(Event::ConsoleHeard { console });
        self.soon(HOLD_MS, Due::PollHoldEnds { run, session, poll });
        self.answer_poll();
    }

    pub(crate) fn poll_hold_ends(&mut self, session: u64, poll: u64) {
        let Some(leader) = self
            .leads(session)
            .filter(|leader| leader.waiting && leader.polls == poll)
        else {
            return;
        };
        leader.waiting = false;
        let instance = leader.instance;
        self.hand_out(instance, session, Handout::default());
    }

    /// If a poll waits and there is something to say.
    fn answer_poll(&mut self) {
        self.drop_expired();
        let now = self.now();
        let Some(bridge) = self.bridge() else { return };
        let Some(leader) = bridge.leader.as_mut().filter(|leader| leader.waiting) else {
            return;
        };
        if leader.queue.is_empty() && leader.withdrawn.is_empty() {
            return;
        }
        leader.waiting = false;
        let (instance, session) = (leader.instance, leader.session);
        let left = |until: Now| {
            let by_wall = u64::try_from(until.wall_ms - now.wall_ms).unwrap_or(0);
            until.mono_ms.saturating_sub(now.mono_ms).min(by_wall)
        };
        let commands: Vec<_> = leader
            .queue
            .drain(..)
            .map(|(command, until, action)| (command, left(until), action))
            .collect();
        let withdrawn = std::mem::take(&mut leader.withdrawn);
        bridge
            .fetched
            .extend(commands.iter().map(|(command, ..)| *command));
        self.hand_out(instance, session, Handout { commands, withdrawn });
    }

    fn hand_out(&mut self, instance: u64, session: u64, handout: Handout) {
        let late = self.faults.delay(self.t, &mut self.dice);
        let lost = self.faults.loses(self.t, &mut self.dice);
        let due = if lost {
            Due::PollFails {
                instance,
                session,
                by_holdline: false,
            }
        } else {
            Due::PollAnswered {
                instance,
                session,
                handout,
            }
        };
        self.soon(late, due);
    }

    fn drop_expired(&mut self) {
        let now = self.now();
        loop {
            let holdline = self.holdline.as_mut();
            let Some(leader) = holdline.and_then(Holdline::leader) else {
                return;
            };
            let expired = leader.queue.iter().position(|(_, until, _)| now.reached(*until));
            let Some(place) = expired else { return };
            let (command, ..) = leader.queue.remove(place);
            self.answered(command, CommandOutcome::Expired);
        }
    }

    /// The page closed its connection, and no new poll has come since.
    pub(crate) fn poll_dropped(&mut self, session: u64) {
        if self.leads(session).is_some() {
            self.leader_leaves();
        }
    }

    /// What time alone does.
    pub(crate) fn bridge_looks_at_its_clock(&mut self) {
        self.drop_expired();
        let now = self.now();
        let holdline = self.holdline.as_mut();
        let silent = holdline
            .and_then(Holdline::leader)
            .is_some_and(|leader| now.mono_ms.saturating_sub(leader.heard.mono_ms) >= SILENCE_MS);
        if silent {
            self.leader_leaves();
        }
    }
}
