//! Events and results up.

use std::time::Duration;

use companion::ports::ConsolePort as _;
use loopback::Timings;
use presence::effect::ConsoleAction;
use presence::event::{CommandOutcome, Event, LogoutReason, WorkSeen, WorkStage, Workload};
use serde_json::{Value, json};

use crate::harness::{House, SAM, command};

const WORK: &str = "0Bz000000000001CAA";
const ITEM: &str = "0LQ000000000001GAA";
const STATUS: &str = "0N5000000000001CAA";

fn assigned(seq: u64) -> Value {
    json!({"seq": seq, "event": {"type": "workAssigned", "workId": WORK, "workItemId": ITEM}})
}

fn accepted(seq: u64) -> Value {
    json!({"seq": seq, "event": {"type": "workAccepted", "workId": WORK, "workItemId": ITEM}})
}

fn work(stage: WorkStage) -> Event {
    let seen = WorkSeen {
        work: WORK.parse().unwrap(),
        item: ITEM.parse().unwrap(),
        stage,
    };
    Event::Work {
        seen,
        declined: false,
    }
}

#[tokio::test]
async fn every_event_reaches_the_inbox_in_order() {
    let mut house = House::open(Timings::default()).await;
    let key = house.paired().await;
    let (_, session) = house.console("page", &key).await;
    let events = json!([
        {"seq": 1, "event": {"type": "loginSuccess", "statusId": STATUS}},
        assigned(2),
        accepted(3),
        {"seq": 4, "event": {"type": "workloadChanged", "configuredCapacity": 5, "previousWorkload": 0,
            "newWorkload": 2.125}},
        {"seq": 5, "event": {"type": "conversationEnded", "workItemId": ITEM}},
        {"seq": 6, "event": {"type": "workClosed", "workId": WORK, "workItemId": ITEM}},
        {"seq": 7, "event": {"type": "connectionError", "error": "lost"}},
        {"seq": 8, "event": {"type": "logout", "reason": "DuplicateLogin"}},
        {"seq": 9, "event": {"type": "workFlagUpdated", "workId": WORK, "isFlagged": true}},
    ]);
    assert_eq!(
        house.report(&session, events, json!([])).await.ok(),
        json!({"eventsTaken": 9})
    );
    for expected in [
        Event::StatusChanged {
            status: STATUS.parse().unwrap(),
        },
        work(WorkStage::Assigned),
        work(WorkStage::Opened),
        Event::Workload(Workload {
            configured_milli: 5_000,
            previous_milli: 0,
            new_milli: 2_125,
        }),
        Event::ConversationEnded {
            item: ITEM.parse().unwrap(),
        },
        work(WorkStage::Ended),
        Event::ConnectionError,
        Event::OmniLogout {
            reason: Some(LogoutReason("DuplicateLogin".into())),
        },
        Event::WorkFlag {
            work: WORK.parse().unwrap(),
            flagged: true,
        },
    ] {
        assert_eq!(house.event().await, expected);
    }
    house.no_event();
}

#[tokio::test]
async fn the_reps_set_up_is_kept_until_the_rep_has_left() {
    let mut house = House::open(Timings::default()).await;
    let key = house.paired().await;
    let (_, session) = house.console("page", &key).await;
    let mut told = house.doors.rep_setup();
    assert_eq!(*told.borrow_and_update(), None);
    let report = |setup: Value| json!({ "session": session, "setup": setup });
    let setup = json!({"statusesAreOwn": true, "statuses": [], "channels": [], "configuration": null});
    for setup in [setup.clone(), setup, json!("not one")] {
        house.post(wire::bridge::REPORT_PATH, report(setup)).await.ok();
    }
    assert!(told.has_changed().unwrap());
    assert!(told.borrow_and_update().as_ref().unwrap().statuses_are_own);
    assert!(!told.has_changed().unwrap(), "it was told once");
    house.sign_in(SAM);
    assert!(told.has_changed().unwrap());
    assert_eq!(*told.borrow(), None);
}

#[tokio::test]
async fn replayed_events_are_taken_once_also_over_a_new_session() {
    let mut house = House::open(Timings::default()).await;
    let key = house.paired().await;
    let (_, session) = house.console("page", &key).await;
    house.report(&session, json!([assigned(1)]), json!([])).await.ok();
    assert_eq!(house.event().await, work(WorkStage::Assigned));
    let taken = house
        .report(&session, json!([assigned(1), accepted(2)]), json!([]))
        .await
        .ok();
    assert_eq!(taken, json!({"eventsTaken": 2}));
    assert_eq!(house.event().await, work(WorkStage::Opened));

    let (_, session) = house.console("page", &key).await;
    let taken = house
        .report(&session, json!([assigned(1), accepted(2)]), json!([]))
        .await
        .ok();
    assert_eq!(taken, json!({"eventsTaken": 2}));
    house.no_event();

    // Another page counts from one again.
    let (_, session) = house.console("reloaded page", &key).await;
    let taken = house.report(&session, json!([assigned(1)]), json!([])).await.ok();
    assert_eq!(taken, json!({"eventsTaken": 1}));
    assert_eq!(house.event().await, work(WorkStage::Assigned));
}

#[tokio::test]
async fn events_out_of_order_and_with_gaps_are_taken_in_order() {
    let mut house = House::open(Timings::default()).await;
    let key = house.paired().await;
    let (_, session) = house.console("page", &key).await;
    let taken = house
        .report(
            &session,
            json!([accepted(9), assigned(4), accepted(9)]),
            json!([]),
        )
        .await
        .ok();
    assert_eq!(taken, json!({"eventsTaken": 9}));
    assert_eq!(house.event().await, work(WorkStage::Assigned));
    assert_eq!(house.event().await, work(WorkStage::Opened));
    house.no_event();
}

#[tokio::test]
async fn results_answer_their_commands_once() {
    let timings = Timings {
        poll_hold: Duration::from_millis(20),
        ..Timings::default()
    };
    let mut house = House::open(timings).await;
    let key = house.paired().await;
    let (console, session) = house.console("page", &key).await;
    for number in 1..=6 {
        house
            .doors
            .console()
            .send(console, command(number), 60_000, ConsoleAction::Snapshot);
    }
    house.poll(&session).await.ok();
    let refused = |code: &str| json!({"type": "refused", "code": code, "detail": "…"});
    let results = json!([
        {"id": "7f-1", "outcome": refused("call_active")},
        {"id": "7f-2", "outcome": refused("expired")},
        {"id": "7f-3", "outcome": refused("toolkit")},
        {"id": "7f-4", "outcome": refused("unsupported")},
        {"id": "7f-5", "outcome": {"type": "done"}},
        {"id": "7f-5", "outcome": {"type": "done"}},
        {"id": "7f-6", "outcome": refused("logged_out")},
        {"id": "7f-7", "outcome": {"type": "done"}},
        {"id": "nonsense", "outcome": {"type": "done"}},
    ]);
    house.report(&session, json!([]), results.clone()).await.ok();
    house.report(&session, json!([]), results).await.ok();
    use CommandOutcome::{CallActive, Done, Expired, Failed, LoggedOut};
    let outcomes = [CallActive, Expired, Failed, Failed, Done, LoggedOut];
    for (number, outcome) in (1..).zip(outcomes) {
        assert_eq!(
            house.event().await,
            Event::CommandAnswered {
                command: command(number),
                outcome
            }
        );
    }
    house.no_event();
}

#[tokio::test]
async fn a_snapshot_is_told_before_its_command_is_answered() {
    let mut house = House::open(Timings::default()).await;
    let key = house.paired().await;
    let (console, session) = house.console("page", &key).await;
    house
        .doors
        .console()
        .send(console, command(1), 60_000, ConsoleAction::Snapshot);
    house.poll(&session).await.ok();
    let snapshot = json!({
        "works": [{"workId": "0Bz000000000001", "workItemId": "0LQ000000000001", "isEngaged": true}],
        "statusId": STATUS,
        "workload": {"configuredCapacity": 5, "currentWorkload": 5},
        "conversationsEnded": [ITEM],
    });
    let results = json!([{"id": "7f-1", "outcome": {"type": "done", "snapshot": snapshot}}]);
    house.report(&session, json!([assigned(1)]), results).await.ok();
    assert_eq!(house.event().await, work(WorkStage::Assigned));
    let seen = WorkSeen {
        work: WORK.parse().unwrap(),
        item: ITEM.parse().unwrap(),
        stage: WorkStage::Opened,
    };
    let expected = Event::ConsoleSnapshot {
        console,
        command: command(1),
        works: vec![seen],
        status: Some(STATUS.parse().unwrap()),
        conversations_ended: vec![ITEM.parse().unwrap()],
    };
    assert_eq!(house.event().await, expected);
    let answered = Event::CommandAnswered {
        command: command(1),
        outcome: CommandOutcome::Done,
    };
    assert_eq!(house.event().await, answered);
}

#[tokio::test]
async fn a_malformed_report_changes_nothing() {
    let mut house = House::open(Timings::default()).await;
    let key = house.paired().await;
    let (_, session) = house.console("page", &key).await;
    let events = json!([assigned(1), {"seq": 2, "event": {"type": "workAccepted", "workId": "no id"}}]);
    house
        .report(&session, events, json!([]))
        .await
        .refused(400, "bad_request");
    house.no_event();
    house.report(&session, json!([assigned(1)]), json!([])).await.ok();
    assert_eq!(house.event().await, work(WorkStage::Assigned));
}
