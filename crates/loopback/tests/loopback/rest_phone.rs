//! The connector API over REST.

use std::time::Duration;

use companion::ports::PhonePort as _;
use loopback::Timings;
use presence::event::{Event, PhoneOutcome};
use presence::phone::PhoneJoined;
use serde_json::{Value, json};
use tokio::task::JoinHandle;
use wire::connector::rest::{
    ANSWERS_PATH, NEXT_STATE_PATH, PAIRINGS_PATH, REQUESTS_PATH, SESSION_PATH, SESSIONS_PATH, STATE_PATH,
};

use crate::harness::{House, Reply, command, reply};
use crate::phone::{joined, on_a_call, register};

/// A registration without the frame's `type`.
fn registration(more: Value) -> Value {
    let mut body = register(more);
    body.as_object_mut().unwrap().remove("type");
    body
}

struct Rest {
    session: String,
}

impl Rest {
    /// Pairs and joins.
    async fn join(house: &mut House) -> Self {
        let token = token(house).await;
        Self::join_with(house, &token, json!({})).await
    }

    async fn join_with(house: &mut House, token: &str, more: Value) -> Self {
        let request = house.request("POST", SESSIONS_PATH).bearer_auth(token);
        let joined = reply(request.json(&registration(more))).await.ok();
        assert_eq!(joined["type"], "registered", "{joined}");
        assert!(matches!(house.event().await, Event::PhoneJoined(_)));
        Self {
            session: joined["session"].as_str().unwrap().to_owned(),
        }
    }

    fn request(&self, house: &House, method: &str, path: &str) -> reqwest::RequestBuilder {
        house.request(method, path).bearer_auth(&self.session)
    }

    async fn put(&self, house: &House, path: &str, body: Value) -> Reply {
        reply(self.request(house, "PUT", path).json(&body)).await
    }

    async fn answer(&self, house: &House, id: &str) -> bool {
        let answer = json!({"id": id, "outcome": {"type": "queued"}});
        let taken = reply(self.request(house, "POST", ANSWERS_PATH).json(&answer)).await;
        taken.ok()["taken"].as_bool().unwrap()
    }

    fn poll(&self, house: &House) -> JoinHandle<Reply> {
        tokio::spawn(reply(self.request(house, "GET", REQUESTS_PATH)))
    }
}

/// Pairs a REST phone: its token.
async fn token(house: &mut House) -> String {
    let asked = house.post(SESSIONS_PATH, registration(json!({}))).await.ok();
    assert_eq!(asked["type"], "pairing");
    let offered = house.offered().await;
    assert_eq!(asked["code"], offered.code.as_str());
    house.doors.confirm_pairing(&offered.id);
    let answer = loop {
        let poll = json!({"pairing": asked["pairing"]});
        let answer = house.post(PAIRINGS_PATH, poll).await.ok();
        if answer["type"] != "waiting" {
            break answer;
        }
    };
    assert_eq!(answer["type"], "confirmed");
    assert_eq!(house.event().await, Event::PairingEnded { id: offered.id });
    answer["token"].as_str().unwrap().to_owned()
}

fn state() -> (Value, Event) {
    let (mut frame, event) = on_a_call();
    frame.as_object_mut().unwrap().remove("type");
    (frame, event)
}

#[tokio::test]
async fn it_is_paired_once_joins_by_its_token_and_reports() {
    let mut house = House::open(Timings::default()).await;
    let phone = Rest::join(&mut house).await;
    let (body, event) = state();
    assert_eq!(phone.put(&house, STATE_PATH, body).await.status, 204);
    assert_eq!(house.event().await, event);
    let gone = reply(phone.request(&house, "DELETE", SESSION_PATH)).await;
    assert_eq!(gone.status, 204);
    assert_eq!(house.event().await, Event::PhoneGone);
    let (body, _) = state();
    phone
        .put(&house, STATE_PATH, body)
        .await
        .refused(401, "unknown_session");
    house.no_event();
}

#[tokio::test]
async fn the_rep_who_pairs_it_is_told_that_a_phone_only_reports() {
    let mut house = House::open(Timings::default()).await;
    for (rights, told) in [
        ("control", "Acme Softphone"),
        ("report", "Acme Softphone (only reports, Holdline can’t set it)"),
    ] {
        let wanted = registration(json!({"name": "Acme Softphone", "rights": rights}));
        house.post(SESSIONS_PATH, wanted).await.ok();
        assert_eq!(house.offered().await.name, told);
    }
}

#[tokio::test]
async fn requests_are_polled_for_and_answered_once() {
    let mut house = House::open(Timings::default()).await;
    let phone = Rest::join(&mut house).await;
    let poll = phone.poll(&house);
    house.doors.phone().set_state(command(2), "Offline".into(), true);
    let asked = poll.await.unwrap().ok();
    assert_eq!(
        asked,
        json!({"requests": [{"id": "7f-2", "state": "Offline", "enqueueNextState": true}]})
    );
    assert!(!phone.answer(&house, "7f-1").await);
    assert!(!phone.answer(&house, "nonsense").await);
    assert!(phone.answer(&house, "7f-2").await);
    assert!(!phone.answer(&house, "7f-2").await);
    let answered = Event::PhoneAnswered {
        command: command(2),
        outcome: PhoneOutcome::Queued,
    };
    assert_eq!(house.event().await, answered);
    house.no_event();
    // What was asked for between polls waits for the next one, in order.
    house
        .doors
        .phone()
        .set_state(command(3), "Available".into(), false);
    house.doors.phone().set_state(command(4), "Offline".into(), true);
    let asked = phone.poll(&house).await.unwrap().ok();
    let ids = [&asked["requests"][0]["id"], &asked["requests"][1]["id"]];
    assert_eq!(ids, ["7f-3", "7f-4"]);
}

#[tokio::test]
async fn a_poll_ends_empty_and_a_newer_one_ends_an_older() {
    let timings = Timings {
        poll_hold: Duration::from_millis(300),
        ..Timings::default()
    };
    let mut house = House::open(timings).await;
    let phone = Rest::join(&mut house).await;
    assert_eq!(phone.poll(&house).await.unwrap().ok(), json!({"requests": []}));

    let mut house = House::open(Timings::default()).await;
    let phone = Rest::join(&mut house).await;
    let (one, other) = (phone.poll(&house), phone.poll(&house));
    // Whichever comes second ends the first, which then has nothing.
    let (first, second) = tokio::select! {
        first = one => (first, None),
        first = other => (first, Some(())),
    };
    let _ = second;
    assert_eq!(first.unwrap().ok(), json!({"requests": []}));
}

#[tokio::test]
async fn a_phone_that_is_not_heard_of_is_gone() {
    let timings = Timings {
        phone_silence: Duration::from_millis(500),
        poll_hold: Duration::from_millis(1500),
        ..Timings::default()
    };
    let mut house = House::open(timings).await;
    let phone = Rest::join(&mut house).await;
    // A held poll is a sign of life, longer than the silence.
    assert_eq!(phone.poll(&house).await.unwrap().ok(), json!({"requests": []}));
    house.no_event();
    assert_eq!(house.event().await, Event::PhoneGone);
    phone.poll(&house).await.unwrap().refused(401, "unknown_session");
}

#[tokio::test]
async fn the_newest_phone_has_the_place_and_the_older_is_told_on_its_poll() {
    let mut house = House::open(Timings::default()).await;
    let token = token(&mut house).await;
    let older = Rest::join_with(&mut house, &token, json!({})).await;
    let poll = older.poll(&house);
    let newer = Rest::join_with(&mut house, &token, json!({})).await;
    poll.await.unwrap().refused(409, "replaced");
    let (body, event) = state();
    older
        .put(&house, STATE_PATH, body.clone())
        .await
        .refused(409, "replaced");
    assert_eq!(newer.put(&house, STATE_PATH, body).await.status, 204);
    assert_eq!(house.event().await, event);
    house.no_event();
}

#[tokio::test]
async fn who_signs_out_sends_it_away() {
    let mut house = House::open(Timings::default()).await;
    let phone = Rest::join(&mut house).await;
    let poll = phone.poll(&house);
    house.doors.set_identity(None);
    assert_eq!(house.event().await, Event::PhoneGone);
    poll.await.unwrap().refused(403, "not_signed_in");
    house
        .post(SESSIONS_PATH, registration(json!({})))
        .await
        .refused(403, "not_signed_in");
}

#[tokio::test]
async fn a_shutdown_answers_the_poll() {
    let mut house = House::open(Timings::default()).await;
    let phone = Rest::join(&mut house).await;
    let poll = phone.poll(&house);
    // Held, or about to be: either way it is answered.
    house.doors.shutdown().await;
    if let Ok(reply) = poll.await {
        reply.refused(503, "shutting_down");
    }
}

#[tokio::test]
async fn what_does_not_fit_is_refused_with_a_reason() {
    let mut house = House::open(Timings::default()).await;
    let post = |body: Value| house.post(SESSIONS_PATH, body);
    post(registration(json!({"user": "sam"})))
        .await
        .refused(403, "other_user");
    post(registration(json!({"protocol": {"min": 2, "max": 2}})))
        .await
        .refused(409, "protocol");
    post(registration(json!({"name": ""})))
        .await
        .refused(400, "bad_frame");
    post(json!({"name": "x"})).await.refused(400, "bad_request");
    house
        .get(REQUESTS_PATH, &[])
        .await
        .refused(401, "unknown_session");
    let phone = Rest::join(&mut house).await;
    phone
        .put(&house, STATE_PATH, json!({"state": 7}))
        .await
        .refused(400, "bad_request");
    // A word that was not understood ends nothing.
    let (body, event) = state();
    assert_eq!(phone.put(&house, STATE_PATH, body).await.status, 204);
    assert_eq!(house.event().await, event);
}

#[tokio::test]
async fn a_phone_without_a_queue_uses_holdlines() {
    let mut house = House::open(Timings::default()).await;
    let token = token(&mut house).await;
    let with_queue = Rest::join_with(&mut house, &token, json!({})).await;
    with_queue
        .put(&house, NEXT_STATE_PATH, json!({"state": "Offline"}))
        .await
        .refused(400, "bad_frame");
    let more = json!({"capabilities": {"enqueueNextState": false}});
    let phone = Rest::join_with(&mut house, &token, more).await;
    phone
        .put(&house, NEXT_STATE_PATH, json!({"state": "Nonsense"}))
        .await
        .refused(400, "bad_frame");
    for (body, state) in [
        (json!({"state": "Offline"}), Some("Offline".to_owned())),
        (json!({}), None),
    ] {
        assert_eq!(phone.put(&house, NEXT_STATE_PATH, body).await.status, 204);
        assert_eq!(house.event().await, Event::PhoneAsks { state });
    }
}

#[tokio::test]
async fn a_phone_may_be_content_with_less() {
    let mut house = House::open(Timings::default()).await;
    let token = token(&mut house).await;
    let request = house.request("POST", SESSIONS_PATH).bearer_auth(&token);
    let body = registration(json!({"rights": "report", "capabilities": {"enqueueNextState": false}}));
    let registered = reply(request.json(&body)).await.ok();
    assert_eq!(registered["rights"], "report");
    let expected = PhoneJoined {
        writable: false,
        enqueues: false,
        ..joined()
    };
    assert_eq!(house.event().await, Event::PhoneJoined(expected));
    let phone = Rest {
        session: registered["session"].as_str().unwrap().to_owned(),
    };
    // Not even a Holdline that asked would reach it.
    house.doors.phone().set_state(command(9), "Offline".into(), true);
    let refused = Event::PhoneAnswered {
        command: command(9),
        outcome: PhoneOutcome::Refused,
    };
    assert_eq!(house.event().await, refused);
    phone
        .put(&house, NEXT_STATE_PATH, json!({"state": "Offline"}))
        .await
        .refused(403, "rights");
    let (body, event) = state();
    assert_eq!(phone.put(&house, STATE_PATH, body).await.status, 204);
    assert_eq!(house.event().await, event);
}
