//! Who leads, and who has left.

use std::time::Duration;

use companion::ports::ConsolePort as _;
use loopback::Timings;
use presence::effect::ConsoleAction;
use presence::event::Event;
use serde_json::json;

use wire::bridge::{REPORT_PATH, WAIT_PATH};

use crate::harness::{House, ORIGIN, PAT, SAM, command, reply};

const LONG: u64 = 60_000;

fn short() -> Timings {
    Timings {
        poll_hold: Duration::from_millis(20),
        ..Timings::default()
    }
}

#[tokio::test]
async fn the_newest_console_leads_and_the_older_retreats() {
    let mut house = House::open(short()).await;
    let key = house.paired().await;
    let (first, old) = house.console("old page", &key).await;
    let proved = house.prove("new page", &key).await.ok();
    let new = proved["session"].as_str().unwrap();
    assert_eq!(house.event().await, Event::ConsoleGone { console: first });
    let Event::ConsoleConnected { console: second } = house.event().await else {
        panic!()
    };
    assert!(second > first);

    house.poll(&old).await.refused(409, "superseded");
    let event = json!([{"seq": 1, "event": {"type": "logout"}}]);
    house
        .report(&old, event.clone(), json!([]))
        .await
        .refused(409, "superseded");
    house.no_event();
    house
        .doors
        .console()
        .send(first, command(1), LONG, ConsoleAction::Snapshot);
    assert_eq!(
        house.poll(new).await.ok(),
        json!({"commands": [], "withdrawn": []})
    );

    // In front again, it may lead again.
    let (third, again) = house.console("old page", &key).await;
    assert!(third > second);
    house.poll(new).await.refused(409, "superseded");
    house.poll(&old).await.refused(409, "superseded");
    house.report(&again, event, json!([])).await.ok();
    assert_eq!(house.event().await, Event::OmniLogout { reason: None });
}

#[tokio::test]
async fn a_poll_held_for_the_older_console_is_answered_at_once() {
    let mut house = House::open(Timings::default()).await;
    let key = house.paired().await;
    let (_, old) = house.console("old page", &key).await;
    let poll = house.held_poll(&old).await;
    house.console("new page", &key).await;
    poll.await.unwrap().refused(409, "superseded");
}

#[tokio::test]
async fn what_an_earlier_session_fetched_is_withdrawn_from_the_next() {
    let mut house = House::open(short()).await;
    let key = house.paired().await;
    let (console, session) = house.console("page", &key).await;
    house.doors.console().send(
        console,
        command(1),
        LONG,
        ConsoleAction::Arm {
            voice_prefixes: vec!["0LQ".into()],
        },
    );
    house
        .doors
        .console()
        .send(console, command(2), LONG, ConsoleAction::Snapshot);
    house.poll(&session).await.ok();
    house
        .doors
        .console()
        .send(console, command(3), LONG, ConsoleAction::Snapshot);
    let done = json!([{"id": "7f-2", "outcome": {"type": "done"}}]);
    house.report(&session, json!([]), done).await.ok();
    house.event().await;

    let (_, next) = house.console("page", &key).await;
    assert_eq!(
        house.poll(&next).await.ok(),
        json!({"commands": [], "withdrawn": ["7f-1"]})
    );
    assert_eq!(
        house.poll(&next).await.ok(),
        json!({"commands": [], "withdrawn": []})
    );
}

#[tokio::test]
async fn a_console_whose_connection_drops_is_gone_unless_it_comes_back() {
    let timings = Timings {
        poll_grace: Duration::from_secs(1),
        ..Timings::default()
    };
    let mut house = House::open(timings).await;
    let key = house.paired().await;
    let (console, session) = house.console("page", &key).await;

    // Dropped and back: the new poll holds it.
    house.held_poll(&session).await.abort();
    let poll = house.held_poll(&session).await;
    let dropped = std::time::Instant::now();
    while dropped.elapsed() < Duration::from_millis(1_500) {
        house.get("/holdline", &[]).await.ok();
    }
    house.no_event();

    poll.abort();
    assert_eq!(house.event().await, Event::ConsoleGone { console });
    house.poll(&session).await.refused(401, "unknown_session");
}

#[tokio::test]
async fn a_console_that_stays_silent_is_gone() {
    let timings = Timings {
        console_silence: Duration::from_secs(1),
        ..short()
    };
    let mut house = House::open(timings).await;
    let key = house.paired().await;
    let (console, session) = house.console("page", &key).await;
    // Reports are a sign of life as good as polls.
    let begun = std::time::Instant::now();
    while begun.elapsed() < Duration::from_secs(2) {
        house.report(&session, json!([]), json!([])).await.ok();
    }
    assert_eq!(house.any_event().await, Event::ConsoleHeard { console });
    house.no_event();
    assert_eq!(house.event().await, Event::ConsoleGone { console });
    house
        .report(&session, json!([]), json!([]))
        .await
        .refused(401, "unknown_session");
}

#[tokio::test]
async fn polls_and_reports_are_signs_of_life() {
    let mut house = House::open(short()).await;
    let key = house.paired().await;
    let (console, session) = house.console("page", &key).await;
    house.poll(&session).await.ok();
    assert_eq!(house.any_event().await, Event::ConsoleHeard { console });
    house.report(&session, json!([]), json!([])).await.ok();
    assert_eq!(house.any_event().await, Event::ConsoleHeard { console });
}

#[tokio::test]
async fn who_signs_out_ends_the_session() {
    let mut house = House::open(Timings::default()).await;
    let key = house.paired().await;
    for next in [None, Some(SAM)] {
        house.sign_in(PAT);
        let (console, session) = house.console("page", &key).await;
        let poll = house.held_poll(&session).await;
        match next {
            None => house.doors.set_identity(None),
            Some(user) => house.sign_in(user),
        }
        assert_eq!(house.event().await, Event::ConsoleGone { console });
        poll.await.unwrap().refused(401, "unknown_session");
    }
}

#[tokio::test]
async fn the_same_rep_again_with_other_origins_keeps_the_session() {
    let mut house = House::open(short()).await;
    let key = house.paired().await;
    let (_, session) = house.console("page", &key).await;
    house.doors.set_identity(Some(loopback::SignedInAs {
        org_id: crate::harness::ORG.parse().unwrap(),
        user_id: PAT.parse().unwrap(),
        username: "pat@practice.example".into(),
        origins: vec!["https://other.lightning.force.com".into()],
    }));
    house.no_event();
    house.poll(&session).await.ok();
    house
        .get("/holdline", &[("origin", ORIGIN)])
        .await
        .refused(403, "wrong_origin");
    house
        .get("/holdline", &[("origin", "https://other.lightning.force.com")])
        .await
        .ok();
}

#[tokio::test]
async fn a_replaced_page_is_told_when_the_one_that_leads_has_gone_silent() {
    let timings = Timings {
        console_silence: Duration::from_millis(300),
        ..Timings::default()
    };
    let mut house = House::open(timings).await;
    let key = house.paired().await;
    let (_, old) = house.console("old page", &key).await;
    house.console("new page", &key).await;
    let waited = house.post(WAIT_PATH, json!({"session": old})).await;
    assert_eq!(waited.ok(), json!({"free": true}));
    let (_, again) = house.console("old page", &key).await;
    // It leads now, and is not among those who wait.
    house
        .post(WAIT_PATH, json!({"session": again}))
        .await
        .refused(401, "unknown_session");
}

#[tokio::test]
async fn a_page_that_is_closed_hands_over_at_once_where_another_waits() {
    let mut house = House::open(Timings::default()).await;
    let key = house.paired().await;
    let (_, old) = house.console("old page", &key).await;
    let (leading, new) = house.console("new page", &key).await;
    let leaving = json!({"session": new, "events": [], "results": [], "leaving": true});
    let waiting = tokio::spawn(reply(
        house.request("POST", WAIT_PATH).json(&json!({"session": old})),
    ));
    // Until the other's wait is held, the closed page is only one that may come back.
    loop {
        let told = house.post(REPORT_PATH, leaving.clone()).await;
        if told.status != 200 || waiting.is_finished() {
            break;
        }
    }
    assert_eq!(waiting.await.unwrap().ok(), json!({"free": true}));
    assert_eq!(house.event().await, Event::ConsoleGone { console: leading });
}

#[tokio::test]
async fn a_page_that_is_closed_alone_may_come_back() {
    let mut house = House::open(short()).await;
    let key = house.paired().await;
    let (_, session) = house.console("page", &key).await;
    let leaving = json!({"session": session, "events": [], "results": [], "leaving": true});
    house.post(REPORT_PATH, leaving).await.ok();
    house.no_event();
    house.poll(&session).await.ok();
}

#[tokio::test]
async fn who_waits_for_a_page_that_stays_is_told_to_wait_on_and_strangers_nothing() {
    let mut house = House::open(short()).await;
    let key = house.paired().await;
    let (_, old) = house.console("old page", &key).await;
    house.console("new page", &key).await;
    let waited = house.post(WAIT_PATH, json!({"session": old})).await;
    assert_eq!(waited.ok(), json!({"free": false}));
    house
        .post(WAIT_PATH, json!({"session": "guessed"}))
        .await
        .refused(401, "unknown_session");
}

#[tokio::test]
async fn a_console_that_does_not_poll_again_after_an_answer_is_gone() {
    let timings = Timings {
        poll_hold: Duration::from_millis(20),
        poll_pause: Duration::from_millis(100),
        ..Timings::default()
    };
    let mut house = House::open(timings).await;
    let key = house.paired().await;
    let (console, session) = house.console("page", &key).await;
    house.poll(&session).await.ok();
    assert_eq!(house.event().await, Event::ConsoleGone { console });

    // Nor is one that joins and never polls, as a page does that is closed right then.
    let (console, _) = house.console("page", &key).await;
    assert_eq!(house.event().await, Event::ConsoleGone { console });
}
