//! Org, console partner, page and rep around the engine, in virtual time.

use std::collections::BTreeMap;

use presence::effect::{Answer, ConsoleAction, Effect};
use presence::engine::Engine;
use presence::event::{
    Catalogue, CommandId, CommandOutcome, ConsoleId, Event, LogoutReason, Origin, PresenceStatus,
    ServiceChannel, Target, Ticket, WorkSeen, WorkStage,
};
use presence::ids::{StatusId, WorkId, WorkItemId};
use presence::settings::Settings;
use presence::time::Now;
use rand::RngExt as _;
use rand_pcg::Pcg64;
use telephony::amazon_connect::{Adapter, FromPage, Heard, ToPage};

use crate::phone::Phone;

const CONSOLE: ConsoleId = ConsoleId(1);

/// What is counted.
#[derive(Default)]
pub(crate) struct Sums {
    pub(crate) asked: u32,
    pub(crate) held: u32,
    pub(crate) dropped: u32,
}

enum Happening {
    /// The rep, or somebody else, wants Offline.
    Ask,
    /// A step of the call.
    Call(Step),
    /// A command arrives at the console partner.
    Console(CommandId, ConsoleAction),
    /// The page hears of its phone, or has an answer.
    Page(FromPage),
    /// A request arrives at the page.
    SetState(ToPage),
    Tell(Event),
    Withdraw(CommandId),
}

#[derive(Clone, Copy)]
enum Step {
    Accepted,
    Closed,
    HungUp,
    Missed,
    Ringing,
}

pub(crate) struct World {
    pub(crate) sums: Sums,
    rng: Pcg64,
    engine: Engine,
    adapter: Adapter,
    phone: Phone,
    now_ms: u64,
    queue: BTreeMap<(u64, u64), Happening>,
    pushed: u64,
    /// Nothing overtakes on one line: when the last thing on each arrives.
    lines: [u64; 3],
    status: Option<StatusId>,
    work: Option<WorkSeen>,
    conversation: bool,
    armed: Option<CommandId>,
    calls: u32,
}

fn id<T: std::str::FromStr<Err: std::fmt::Debug>>(prefix: &str, number: u32) -> T {
    format!("{prefix}{number:012}").parse().expect("an id")
}

impl World {
    pub(crate) fn new(rng: Pcg64, honours: bool) -> Self {
        let engine = Engine::new(Settings::default(), 1, now_of(1_000));
        let mut world = Self {
            sums: Sums::default(),
            rng,
            engine,
            adapter: Adapter::default(),
            phone: Phone::new(honours),
            now_ms: 1_000,
            queue: BTreeMap::new(),
            pushed: 0,
            lines: [0; 3],
            status: Some(id("0N5", 1)),
            work: None,
            conversation: false,
            armed: None,
            calls: 0,
        };
        world.tell(Event::SignedIn {
            org: id("00D", 1),
            user: id("005", 1),
            name: "Pat".to_owned(),
            org_url: "https://practice.example".to_owned(),
        });
        let named = |(number, label): (u32, &str)| PresenceStatus {
            id: id("0N5", number),
            label: label.to_owned(),
            developer_name: None,
            online: number == 1,
        };
        world.tell(Event::Catalogue(Catalogue {
            statuses: [(1, "Available"), (2, "Break")].map(named).into(),
            channels: vec![ServiceChannel {
                name: "sfdc_phone".to_owned(),
                item_prefix: "0LQ".to_owned(),
                voice: true,
            }],
            ..Catalogue::default()
        }));
        world.tell(Event::ConsoleConnected { console: CONSOLE });
        world.phone_changed();
        world
    }

    /// One call from its ringing to its end, with Offline asked for at some moment around it; then the rep is
    /// Available again.
    pub(crate) fn call(&mut self) {
        self.calls += 1;
        let begin = self.now_ms + 5_000;
        let ring = self.rng.random_range(200..6_000);
        let talk = self.rng.random_range(300..60_000);
        let wrap_up = self.rng.random_range(0..8_000);
        let missed = self.rng.random_bool(0.1);
        let mut at = begin;
        self.at(at, Happening::Call(Step::Ringing));
        at += ring;
        if missed {
            self.at(at, Happening::Call(Step::Missed));
        } else {
            self.at(at, Happening::Call(Step::Accepted));
            at += talk;
            self.at(at, Happening::Call(Step::HungUp));
            at += wrap_up;
            self.at(at, Happening::Call(Step::Closed));
        }
        let ask = self.rng.random_range(begin - 500..at + 1_000);
        self.at(ask, Happening::Ask);
        self.run_until(at + 90_000);
        if self.status.is_none() {
            self.status = Some(id("0N5", 1));
            self.later(0, Happening::Tell(Event::StatusChanged { status: id("0N5", 1) }));
        }
        // A hold that a supervisor's logout or a miss has left over is the rep's to cancel.
        self.tell(Event::Cancel { ticket: Ticket(0) });
        self.run_until(self.now_ms + 70_000);
        let available = self.phone.set("Available", false);
        debug_assert!(!available.1);
        self.phone_changed();
        self.run_until(self.now_ms + 5_000);
    }

    fn run_until(&mut self, end: u64) {
        loop {
            let deadline = self
                .engine
                .poll_deadline()
                .map(|(at, _)| at.mono_ms.max(self.now_ms));
            let next = self.queue.first_key_value().map(|((at, _), _)| *at);
            match (next, deadline) {
                (next, Some(due)) if due <= end && next.is_none_or(|next| due < next) => {
                    // A deadline that has come is not to come again at the same moment.
                    self.now_ms = due.max(self.now_ms + 1);
                    self.tell(Event::Tick);
                }
                (Some(next), _) if next <= end => {
                    let ((at, _), happening) = self.queue.pop_first().expect("just seen");
                    self.now_ms = at.max(self.now_ms);
                    self.happens(happening);
                }
                _ => break,
            }
        }
        self.now_ms = self.now_ms.max(end);
    }

    fn happens(&mut self, happening: Happening) {
        match happening {
            Happening::Ask => self.ask(),
            Happening::Call(step) => self.step(step),
            Happening::Console(command, action) => self.console(command, action),
            Happening::Page(frame) => {
                for heard in self.adapter.hear(frame) {
                    match heard {
                        Heard::Event(event) => self.tell(event),
                        Heard::Joined(phone) => self.tell(Event::PhoneJoined(phone)),
                        Heard::Left(_) => self.tell(Event::PhoneGone),
                    }
                }
            }
            Happening::SetState(ToPage::SetState {
                id,
                state,
                enqueue_next_state,
            }) => {
                let (outcome, dropped) = self.phone.set(&state, enqueue_next_state);
                self.sums.dropped += u32::from(dropped);
                self.later(2, Happening::Page(FromPage::Answer { id, outcome }));
                self.phone_changed();
            }
            Happening::Tell(event) => self.tell(event),
            Happening::Withdraw(command) => self.armed = self.armed.filter(|armed| *armed != command),
        }
    }

    /// By one of the paths that lead to Offline.
    fn ask(&mut self) {
        self.sums.asked += 1;
        let origins = [
            Origin::Window,
            Origin::Tray,
            Origin::Shortcut,
            Origin::StatusApi,
            Origin::ScreenLock,
            Origin::Idle,
        ];
        match self.rng.random_range(0..8) {
            6 => self.log_out(None),
            7 => self.log_out(Some("OmniSupervisorLogout")),
            path => self.tell(Event::Request {
                ticket: Ticket(1),
                origin: origins[path],
                target: Target::Offline,
            }),
        }
    }

    fn step(&mut self, step: Step) {
        let (work, item): (WorkId, WorkItemId) = (id("0Bz", self.calls), id("0LQ", self.calls));
        let stage = match step {
            Step::Ringing => {
                if self.status != Some(id("0N5", 1)) {
                    return;
                }
                self.phone.contact(self.calls, Some("connecting"));
                WorkStage::Assigned
            }
            _ if self.work.is_none() => return,
            Step::Accepted => {
                self.phone.contact(self.calls, Some("connected"));
                self.conversation = true;
                WorkStage::Opened
            }
            Step::HungUp => {
                self.phone.contact(self.calls, Some("ended"));
                self.conversation = false;
                self.phone_changed();
                self.later(0, Happening::Tell(Event::ConversationEnded { item }));
                return;
            }
            Step::Closed | Step::Missed => {
                self.phone.contact(self.calls, None);
                self.conversation = false;
                WorkStage::Ended
            }
        };
        self.phone_changed();
        let seen = WorkSeen { work, item, stage };
        self.work = Some(seen).filter(|_| stage != WorkStage::Ended);
        let declined = matches!(step, Step::Missed);
        self.later(0, Happening::Tell(Event::Work { seen, declined }));
        if stage == WorkStage::Ended && self.armed.take().is_some() {
            self.log_out(None);
        }
    }

    /// The rep is logged out of Omni-Channel; who rings is routed to somebody else.
    fn log_out(&mut self, reason: Option<&str>) {
        if self.status.take().is_none() {
            return;
        }
        let reason = reason.map(|reason| LogoutReason(reason.to_owned()));
        self.later(0, Happening::Tell(Event::OmniLogout { reason }));
        if let Some(work) = self.work.filter(|work| work.stage == WorkStage::Assigned) {
            self.work = None;
            self.phone.contact(self.calls, None);
            self.phone_changed();
            let seen = WorkSeen {
                stage: WorkStage::Ended,
                ..work
            };
            self.later(
                0,
                Happening::Tell(Event::Work {
                    seen,
                    declined: false,
                }),
            );
        }
    }

    fn console(&mut self, command: CommandId, action: ConsoleAction) {
        let outcome = match action {
            ConsoleAction::Snapshot => {
                let snapshot = Event::ConsoleSnapshot {
                    console: CONSOLE,
                    command,
                    works: self.work.into_iter().collect(),
                    status: self.status,
                    conversations_ended: Vec::new(),
                };
                return self.later(0, Happening::Tell(snapshot));
            }
            ConsoleAction::Arm { .. } => {
                self.armed = Some(command);
                return;
            }
            ConsoleAction::Logout { wrapping_up, .. } => {
                // The partner's last look.
                if self.work.is_some_and(|work| !wrapping_up.contains(&work.work)) {
                    CommandOutcome::CallActive
                } else {
                    self.log_out(None);
                    CommandOutcome::Done
                }
            }
            ConsoleAction::Login { status } | ConsoleAction::SetStatus { status, .. } => {
                self.status = Some(status);
                self.later(0, Happening::Tell(Event::StatusChanged { status }));
                CommandOutcome::Done
            }
            ConsoleAction::CloseWork { .. } | ConsoleAction::Work { .. } => CommandOutcome::Failed,
        };
        self.later(0, Happening::Tell(Event::CommandAnswered { command, outcome }));
    }

    fn tell(&mut self, event: Event) {
        let mut events = vec![event];
        while let Some(event) = events.pop() {
            self.engine.handle(now_of(self.now_ms), event);
            while let Some(effect) = self.engine.poll_effect() {
                self.carry_out(effect, &mut events);
            }
            while self.engine.poll_note().is_some() {}
        }
    }

    fn carry_out(&mut self, effect: Effect, events: &mut Vec<Event>) {
        match effect {
            Effect::Answer {
                answer: Answer::Held(_),
                ..
            } => self.sums.held += 1,
            Effect::Console { command, action, .. } => self.later(1, Happening::Console(command, action)),
            Effect::Phone {
                command,
                state,
                enqueue,
            } => match self.adapter.ask(command, state, enqueue) {
                Ok(frame) => self.later(2, Happening::SetState(frame)),
                Err(outcome) => events.push(Event::PhoneAnswered { command, outcome }),
            },
            Effect::Save { revision } => events.push(Event::Saved { revision }),
            Effect::Withdraw { command } => self.later(1, Happening::Withdraw(command)),
            // Nobody reads the org here: the console tells everything.
            Effect::Answer { .. }
            | Effect::Notify(_)
            | Effect::Quit
            | Effect::Read { .. }
            | Effect::Restart
            | Effect::SignOut => {}
        }
    }

    fn phone_changed(&mut self) {
        let snapshot = self
            .phone
            .snapshot(i64::try_from(self.now_ms).unwrap_or(i64::MAX));
        self.later(2, Happening::Page(FromPage::Snapshot(snapshot)));
    }

    /// On one of the lines, after a while.
    fn later(&mut self, line: usize, happening: Happening) {
        let arrives = self.now_ms + self.rng.random_range(1..120);
        self.lines[line] = self.lines[line].max(arrives);
        self.at(self.lines[line], happening);
    }

    fn at(&mut self, at: u64, happening: Happening) {
        self.pushed += 1;
        self.queue.insert((at, self.pushed), happening);
    }
}

fn now_of(now_ms: u64) -> Now {
    Now {
        mono_ms: now_ms,
        wall_ms: 1_700_000_000_000 + i64::try_from(now_ms).unwrap_or(0),
    }
}
