//! The practice phone against a Holdline that this test plays, over a real WebSocket.

use std::net::Ipv4Addr;
use std::time::Duration;

use futures_util::{SinkExt as _, StreamExt as _};
use practice::{Options, Timings};
use reqwest::StatusCode;
use serde_json::json;
use tokio::io::{AsyncReadExt as _, AsyncWriteExt as _};
use tokio::net::{TcpListener, TcpStream};
use tokio_tungstenite::WebSocketStream;
use tokio_tungstenite::tungstenite::Message;
use wire::connector::{
    AgentStateKind, Answer, ContactPhase, FromPhone, Outcome, PhoneState, Profile, Registration, Rights,
    StateRequest, ToPhone,
};
use wire::key::Key;

use crate::support::Org;

/// A Holdline's loopback port.
struct Holdline {
    listener: TcpListener,
}

impl Holdline {
    async fn listen() -> (Self, u16) {
        let listener = TcpListener::bind((Ipv4Addr::LOCALHOST, 0)).await.unwrap();
        let port = listener.local_addr().unwrap().port();
        (Self { listener }, port)
    }

    /// Answers `GET /holdline` with this identity until a phone dials, then answers its socket.
    async fn answer(&self, org_id: &str, user_id: &str) -> Socket {
        let identity = json!({
            "app": "holdline",
            "protocols": {
                "bridge": { "min": 1, "max": 1 },
                "connector": { "min": 1, "max": 1 },
                "status": { "min": 1, "max": 1 },
            },
            "orgId": org_id,
            "userId": user_id,
        })
        .to_string();
        loop {
            let (mut stream, _) = self.listener.accept().await.unwrap();
            let mut start = [0; 64];
            while stream.peek(&mut start).await.unwrap() < 20 {
                tokio::task::yield_now().await;
            }
            if start.starts_with(b"GET /connector/v1") {
                return Socket(tokio_tungstenite::accept_async(stream).await.unwrap());
            }
            assert!(start.starts_with(b"GET /holdline"));
            let mut request = vec![0; 4096];
            let _ = stream.read(&mut request).await.unwrap();
            let answer = format!(
                "HTTP/1.1 200 OK\r\ncontent-type: application/json\r\ncontent-length: {}\r\nconnection: close\r\n\r\n{identity}",
                identity.len()
            );
            stream.write_all(answer.as_bytes()).await.unwrap();
        }
    }
}

struct Socket(WebSocketStream<TcpStream>);

impl Socket {
    async fn say(&mut self, frame: &ToPhone) {
        let text = serde_json::to_string(frame).unwrap();
        self.0.send(Message::text(text)).await.unwrap();
    }

    async fn hear(&mut self) -> FromPhone {
        loop {
            if let Message::Text(text) = self.0.next().await.unwrap().unwrap() {
                return serde_json::from_str(&text).unwrap();
            }
        }
    }

    async fn state(&mut self) -> PhoneState {
        match self.hear().await {
            FromPhone::State(state) => state,
            other => panic!("a state was expected, not {other:?}"),
        }
    }

    async fn set(&mut self, id: &str, state: &str, enqueue_next_state: bool) {
        self.say(&ToPhone::SetState(StateRequest {
            id: id.to_owned(),
            state: state.to_owned(),
            enqueue_next_state,
        }))
        .await;
    }

    async fn join(&mut self) -> Option<Key> {
        let FromPhone::Register(Registration {
            token,
            states,
            profile,
            ..
        }) = self.hear().await
        else {
            panic!("the first frame is no registration");
        };
        assert_eq!(profile, Profile::Connector);
        let names: Vec<_> = states.iter().map(|state| state.name.as_str()).collect();
        assert_eq!(names, ["Available", "Break", "Lunch", "Offline"]);
        self.say(&ToPhone::Registered {
            protocol: 1,
            token: "the-token".into(),
            rights: Rights::Control,
        })
        .await;
        token
    }
}

struct Joined {
    org: Org,
    holdline: Holdline,
    socket: Socket,
    ids: (String, String),
}

async fn joined() -> Joined {
    let (holdline, port) = Holdline::listen().await;
    let org = Org::start_with(Options {
        holdline_ports: vec![port],
        timings: Timings {
            phone_retry: Duration::from_millis(10),
            ..Timings::default()
        },
        ..Options::default()
    })
    .await;
    let state = org.get("/practice/v1/state").await;
    let id = |value: &serde_json::Value| value.as_str().unwrap().to_owned();
    let ids = (id(&state["orgId"]), id(&state["reps"][0]["userId"]));
    let (status, _) = org
        .post("/practice/v1/phones/pat/state", json!({ "state": "Available" }))
        .await;
    assert_eq!(status, StatusCode::OK);
    let mut socket = holdline.answer(&ids.0, &ids.1).await;
    assert_eq!(socket.join().await, None);
    assert_eq!(socket.state().await.state.name, "Available");
    Joined {
        org,
        holdline,
        socket,
        ids,
    }
}

async fn until_joined(org: &Org, wanted: bool) {
    while org.rep("pat").await["phone"]["joined"] != wanted {
        tokio::task::yield_now().await;
    }
}

#[tokio::test]
async fn it_reports_contacts_and_carries_out_requests_once() {
    let Joined { org, mut socket, .. } = joined().await;
    until_joined(&org, true).await;
    org.set_status("pat", "Available").await;
    let call = org.call("pat").await;
    let ringing = socket.state().await;
    assert_eq!(ringing.contacts[0].phase, ContactPhase::Ringing);
    let created_at = org.get("/practice/v1/state").await["createdAt"].clone();
    let created_at: jiff::Timestamp = serde_json::from_value(created_at).unwrap();
    let since_ms = ringing.since_ms.unwrap();
    assert!(
        since_ms >= created_at.as_millisecond(),
        "Available since it was chosen"
    );
    org.act(&call, "accept").await;
    assert_eq!(socket.state().await.contacts[0].phase, ContactPhase::Connected);
    socket.set("r1", "Offline", true).await;
    assert_eq!(socket.state().await.next_state.as_deref(), Some("Offline"));
    let answer = |id: &str, outcome| {
        let id = id.to_owned();
        FromPhone::Answer(Answer { id, outcome })
    };
    assert_eq!(socket.hear().await, answer("r1", Outcome::Queued));
    socket.set("r2", "Available", true).await;
    assert_eq!(socket.state().await.next_state.as_deref(), Some("Available"));
    assert_eq!(socket.hear().await, answer("r2", Outcome::Queued));
    // The same request again is answered the same and changes nothing.
    socket.set("r1", "Offline", true).await;
    assert_eq!(socket.hear().await, answer("r1", Outcome::Queued));
    socket.set("r3", "Nap", false).await;
    assert_eq!(socket.hear().await, answer("r3", Outcome::Refused));
    org.act(&call, "hangup").await;
    assert_eq!(
        socket.state().await.contacts[0].phase,
        ContactPhase::AfterCallWork
    );
    org.act(&call, "finish").await;
    let state = socket.state().await;
    assert!(state.contacts.is_empty());
    assert_eq!(state.state.kind, AgentStateKind::Routable);
    assert_eq!(state.since_ms, Some(since_ms), "chosen again, it goes on");
    let log = org.get("/practice/v1/log").await;
    let by_holdline = log
        .as_array()
        .unwrap()
        .iter()
        .filter(|entry| entry["source"] == "holdline");
    assert_eq!(by_holdline.count(), 2);
}

#[tokio::test]
async fn the_practice_connector_keeps_off_a_joined_phone() {
    let Joined { org, socket, .. } = joined().await;
    until_joined(&org, true).await;
    org.set_status("pat", "Break").await;
    assert_eq!(org.rep("pat").await["phone"]["state"]["name"], "Available");
    drop(socket);
    until_joined(&org, false).await;
    org.set_status("pat", "Available").await;
    org.set_status("pat", "Break").await;
    assert_eq!(org.rep("pat").await["phone"]["state"]["name"], "Break");
}

#[tokio::test]
async fn a_dropped_link_is_joined_again_with_its_token() {
    let Joined {
        org,
        holdline,
        socket,
        ids,
    } = joined().await;
    drop(socket);
    let mut socket = holdline.answer(&ids.0, &ids.1).await;
    let token = socket.join().await;
    assert_eq!(token.as_ref().map(Key::expose), Some("the-token"));
    until_joined(&org, true).await;
}

#[tokio::test]
async fn a_phone_whose_place_was_taken_waits_until_it_is_used() {
    let Joined {
        org,
        holdline,
        mut socket,
        ids,
    } = joined().await;
    until_joined(&org, true).await;
    let code = "replaced".to_owned();
    let detail = String::new();
    socket.say(&ToPhone::Refused { code, detail }).await;
    until_joined(&org, false).await;
    // Thirty times as long as it waits between two attempts.
    let redialled = tokio::time::timeout(Duration::from_millis(300), holdline.listener.accept());
    assert!(redialled.await.is_err(), "it pushes the newer phone out again");
    let (status, _) = org
        .post("/practice/v1/phones/pat/state", json!({ "state": "Break" }))
        .await;
    assert_eq!(status, StatusCode::OK);
    holdline.answer(&ids.0, &ids.1).await.join().await;
}

#[tokio::test]
async fn pairing_shows_its_code() {
    let (holdline, port) = Holdline::listen().await;
    let org = Org::start_with(Options {
        holdline_ports: vec![port],
        ..Options::default()
    })
    .await;
    let state = org.get("/practice/v1/state").await;
    let console = org.http.get(org.url("/practice/v1/console/sam/events"));
    let console = console.send().await.unwrap();
    let user = state["reps"][1]["userId"].as_str().unwrap();
    let mut socket = holdline.answer(state["orgId"].as_str().unwrap(), user).await;
    let FromPhone::Register(Registration { user: named, .. }) = socket.hear().await else {
        panic!("the first frame is no registration");
    };
    assert_eq!(named.as_deref(), Some(user));
    socket
        .say(&ToPhone::Pairing {
            code: "123456".to_owned().into(),
        })
        .await;
    while org.rep("sam").await["phone"]["pairingCode"] != "123456" {
        tokio::task::yield_now().await;
    }
    assert_eq!(org.rep("sam").await["phone"]["joined"], false);
    drop(console);
}
