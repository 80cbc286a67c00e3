//! How many API calls a rep's shift costs, through the real client against the practice org: eight hours in virtual
//! time, with a call every quarter of an hour. `cargo xtask bench` takes its figures from what it prints.

use std::sync::atomic::{AtomicI64, Ordering};

use companion::clock::Clock;
use companion::ports::SalesforcePort as _;
use presence::effect::{ConsoleAction, Effect};
use presence::engine::Engine;
use presence::event::{CommandId, CommandOutcome, ConsoleId, Event, WorkSeen, WorkStage};
use presence::ids::StatusId;
use presence::picture::CallPhase;
use presence::settings::Settings;
use serde_json::{Value, json};

use super::Signed;

const SECOND: i64 = 1_000;
const MINUTE: i64 = 60 * SECOND;
/// Between two polls of a console.
const POLL: i64 = 20 * SECOND;
const CONSOLE: ConsoleId = ConsoleId(1);

/// Calls of the rep, and how long each rings, lasts and is wrapped up: two thirds of the shift.
const CALLS: i64 = 32;
const RINGS: i64 = 10 * SECOND;
const LASTS: i64 = 8 * MINUTE;
const WRAP_UP: i64 = 90 * SECOND;
const QUARTER: i64 = 15 * MINUTE;

/// A rep at work, and the engine that watches.
struct Shift {
    signed: Signed,
    engine: Engine,
    clock_ms: &'static AtomicI64,
    /// Whether a console page is joined.
    with_bridge: bool,
    polled_ms: i64,
    available: StatusId,
    work: Option<WorkSeen>,
}

impl Shift {
    async fn begins(with_bridge: bool) -> Self {
        let clock_ms: &'static AtomicI64 = Box::leak(Box::new(AtomicI64::new(1_700_000_000_000)));
        let settings = json!({ "apiRequestLimit": 100_000, "wrapUpMs": 3_600_000 });
        let clock = Clock::that_is_set(clock_ms);
        let mut signed = Signed::at(clock, settings, &[]).await;
        let catalogue = signed.catalogue().await;
        let mut engine = Engine::new(Settings::default(), 1, clock.now());
        let account = signed.cloud.client().unwrap().account();
        engine.handle(
            clock.now(),
            Event::SignedIn {
                org: account.org,
                user: account.user,
                name: "Pat".to_owned(),
                org_url: signed.practice.url().to_owned(),
            },
        );
        let mut shift = Self {
            signed,
            engine,
            clock_ms,
            with_bridge,
            polled_ms: clock_ms.load(Ordering::Relaxed),
            available: catalogue.statuses[0].id,
            work: None,
        };
        shift.signed.set_status(shift.available).await;
        shift.tells(Event::Catalogue(catalogue)).await;
        if with_bridge {
            shift.tells(Event::ConsoleConnected { console: CONSOLE }).await;
        }
        shift
    }

    fn now_ms(&self) -> i64 {
        self.clock_ms.load(Ordering::Relaxed)
    }

    async fn tells(&mut self, event: Event) {
        self.engine.handle(self.signed.cloud.clock.now(), event);
        self.drains().await;
    }

    async fn drains(&mut self) {
        while let Some(effect) = self.engine.poll_effect() {
            let now = self.signed.cloud.clock.now();
            match effect {
                Effect::Read { watch } => {
                    self.signed.cloud.read(watch);
                    loop {
                        let event = self.signed.heard().await;
                        let is_answer = matches!(event, Event::Rows { .. } | Event::ReadFailed { .. });
                        self.engine.handle(now, event);
                        if is_answer {
                            break;
                        }
                    }
                }
                Effect::Console { command, action, .. } => {
                    let event = self.console_answers(command, &action);
                    self.engine.handle(now, event);
                }
                Effect::Save { revision } => {
                    self.engine.handle(now, Event::Saved { revision });
                }
                _ => {}
            }
        }
    }

    fn console_answers(&self, command: CommandId, action: &ConsoleAction) -> Event {
        match action {
            ConsoleAction::Snapshot => Event::ConsoleSnapshot {
                console: CONSOLE,
                command,
                works: self.work.into_iter().collect(),
                status: Some(self.available),
                conversations_ended: Vec::new(),
            },
            _ => Event::CommandAnswered {
                command,
                outcome: CommandOutcome::Done,
            },
        }
    }

    /// Time goes by, with everything that is due in it.
    async fn passes(&mut self, ms: i64) {
        let end = self.now_ms() + ms;
        loop {
            let due = self.engine.poll_deadline().map(|(at, _)| at.wall_ms);
            let poll = self.with_bridge.then_some(self.polled_ms + POLL);
            let next = due
                .into_iter()
                .chain(poll)
                .min()
                .unwrap_or(end)
                .max(self.now_ms());
            if next > end {
                break;
            }
            self.clock_ms.store(next, Ordering::Relaxed);
            if poll.is_some_and(|poll| poll <= next) {
                self.polled_ms = next;
                self.tells(Event::ConsoleHeard { console: CONSOLE }).await;
            }
            self.tells(Event::Tick).await;
        }
        self.clock_ms.store(end, Ordering::Relaxed);
    }

    /// What the page tells of a work, where there is one.
    async fn work_is(&mut self, seen: WorkSeen) {
        self.work = Some(seen).filter(|seen| seen.stage != WorkStage::Ended);
        if self.with_bridge {
            let declined = false;
            self.tells(Event::Work { seen, declined }).await;
        }
    }

    async fn has_a_call(&mut self) {
        let told: Value = self.signed.post("calls", json!({ "rep": "pat" })).await;
        let text = |name: &str| told[name].as_str().unwrap().to_owned();
        let seen = |stage| WorkSeen {
            work: text("agentWorkId").parse().unwrap(),
            item: text("voiceCallId").parse().unwrap(),
            stage,
        };
        let call = text("callId");
        self.work_is(seen(WorkStage::Assigned)).await;
        self.passes(RINGS).await;
        self.signed.post(&format!("calls/{call}/accept"), json!({})).await;
        self.work_is(seen(WorkStage::Opened)).await;
        self.passes(LASTS).await;
        assert_eq!(
            self.engine.picture().call.phase,
            CallPhase::OnCall,
            "it is followed"
        );
        self.signed.post(&format!("calls/{call}/hangup"), json!({})).await;
        if self.with_bridge {
            let item = seen(WorkStage::Opened).item;
            self.tells(Event::ConversationEnded { item }).await;
        }
        self.passes(WRAP_UP).await;
        self.signed.post(&format!("calls/{call}/finish"), json!({})).await;
        self.work_is(seen(WorkStage::Ended)).await;
        self.passes(QUARTER - RINGS - LASTS - WRAP_UP).await;
        assert_eq!(self.engine.picture().call.phase, CallPhase::Idle, "and its end");
    }

    /// API calls, the sign-in's own among them.
    fn calls(&self) -> u64 {
        self.signed
            .cloud
            .client()
            .unwrap()
            .facts()
            .api_usage
            .unwrap()
            .used
    }
}

async fn api_calls(with_bridge: bool) -> u64 {
    let mut shift = Shift::begins(with_bridge).await;
    for _ in 0..CALLS {
        shift.has_a_call().await;
    }
    shift.calls()
}

#[tokio::test]
async fn a_shift_stays_within_its_api_calls_with_and_without_the_bridge() {
    let (with_bridge, without) = tokio::join!(api_calls(true), api_calls(false));
    println!(
        "{}",
        json!({ "api_calls_per_shift_with_bridge": with_bridge, "api_calls_per_shift_without_bridge": without })
    );
    // A shift that hardly reads would show nothing.
    assert!((30..=100).contains(&with_bridge), "{with_bridge}");
    assert!((900..=1_500).contains(&without), "{without}");
}
