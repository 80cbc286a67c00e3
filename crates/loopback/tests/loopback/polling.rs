//! Commands down.

use std::time::{Duration, Instant};

use companion::ports::ConsolePort as _;
use loopback::Timings;
use presence::effect::ConsoleAction;
use presence::event::{CommandOutcome, Event};
use serde_json::{Value, json};

use crate::harness::{House, command};

const LONG: u64 = 60_000;

fn nothing() -> Value {
    json!({"commands": [], "withdrawn": []})
}

fn ids(commands: &Value) -> Vec<&str> {
    commands["commands"]
        .as_array()
        .unwrap()
        .iter()
        .map(|command| command["id"].as_str().unwrap())
        .collect()
}

#[tokio::test]
async fn a_held_poll_is_answered_by_a_command_at_once() {
    let mut house = House::open(Timings::default()).await;
    let key = house.paired().await;
    let (console, session) = house.console("page", &key).await;
    let poll = house.held_poll(&session).await;
    let begun = Instant::now();
    let logout = ConsoleAction::Logout {
        voice_prefixes: vec!["0LQ".into()],
        wrapping_up: vec!["0Bz000000000001".parse().unwrap()],
    };
    house.doors.console().send(console, command(1), 5_000, logout);
    let answer = poll.await.unwrap().ok();
    assert!(begun.elapsed() < Duration::from_secs(10), "the poll was held on");
    assert_eq!(answer["withdrawn"], json!([]));
    let [command] = answer["commands"].as_array().unwrap().as_slice() else {
        panic!("{answer}")
    };
    assert_eq!(command["id"], "7f-1");
    assert!(command["expiresInMs"].as_u64().unwrap() <= 5_000);
    assert_eq!(
        command["action"],
        json!({"type": "logout", "voicePrefixes": ["0LQ"], "wrappingUp": ["0Bz000000000001CAA"]})
    );
}

#[tokio::test]
async fn commands_wait_for_the_next_poll_in_order_and_go_out_once() {
    let timings = Timings {
        poll_hold: Duration::from_millis(20),
        ..Timings::default()
    };
    let mut house = House::open(timings).await;
    let key = house.paired().await;
    let (console, session) = house.console("page", &key).await;
    for number in 1..=3 {
        house
            .doors
            .console()
            .send(console, command(number), LONG, ConsoleAction::Snapshot);
    }
    assert_eq!(ids(&house.poll(&session).await.ok()), ["7f-1", "7f-2", "7f-3"]);
    assert_eq!(house.poll(&session).await.ok(), nothing());
}

#[tokio::test]
async fn what_is_left_of_its_time_is_told() {
    let mut house = House::open(Timings::default()).await;
    let key = house.paired().await;
    let (console, session) = house.console("page", &key).await;
    let sent = Instant::now();
    house
        .doors
        .console()
        .send(console, command(1), LONG, ConsoleAction::Snapshot);
    while sent.elapsed() < Duration::from_millis(50) {
        house.get("/holdline", &[]).await.ok();
    }
    let waited = u64::try_from(sent.elapsed().as_millis()).unwrap();
    let answer = house.poll(&session).await.ok();
    let left = answer["commands"][0]["expiresInMs"].as_u64().unwrap();
    assert!(left <= LONG - waited, "{left} after {waited}");
}

#[tokio::test]
async fn an_expired_command_is_not_handed_out_and_said_to_be() {
    let timings = Timings {
        poll_hold: Duration::from_millis(20),
        ..Timings::default()
    };
    let mut house = House::open(timings).await;
    let key = house.paired().await;
    let (console, session) = house.console("page", &key).await;
    house
        .doors
        .console()
        .send(console, command(1), 10, ConsoleAction::Snapshot);
    // Nobody polls: it is said all the same.
    let expired = Event::CommandAnswered {
        command: command(1),
        outcome: CommandOutcome::Expired,
    };
    assert_eq!(house.event().await, expired);
    assert_eq!(house.poll(&session).await.ok(), nothing());

    house
        .doors
        .console()
        .send(console, command(2), 0, ConsoleAction::Snapshot);
    assert_eq!(house.poll(&session).await.ok(), nothing());
    let expired = Event::CommandAnswered {
        command: command(2),
        outcome: CommandOutcome::Expired,
    };
    assert_eq!(house.event().await, expired);
    house.no_event();
}

#[tokio::test]
async fn a_command_taken_back_in_time_is_forgotten() {
    let timings = Timings {
        poll_hold: Duration::from_millis(20),
        ..Timings::default()
    };
    let mut house = House::open(timings).await;
    let key = house.paired().await;
    let (console, session) = house.console("page", &key).await;
    house
        .doors
        .console()
        .send(console, command(1), LONG, ConsoleAction::Snapshot);
    house
        .doors
        .console()
        .send(console, command(2), LONG, ConsoleAction::Snapshot);
    house.doors.console().withdraw(command(1));
    house.doors.console().withdraw(command(99));
    let answer = house.poll(&session).await.ok();
    assert_eq!(ids(&answer), ["7f-2"]);
    assert_eq!(answer["withdrawn"], json!([]));
}

#[tokio::test]
async fn a_command_taken_back_too_late_is_told_at_once() {
    let mut house = House::open(Timings::default()).await;
    let key = house.paired().await;
    let (console, session) = house.console("page", &key).await;
    let arm = ConsoleAction::Arm {
        voice_prefixes: vec!["0LQ".into()],
    };
    house.doors.console().send(console, command(1), LONG, arm);
    house.poll(&session).await.ok();
    let poll = house.held_poll(&session).await;
    house.doors.console().withdraw(command(1));
    assert_eq!(
        poll.await.unwrap().ok(),
        json!({"commands": [], "withdrawn": ["7f-1"]})
    );
}

#[tokio::test]
async fn an_answered_command_is_not_taken_back() {
    let timings = Timings {
        poll_hold: Duration::from_millis(20),
        ..Timings::default()
    };
    let mut house = House::open(timings).await;
    let key = house.paired().await;
    let (console, session) = house.console("page", &key).await;
    house
        .doors
        .console()
        .send(console, command(1), LONG, ConsoleAction::Snapshot);
    house.poll(&session).await.ok();
    let done = json!([{"id": "7f-1", "outcome": {"type": "done"}}]);
    house.report(&session, json!([]), done).await.ok();
    house.doors.console().withdraw(command(1));
    assert_eq!(house.poll(&session).await.ok(), nothing());
}

#[tokio::test]
async fn a_newer_poll_of_the_session_ends_the_older() {
    let mut house = House::open(Timings::default()).await;
    let key = house.paired().await;
    let (console, session) = house.console("page", &key).await;
    let older = house.held_poll(&session).await;
    let newer = house.held_poll(&session).await;
    house
        .doors
        .console()
        .send(console, command(1), LONG, ConsoleAction::Snapshot);
    assert_eq!(ids(&newer.await.unwrap().ok()), ["7f-1"]);
    assert_eq!(older.await.unwrap().ok(), nothing());
}

#[tokio::test]
async fn an_unknown_session_gets_nothing() {
    let mut house = House::open(Timings::default()).await;
    house.poll("guessed").await.refused(401, "unknown_session");
    house
        .report("guessed", json!([]), json!([]))
        .await
        .refused(401, "unknown_session");
    assert_eq!(house.inbox.pictures().borrow().pairings.len(), 0);
    house.no_event();
}
