//! The loop: one inbox, one mutation, full drain. Nothing is awaited but the inbox and the clock.

use std::collections::BTreeMap;
use std::sync::Arc;
use std::time::Duration;

use presence::changed::Part;
use presence::effect::Effect;
use presence::engine::Engine;
use presence::event::{Event, Ticket};
use presence::picture::Picture;
use presence::time::Now;
use tokio::sync::{mpsc, oneshot, watch};
use tokio::time::{Instant, sleep_until};
use trace::line::{Cause, Header};

use crate::clock::Clock;
use crate::inbox::{AnswerSender, Post};
use crate::ports::{ConsolePort, DesktopPort, PhonePort, SalesforcePort, StorePort, TracePort};

/// The longest sleep. After a suspend the monotonic timer is late by the time slept, the wall clock is not:
/// looking this often finds it.
const LONGEST_SLEEP: Duration = Duration::from_secs(15);

/// Everything at the edges.
pub struct Ports {
    /// The console partners.
    pub console: Box<dyn ConsolePort>,
    /// What the rep sees.
    pub desktop: Box<dyn DesktopPort>,
    /// The phone.
    pub phone: Box<dyn PhonePort>,
    /// The cloud.
    pub salesforce: Box<dyn SalesforcePort>,
    /// The disk.
    pub store: Box<dyn StorePort>,
    /// The trace, unless it is turned off.
    pub trace: Option<Box<dyn TracePort>>,
}

/// The loop's state outside the engine: who waits for answers, and what was shown last.
pub struct Loop {
    engine: Engine,
    clock: Clock,
    ports: Ports,
    posts: mpsc::UnboundedReceiver<Post>,
    pictures: watch::Sender<Arc<Picture>>,
    waiting: BTreeMap<Ticket, AnswerSender>,
    causes: u64,
}

impl Loop {
    /// A loop around an engine; `posts` and `pictures` are the other ends of an inbox.
    pub fn new(
        engine: Engine,
        clock: Clock,
        ports: Ports,
        posts: mpsc::UnboundedReceiver<Post>,
        pictures: watch::Sender<Arc<Picture>>,
    ) -> Self {
        Self {
            engine,
            clock,
            ports,
            posts,
            pictures,
            waiting: BTreeMap::new(),
            causes: 0,
        }
    }

    /// Runs until told to stop (or until nobody is left to post). What is in the inbox by then is still
    /// taken in, so that the last state is the true one. Whoever waits for an answer learns that none comes.
    pub async fn run(mut self, mut stop: oneshot::Receiver<()>) {
        self.show(true);
        loop {
            let wake_at = self.wake_at();
            let post = tokio::select! {
                biased;
                _ = &mut stop => break,
                post = self.posts.recv() => post,
                () = sleep_until(wake_at) => Some(Post::Event(Event::Tick)),
            };
            let Some(post) = post else { return };
            self.take_in(post);
        }
        self.posts.close();
        while let Ok(post) = self.posts.try_recv() {
            self.take_in(post);
        }
    }

    fn take_in(&mut self, post: Post) {
        match post {
            Post::Await(ticket, sender) => {
                self.waiting.insert(ticket, sender);
            }
            Post::Event(event) => {
                self.causes += 1;
                self.begin_cause();
                let told = self.ports.trace.is_some().then(|| event.clone());
                let (at, began) = (self.clock.now(), Instant::now());
                self.engine.handle(at, event);
                let decided = began.elapsed();
                let effects = self.drain();
                let changed = self.show(false);
                if let Some(event) = told {
                    self.end_cause(at, event, effects, changed, decided);
                }
            }
        }
    }

    fn wake_at(&self) -> Instant {
        let longest = Instant::now() + LONGEST_SLEEP;
        let deadline = self
            .engine
            .poll_deadline()
            .map(|(at, _)| self.clock.instant_of(at.mono_ms));
        deadline.map_or(longest, |at| Instant::from_std(at).min(longest))
    }

    fn begin_cause(&self) {
        let trace = self.ports.trace.as_ref().filter(|trace| trace.wants_header());
        if let Some(trace) = trace {
            trace.header(Header {
                holdline: env!("CARGO_PKG_VERSION").to_owned(),
                n: self.causes,
                checkpoint: self.engine.checkpoint(),
            });
        }
    }

    fn end_cause(
        &mut self,
        at: Now,
        event: Event,
        effects: Vec<Effect>,
        changed: Vec<Part>,
        decided: Duration,
    ) {
        let notes = std::iter::from_fn(|| self.engine.poll_note()).collect();
        if let Some(trace) = &self.ports.trace {
            trace.cause(Cause {
                n: self.causes,
                at,
                event,
                notes,
                effects,
                changed,
                decided_us: u64::try_from(decided.as_micros()).unwrap_or(u64::MAX),
            });
        }
    }

    /// Starts every effect, and gives back what they were for the trace.
    fn drain(&mut self) -> Vec<Effect> {
        let mut drained = Vec::new();
        while let Some(effect) = self.engine.poll_effect() {
            if self.ports.trace.is_some() {
                drained.push(effect.clone());
            }
            self.start(effect);
        }
        drained
    }

    fn start(&mut self, effect: Effect) {
        match effect {
            Effect::Answer { ticket, answer } => {
                if let Some(sender) = self.waiting.remove(&ticket) {
                    // The requester may have gone; the answer was only for them.
                    let _ = sender.send(answer);
                }
            }
            Effect::Console {
                console,
                command,
                expires_in_ms,
                action,
            } => {
                self.ports.console.send(console, command, expires_in_ms, action);
            }
            Effect::Notify(notice) => self.ports.desktop.notify(notice),
            Effect::Phone {
                command,
                state,
                enqueue,
            } => {
                self.ports.phone.set_state(command, state, enqueue);
            }
            Effect::Quit => self.ports.desktop.quit(),
            Effect::Read { watch } => self.ports.salesforce.read(watch),
            Effect::Save { revision } => {
                self.ports.store.save(revision, self.engine.saved().clone());
            }
            Effect::Restart => self.ports.desktop.restart(),
            Effect::SignOut => self.ports.salesforce.sign_out(),
            Effect::Withdraw { command } => self.ports.console.withdraw(command),
        }
    }

    /// Shows the picture if it differs from the one shown last; gives back in what.
    fn show(&mut self, always: bool) -> Vec<Part> {
        let picture = self.engine.picture();
        let changed = picture.changed_since(&self.pictures.borrow());
        if always || !changed.is_empty() {
            self.ports.desktop.show(&picture);
            self.pictures.send_replace(Arc::new(picture));
        }
        changed
    }
}

#[cfg(test)]
mod tests;
