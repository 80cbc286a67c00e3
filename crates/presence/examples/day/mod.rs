//! A busy rep's day, told to an engine over and over.
//!
//! Twenty sync rules are active, and they fire. The mix is a busy rep's day, half of it heartbeats: of each
//! cycle's 64 events 30 are polls of the console, 6 snapshots, 6 events of a call (assigned, accepted,
//! conversation ended, closed, and two of them twice), 6 phone reports (ringing, connected, after-call work,
//! gone, and two of them twice), 2 REST answers, a held request with its confirmation by the disk, a
//! cancellation with its own; 4 changes of status and 4 of the phone, each a choice that a rule carries to the
//! other side or the sight of what it did; an accepted e-mail and a change of the workload. After every event
//! the effects are drained and the next deadline is asked for, as the loop does it. No effect is carried out.

use std::hint::black_box;

use presence::effect::{ConsoleAction, Effect};
use presence::engine::Engine;
use presence::event::{
    Catalogue, ConsoleId, Event, Origin, PresenceRow, PresenceStatus, ServiceChannel, Target, Ticket,
    WorkRow, WorkSeen, WorkStage, Workload,
};
use presence::ids::{StatusId, WorkId, WorkItemId};
use presence::phone::{AgentState, AgentStateKind, Contact, ContactPhase, PhoneJoined, PhoneState};
use presence::rules::{Comparator, Criterion, Destination, OFFLINE, Operand, Rule, RuleEvent, RuleSet};
use presence::settings::{Profile, Settings};
use presence::time::Now;

/// Statuses in Salesforce and, with Offline, states of the phone.
const NAMES: [&str; 8] = [
    "Available",
    "Break",
    "Lunch",
    "Training",
    "Meeting",
    "Coaching",
    "Back office",
    "Project",
];

/// The engine and where its day has come to.
pub(crate) struct Day {
    engine: Engine,
    now: Now,
    /// Told so far.
    pub(crate) events: u64,
    revision: u64,
    snapshot: Option<presence::event::CommandId>,
    cycles: u32,
    status: StatusId,
}

impl Day {
    pub(crate) fn new() -> Self {
        let now = Now {
            mono_ms: 1,
            wall_ms: 1_700_000_000_000,
        };
        let status: StatusId = id("0N5", 1);
        let mut day = Self {
            engine: Engine::new(settings(), 1, now),
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
        let named = |(number, label): (u32, &&str)| PresenceStatus {
            id: id("0N5", number),
            label: (*label).to_owned(),
            developer_name: Some(format!("Status_{number}")),
            online: number == 1,
        };
        let statuses = (1..).zip(&NAMES).map(named).collect();
        let channels = vec![
            ServiceChannel {
                name: "sfdc_phone".to_owned(),
                item_prefix: "0LQ".to_owned(),
                voice: true,
            },
            ServiceChannel {
                name: "sfdc_email".to_owned(),
                item_prefix: "02s".to_owned(),
                voice: false,
            },
        ];
        day.tell(Event::Catalogue(Catalogue {
            statuses,
            channels,
            ..Catalogue::default()
        }));
        day.tell(Event::ConsoleConnected {
            console: ConsoleId(1),
        });
        day.answer_snapshot(Vec::new());
        let states = NAMES.iter().chain([&OFFLINE]).map(|name| state(name)).collect();
        day.tell(Event::PhoneJoined(PhoneJoined {
            name: "Practice phone".to_owned(),
            enqueues: true,
            profile: Profile::Connector,
            states,
            writable: true,
        }));
        day.choose("Available");
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
            state: state("Available"),
            next_state: None,
            contacts: phase.map(contact).into_iter().collect(),
            since_ms: None,
        }));
    }

    /// The phone is in a state without a contact.
    fn choose(&mut self, name: &str) {
        self.tell(Event::PhoneState(PhoneState {
            state: state(name),
            next_state: None,
            contacts: Vec::new(),
            since_ms: None,
        }));
    }

    fn pick(&mut self, number: u32) {
        self.tell(Event::StatusChanged {
            status: id("0N5", number),
        });
    }

    /// Break in Salesforce, and back; lunch at the phone, and back in Salesforce; an e-mail.
    fn rules_fire(&mut self) {
        self.pick(2);
        self.choose("Break");
        self.pick(1);
        self.choose("Available");
        self.choose("Lunch");
        self.pick(3);
        self.pick(1);
        self.choose("Available");
        let seen = WorkSeen {
            work: id("0Bz", self.cycles + 500_000_000),
            item: id("02s", self.cycles),
            stage: WorkStage::Opened,
        };
        self.tell(Event::Work {
            seen,
            declined: false,
        });
        let load = i64::from(self.cycles % 3) * 1_000;
        self.tell(Event::Workload(Workload {
            configured_milli: 4_000,
            previous_milli: 0,
            new_milli: load,
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

    /// One call from its ringing to its end, after a break and a lunch: 64 events.
    pub(crate) fn cycle(&mut self) {
        self.cycles += 1;
        let (work, item): (WorkId, WorkItemId) = (id("0Bz", self.cycles), id("0LQ", self.cycles));
        let seen = |stage| WorkSeen { work, item, stage };
        let told = |stage| Event::Work {
            seen: seen(stage),
            declined: false,
        };

        self.polls(5);
        self.answer_snapshot(Vec::new());
        self.rules_fire();
        self.tell(told(WorkStage::Assigned));
        self.phone(Some(ContactPhase::Ringing));
        self.polls(5);
        self.answer_snapshot(vec![seen(WorkStage::Assigned)]);
        self.tell(told(WorkStage::Opened));
        self.tell(told(WorkStage::Opened));
        self.phone(Some(ContactPhase::Connected));
        self.phone(Some(ContactPhase::Connected));
        self.polls(5);
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

/// What an administrator might write: breaks follow each other by name, some statuses have others' names,
/// e-mails and workload take the rep off the phone.
fn settings() -> Settings {
    let equal = |a, b: &str| Criterion {
        a,
        comparator: Comparator::Equal,
        b: Operand::StaticValue(b.to_owned()),
    };
    let rule = |event, criteria, destination, state: &str| Rule {
        name: format!("{event:?}: {state}"),
        event,
        criteria,
        destination,
        state: state.to_owned(),
    };
    let mut rules = vec![
        rule(
            RuleEvent::SalesforceAgentLogout,
            vec![equal(Operand::SalesforceAgentNewState, OFFLINE)],
            Destination::Connect,
            OFFLINE,
        ),
        rule(
            RuleEvent::SalesforceWorkAccepted,
            vec![equal(Operand::SalesforceServiceChannel, "sfdc_chat")],
            Destination::Connect,
            "Training",
        ),
        rule(
            RuleEvent::SalesforceWorkloadChanged,
            vec![Criterion {
                a: Operand::SalesforceNewWorkloadPct,
                comparator: Comparator::GreaterOrEqual,
                b: Operand::StaticValue("100".to_owned()),
            }],
            Destination::Connect,
            "Training",
        ),
        rule(
            RuleEvent::ConnectAgentStateChange,
            vec![
                equal(Operand::ConnectAgentOldState, "Busy"),
                equal(Operand::ConnectAgentNewState, "AfterCallWork"),
            ],
            Destination::Salesforce,
            "Training",
        ),
    ];
    for name in NAMES.into_iter().rev().take(8) {
        rules.push(rule(
            RuleEvent::ConnectAgentStateChange,
            vec![equal(Operand::ConnectAgentNewState, name)],
            Destination::Salesforce,
            name,
        ));
        rules.push(rule(
            RuleEvent::SalesforceAgentStateChange,
            vec![equal(Operand::SalesforceAgentNewState, name)],
            Destination::Connect,
            name,
        ));
    }
    assert_eq!(rules.len(), 20, "as the benchmark says");
    Settings {
        rules: RuleSet {
            rules,
            by_name: false,
        },
        ..Settings::default()
    }
}

fn state(name: &str) -> AgentState {
    let kind = match name {
        "Available" => AgentStateKind::Routable,
        OFFLINE => AgentStateKind::Offline,
        _ => AgentStateKind::NotRoutable,
    };
    AgentState {
        name: name.to_owned(),
        kind,
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
