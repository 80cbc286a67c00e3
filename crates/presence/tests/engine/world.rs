//! What is around an engine: an org, a console page, a disk and a phone, each with its own truth. They know
//! nothing of the engine but its effects. Time is moved by hand.

use std::collections::{BTreeMap, VecDeque};

use presence::effect::{Answer, ConsoleAction, Effect, NoticeCode};
use presence::engine::Engine;
use presence::event::{
    Catalogue, CommandId, ConsoleId, Event, Origin, PresenceStatus, ServiceChannel, Target, Ticket,
    WorkStage, WrapUpTime,
};
use presence::ids::{StatusId, WorkId, WorkItemId};
use presence::note::Note;
use presence::picture::{CallPhase, Picture};
use presence::problem::ProblemCode;
use presence::saved::Saved;
use presence::settings::Settings;
use presence::time::Now;

use crate::phone::Phone;
use crate::watch::Watch;

/// A record id with a key prefix and a number.
pub(crate) fn id<T: std::str::FromStr<Err: std::fmt::Debug>>(prefix: &str, number: u32) -> T {
    format!("{prefix}{number:012}").parse().unwrap()
}

pub(crate) const AVAILABLE: u32 = 1;
pub(crate) const BREAK: u32 = 2;
/// A Busy status that is *named* Offline.
pub(crate) const NAMED_OFFLINE: u32 = 3;
/// Another online status.
pub(crate) const BACKUP: u32 = 4;
/// A Busy status for `hold_as`.
pub(crate) const FINISHING: u32 = 5;

/// The key prefix of the other kind of calls ([`World::tell_second_channel`]).
pub(crate) const OTHER_CALLS: &str = "0a1";

pub(crate) fn status(number: u32) -> StatusId {
    id("0N5", number)
}

pub(crate) fn statuses() -> Vec<PresenceStatus> {
    let named = |number, label: &str, online| PresenceStatus {
        id: status(number),
        label: label.to_owned(),
        developer_name: (number == NAMED_OFFLINE).then(|| "Busy_Offline".to_owned()),
        online,
    };
    vec![
        named(AVAILABLE, "Available", true),
        named(BREAK, "Break", false),
        named(NAMED_OFFLINE, "Offline", false),
        named(BACKUP, "Backup", true),
        PresenceStatus {
            developer_name: Some("Finishing_Call".to_owned()),
            ..named(FINISHING, "Finishing", false)
        },
    ]
}

pub(crate) fn catalogue(voice_prefix: &str) -> Catalogue {
    Catalogue {
        statuses: statuses(),
        channels: vec![
            ServiceChannel {
                name: "sfdc_phone".to_owned(),
                item_prefix: voice_prefix.to_owned(),
                voice: true,
            },
            ServiceChannel {
                name: "sfdc_email".to_owned(),
                item_prefix: "02s".to_owned(),
                voice: false,
            },
        ],
        ..Catalogue::default()
    }
}

/// A work as it really is.
#[derive(Clone, Debug)]
pub(crate) struct TrueWork {
    pub(crate) item: WorkItemId,
    pub(crate) stage: WorkStage,
    pub(crate) voice: bool,
    pub(crate) conversation_ended: bool,
    pub(crate) key: Option<String>,
    pub(crate) since_ms: i64,
    pub(crate) closed_ms: Option<i64>,
    pub(crate) conversation_ended_ms: Option<i64>,
    pub(crate) extensions: u32,
    pub(crate) modstamp_ms: i64,
}

/// The console page, with the partner's rules of docs/console-bridge.md.
#[derive(Clone, Debug, Default)]
pub(crate) struct Page {
    /// The open session.
    pub(crate) session: Option<ConsoleId>,
    pub(crate) queue: VecDeque<(CommandId, Now, ConsoleAction)>,
    pub(crate) arms: Vec<(CommandId, Now)>,
    pub(crate) withdrawn: Vec<CommandId>,
    /// Events and answers not yet taken in by Holdline, in order.
    pub(crate) outbox: VecDeque<(Event, Option<By>)>,
    /// The toolkit says no to everything.
    pub(crate) refuses: bool,
    /// Commands and arms take no effect and have no answer: the page is frozen.
    pub(crate) frozen: bool,
    pub(crate) last_session: u64,
}

/// Who really changed presence.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum By {
    Command(CommandId),
    Omni,
    Rep,
}

pub(crate) struct World {
    pub(crate) engine: Engine,
    pub(crate) now: Now,
    pub(crate) settings: Settings,

    // The org's truth
    pub(crate) works: BTreeMap<WorkId, TrueWork>,
    pub(crate) presence: Option<StatusId>,
    pub(crate) presence_since_ms: i64,
    /// Every presence change, oldest first.
    pub(crate) changes: Vec<(By, Option<StatusId>)>,
    pub(crate) org_down: bool,
    /// The org's own clock, nothing to do with ours: it orders versions.
    pub(crate) org_ms: i64,
    pub(crate) presence_modstamp_ms: i64,
    pub(crate) catalogue: Catalogue,
    /// Changes of rows are streamed; messages not yet taken in by Holdline, in order.
    pub(crate) streaming: bool,
    pub(crate) stream: VecDeque<Event>,
    pub(crate) streamed: i64,
    pub(crate) reads: VecDeque<(Now, Vec<WorkId>)>,

    pub(crate) page: Page,
    pub(crate) phone: Option<Phone>,

    // The disk
    pub(crate) stored: Saved,
    pub(crate) saves: VecDeque<(u64, Saved)>,
    pub(crate) disk_full: bool,

    /// Everything is delivered and carried out at once.
    pub(crate) prompt: bool,
    /// What must always hold is checked.
    pub(crate) watched: bool,
    /// Messages may be out of order, so that a wish may look unfulfilled and be written again.
    pub(crate) hostile: bool,
    pub(crate) watch: Watch,
    /// Events the engine has been told.
    pub(crate) steps: u64,
    /// The engine as this run began.
    pub(crate) began: Engine,
    /// All of this run, to be told to another engine.
    pub(crate) history: Vec<(Now, Event)>,
    pub(crate) effects: Vec<Effect>,
    /// What the engine explained.
    pub(crate) notes: Vec<Note>,
    pub(crate) answers: BTreeMap<Ticket, Vec<Answer>>,
    pub(crate) notices: Vec<NoticeCode>,
    pub(crate) runs: u64,
    tickets: u64,
    pub(crate) numbers: u32,
}

impl World {
    /// Nobody is signed in, no console, no phone; the rep is Available in Omni-Channel.
    pub(crate) fn new(settings: Settings) -> Self {
        let now = Now {
            mono_ms: 1_000_000,
            wall_ms: 1_700_000_000_000,
        };
        let engine = Engine::new(settings.clone(), 1, now);
        Self {
            began: engine.clone(),
            engine,
            now,
            settings,
            works: BTreeMap::new(),
            presence: Some(status(AVAILABLE)),
            presence_since_ms: now.wall_ms - 60_000,
            changes: Vec::new(),
            org_down: false,
            org_ms: 5_000,
            presence_modstamp_ms: 4_000,
            catalogue: catalogue("0LQ"),
            streaming: false,
            stream: VecDeque::new(),
            streamed: 0,
            reads: VecDeque::new(),
            page: Page::default(),
            phone: None,
            stored: Saved::default(),
            saves: VecDeque::new(),
            disk_full: false,
            prompt: true,
            watched: false,
            hostile: false,
            watch: Watch::default(),
            steps: 0,
            history: Vec::new(),
            effects: Vec::new(),
            notes: Vec::new(),
            answers: BTreeMap::new(),
            notices: Vec::new(),
            runs: 1,
            tickets: 0,
            numbers: 0,
        }
    }

    /// Signed in, a console connected, everything prompt.
    pub(crate) fn working() -> Self {
        Self::working_with(Settings::default())
    }

    pub(crate) fn working_with(settings: Settings) -> Self {
        let mut world = Self::new(settings);
        world.sign_in();
        world.connect_console();
        world.pass(1_000);
        world
    }

    // Time

    /// Time passes awake; the engine is asked again at each of its deadlines.
    pub(crate) fn pass(&mut self, ms: u64) {
        let until = self.now.plus(ms);
        while let Some((at, _)) = self.engine.poll_deadline() {
            if at.mono_ms > until.mono_ms {
                break;
            }
            let wait = at.mono_ms.saturating_sub(self.now.mono_ms).max(1);
            self.now = self.now.plus(wait);
            self.heartbeat_if_prompt();
            self.tell(Event::Tick);
        }
        let rest = until.mono_ms.saturating_sub(self.now.mono_ms);
        self.now = self.now.plus(rest);
        self.heartbeat_if_prompt();
        self.tell(Event::Tick);
    }

    pub(crate) fn heartbeat_if_prompt(&mut self) {
        if self.prompt {
            self.heartbeat();
        }
    }

    pub(crate) fn heartbeat(&mut self) {
        if let Some(console) = self.page.session.filter(|_| !self.page.frozen) {
            self.tell(Event::ConsoleHeard { console });
        }
    }

    /// The machine sleeps: only the wall clock goes on.
    pub(crate) fn suspend(&mut self, ms: i64) {
        self.now.wall_ms += ms;
    }

    // The engine

    pub(crate) fn tell(&mut self, event: Event) {
        self.steps += 1;
        self.history.push((self.now, event.clone()));
        self.watch.hear(self.now, &event, &self.settings.timings);
        self.engine.handle(self.now, event);
        while let Some(note) = self.engine.poll_note() {
            self.notes.push(note);
        }
        self.drain();
        self.watch.after_event(self.now, &self.settings.timings);
        self.watch.crossing &= self.page.outbox.iter().any(|(_, by)| *by == Some(By::Rep));
        if self.watched {
            self.check();
        }
        self.deliver_if_prompt();
    }

    pub(crate) fn drain(&mut self) {
        while let Some(effect) = self.engine.poll_effect() {
            self.effects.push(effect.clone());
            let on_its_way = self.page.outbox.iter().any(|(_, by)| *by == Some(By::Rep));
            self.watch.crossing |= on_its_way && matches!(effect, Effect::Answer { .. });
            self.watch.see_effect(self.now, &effect);
            if self.watched {
                self.check_effect(&effect);
            }
            self.start(effect);
        }
    }

    pub(crate) fn start(&mut self, effect: Effect) {
        match effect {
            Effect::Answer { ticket, answer } => self.answers.entry(ticket).or_default().push(answer),
            Effect::Console {
                console,
                command,
                expires_in_ms,
                action,
            } => {
                if self.page.session == Some(console) {
                    self.page
                        .queue
                        .push_back((command, self.now.plus(expires_in_ms), action));
                }
            }
            Effect::Notify(notice) => self.notices.push(notice.code),
            Effect::Phone {
                command,
                state,
                enqueue,
            } => {
                if let Some(phone) = &mut self.phone {
                    phone.requests.push_back((command, state, enqueue));
                }
            }
            Effect::Quit | Effect::Restart | Effect::SignOut => {}
            Effect::Read { watch } => self.reads.push_back((self.now, watch)),
            Effect::Save { revision } => self.saves.push_back((revision, self.engine.saved().clone())),
            Effect::Withdraw { command } => {
                self.page.withdrawn.push(command);
                self.page.arms.retain(|(armed, _)| *armed != command);
            }
        }
    }

    pub(crate) fn run_all(&mut self) {
        while self.run_disk()
            || self.run_page()
            || self.run_phone()
            || self.deliver_page()
            || self.run_stream()
            || self.run_read()
        {}
    }

    pub(crate) fn picture(&self) -> Picture {
        self.engine.picture()
    }

    pub(crate) fn phase(&self) -> CallPhase {
        self.picture().call.phase
    }

    pub(crate) fn has_problem(&self, code: ProblemCode) -> bool {
        self.picture().problems.iter().any(|problem| problem.code == code)
    }

    // The rep at Holdline

    pub(crate) fn ask(&mut self, event: impl FnOnce(Ticket) -> Event) -> Ticket {
        self.tickets += 1;
        let ticket = Ticket(self.tickets);
        let event = event(ticket);
        self.watch.open.insert(ticket, event.clone());
        self.tell(event);
        ticket
    }

    pub(crate) fn request_of(&mut self, target: Target) -> Ticket {
        self.request_from(Origin::Window, target)
    }

    pub(crate) fn request_from(&mut self, origin: Origin, target: Target) -> Ticket {
        self.ask(|ticket| Event::Request {
            ticket,
            origin,
            target,
        })
    }

    /// Asks by that origin and gives the one answer.
    pub(crate) fn request_by(&mut self, origin: Origin, target: Target) -> Answer {
        let ticket = self.request_from(origin, target);
        self.answer_to(ticket)
    }

    /// Asks and gives the one answer; panics if there is none yet.
    pub(crate) fn request(&mut self, target: Target) -> Answer {
        let ticket = self.request_of(target);
        self.answer_to(ticket)
    }

    pub(crate) fn cancel(&mut self) -> Answer {
        let ticket = self.ask(|ticket| Event::Cancel { ticket });
        self.answer_to(ticket)
    }

    pub(crate) fn answer_to(&self, ticket: Ticket) -> Answer {
        match self.answers.get(&ticket).map(Vec::as_slice) {
            Some([answer]) => *answer,
            other => panic!("not exactly one answer: {other:?}"),
        }
    }

    // The session

    pub(crate) fn sign_in(&mut self) {
        self.tell(Event::SignedIn {
            org: id("00D", 1),
            user: id("005", 1),
            name: "Pat".to_owned(),
            org_url: "https://practice.example".to_owned(),
        });
        self.tell(Event::Catalogue(self.catalogue.clone()));
    }

    /// The org has a second voice channel, one for messaging, a timer for wrap-up, and a name for where it is.
    pub(crate) fn tell_second_channel(&mut self) {
        let channel = |name: &str, prefix: &str, voice| ServiceChannel {
            name: name.to_owned(),
            item_prefix: prefix.to_owned(),
            voice,
        };
        self.catalogue.channels.extend([
            channel("callbacks", OTHER_CALLS, true),
            channel("sfdc_livemessage", "0Mw", false),
        ]);
        self.catalogue.wrap_up = Some(WrapUpTime {
            ms: 60_000,
            extension_ms: 30_000,
        });
        self.catalogue.instance = Some("X".to_owned());
        self.tell(Event::Catalogue(self.catalogue.clone()));
    }

    /// The process dies and a new one goes on from the disk; the page loses its session.
    pub(crate) fn crash(&mut self) {
        self.page.session = None;
        self.page.queue.clear();
        self.reads.clear();
        self.stream.clear();
        self.saves.clear();
        if let Some(phone) = &mut self.phone {
            phone.joined = false;
            phone.requests.clear();
        }
        self.runs += 1;
        self.engine = Engine::restore(self.settings.clone(), self.runs, self.stored.clone(), self.now);
        self.began = self.engine.clone();
        self.history.clear();
        self.watch.crashed(&self.stored);
        if self.watched {
            self.check();
        }
    }

    // The disk

    /// Writes one revision; `false` when there is nothing to write.
    pub(crate) fn run_disk(&mut self) -> bool {
        let Some((revision, saved)) = self.saves.pop_front() else {
            return false;
        };
        if self.disk_full {
            self.tell(Event::SaveFailed {
                revision,
                reason: "no space left".to_owned(),
            });
        } else {
            self.stored = saved;
            self.watch.overtaken &= !self.saves.is_empty();
            self.tell(Event::Saved { revision });
        }
        true
    }
}
