//! A world led through random steps.

use presence::event::{
    CommandId, CommandOutcome, ConsoleId, Event, Origin, PhoneOutcome, PresenceRow, Target, WorkSeen,
    WorkStage, Workload,
};
use presence::phone::ContactPhase::{AfterCallWork, Connected, Ringing};
use presence::problem::ProblemCode;
use presence::settings::Settings;
use presence::time::Now;

use crate::ops::{Kind, Op};
use crate::phone::Fault;
use crate::world::{AVAILABLE, BREAK, OTHER_CALLS, World, id, status};

/// A world, and how it is led through steps.
pub(crate) struct Life {
    pub(crate) world: World,
    kind: Kind,
    /// The page's reports, to be repeated.
    reported: Vec<Event>,
    answers_under_way: Vec<Event>,
    /// Streaming messages that have arrived, to be repeated.
    streamed: Vec<Event>,
}

impl Life {
    pub(crate) fn new(kind: Kind, settings: Settings) -> Self {
        let mut world = World::working_with(settings);
        if kind != Kind::Steady {
            world.join_phone("Available");
        }
        // In a steady life the console's ordered reports are the only word, so that their order is the order.
        world.streaming = kind != Kind::Steady;
        world.tell_second_channel();
        world.watched = true;
        world.prompt = false;
        Self {
            world,
            kind,
            reported: Vec::new(),
            answers_under_way: Vec::new(),
            streamed: Vec::new(),
        }
    }

    pub(crate) fn lead(&mut self, ops: &[Op]) {
        for op in ops {
            self.step(op);
        }
    }

    fn step(&mut self, op: &Op) {
        let world = &mut self.world;
        match *op {
            Op::Accept(n) => world.accept_nth(n),
            Op::Call => drop(world.call()),
            Op::Cancel => drop(world.ask(|ticket| Event::Cancel { ticket })),
            Op::Close(n) => world.close_nth(n, self.kind == Kind::Steady),
            Op::CloseWork(n) => {
                if let Some(work) = world.nth(n, WorkStage::Opened) {
                    world.request_of(Target::CloseWork(work));
                }
            }
            Op::ConnectConsole => world.connect_console(),
            Op::ConnectionError => world.tell(Event::ConnectionError),
            Op::Contact(n) => {
                let phase = [None, Some(AfterCallWork), Some(Connected), Some(Ringing)][usize::from(n % 4)];
                // A contact in after-call work says that its own conversation is over: not of a call that lives.
                let own = n > 128 && (phase != Some(AfterCallWork) || world.first_call_is_over());
                world.contact(phase, own.then_some("key-1"));
            }
            Op::Crash => {
                world.crash();
                self.answers_under_way.clear();
                world.sign_in();
            }
            Op::Decline(n) if self.kind != Kind::Steady => world.decline_nth(n),
            Op::Decline(_) => {}
            Op::Deliver => self.deliver(0),
            Op::DeliverLate(n) => self.deliver(usize::from(n)),
            Op::DeliverAgain(n) => {
                if !self.reported.is_empty() {
                    let again = self.reported[usize::from(n) % self.reported.len()].clone();
                    world.tell(again);
                }
            }
            Op::Disk => drop(world.run_disk()),
            Op::DiskFull(full) => world.disk_full = full,
            Op::Email => drop(world.email()),
            Op::Extend(n) => world.extend_nth(n),
            Op::MoveOrg => world.move_org(),
            Op::OtherCall => drop(world.new_work(OTHER_CALLS, true)),
            Op::Freeze(frozen) => world.page.frozen = frozen,
            Op::Garbage(n) => world.tell(garbage(n, world.now)),
            Op::HangUp(n) => world.hang_up_nth(n),
            Op::Heartbeat => world.heartbeat(),
            Op::JoinPhone => world.rejoin_phone(),
            Op::KeepHold => world.tell(Event::Dismiss {
                code: ProblemCode::HoldLasts,
            }),
            Op::LoseConsole => world.lose_console(),
            Op::LosePhone => world.lose_phone(),
            Op::OrgDown(down) => world.org_down = down,
            Op::Page => drop(world.run_page()),
            Op::Pass(ms) => world.pass(u64::from(ms)),
            Op::PhoneFault(n) => {
                let fault = [Fault::DoneInName, Fault::Lost, Fault::Refused][usize::from(n % 3)];
                world
                    .phone
                    .iter_mut()
                    .for_each(|phone| phone.faults.push_back(fault));
            }
            Op::PhonePick(n) => {
                world.phone_pick(["Available", "Break", "Offline", "Busy"][usize::from(n % 4)])
            }
            Op::PhoneStep => drop(world.run_phone()),
            Op::Pick(n) => {
                let choice = [None, Some(AVAILABLE), Some(BREAK)][usize::from(n % 3)];
                world.pick(choice.map(status));
            }
            Op::ReadStep => self.work_an_answer_out(),
            Op::ReadArrives(n) => {
                if !self.answers_under_way.is_empty() {
                    let at = usize::from(n) % self.answers_under_way.len();
                    let answer = self.answers_under_way.remove(at);
                    world.tell(answer);
                }
            }
            Op::Request(n) => {
                let target = [
                    Target::Offline,
                    Target::Offline,
                    Target::Offline,
                    Target::Status(status(AVAILABLE)),
                    Target::Status(status(BREAK)),
                    Target::SignOut,
                    Target::Quit,
                    Target::Restart,
                ][usize::from(n % 8)];
                let origin = [
                    Origin::Window,
                    Origin::Tray,
                    Origin::Window,
                    Origin::StatusApi,
                    Origin::Idle,
                    Origin::ScreenLock,
                    Origin::Shutdown,
                    Origin::Updater,
                ][usize::from(n / 8 % 8)];
                world.request_from(origin, target);
            }
            Op::SetClock(ms) => world.suspend(i64::from(ms)),
            Op::ReadOld(n) => {
                self.work_an_answer_out();
                self.age_an_answer(n);
            }
            Op::Settle => self.settle(),
            Op::Stream => self.stream(0),
            Op::StreamLate(n) => self.stream(usize::from(n)),
            Op::StreamAgain(n) => {
                if !self.streamed.is_empty() {
                    let again = self.streamed[usize::from(n) % self.streamed.len()].clone();
                    world.tell(again);
                }
            }
            Op::Suspend(ms) => world.suspend(i64::from(ms)),
            Op::Workload(n) => world.tell(Event::Workload(workload(n))),
        }
    }

    fn deliver(&mut self, n: usize) {
        let world = &mut self.world;
        let length = world.page.outbox.len();
        if length == 0 {
            return;
        }
        if n > 0 && world.page.session.is_some() && !world.page.frozen {
            let late = world.page.outbox.remove(n % length);
            late.into_iter()
                .for_each(|late| world.page.outbox.push_front(late));
        }
        if let Some((event, _)) = world.page.outbox.front().cloned()
            && world.deliver_page()
        {
            self.reported.push(event);
        }
    }

    fn stream(&mut self, n: usize) {
        let length = self.world.stream.len().max(1);
        if let Some(message) = self.world.stream.remove(n % length) {
            self.streamed.push(message.clone());
            self.world.tell(message);
        }
    }

    /// The newest answer that is on its way has got one work's row from a replica that lags.
    fn age_an_answer(&mut self, n: u8) {
        let old_rows = self.streamed.iter().flat_map(|message| match message {
            Event::Streamed { works, .. } => works.clone(),
            _ => Vec::new(),
        });
        let old_rows: Vec<_> = old_rows.collect();
        if let Some(Event::Rows { works, .. }) = self.answers_under_way.last_mut()
            && !old_rows.is_empty()
        {
            let old = old_rows[usize::from(n) % old_rows.len()].clone();
            if let Some(row) = works.iter_mut().find(|row| row.work == old.work) {
                *row = old;
            }
        }
    }

    fn work_an_answer_out(&mut self) {
        let world = &mut self.world;
        if self.kind == Kind::Steady || world.org_down {
            drop(world.reads.pop_front());
        } else if let Some((asked, watch)) = world.reads.pop_front() {
            self.answers_under_way.push(world.rows(asked, &watch));
        }
    }

    /// Everybody does what is due.
    fn settle(&mut self) {
        for _ in 0..200 {
            let before = self.world.steps;
            while self.world.run_disk() {}
            while self.world.run_page() {}
            while self.world.run_phone() {}
            while !self.world.stream.is_empty() {
                self.stream(0);
            }
            while !self.world.page.outbox.is_empty()
                && self.world.page.session.is_some()
                && !self.world.page.frozen
            {
                self.deliver(0);
            }
            if self.kind != Kind::Steady {
                while self.world.run_read() {}
            }
            if self.world.steps == before {
                return;
            }
        }
        panic!("the world and the engine never come to rest");
    }

    /// All calls end, everything works again, and minutes pass.
    pub(crate) fn come_to_rest(&mut self) {
        let world = &mut self.world;
        world.org_down = false;
        world.disk_full = false;
        world.page.frozen = false;
        world.phone.iter_mut().for_each(|phone| phone.faults.clear());
        world.lose_console();
        world.connect_console();
        world.rejoin_phone();
        self.settle();
        let world = &mut self.world;
        for work in world.works.keys().copied().collect::<Vec<_>>() {
            world.accept(work);
            world.close(work);
        }
        world.contact(None, None);
        self.settle();
        self.world.prompt = true;
        self.world.pass(1);
        self.world.pass(900_000);
    }
}

/// From and to 0 to 3 of a capacity of 4; some of no capacity at all.
pub(crate) fn workload(n: u8) -> Workload {
    Workload {
        configured_milli: if n > 240 { 0 } else { 4_000 },
        previous_milli: i64::from(n % 4) * 1_000,
        new_milli: i64::from(n / 4 % 5) * 1_000,
    }
}

/// Messages nobody meant.
fn garbage(n: u8, now: Now) -> Event {
    let number = u32::from(n) + 1_000;
    let seen = WorkSeen {
        work: id("0Bz", number),
        item: id("02s", number),
        stage: WorkStage::Opened,
    };
    let command = CommandId {
        run: u64::from(n),
        number: 77,
    };
    match n % 8 {
        0 => Event::Work {
            seen,
            declined: n > 128,
        },
        1 => Event::CommandAnswered {
            command,
            outcome: CommandOutcome::Done,
        },
        2 => Event::CommandAnswered {
            command,
            outcome: CommandOutcome::CallActive,
        },
        3 => Event::Saved {
            revision: u64::MAX - u64::from(n),
        },
        4 => Event::SaveFailed {
            revision: u64::MAX,
            reason: "nonsense".to_owned(),
        },
        5 => Event::ConsoleSnapshot {
            console: ConsoleId(u64::from(n)),
            command,
            works: Vec::new(),
            status: None,
            conversations_ended: Vec::new(),
        },
        6 => Event::Rows {
            asked: now.plus(60_000),
            works: Vec::new(),
            presence: PresenceRow {
                row: None,
                status: None,
                since_ms: None,
                modstamp_ms: None,
            },
        },
        _ => Event::PhoneAnswered {
            command,
            outcome: PhoneOutcome::Refused,
        },
    }
}
