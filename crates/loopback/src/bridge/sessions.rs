//! Sessions of consoles: who leads, what was handed out, what has been taken in. No I/O; the inbox is posted
//! to under the lock, so that its order is the order of what happened.

use std::collections::VecDeque;
use std::time::{Duration, SystemTime};

use companion::inbox::Inbox;
use presence::effect::ConsoleAction;
use presence::event::{CommandId, CommandOutcome, ConsoleId, Event};
use secrecy::{ExposeSecret as _, SecretString};
use tokio::sync::watch;
use tokio::time::Instant;
use wire::bridge::{AgentWork, CommandResult, Commands, NumberedEvent, Outcome, Report};
use wire::rep_setup::RepSetup;

use super::instances::Instances;
use super::leader::Leader;

use crate::options::Timings;
use crate::problem::Refusal;
use crate::secret::{self, Digest};

/// Ended sessions that are still told why.
const MOST_FORMER: usize = 64;
/// Commands whose answer is awaited. The engine has a handful; a partner that never answers must not add up.
const MOST_FETCHED: usize = 256;

/// All of the bridge's state.
#[derive(Debug)]
pub(super) struct Sessions {
    inbox: Inbox,
    timings: Timings,
    leader: Option<Leader>,
    /// Sessions that a newer one replaced.
    superseded: VecDeque<Digest>,
    /// Handed out and not answered, by whichever session.
    fetched: VecDeque<CommandId>,
    instances: Instances,
    consoles: u64,
    /// Replaced pages that wait for their turn now.
    waiting: usize,
    /// What the newest console that could tell has told of the rep's set-up.
    setup: watch::Sender<Option<RepSetup>>,
}

/// What a held poll finds.
#[derive(Debug)]
pub(super) enum Found {
    /// Answer this.
    Commands(Commands),
    /// Answer that there was nothing: a newer poll has taken its place.
    NewerPoll,
    /// Wait on.
    Nothing,
}

impl Sessions {
    pub(super) fn new(inbox: Inbox, timings: Timings) -> Self {
        Self {
            inbox,
            timings,
            leader: None,
            superseded: VecDeque::new(),
            fetched: VecDeque::new(),
            instances: Instances::default(),
            consoles: 0,
            waiting: 0,
            setup: watch::Sender::new(None),
        }
    }

    /// The newest console leads. What an earlier session fetched and did not answer is withdrawn: a command
    /// is for one session only, and an armed page must not act after it was replaced.
    pub(super) fn open(&mut self, instance: String, now: Instant) -> SecretString {
        if let Some(former) = self.close() {
            if self.superseded.len() >= MOST_FORMER {
                self.superseded.pop_front();
            }
            self.superseded.push_back(former.session);
        }
        self.consoles += 1;
        let console = ConsoleId(self.consoles);
        let session = secret::random();
        let digest = Digest::of(session.expose_secret());
        let withdrawn = self.fetched.iter().copied().collect();
        let pause = self.timings.poll_pause;
        self.leader = Some(Leader::new(console, digest, instance, withdrawn, now, pause));
        self.inbox.post(Event::ConsoleConnected { console });
        session
    }

    /// Ends everything: these sessions belong to a rep who is no longer signed in.
    pub(super) fn end(&mut self) {
        self.close();
        self.superseded.clear();
        self.fetched.clear();
        self.setup.send_replace(None);
    }

    /// What a console tells of the rep's set-up, now and from now on.
    pub(super) fn setup(&self) -> watch::Receiver<Option<RepSetup>> {
        self.setup.subscribe()
    }

    fn close(&mut self) -> Option<Leader> {
        let leader = self.leader.take()?;
        self.inbox.post(Event::ConsoleGone {
            console: leader.console,
        });
        Some(leader)
    }

    /// Queues a command for one console, if it still leads.
    pub(super) fn send(
        &mut self,
        console: ConsoleId,
        command: CommandId,
        expires_in_ms: u64,
        action: ConsoleAction,
        now: Instant,
    ) {
        match self.leader.as_mut().filter(|leader| leader.console == console) {
            Some(leader) => {
                leader.queue(command, Duration::from_millis(expires_in_ms), action.into(), now);
            }
            None => tracing::debug!(%command, "for a console that is gone"),
        }
    }

    /// Takes a command back.
    pub(super) fn withdraw(&mut self, command: CommandId) {
        let Some(leader) = &mut self.leader else { return };
        if !leader.forget(command) && self.fetched.contains(&command) {
            leader.tell_withdrawn(command);
        }
    }

    /// A poll begins: its console and number.
    pub(super) fn begin_poll(&mut self, session: &str, now: Instant) -> Result<(ConsoleId, u64), Refusal> {
        let leader = self.led_by(&Digest::of(session))?;
        let begun = (leader.console, leader.begin_poll(now));
        self.inbox.post(Event::ConsoleHeard { console: begun.0 });
        Ok(begun)
    }

    /// A replaced page begins to wait.
    pub(super) fn begin_wait(&mut self) {
        self.waiting += 1;
    }

    /// It waits no longer.
    pub(super) fn end_wait(&mut self) {
        self.waiting -= 1;
    }

    /// Whether a page that was replaced may have the place: nobody leads.
    pub(super) fn is_free(&self, session: &str) -> Result<bool, Refusal> {
        let session = Digest::of(session);
        let superseded = self
            .superseded
            .iter()
            .fold(false, |any, former| any | former.matches(&session));
        match superseded {
            true => Ok(self.leader.is_none()),
            false => Err(Refusal::unknown_session()),
        }
    }

    /// What a held poll can be answered with.
    pub(super) fn find(&mut self, session: &str, poll: u64, now: Instant) -> Result<Found, Refusal> {
        self.drop_expired(now);
        let leader = self.led_by(&Digest::of(session))?;
        if leader.has_newer_poll(poll) {
            return Ok(Found::NewerPoll);
        }
        let (commands, fetched) = leader.take(now, SystemTime::now());
        if commands == Commands::default() {
            return Ok(Found::Nothing);
        }
        self.fetched.extend(fetched);
        while self.fetched.len() > MOST_FETCHED {
            self.fetched.pop_front();
        }
        Ok(Found::Commands(commands))
    }

    /// Holdline is leaving: nothing more is handed out, and everything handed out is taken back.
    pub(super) fn find_at_end(&mut self) -> Commands {
        let withdrawn = self.fetched.iter().map(ToString::to_string).collect();
        Commands {
            commands: Vec::new(),
            withdrawn,
        }
    }

    /// A poll is over: `answered`, or its client has gone without its answer.
    pub(super) fn end_poll(&mut self, console: ConsoleId, poll: u64, answered: bool, now: Instant) {
        let grace = match answered {
            true => self.timings.poll_pause,
            false => self.timings.poll_grace,
        };
        if let Some(leader) = self.leader.as_mut().filter(|leader| leader.console == console) {
            leader.end_poll(poll, now, grace);
        }
    }

    /// Takes events and results in; the last event number taken of this page.
    pub(super) fn report(&mut self, report: Report, now: Instant) -> Result<u64, Refusal> {
        let leader = self.led_by(&Digest::of(report.session.expose()))?;
        leader.hear(now);
        let (console, instance) = (leader.console, leader.instance.clone());
        self.inbox.post(Event::ConsoleHeard { console });
        if let Some(setup) = report.setup {
            // Each session tells it; mostly it is what was told before.
            self.setup.send_if_modified(|known| {
                let is_news = known.as_ref() != Some(&setup);
                *known = Some(setup);
                is_news
            });
        }
        let taken = self.take_events(&instance, report.events);
        for result in report.results {
            self.take_result(console, result);
        }
        // A page that is loaded anew leaves, too, and is back in a moment: only where another one is ready is it
        // gone at once.
        if report.leaving && self.waiting > 0 {
            tracing::info!("the console was closed, and another takes over");
            self.close();
        }
        Ok(taken)
    }

    fn take_events(&mut self, instance: &str, mut events: Vec<NumberedEvent>) -> u64 {
        let last = self.instances.last_taken(instance);
        events.sort_by_key(|event| event.seq);
        for NumberedEvent { seq, event } in events {
            if seq <= *last {
                continue;
            }
            // A page that was there before this run of Holdline goes on counting.
            if *last != 0 && seq != *last + 1 {
                tracing::warn!(last = *last, seq, "the console left events out");
            }
            *last = seq;
            self.inbox.post(event.into_event());
        }
        *last
    }

    fn take_result(&mut self, console: ConsoleId, result: CommandResult) {
        let answered = result.id.parse().ok();
        let Some(place) = self.fetched.iter().position(|fetched| answered == Some(*fetched)) else {
            // Told twice, or of an earlier run of Holdline.
            tracing::debug!("the answer to a command that is not awaited");
            return;
        };
        let Some(command) = self.fetched.remove(place) else {
            return;
        };
        let outcome = result.outcome.outcome();
        if let Outcome::Refused { code, detail } = &result.outcome {
            // The toolkit's words may name people: only their length goes to the log.
            tracing::info!(%command, ?code, detail_length = detail.len(), "refused by the console");
        }
        if let Outcome::Done {
            snapshot: Some(snapshot),
        } = result.outcome
        {
            self.inbox.post(Event::ConsoleSnapshot {
                console,
                command,
                works: snapshot.works.iter().map(AgentWork::seen).collect(),
                status: snapshot.status_id,
                conversations_ended: snapshot.conversations_ended,
            });
        }
        self.inbox.post(Event::CommandAnswered { command, outcome });
    }

    /// Drops what is due and says when something is due next.
    pub(super) fn expire(&mut self, now: Instant) -> Option<Instant> {
        self.drop_expired(now);
        if self
            .leader
            .as_ref()
            .is_some_and(|leader| leader.gone_at(&self.timings) <= now)
        {
            tracing::info!("the console has gone silent");
            self.close();
        }
        self.leader.as_ref().map(|leader| leader.due(&self.timings))
    }

    fn drop_expired(&mut self, now: Instant) {
        let Some(leader) = &mut self.leader else { return };
        for command in leader.take_expired(now, SystemTime::now()) {
            self.inbox.post(Event::CommandAnswered {
                command,
                outcome: CommandOutcome::Expired,
            });
        }
    }

    fn led_by(&mut self, session: &Digest) -> Result<&mut Leader, Refusal> {
        let superseded = self
            .superseded
            .iter()
            .fold(false, |any, former| any | former.matches(session));
        match &mut self.leader {
            Some(leader) if leader.session.matches(session) => Ok(leader),
            _ if superseded => Err(Refusal::superseded()),
            _ => Err(Refusal::unknown_session()),
        }
    }
}
