//! One state of the check: the real engine, and everything around it.

use std::hash::{Hash, Hasher};
use std::sync::{Arc, OnceLock};

use presence::effect::Effect;
use presence::engine::Engine;
use presence::event::{Event, Origin, Target, Ticket};
use presence::time::Now;

use super::disk::Disk;
use super::names::{self, PhoneChoice};
use super::org::{Call, Org};
use super::page::{Do, Down, Page};
use super::phone::Phone;
use super::promise::Broken;
use super::scope::{Ask, Budget, Scope, Start};
use super::watch::Watch;

/// Everything that decides the future, and what the watcher remembers of the past.
#[derive(Clone, PartialEq, Eq, Hash)]
pub struct World {
    pub(super) scope: Common,
    pub(super) engine: Arc<Engine>,
    pub(super) now: Now,
    pub(super) signed_in: bool,
    /// Holdline has left, as it was asked to.
    pub(super) left: bool,
    /// Only to start again.
    pub(super) returns: bool,
    /// The tokens are being revoked.
    pub(super) signs_out: bool,
    pub(super) runs: u8,
    pub(super) tickets: u8,

    pub(super) org: Org,
    pub(super) page: Page,
    pub(super) phone: Option<Phone>,
    pub(super) disk: Disk,
    pub(super) reads: Vec<Read>,

    pub(super) watch: Watch,
    pub(super) budget: Budget,
    pub(super) ending: Ending,
    pub(super) story: Story,
}

/// A read under way: when it was asked, which calls it asks for by name, and what the org has answered.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub(super) struct Read {
    pub(super) asked: Now,
    watch: Vec<u8>,
    answer: Option<Org>,
}

impl World {
    pub(super) fn new(scope: &Arc<Scope>) -> Self {
        let now = Now {
            mono_ms: 1_000_000,
            wall_ms: 1_700_000_000_000,
        };
        let engine = Engine::new(scope.settings.clone(), 1, now).guarded_by(scope.guard);
        let mut world = Self {
            scope: Common(Arc::clone(scope)),
            engine: Arc::new(engine),
            now,
            signed_in: false,
            left: false,
            returns: false,
            signs_out: false,
            runs: 1,
            tickets: 0,
            org: Org::new(now),
            page: Page::default(),
            phone: scope.phone.then(|| Phone::new(scope)),
            disk: Disk::default(),
            reads: Vec::new(),
            watch: Watch::default(),
            budget: scope.budget,
            ending: Ending::default(),
            story: Story::default(),
        };
        world.sign_in();
        world.connect();
        world.phone_joins();
        world.deliver_all();
        // The first questions are answered, and what is asked from here on is asked after.
        world.pass(100);
        if matches!(scope.start, Start::OnCall | Start::Held) {
            world.assign(0);
            world.deliver_all();
            world.accept(0);
            world.deliver_all();
        }
        if scope.start == Start::Held {
            world.ask(Ask::Offline);
            world.deliver_all();
        }
        if scope.start == Start::Storm {
            world.storm();
        }
        world.pass(100);
        world
    }

    /// The promise that was broken on the way here.
    pub fn broken(&self) -> Option<Broken> {
        self.watch.broken
    }

    // Time

    pub(super) fn pass(&mut self, ms: u64) {
        self.now = self.now.plus(ms);
        self.heartbeat();
        self.tell(Event::Tick);
    }

    /// A live page polls at least every twenty seconds.
    pub(super) fn heartbeat(&mut self) {
        if let Some(console) = self.page.session.filter(|_| !self.page.frozen) {
            self.tell(Event::ConsoleHeard {
                console: presence::event::ConsoleId(console),
            });
        }
    }

    pub(super) fn sleep(&mut self) {
        self.now.wall_ms += 3_600_000;
        self.tell(Event::Tick);
    }

    /// The time of the engine's next deadline comes; `false` if it has none.
    pub(super) fn next_deadline(&mut self) -> bool {
        let Some((at, _)) = self.engine.poll_deadline() else {
            return false;
        };
        self.pass(at.mono_ms.saturating_sub(self.now.mono_ms).max(1));
        true
    }

    // The engine

    /// One event, decided and all its effects begun.
    pub(super) fn tell(&mut self, event: Event) {
        if self.left {
            return;
        }
        let now = self.now;
        self.story.tell(|| format!("told {}", brief(&event)));
        self.watch.hear(now, &event, &self.scope.0);
        let engine = Arc::make_mut(&mut self.engine);
        engine.handle(now, event);
        let effects: Vec<Effect> = std::iter::from_fn(|| engine.poll_effect()).collect();
        let mut written = None;
        for effect in effects {
            self.story.tell(|| format!("asks for {}", brief(&effect)));
            self.watch.see(now, &effect, &self.scope.0, &self.disk.stored);
            written = self.start(effect).or(written);
        }
        self.watch.after(now, &self.engine, &self.scope.0);
        if let Some(revision) = written {
            self.tell(Event::Saved { revision });
        }
    }

    /// Begins what an effect asks for; gives the revision that was saved at once.
    fn start(&mut self, effect: Effect) -> Option<u64> {
        match effect {
            Effect::Console {
                console,
                command,
                expires_in_ms,
                action,
            } => {
                if self.page.session == Some(console.0)
                    && let Some(what) = Do::of(&action)
                {
                    let until = self.now.plus(expires_in_ms);
                    self.page.down.push(Down::Do { command, until, what });
                }
            }
            Effect::Phone {
                command,
                state,
                enqueue,
            } => {
                let phone = self.phone.as_mut().filter(|phone| phone.joined);
                if let Some((phone, choice)) = phone.zip(PhoneChoice::of(&state)) {
                    phone.requests.push((command, choice, enqueue));
                }
            }
            Effect::Quit => self.left = true,
            Effect::Restart => (self.left, self.returns) = (true, true),
            Effect::Read { watch } => self.reads.push(Read {
                asked: self.now,
                watch: watch.into_iter().filter_map(names::call_of).collect(),
                answer: None,
            }),
            Effect::Save { revision } => return self.disk.save(revision, self.engine.saved().clone()),
            Effect::Withdraw { command } => {
                if self.page.session.is_some() {
                    self.page.down.push(Down::Withdraw(command));
                }
            }
            Effect::SignOut => self.signs_out = true,
            Effect::Answer { .. } | Effect::Notify(_) => {}
        }
        None
    }

    pub(super) fn sign_in(&mut self) {
        self.signed_in = true;
        self.tell(Event::SignedIn {
            org: names::org(),
            user: names::user(),
            name: String::new(),
            org_url: String::new(),
        });
        self.tell(Event::Catalogue(names::catalogue()));
    }

    /// The bridge's sessions end with the sign-in.
    pub(super) fn sign_out(&mut self) {
        self.signs_out = false;
        self.signed_in = false;
        self.page.disconnect();
        self.reads.clear();
        self.tell(Event::SignedOut);
    }

    pub(super) fn ask(&mut self, ask: Ask) {
        let target = match ask {
            Ask::Resume => return self.tell(Event::ResumeSync),
            Ask::Cancel => None,
            Ask::Close(call) => Some(Target::CloseWork(names::work(call))),
            Ask::Offline => Some(Target::Offline),
            Ask::Quit => Some(Target::Quit),
            Ask::Restart => Some(Target::Restart),
            Ask::SignOut => Some(Target::SignOut),
            Ask::Status(status) => Some(Target::Status(status.id())),
        };
        self.tickets += 1;
        let ticket = Ticket(u64::from(self.tickets));
        self.watch.asked(self.now, ticket, target, &self.scope.0);
        self.tell(match target {
            None => Event::Cancel { ticket },
            Some(target) => Event::Request {
                ticket,
                origin: Origin::Window,
                target,
            },
        });
    }

    pub(super) fn connect(&mut self) {
        let console = self.page.connect();
        self.tell(Event::ConsoleConnected { console });
    }

    pub(super) fn lose_console(&mut self) {
        if let Some(console) = self.page.session {
            self.page.disconnect();
            self.tell(Event::ConsoleGone {
                console: presence::event::ConsoleId(console),
            });
        }
    }

    /// The page's next word reaches Holdline.
    pub(super) fn page_speaks(&mut self, again: bool) {
        if self.page.up.is_empty() {
            return;
        }
        let up = self.page.up.remove(0);
        if again {
            self.page.again = Some(up);
        }
        self.hear_page(up);
    }

    pub(super) fn page_repeats(&mut self) {
        if let Some(up) = self.page.again.take() {
            self.hear_page(up);
        }
    }

    fn hear_page(&mut self, up: super::page::Up) {
        self.heartbeat();
        self.watch.about_to_hear(up, &self.page);
        self.tell(up.event());
    }

    // Calls

    /// The phone and Omni-Channel offer the call; one that was dialled is open at once.
    pub(super) fn assign(&mut self, call: u8) {
        use presence::phone::ContactPhase::{Connected, Ringing};
        let contact = self.contact_of(call);
        let to = if contact == Some(Connected) {
            Call::Talking
        } else {
            Call::Assigned
        };
        self.move_call(call, to, false);
        if contact.is_none() {
            self.contact(call, Ringing);
        }
    }

    pub(super) fn accept(&mut self, call: u8) {
        self.move_call(call, Call::Talking, false);
        if self.contact_of(call).is_some() {
            self.contact(call, presence::phone::ContactPhase::Connected);
        }
    }

    // The org's answers

    pub(super) fn answer_read(&mut self, at: usize) {
        let org = self.org;
        if let Some(read) = self.reads.get_mut(at) {
            read.answer = Some(org);
        }
    }

    pub(super) fn deliver_read(&mut self, at: usize) {
        if at < self.reads.len() {
            let read = self.reads.remove(at);
            if let Some(org) = read.answer {
                self.watch.about_to_hear_rows(&org);
                self.tell(org.rows(read.asked, &read.watch));
            }
        }
    }

    pub(super) fn fail_read(&mut self, at: usize) {
        if at < self.reads.len() {
            self.reads.remove(at);
            self.tell(Event::ReadFailed {
                problem: presence::problem::Problem {
                    code: presence::problem::ProblemCode::OrgUnreachable,
                    about: String::new(),
                },
                retry_after_ms: None,
            });
        }
    }

    /// As it was asked to: what was to be saved is saved first.
    pub(super) fn start_again(&mut self) {
        if let Some((_, saved)) = self.disk.writing.pop() {
            self.disk.stored = saved;
        }
        (self.left, self.returns) = (false, false);
        self.crash(0);
    }

    /// The process dies; a new one goes on from the disk, `later_ms` later. The page loses its session.
    pub(super) fn crash(&mut self, later_ms: u64) {
        self.watch.come_apart(&self.org, &self.page, self.phone.as_ref());
        self.page.disconnect();
        if let Some(phone) = &mut self.phone {
            phone.leave();
        }
        self.reads.clear();
        self.signs_out = false;
        self.disk.writing.clear();
        self.watch.crashed(&self.disk.stored, &self.org, later_ms);
        self.now = self.now.plus(later_ms);
        self.runs += 1;
        self.signed_in = false;
        let engine = Engine::restore(
            self.scope.0.settings.clone(),
            u64::from(self.runs),
            self.disk.stored.clone(),
            self.now,
        );
        self.engine = Arc::new(engine.guarded_by(self.scope.0.guard));
        self.tell(Event::Tick);
    }

    // Everybody does what is due

    /// Everything under way arrives and is carried out, promptly and in order.
    pub(super) fn deliver_all(&mut self) {
        // Each word has few answers, so this ends; a bound keeps a wrong guard from turning for ever.
        for _ in 0..1_000 {
            if (self.left && !self.returns) || !self.deliver_one() {
                return;
            }
        }
    }

    fn deliver_one(&mut self) -> bool {
        if self.returns {
            self.start_again();
        } else if self.signs_out {
            self.sign_out();
        } else if !self.disk.writing.is_empty() {
            self.disk_writes();
        } else if self.page.firing && self.page.is_live() {
            self.fire();
        } else if !self.page.down.is_empty() && self.page.is_live() {
            self.page_acts();
        } else if !self.page.up.is_empty() && self.page.is_live() {
            self.page_speaks(false);
        } else if self
            .phone
            .as_ref()
            .is_some_and(|phone| !phone.requests.is_empty())
        {
            self.phone_acts();
        } else if self.phone.as_ref().is_some_and(|phone| !phone.up.is_empty()) {
            self.phone_speaks();
        } else if !self.reads.is_empty() {
            self.answer_read(0);
            self.deliver_read(0);
        } else {
            return false;
        }
        true
    }

    /// Somebody sets the phone to and fro, and presence follows each time, as often as the breaker allows.
    fn storm(&mut self) {
        for _ in 0..4 {
            for choice in [PhoneChoice::Break, PhoneChoice::Available] {
                if let Some(phone) = &mut self.phone {
                    phone.pick(self.now, choice);
                }
                self.deliver_all();
            }
        }
    }

    /// Nothing is under way.
    pub(super) fn is_calm(&self) -> bool {
        let phone_is_calm = |phone: &Phone| phone.requests.is_empty() && phone.up.is_empty();
        !self.returns
            && !self.signs_out
            && self.disk.writing.is_empty()
            && self.page.down.is_empty()
            && self.page.up.is_empty()
            && self.page.again.is_none()
            && !self.page.firing
            && self.reads.is_empty()
            && self.phone.as_ref().is_none_or(phone_is_calm)
    }
}

impl Read {
    pub(super) fn is_answered(&self) -> bool {
        self.answer.is_some()
    }
}

/// What all states of one check share.
#[derive(Clone)]
pub(super) struct Common(pub(super) Arc<Scope>);

impl PartialEq for Common {
    fn eq(&self, _: &Self) -> bool {
        true
    }
}

impl Eq for Common {}

impl Hash for Common {
    fn hash<H: Hasher>(&self, _: &mut H) {}
}

/// How the world comes to rest from here, worked out once for each state; it follows from the rest.
#[derive(Default)]
pub(super) struct Ending(pub(super) OnceLock<Option<Broken>>);

impl Clone for Ending {
    fn clone(&self) -> Self {
        Self::default()
    }
}

impl PartialEq for Ending {
    fn eq(&self, _: &Self) -> bool {
        true
    }
}

impl Eq for Ending {}

impl Hash for Ending {
    fn hash<H: Hasher>(&self, _: &mut H) {}
}

/// What the engine was told and asked for, when a counterexample is told; else nothing.
#[derive(Clone, Default)]
pub(super) struct Story(pub(super) Option<Vec<String>>);

impl Story {
    fn tell(&mut self, line: impl FnOnce() -> String) {
        if let Some(lines) = &mut self.0 {
            lines.push(line());
        }
    }
}

impl PartialEq for Story {
    fn eq(&self, _: &Self) -> bool {
        true
    }
}

impl Eq for Story {}

impl Hash for Story {
    fn hash<H: Hasher>(&self, _: &mut H) {}
}

/// Without the parts that say nothing here.
fn brief(what: &impl std::fmt::Debug) -> String {
    let text = format!("{what:?}");
    text.chars().take(300).collect()
}
