//! What is around an engine: an org, a console page, a disk and a phone, each with its own truth. They know
//! nothing of the engine but its effects. Time is moved by hand.

use std::collections::{BTreeMap, VecDeque};

use presence::effect::{Answer, ConsoleAction, Effect, NoticeCode};
use presence::engine::Engine;
use presence::event::{
    CommandId, CommandOutcome, ConsoleId, Event, LogoutReason, Origin, PresenceRow, PresenceStatus, Target,
    Ticket, WorkRow, WorkSeen, WorkStage,
};
use presence::ids::{StatusId, WorkId, WorkItemId};
use presence::picture::{CallPhase, Picture};
use presence::problem::{Problem, ProblemCode};
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

pub(crate) fn status(number: u32) -> StatusId {
    id("0N5", number)
}

pub(crate) fn statuses() -> Vec<PresenceStatus> {
    let named = |number, label: &str, online| PresenceStatus {
        id: status(number),
        label: label.to_owned(),
        online,
    };
    vec![
        named(AVAILABLE, "Available", true),
        named(BREAK, "Break", false),
        named(NAMED_OFFLINE, "Offline", false),
    ]
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
    /// All of this run, to be told to another engine.
    pub(crate) history: Vec<(Now, Event)>,
    pub(crate) effects: Vec<Effect>,
    pub(crate) answers: BTreeMap<Ticket, Vec<Answer>>,
    pub(crate) notices: Vec<NoticeCode>,
    pub(crate) runs: u64,
    tickets: u64,
    numbers: u32,
}

impl World {
    /// Nobody is signed in, no console, no phone; the rep is Available in Omni-Channel.
    pub(crate) fn new(settings: Settings) -> Self {
        let now = Now {
            mono_ms: 1_000_000,
            wall_ms: 1_700_000_000_000,
        };
        Self {
            engine: Engine::new(settings.clone(), 1, now),
            now,
            settings,
            works: BTreeMap::new(),
            presence: Some(status(AVAILABLE)),
            presence_since_ms: now.wall_ms - 60_000,
            changes: Vec::new(),
            org_down: false,
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

    fn heartbeat_if_prompt(&mut self) {
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

    fn start(&mut self, effect: Effect) {
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
            Effect::Quit | Effect::SignOut => {}
            Effect::Read { watch } => self.reads.push_back((self.now, watch)),
            Effect::Save { revision } => self.saves.push_back((revision, self.engine.saved().clone())),
            Effect::Withdraw { command } => {
                self.page.withdrawn.push(command);
                self.page.arms.retain(|(armed, _)| *armed != command);
            }
        }
    }

    fn run_all(&mut self) {
        while self.run_disk() || self.run_page() || self.run_phone() || self.deliver_page() || self.run_read()
        {
        }
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
        self.ask(|ticket| Event::Request {
            ticket,
            origin: Origin::Window,
            target,
        })
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
        self.tell(Event::Catalogue {
            statuses: statuses(),
            voice_prefix: "0LQ".to_owned(),
        });
    }

    /// The process dies and a new one goes on from the disk; the page loses its session.
    pub(crate) fn crash(&mut self) {
        self.page.session = None;
        self.page.queue.clear();
        self.reads.clear();
        self.saves.clear();
        if let Some(phone) = &mut self.phone {
            phone.joined = false;
            phone.requests.clear();
        }
        self.runs += 1;
        self.engine = Engine::restore(self.settings.clone(), self.runs, self.stored.clone(), self.now);
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
            self.watch.disk_refused = true;
            self.tell(Event::SaveFailed {
                revision,
                reason: "no space left".to_owned(),
            });
        } else {
            self.stored = saved;
            self.tell(Event::Saved { revision });
        }
        true
    }

    // The org

    pub(crate) fn run_read(&mut self) -> bool {
        let Some((asked, watch)) = self.reads.pop_front() else {
            return false;
        };
        if self.org_down {
            self.tell(Event::ReadFailed {
                problem: Problem {
                    code: ProblemCode::OrgUnreachable,
                    about: "connection refused".to_owned(),
                },
                retry_after_ms: None,
            });
        } else {
            let rows = self.rows(asked, &watch);
            self.tell(rows);
        }
        true
    }

    pub(crate) fn rows(&self, asked: Now, watch: &[WorkId]) -> Event {
        let open_or_watched =
            |(id, work): &(&WorkId, &TrueWork)| work.stage != WorkStage::Ended || watch.contains(id);
        let row = |(id, work): (&WorkId, &TrueWork)| WorkRow {
            work: *id,
            item: work.item,
            stage: work.stage,
            voice: work.voice,
            conversation_ended: work.conversation_ended,
            vendor_call_key: work.key.clone(),
            since_ms: Some(work.since_ms),
            closed_ms: work.closed_ms,
        };
        Event::Rows {
            asked,
            works: self.works.iter().filter(open_or_watched).map(row).collect(),
            presence: PresenceRow {
                status: self.presence,
                since_ms: Some(self.presence_since_ms),
            },
        }
    }

    fn new_work(&mut self, item_prefix: &str, voice: bool) -> WorkId {
        self.numbers += 1;
        let work = id("0Bz", self.numbers);
        let item = id(item_prefix, self.numbers);
        self.works.insert(
            work,
            TrueWork {
                item,
                stage: WorkStage::Assigned,
                voice,
                conversation_ended: false,
                key: voice.then(|| format!("key-{}", self.numbers)),
                since_ms: self.now.wall_ms,
                closed_ms: None,
            },
        );
        self.console_event(Event::Work {
            seen: WorkSeen {
                work,
                item,
                stage: WorkStage::Assigned,
            },
            declined: false,
        });
        work
    }

    /// A call is assigned to the rep: it rings.
    pub(crate) fn call(&mut self) -> WorkId {
        self.new_work("0LQ", true)
    }

    /// Work of another channel.
    pub(crate) fn email(&mut self) -> WorkId {
        self.new_work("02s", false)
    }

    pub(crate) fn accept(&mut self, work: WorkId) {
        self.move_work(work, WorkStage::Opened, false);
    }

    pub(crate) fn decline(&mut self, work: WorkId) {
        self.move_work(work, WorkStage::Ended, true);
    }

    pub(crate) fn close(&mut self, work: WorkId) {
        self.move_work(work, WorkStage::Ended, false);
    }

    pub(crate) fn hang_up(&mut self, work: WorkId) {
        let Some(known) = self.works.get_mut(&work).filter(|w| w.stage == WorkStage::Opened) else {
            return;
        };
        known.conversation_ended = true;
        let item = known.item;
        self.console_event(Event::ConversationEnded { item });
    }

    fn move_work(&mut self, work: WorkId, stage: WorkStage, declined: bool) {
        let now = self.now;
        let Some(known) = self.works.get_mut(&work).filter(|known| known.stage < stage) else {
            return;
        };
        known.stage = stage;
        if stage == WorkStage::Ended {
            known.closed_ms = Some(now.wall_ms);
        } else {
            known.since_ms = now.wall_ms;
        }
        let (item, voice) = (known.item, known.voice);
        let seen = WorkSeen { work, item, stage };
        if stage == WorkStage::Ended && voice && !declined {
            // The page hears of it and its arms fire before anything else can happen there.
            self.queue_console_event(Event::Work { seen, declined });
            self.fire_arms();
            self.deliver_if_prompt();
        } else {
            self.console_event(Event::Work { seen, declined });
        }
    }

    fn nth(&self, n: u8, stage: WorkStage) -> Option<WorkId> {
        let at: Vec<WorkId> = self
            .works
            .iter()
            .filter(|(_, work)| work.stage == stage)
            .map(|(id, _)| *id)
            .collect();
        (!at.is_empty()).then(|| at[usize::from(n) % at.len()])
    }

    pub(crate) fn first_call_is_over(&self) -> bool {
        let first = self
            .works
            .values()
            .find(|work| work.key.as_deref() == Some("key-1"));
        first.is_none_or(|work| work.conversation_ended || work.stage == WorkStage::Ended)
    }

    pub(crate) fn accept_nth(&mut self, n: u8) {
        self.nth(n, WorkStage::Assigned)
            .into_iter()
            .for_each(|work| self.accept(work));
    }

    pub(crate) fn decline_nth(&mut self, n: u8) {
        self.nth(n, WorkStage::Assigned)
            .into_iter()
            .for_each(|work| self.decline(work));
    }

    pub(crate) fn hang_up_nth(&mut self, n: u8) {
        self.nth(n, WorkStage::Opened)
            .into_iter()
            .for_each(|work| self.hang_up(work));
    }

    /// Also an offered one: the caller gave up. `opened_only`: not so.
    pub(crate) fn close_nth(&mut self, n: u8, opened_only: bool) {
        let offered = self.nth(n, WorkStage::Assigned).filter(|_| !opened_only);
        let work = self.nth(n, WorkStage::Opened).or(offered);
        work.into_iter().for_each(|work| self.close(work));
    }

    /// A voice work is open in the org, in wrap-up or not.
    pub(crate) fn has_voice_work(&self) -> bool {
        self.works
            .values()
            .any(|work| work.voice && work.stage != WorkStage::Ended)
    }

    // Presence in the org

    pub(crate) fn set_presence(&mut self, by: By, to: Option<StatusId>, reason: Option<&str>) {
        if self.presence == to {
            return;
        }
        self.presence = to;
        self.presence_since_ms = self.now.wall_ms;
        self.changes.push((by, to));
        if self.watched
            && let (By::Command(command), None) = (by, to)
        {
            self.check_logout(command);
        }
        let event = match to {
            Some(status) => Event::StatusChanged { status },
            None => Event::OmniLogout {
                reason: reason.map(|reason| LogoutReason(reason.to_owned())),
            },
        };
        self.page.outbox.push_back((event, Some(by)));
        self.deliver_if_prompt();
    }

    /// The rep chooses in the Omni-Channel widget; `None`: Offline.
    pub(crate) fn pick(&mut self, to: Option<StatusId>) {
        self.set_presence(By::Rep, to, None);
    }

    pub(crate) fn is_logged_out(&self) -> bool {
        self.presence.is_none()
    }

    pub(crate) fn logouts(&self) -> usize {
        self.changes
            .iter()
            .filter(|(by, to)| matches!(by, By::Command(_)) && to.is_none())
            .count()
    }

    // The page

    pub(crate) fn connect_console(&mut self) {
        self.page.last_session += 1;
        let console = ConsoleId(self.page.last_session);
        self.page.session = Some(console);
        self.page.arms.clear();
        self.page.queue.clear();
        self.tell(Event::ConsoleConnected { console });
        self.deliver_if_prompt();
    }

    pub(crate) fn lose_console(&mut self) {
        if let Some(console) = self.page.session.take() {
            self.page.queue.clear();
            self.tell(Event::ConsoleGone { console });
        }
    }

    fn console_event(&mut self, event: Event) {
        self.queue_console_event(event);
        self.deliver_if_prompt();
    }

    fn queue_console_event(&mut self, event: Event) {
        self.page.outbox.push_back((event, None));
    }

    fn deliver_if_prompt(&mut self) {
        if self.prompt {
            self.run_all();
        }
    }

    /// The next report reaches Holdline.
    pub(crate) fn deliver_page(&mut self) -> bool {
        if self.page.session.is_none() || self.page.frozen {
            return false;
        }
        let Some((event, by)) = self.page.outbox.pop_front() else {
            return false;
        };
        self.watch.by_rep = by == Some(By::Rep);
        self.tell(event);
        true
    }

    fn reply(&mut self, command: CommandId, outcome: CommandOutcome) {
        self.page
            .outbox
            .push_back((Event::CommandAnswered { command, outcome }, None));
    }

    /// Begins the next command of the queue.
    pub(crate) fn run_page(&mut self) -> bool {
        if self.page.frozen {
            return false;
        }
        let Some((command, until, action)) = self.page.queue.pop_front() else {
            return false;
        };
        if self.page.withdrawn.contains(&command) {
            return true;
        }
        if self.now.reached(until) {
            self.reply(command, CommandOutcome::Expired);
        } else if self.page.refuses {
            self.reply(command, CommandOutcome::Failed);
        } else {
            self.carry_out(command, until, action);
        }
        true
    }

    fn carry_out(&mut self, command: CommandId, until: Now, action: ConsoleAction) {
        match action {
            ConsoleAction::Arm { .. } => self.page.arms.push((command, until)),
            ConsoleAction::Login { status } | ConsoleAction::SetStatus { status } => {
                self.set_presence(By::Command(command), Some(status), None);
                self.reply(command, CommandOutcome::Done);
            }
            ConsoleAction::Logout { wrapping_up, .. } => {
                let open = |(id, work): (&WorkId, &TrueWork)| {
                    work.voice && work.stage != WorkStage::Ended && !wrapping_up.contains(id)
                };
                if self.works.iter().any(open) {
                    self.reply(command, CommandOutcome::CallActive);
                } else {
                    self.set_presence(By::Command(command), None, None);
                    self.reply(command, CommandOutcome::Done);
                }
            }
            ConsoleAction::Snapshot => self.snapshot(command),
        }
    }

    fn snapshot(&mut self, command: CommandId) {
        let Some(console) = self.page.session else {
            return;
        };
        let open = self
            .works
            .iter()
            .filter(|(_, work)| work.stage != WorkStage::Ended);
        let works = open.clone().map(|(id, work)| WorkSeen {
            work: *id,
            item: work.item,
            stage: work.stage,
        });
        let ended = open.clone().filter(|(_, work)| work.conversation_ended);
        let snapshot = Event::ConsoleSnapshot {
            console,
            command,
            works: works.collect(),
            status: self.presence,
            conversations_ended: ended.map(|(_, work)| work.item).collect(),
        };
        self.page.outbox.push_back((snapshot, None));
    }

    /// A voice work was closed: what is armed looks once more and logs out.
    fn fire_arms(&mut self) {
        if self.has_voice_work() || self.page.frozen {
            return;
        }
        for (command, until) in std::mem::take(&mut self.page.arms) {
            if self.now.reached(until) {
                self.reply(command, CommandOutcome::Expired);
            } else {
                self.set_presence(By::Command(command), None, None);
                self.reply(command, CommandOutcome::Done);
            }
        }
    }
}
