//! The connector API.

use std::time::{Duration, Instant};

use companion::ports::PhonePort as _;
use futures_util::{SinkExt as _, StreamExt as _};
use loopback::Timings;
use presence::event::{Event, PairingKind, PhoneOutcome};
use presence::phone::{AgentState, AgentStateKind, Contact, ContactPhase, PhoneJoined, PhoneState};
use presence::settings::Profile;
use serde_json::{Value, json};
use tokio::net::TcpStream;
use tokio::time::timeout;
use tokio_tungstenite::tungstenite::client::IntoClientRequest as _;
use tokio_tungstenite::tungstenite::{Error, Message};
use tokio_tungstenite::{MaybeTlsStream, WebSocketStream, connect_async};
use wire::connector::PATH;

use crate::harness::{House, ORIGIN, PAT, PATIENCE, command};

struct Phone(WebSocketStream<MaybeTlsStream<TcpStream>>);

impl Phone {
    async fn dial(house: &House) -> Self {
        let url = format!("ws://127.0.0.1:{}{PATH}", house.doors.port());
        Self(connect_async(url).await.unwrap().0)
    }

    async fn say(&mut self, frame: Value) {
        self.0.send(Message::text(frame.to_string())).await.unwrap();
    }

    /// The next text; `None`: closed.
    async fn hear(&mut self) -> Option<Value> {
        loop {
            match timeout(PATIENCE, self.0.next())
                .await
                .expect("the phone heard nothing")
            {
                Some(Ok(Message::Text(text))) => return Some(serde_json::from_str(&text).unwrap()),
                Some(Ok(Message::Ping(_) | Message::Pong(_))) => {}
                Some(Ok(Message::Close(_)) | Err(_)) | None => return None,
                Some(Ok(message)) => panic!("{message:?}"),
            }
        }
    }

    async fn refused(mut self, code: &str) {
        let refused = self.hear().await.unwrap();
        assert_eq!(
            (&refused["type"], &refused["code"]),
            (&json!("refused"), &json!(code)),
            "{refused}"
        );
        assert!(!refused["detail"].as_str().unwrap().is_empty());
        assert_eq!(self.hear().await, None);
    }

    /// Registers with a token that is known.
    async fn join(house: &mut House, token: &str) -> Self {
        let mut phone = Self::dial(house).await;
        phone.say(register(json!({"token": token}))).await;
        let registered = phone.hear().await.unwrap();
        assert_eq!(
            registered,
            json!({"type": "registered", "protocol": 1, "token": token, "rights": "control"})
        );
        assert_eq!(house.event().await, Event::PhoneJoined(joined()));
        phone
    }
}

pub(crate) fn register(more: Value) -> Value {
    let mut frame = json!({
        "type": "register",
        "protocol": {"min": 1, "max": 1},
        "name": "Practice phone",
        "capabilities": {"enqueueNextState": true},
        "states": [
            {"name": "Available", "kind": "routable"},
            {"name": "Offline", "kind": "offline"},
        ],
    });
    for (name, value) in more.as_object().unwrap() {
        frame[name] = value.clone();
    }
    frame
}

pub(crate) fn joined() -> PhoneJoined {
    let state = |name: &str, kind| AgentState {
        name: name.into(),
        kind,
    };
    PhoneJoined {
        name: "Practice phone".into(),
        enqueues: true,
        states: vec![
            state("Available", AgentStateKind::Routable),
            state("Offline", AgentStateKind::Offline),
        ],
        profile: Profile::Connector,
        writable: true,
    }
}

pub(crate) fn on_a_call() -> (Value, Event) {
    let frame = json!({
        "type": "state",
        "state": {"name": "Busy", "kind": "system"},
        "nextState": "Offline",
        "contacts": [{"id": "c1", "phase": "connected", "vendorCallKey": "v1"}],
    });
    let state = PhoneState {
        state: AgentState {
            name: "Busy".into(),
            kind: AgentStateKind::System,
        },
        next_state: Some("Offline".into()),
        contacts: vec![Contact {
            id: "c1".into(),
            phase: ContactPhase::Connected,
            vendor_call_key: Some("v1".into()),
        }],
        since_ms: None,
    };
    (frame, Event::PhoneState(state))
}

/// Pairs a phone and hangs up: its token.
async fn token(house: &mut House) -> String {
    let mut phone = Phone::dial(house).await;
    phone.say(register(json!({}))).await;
    let pairing = phone.hear().await.unwrap();
    let offered = house.offered().await;
    assert_eq!(
        (offered.kind, offered.name.as_str()),
        (PairingKind::Phone, "Practice phone")
    );
    assert_eq!(pairing, json!({"type": "pairing", "code": offered.code}));
    house.doors.confirm_pairing(&offered.id);
    assert_eq!(house.event().await, Event::PairingEnded { id: offered.id });
    let registered = phone.hear().await.unwrap();
    assert_eq!(registered["type"], "registered");
    assert_eq!(house.event().await, Event::PhoneJoined(joined()));
    phone.0.close(None).await.unwrap();
    assert_eq!(house.event().await, Event::PhoneGone);
    registered["token"].as_str().unwrap().to_owned()
}

#[tokio::test]
async fn a_phone_is_paired_once_and_joins_by_its_token() {
    let mut house = House::open(Timings::default()).await;
    let token = token(&mut house).await;
    let mut phone = Phone::join(&mut house, &token).await;
    let (frame, event) = on_a_call();
    phone.say(frame).await;
    assert_eq!(house.event().await, event);
}

#[tokio::test]
async fn a_phone_says_what_it_is_and_since_when() {
    let mut house = House::open(Timings::default()).await;
    let token = token(&mut house).await;
    for (said, profile) in [
        ("cti_adapter", Profile::CtiAdapter),
        ("salesforce_voice", Profile::SalesforceVoice),
        ("connector", Profile::Connector),
    ] {
        let mut phone = Phone::dial(&house).await;
        phone
            .say(register(json!({"token": token, "profile": said})))
            .await;
        assert_eq!(phone.hear().await.unwrap()["type"], "registered");
        let expected = PhoneJoined { profile, ..joined() };
        assert_eq!(house.event().await, Event::PhoneJoined(expected));
        let (mut frame, _) = on_a_call();
        frame["sinceMs"] = json!(1_700_000_000_123_i64);
        phone.say(frame).await;
        let Event::PhoneState(state) = house.event().await else {
            panic!("a state was expected");
        };
        assert_eq!(state.since_ms, Some(1_700_000_000_123));
        phone.0.close(None).await.unwrap();
        assert_eq!(house.event().await, Event::PhoneGone);
    }
    let mut unknown = Phone::dial(&house).await;
    unknown.say(register(json!({"profile": "softphone"}))).await;
    unknown.refused("bad_frame").await;
}

#[tokio::test]
async fn a_state_told_while_pairing_is_not_lost() {
    let mut house = House::open(Timings::default()).await;
    let mut phone = Phone::dial(&house).await;
    phone.say(register(json!({"token": "forged"}))).await;
    let (frame, event) = on_a_call();
    phone.say(frame).await;
    assert_eq!(phone.hear().await.unwrap()["type"], "pairing");
    let offered = house.offered().await;
    house.doors.confirm_pairing(&offered.id);
    house.event().await;
    assert_eq!(phone.hear().await.unwrap()["type"], "registered");
    assert_eq!(house.event().await, Event::PhoneJoined(joined()));
    assert_eq!(house.event().await, event);
}

#[tokio::test]
async fn requests_go_down_and_answers_come_up_once() {
    let mut house = House::open(Timings::default()).await;
    let token = token(&mut house).await;
    house
        .doors
        .phone()
        .set_state(command(1), "Nobody hears".into(), true);
    let mut phone = Phone::join(&mut house, &token).await;
    house.doors.phone().set_state(command(2), "Offline".into(), true);
    let asked = phone.hear().await.unwrap();
    assert_eq!(
        asked,
        json!({"type": "setState", "id": "7f-2", "state": "Offline", "enqueueNextState": true})
    );
    for id in ["7f-1", "nonsense", "7f-2", "7f-2"] {
        phone
            .say(json!({"type": "answer", "id": id, "outcome": {"type": "queued"}}))
            .await;
    }
    let answered = Event::PhoneAnswered {
        command: command(2),
        outcome: PhoneOutcome::Queued,
    };
    assert_eq!(house.event().await, answered);
    let (frame, event) = on_a_call();
    phone.say(frame).await;
    assert_eq!(house.event().await, event);
}

#[tokio::test]
async fn phones_that_do_not_belong_here_are_told() {
    let mut house = House::open(Timings::default()).await;
    let dial = async |house: &House, frame: Value| {
        let mut phone = Phone::dial(house).await;
        phone.say(frame).await;
        phone
    };
    let other = dial(&house, register(json!({"user": "sam"}))).await;
    other.refused("other_user").await;
    let future = dial(&house, register(json!({"protocol": {"min": 2, "max": 2}}))).await;
    future.refused("protocol").await;
    dial(&house, register(json!({"name": " "})))
        .await
        .refused("bad_frame")
        .await;
    dial(&house, on_a_call().0).await.refused("bad_frame").await;
    dial(&house, json!({"type": "nonsense"}))
        .await
        .refused("bad_frame")
        .await;
    let mut binary = Phone::dial(&house).await;
    binary.0.send(Message::binary(vec![1, 2, 3])).await.unwrap();
    binary.refused("bad_frame").await;
    house.doors.set_identity(None);
    dial(&house, register(json!({})))
        .await
        .refused("not_signed_in")
        .await;
    house.no_event();
}

#[tokio::test]
async fn a_phone_may_name_its_rep_in_three_ways() {
    let mut house = House::open(Timings::default()).await;
    let token = token(&mut house).await;
    for user in ["pat", "pat@practice.example", PAT] {
        let mut phone = Phone::dial(&house).await;
        phone.say(register(json!({"token": token, "user": user}))).await;
        assert_eq!(phone.hear().await.unwrap()["type"], "registered", "{user}");
    }
}

#[tokio::test]
async fn a_refused_or_abandoned_pairing_ends() {
    let mut house = House::open(Timings::default()).await;
    let mut phone = Phone::dial(&house).await;
    phone.say(register(json!({}))).await;
    let offered = house.offered().await;
    assert_eq!(phone.hear().await.unwrap()["type"], "pairing");
    house.doors.refuse_pairing(&offered.id);
    assert_eq!(house.event().await, Event::PairingEnded { id: offered.id });
    phone.refused("pairing_refused").await;

    let mut phone = Phone::dial(&house).await;
    phone.say(register(json!({}))).await;
    let offered = house.offered().await;
    phone.0.close(None).await.unwrap();
    assert_eq!(house.event().await, Event::PairingEnded { id: offered.id });
}

#[tokio::test]
async fn a_flood_of_phones_is_stopped() {
    let mut house = House::open(Timings::default()).await;
    let mut phones = Vec::new();
    for _ in 0..5 {
        let mut phone = Phone::dial(&house).await;
        phone.say(register(json!({}))).await;
        house.offered().await;
        phones.push(phone);
    }
    let mut phone = Phone::dial(&house).await;
    phone.say(register(json!({}))).await;
    phone.refused("too_many").await;
    house.no_event();
}

#[tokio::test]
async fn a_newer_phone_takes_the_place_without_a_gap() {
    let mut house = House::open(Timings::default()).await;
    let token = token(&mut house).await;
    let older = Phone::join(&mut house, &token).await;
    let mut newer = Phone::join(&mut house, &token).await;
    older.refused("replaced").await;
    house
        .doors
        .phone()
        .set_state(command(1), "Available".into(), false);
    assert_eq!(newer.hear().await.unwrap()["type"], "setState");
    house.no_event();
    drop(newer);
    assert_eq!(house.event().await, Event::PhoneGone);
}

#[tokio::test]
async fn a_bad_frame_ends_the_connection() {
    let mut house = House::open(Timings::default()).await;
    let token = token(&mut house).await;
    for bad in [json!({"type": "state"}), register(json!({})), json!(7)] {
        let mut phone = Phone::join(&mut house, &token).await;
        phone.say(bad).await;
        phone.refused("bad_frame").await;
        assert_eq!(house.event().await, Event::PhoneGone);
    }
    let mut phone = Phone::join(&mut house, &token).await;
    let _ = phone.0.send(Message::text("x".repeat(300 * 1024))).await;
    assert_eq!(phone.hear().await, None);
    assert_eq!(house.event().await, Event::PhoneGone);
}

#[tokio::test]
async fn a_phone_that_answers_pings_stays_and_a_silent_one_goes() {
    let timings = Timings {
        phone_silence: Duration::from_secs(1),
        ..Timings::default()
    };
    let mut house = House::open(timings).await;
    let token = token(&mut house).await;
    let mut phone = Phone::join(&mut house, &token).await;
    let begun = Instant::now();
    while begun.elapsed() < Duration::from_secs(2) {
        let message = timeout(PATIENCE, phone.0.next()).await.unwrap().unwrap().unwrap();
        assert!(matches!(message, Message::Ping(_)), "{message:?}");
    }
    house.no_event();
    // It no longer reads, so it no longer answers.
    assert_eq!(house.event().await, Event::PhoneGone);
    drop(phone);
}

#[tokio::test]
async fn who_never_registers_is_sent_away() {
    let timings = Timings {
        phone_register: Duration::from_millis(30),
        ..Timings::default()
    };
    let house = House::open(timings).await;
    Phone::dial(&house).await.refused("bad_frame").await;
}

#[tokio::test]
async fn who_signs_out_sends_the_phone_away() {
    let mut house = House::open(Timings::default()).await;
    let token = token(&mut house).await;
    let phone = Phone::join(&mut house, &token).await;
    house.doors.set_identity(None);
    assert_eq!(house.event().await, Event::PhoneGone);
    phone.refused("not_signed_in").await;
    house.no_event();
}

#[tokio::test]
async fn no_page_and_no_plain_request_gets_a_line() {
    let house = House::open(Timings::default()).await;
    let url = format!("ws://127.0.0.1:{}{PATH}", house.doors.port());
    let mut request = url.into_client_request().unwrap();
    request.headers_mut().insert("origin", ORIGIN.parse().unwrap());
    let Err(Error::Http(response)) = connect_async(request).await else {
        panic!("a page got a line")
    };
    assert_eq!(response.status(), 403);
    house.get(PATH, &[]).await.refused(400, "bad_request");
}

#[tokio::test]
async fn a_shutdown_hangs_up() {
    let mut house = House::open(Timings::default()).await;
    let token = token(&mut house).await;
    let mut phone = Phone::join(&mut house, &token).await;
    house.doors.shutdown().await;
    assert_eq!(phone.hear().await, None);
}
