//! How many events a second the engine decides on one core. Prints one JSON object,
//! `{"events_per_second": N}`.
//!
//! The mix is a busy rep's day, most of it heartbeats: of each cycle's 64 events 40 are polls of the console,
//! 6 snapshots, 6 events of a call (assigned, accepted, conversation ended, closed, and two of them twice), 6
//! phone reports (ringing, connected, after-call work, gone, and two of them twice), 2 REST answers, a held
//! request with its confirmation by the disk, a cancellation with its own. After every event the effects are
//! drained and the next deadline is asked for, as the loop does it. No effect is carried out.

use std::hint::black_box;
use std::time::Duration;

use presence::effect::{ConsoleAction, Effect};
use presence::engine::Engine;
use presence::event::{
    Catalogue, ConsoleId, Event, Origin, PresenceRow, PresenceStatus, Target, Ticket, WorkRow, WorkSeen,
    WorkStage,
};
use presence::ids::{StatusId, WorkId, WorkItemId};
use presence::phone::{AgentState, AgentStateKind, Contact, ContactPhase, PhoneJoined, PhoneState};
use presence::settings::{Profile, Settings};
use presence::time::Now;

/// How long is measured, after a tenth of it to warm up.
const MEASURE: Duration = Duration::from_secs(2);

fn main() {
    let mut day = Day::new();
    run(&mut day, MEASURE / 10);
    let (events, took) = run(&mut day, MEASURE);
    let per_second = u128::from(events) * 1_000_000_000 / took.as_nanos().max(1);
    println!("{{\"events_per_second\": {per_second}}}");
}

#[expect(
    clippy::disallowed_types,
    reason = "a benchmark reads a clock; the engine does not"
)]
fn run(day: &mut Day, time: Duration) -> (u64, Duration) {
    let (start, before) = (std::time::Instant::now(), day.events);
    while start.elapsed() < time {
        for _ in 0..64 {
            day.cycle();
        }
    }
    (day.events - before, start.elapsed())
}

struct Day {
    engine: Engine,
    now: Now,
    events: u64,
    revision: u64,
    snapshot: Option<presence::event::CommandId>,
    cycles: u32,
    status: StatusId,
}

impl Day {
    fn new() -> Self {
        let now = Now {
            mono_ms: 1,
            wall_ms: 1_700_000_000_000,
        };
        let status: StatusId = id("0N5", 1);
        let mut day = Self {
            engine: Engine::new(Settings::default(), 1, now),
            now,
            events: 0,
            revision: 0,
            snapshot: None,
            cycles: 0,
            status,
        };
        day.tell(Event::SignedIn {
            org: id("00D", 1),
            user: id("005", 1),
            name: "Pat".to_owned(),
            org_url: "https://practice.example".to_owned(),
        });
        let statuses = vec![PresenceStatus {
            id: status,
            label: "Available".to_owned(),
            developer_name: None,
            online: true,
        }];
        day.tell(Event::Catalogue(Catalogue {
            statuses,
            ..Catalogue::default()
        }));
        day.tell(Event::ConsoleConnected {
            console: ConsoleId(1),
        });
        day.answer_snapshot(Vec::new());
        let states = vec![AgentState {
            name: "Available".to_owned(),
            kind: AgentStateKind::Routable,
        }];
        day.tell(Event::PhoneJoined(PhoneJoined {
            name: "Practice phone".to_owned(),
            enqueues: true,
            profile: Profile::Connector,
            states,
        }));
        day
    }

    fn tell(&mut self, event: Event) {
        self.engine.handle(self.now, event);
        self.events += 1;
        while let Some(effect) = self.engine.poll_effect() {
            match &effect {
                Effect::Save { revision } => self.revision = *revision,
                Effect::Console {
                    command,
                    action: ConsoleAction::Snapshot,
                    ..
                } => self.snapshot = Some(*command),
                _ => {}
            }
            black_box(&effect);
        }
        black_box(self.engine.poll_deadline());
    }

    fn answer_snapshot(&mut self, works: Vec<WorkSeen>) {
        // Asked for once a minute, which is every five polls.
        let command = self.snapshot.take().expect("a snapshot has been asked for");
        self.tell(Event::ConsoleSnapshot {
            console: ConsoleId(1),
            command,
            works,
            status: Some(self.status),
            conversations_ended: Vec::new(),
        });
    }

    fn polls(&mut self, number: u32) {
        for _ in 0..number {
            self.now = self.now.plus(12_000);
            self.tell(Event::ConsoleHeard {
                console: ConsoleId(1),
            });
        }
    }

    fn phone(&mut self, phase: Option<ContactPhase>) {
        let contact = |phase| Contact {
            id: "contact-1".to_owned(),
            phase,
            vendor_call_key: None,
        };
        self.tell(Event::PhoneState(PhoneState {
            state: AgentState {
                name: "Available".to_owned(),
                kind: AgentStateKind::Routable,
            },
            next_state: None,
            contacts: phase.map(contact).into_iter().collect(),
            since_ms: None,
        }));
    }

    fn rows(&mut self, works: Vec<WorkRow>) {
        let presence = PresenceRow {
            row: None,
            status: Some(self.status),
            since_ms: None,
            modstamp_ms: None,
        };
        self.tell(Event::Rows {
            asked: self.now,
            works,
            presence,
        });
    }

    fn saved(&mut self) {
        self.tell(Event::Saved {
            revision: self.revision,
        });
    }

    /// One call from its ringing to its end: 64 events.
    fn cycle(&mut self) {
        self.cycles += 1;
        let (work, item): (WorkId, WorkItemId) = (id("0Bz", self.cycles), id("0LQ", self.cycles));
        let seen = |stage| WorkSeen { work, item, stage };
        let told = |stage| Event::Work {
            seen: seen(stage),
            declined: false,
        };

        self.polls(10);
        self.answer_snapshot(Vec::new());
        self.tell(told(WorkStage::Assigned));
        self.phone(Some(ContactPhase::Ringing));
        self.polls(5);
        self.answer_snapshot(vec![seen(WorkStage::Assigned)]);
        self.tell(told(WorkStage::Opened));
        self.tell(told(WorkStage::Opened));
        self.phone(Some(ContactPhase::Connected));
        self.phone(Some(ContactPhase::Connected));
        self.polls(10);
        self.answer_snapshot(vec![seen(WorkStage::Opened)]);
        self.rows(vec![row(seen(WorkStage::Opened))]);
        let ticket = Ticket(u64::from(self.cycles));
        self.tell(Event::Request {
            ticket,
            origin: Origin::Window,
            target: Target::Offline,
        });
        self.saved();
        self.tell(Event::Cancel { ticket });
        self.saved();
        self.polls(5);
        self.answer_snapshot(vec![seen(WorkStage::Opened)]);
        self.tell(Event::ConversationEnded { item });
        self.phone(Some(ContactPhase::AfterCallWork));
        self.phone(Some(ContactPhase::AfterCallWork));
        self.polls(5);
        self.answer_snapshot(vec![seen(WorkStage::Opened)]);
        self.tell(told(WorkStage::Ended));
        self.tell(told(WorkStage::Ended));
        self.phone(None);
        self.rows(Vec::new());
        self.polls(5);
        self.answer_snapshot(Vec::new());
    }
}

fn row(seen: WorkSeen) -> WorkRow {
    WorkRow {
        work: seen.work,
        item: seen.item,
        stage: seen.stage,
        voice: true,
        conversation_ended: false,
        vendor_call_key: None,
        since_ms: None,
        closed_ms: None,
        conversation_ended_ms: None,
        acw_extensions: 0,
        modstamp_ms: None,
    }
}

fn id<T: std::str::FromStr<Err: std::fmt::Debug>>(prefix: &str, number: u32) -> T {
    format!("{prefix}{number:012}").parse().expect("a record id")
}
