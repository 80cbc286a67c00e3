//! Random lives: everything that can happen around an engine, one small step at a time, with what must hold
//! after each.

use presence::event::{
    CommandId, CommandOutcome, ConsoleId, Event, PhoneOutcome, PresenceRow, Target, WorkSeen, WorkStage,
};
use presence::phone::ContactPhase::{AfterCallWork, Connected, Ringing};
use presence::settings::Settings;
use presence::time::Now;
use proptest::prelude::*;

use crate::world::{AVAILABLE, BREAK, World, id, status};

/// One step.
#[derive(Clone, Debug)]
pub(crate) enum Op {
    Accept(u8),
    Call,
    Cancel,
    Close(u8),
    ConnectConsole,
    ConnectionError,
    Contact(u8),
    Crash,
    Decline(u8),
    /// One report of the page reaches Holdline.
    Deliver,
    /// A later report overtakes; an old one comes again.
    DeliverLate(u8),
    DeliverAgain(u8),
    Disk,
    DiskFull(bool),
    Email,
    Freeze(bool),
    Garbage(u8),
    HangUp(u8),
    Heartbeat,
    JoinPhone,
    LoseConsole,
    LosePhone,
    OrgDown(bool),
    Page,
    Pass(u32),
    PhonePick(u8),
    PhoneStep,
    Pick(u8),
    /// The org works an answer out; it arrives later.
    ReadStep,
    ReadArrives(u8),
    Request(u8),
    SetClock(i32),
    /// Everybody does what is due.
    Settle,
    Suspend(u32),
}

/// Which steps a property wants.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Kind {
    /// Messages may overtake each other, come again or be invented.
    Hostile,
    /// The page's messages arrive once and in order, as the bridge promises.
    Ordered,
    /// Likewise, and Holdline does not crash, and there is no phone.
    Steady,
}

pub(crate) fn ops(kind: Kind, most: usize) -> impl Strategy<Value = Vec<Op>> {
    let daily = prop_oneof![
        3 => Just(Op::Call),
        4 => any::<u8>().prop_map(Op::Accept),
        1 => any::<u8>().prop_map(Op::Decline),
        3 => any::<u8>().prop_map(Op::HangUp),
        4 => any::<u8>().prop_map(Op::Close),
        1 => Just(Op::Email),
        6 => any::<u8>().prop_map(Op::Request),
        2 => Just(Op::Cancel),
        2 => any::<u8>().prop_map(Op::Pick),
        8 => Just(Op::Deliver),
        8 => Just(Op::Page),
        6 => Just(Op::Disk),
        4 => Just(Op::ReadStep),
        4 => any::<u8>().prop_map(Op::ReadArrives),
        4 => (1..2_000u32).prop_map(Op::Pass),
        2 => (2_000..60_000u32).prop_map(Op::Pass),
        6 => Just(Op::Settle),
        3 => Just(Op::Heartbeat),
    ];
    let rough = prop_oneof![
        2 => Just(Op::ConnectConsole),
        1 => Just(Op::LoseConsole),
        1 => any::<bool>().prop_map(Op::DiskFull),
        1 => any::<bool>().prop_map(Op::OrgDown),
        1 => any::<bool>().prop_map(Op::Freeze),
        1 => Just(Op::ConnectionError),
        1 => (1_000..7_200_000u32).prop_map(Op::Suspend),
    ];
    let crashing = prop_oneof![
        2 => Just(Op::Crash),
        3 => any::<u8>().prop_map(Op::Contact),
        2 => Just(Op::PhoneStep),
        1 => Just(Op::JoinPhone),
        1 => Just(Op::LosePhone),
        1 => any::<u8>().prop_map(Op::PhonePick),
    ];
    let hostile = prop_oneof![
        2 => any::<u8>().prop_map(Op::DeliverLate),
        2 => any::<u8>().prop_map(Op::DeliverAgain),
        2 => any::<u8>().prop_map(Op::Garbage),
        1 => (-7_200_000..7_200_000i32).prop_map(Op::SetClock),
    ];
    let step = match kind {
        Kind::Hostile => prop_oneof![20 => daily, 3 => rough, 4 => crashing, 4 => hostile].boxed(),
        Kind::Ordered => prop_oneof![20 => daily, 3 => rough, 4 => crashing].boxed(),
        Kind::Steady => prop_oneof![20 => daily, 3 => rough].boxed(),
    };
    proptest::collection::vec(step, 1..most)
}

/// A world, and how it is led through steps.
pub(crate) struct Life {
    pub(crate) world: World,
    kind: Kind,
    /// The page's reports, to be repeated.
    reported: Vec<Event>,
    answers_under_way: Vec<Event>,
}

impl Life {
    pub(crate) fn new(kind: Kind, settings: Settings) -> Self {
        let mut world = World::working_with(settings);
        if kind != Kind::Steady {
            world.join_phone("Available");
        }
        world.watched = true;
        world.prompt = false;
        Self {
            world,
            kind,
            reported: Vec::new(),
            answers_under_way: Vec::new(),
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
            Op::Freeze(frozen) => world.page.frozen = frozen,
            Op::Garbage(n) => world.tell(garbage(n, world.now)),
            Op::HangUp(n) => world.hang_up_nth(n),
            Op::Heartbeat => world.heartbeat(),
            Op::JoinPhone => world.rejoin_phone(),
            Op::LoseConsole => world.lose_console(),
            Op::LosePhone => world.lose_phone(),
            Op::OrgDown(down) => world.org_down = down,
            Op::Page => drop(world.run_page()),
            Op::Pass(ms) => world.pass(u64::from(ms)),
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
                ][usize::from(n % 6)];
                world.request_of(target);
            }
            Op::SetClock(ms) => world.suspend(i64::from(ms)),
            Op::Settle => self.settle(),
            Op::Suspend(ms) => world.suspend(i64::from(ms)),
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

    fn work_an_answer_out(&mut self) {
        let world = &mut self.world;
        // In a steady life the console's ordered reports are the only word, so that their order is the order.
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
                status: None,
                since_ms: None,
            },
        },
        _ => Event::PhoneAnswered {
            command,
            outcome: PhoneOutcome::Refused,
        },
    }
}
