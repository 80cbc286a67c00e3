//! Leaving.

use companion::ports::ConsolePort as _;
use loopback::Timings;
use presence::effect::ConsoleAction;
use serde_json::json;

use crate::harness::{House, PATIENCE, command};

#[tokio::test]
async fn held_polls_are_answered_and_the_port_is_free_again() {
    let mut house = House::open(Timings::default()).await;
    let key = house.paired().await;
    let (console, session) = house.console("page", &key).await;
    let arm = ConsoleAction::Arm {
        voice_prefixes: vec!["0LQ".into()],
    };
    house.doors.console().send(console, command(1), 60_000, arm);
    house.poll(&session).await.ok();
    let poll = house.held_poll(&session).await;
    let shutdown = tokio::time::timeout(PATIENCE, house.doors.shutdown());
    let (poll, ended) = tokio::join!(poll, shutdown);
    ended.expect("the doors did not close");
    // An armed page must not log out once nobody guards any more.
    assert_eq!(poll.unwrap().ok(), json!({"commands": [], "withdrawn": ["7f-1"]}));
    house.no_event();
    tokio::net::TcpListener::bind(("127.0.0.1", house.doors.port()))
        .await
        .expect("the port is still taken");
}

#[tokio::test]
async fn shut_twice_is_shut() {
    let house = House::open(Timings::default()).await;
    house.doors.shutdown().await;
    house.doors.shutdown().await;
}
