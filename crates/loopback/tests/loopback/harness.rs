//! Doors on a port of their own, with a recording inbox and desk behind them.

use std::sync::{Arc, Mutex};
use std::time::Duration;

use companion::inbox::{Inbox, Post};
use loopback::{ConnectorOptions, Doors, Options, PairingStore, Requests, SignedInAs, Timings};
use presence::event::{CommandId, ConsoleId, Event, Origin, Pairing};
use presence::picture as engine;
use reqwest::header::{HeaderMap, HeaderName, HeaderValue};
use serde_json::{Value, json};
use tokio::sync::mpsc;
use tokio::time::timeout;
use wire::bridge::{HELLO_PATH, Hello, PROVE_PATH};
use wire::picture::{
    Call, Console, Picture, Presence, PresenceKind, SCHEMA, Session, SessionState, Telephony,
};
use wire::proof::{Credential, Transcript};
use wire::status_api::Answer;

/// Nothing here takes that long; a test that waits longer has failed.
pub(crate) const PATIENCE: Duration = Duration::from_secs(20);

pub(crate) const ORG: &str = "00D000000000001EAA";
pub(crate) const PAT: &str = "005000000000001AAA";
pub(crate) const SAM: &str = "005000000000002AAA";
pub(crate) const ORIGIN: &str = "https://practice.lightning.force.com";

pub(crate) struct House {
    pub(crate) doors: Doors,
    pub(crate) desk: RecordingDesk,
    pub(crate) inbox: Inbox,
    posts: mpsc::UnboundedReceiver<Post>,
    client: reqwest::Client,
}

/// A status and its JSON body.
#[derive(Debug)]
pub(crate) struct Reply {
    pub(crate) status: u16,
    pub(crate) headers: HeaderMap,
    pub(crate) body: Value,
}

impl Reply {
    #[track_caller]
    pub(crate) fn ok(self) -> Value {
        assert_eq!(self.status, 200, "{:?}", self.body);
        self.body
    }

    #[track_caller]
    pub(crate) fn refused(&self, status: u16, code: &str) {
        assert_eq!(
            (self.status, self.body["code"].as_str()),
            (status, Some(code)),
            "{:?}",
            self.body
        );
        assert!(!self.body["detail"].as_str().unwrap().is_empty());
    }
}

impl House {
    /// Pat is signed in.
    pub(crate) async fn open(timings: Timings) -> Self {
        let house = Self::closed_to_all(timings, PairingStore::in_memory()).await;
        house.sign_in(PAT);
        house
    }

    /// Pat is signed in, and phones may do this.
    pub(crate) async fn open_for_phones(timings: Timings, connector: ConnectorOptions) -> Self {
        let house = Self::built(timings, PairingStore::in_memory(), connector, None).await;
        house.sign_in(PAT);
        house
    }

    /// Nobody is signed in.
    pub(crate) async fn closed_to_all(timings: Timings, pairings: PairingStore) -> Self {
        Self::built(timings, pairings, ConnectorOptions::default(), None).await
    }

    /// Nobody is signed in; reps have this Amazon Connect.
    pub(crate) async fn with_amazon_connect(
        timings: Timings,
        pairings: PairingStore,
        amazon_connect: Option<loopback::AmazonConnect>,
    ) -> Self {
        Self::built(timings, pairings, ConnectorOptions::default(), amazon_connect).await
    }

    async fn built(
        timings: Timings,
        pairings: PairingStore,
        connector: ConnectorOptions,
        amazon_connect: Option<loopback::AmazonConnect>,
    ) -> Self {
        let (inbox, posts, _) = Inbox::new(blank());
        let desk = RecordingDesk::default();
        let (posted, desk_too) = (inbox.clone(), desk.clone());
        let options = Options {
            ports: vec![0],
            inbox: posted,
            desk: desk_too,
            pairings,
            connector,
            timings,
            amazon_connect,
        };
        let doors = Doors::open(options).await.unwrap();
        let client = reqwest::Client::builder().no_proxy().build().unwrap();
        Self {
            doors,
            desk,
            inbox,
            posts,
            client,
        }
    }

    pub(crate) fn sign_in(&self, user: &str) {
        let name = if user == PAT { "pat" } else { "sam" };
        self.doors.set_identity(Some(SignedInAs {
            org_id: ORG.parse().unwrap(),
            user_id: user.parse().unwrap(),
            username: format!("{name}@practice.example"),
            origins: vec![ORIGIN.into(), "https://practice.my.salesforce.com".into()],
        }));
    }

    pub(crate) fn url(&self, path: &str) -> String {
        format!("http://127.0.0.1:{}{path}", self.doors.port())
    }

    pub(crate) fn request(&self, method: &str, path: &str) -> reqwest::RequestBuilder {
        self.client.request(method.parse().unwrap(), self.url(path))
    }

    pub(crate) async fn get(&self, path: &str, headers: &[(&str, &str)]) -> Reply {
        reply(with(self.request("GET", path), headers)).await
    }

    pub(crate) async fn post(&self, path: &str, body: Value) -> Reply {
        self.post_with(path, &[], body).await
    }

    pub(crate) async fn post_with(&self, path: &str, headers: &[(&str, &str)], body: Value) -> Reply {
        reply(with(self.request("POST", path), headers).json(&body)).await
    }

    /// The next thing posted that is no sign of life.
    pub(crate) async fn event(&mut self) -> Event {
        loop {
            match self.any_event().await {
                Event::ConsoleHeard { .. } => {}
                event => return event,
            }
        }
    }

    pub(crate) async fn any_event(&mut self) -> Event {
        let post = timeout(PATIENCE, self.posts.recv())
            .await
            .expect("nothing was posted")
            .unwrap();
        let Post::Event(event) = post else {
            panic!("{post:?}")
        };
        event
    }

    /// Asserts that nothing has been posted that a test has not seen, signs of life aside.
    #[track_caller]
    pub(crate) fn no_event(&mut self) {
        while let Ok(Post::Event(event)) = self.posts.try_recv() {
            assert!(matches!(event, Event::ConsoleHeard { .. }), "{event:?}");
        }
    }

    pub(crate) async fn offered(&mut self) -> Pairing {
        match self.event().await {
            Event::PairingOffered(pairing) => pairing,
            event => panic!("{event:?}"),
        }
    }

    /// A key as the rep's own console has one.
    pub(crate) async fn paired(&mut self) -> String {
        let welcome = self
            .post(wire::bridge::HELLO_PATH, hello("pairing page", None))
            .await
            .ok();
        let pairing = self.offered().await;
        assert_eq!(welcome["code"], pairing.code.as_str());
        self.doors.confirm_pairing(&pairing.id);
        // On a busy machine the key may reach the disk later than a short poll ends.
        let answer = loop {
            let poll = json!({"pairing": welcome["pairing"]});
            let answer = self.post(wire::bridge::PAIR_PATH, poll).await.ok();
            if answer["type"] != "waiting" {
                break answer;
            }
        };
        assert_eq!(answer["type"], "confirmed");
        assert_eq!(self.event().await, Event::PairingEnded { id: pairing.id });
        answer["pairingKey"].as_str().unwrap().to_owned()
    }

    /// A console of this page with a session: its id and the session.
    pub(crate) async fn console(&mut self, page: &str, key: &str) -> (ConsoleId, String) {
        let proved = self.prove(page, key).await.ok();
        assert_eq!(proved["protocol"], 1);
        loop {
            match self.event().await {
                Event::ConsoleGone { .. } => {}
                Event::ConsoleConnected { console } => {
                    return (console, proved["session"].as_str().unwrap().to_owned());
                }
                event => panic!("{event:?}"),
            }
        }
    }

    /// Says hello with a key, is challenged, and proves it; Holdline's proof is looked at, too.
    pub(crate) async fn prove(&self, page: &str, key: &str) -> Reply {
        let (hello, challenge) = self.challenged(page, key).await;
        let transcript = Transcript::of(self.doors.port(), &hello, &challenge).unwrap();
        let credential = Credential::parse(&key.into()).unwrap();
        let proof = credential.proof(&transcript);
        let reply = self
            .post(PROVE_PATH, json!({"challenge": challenge, "proof": proof}))
            .await;
        if let Some(proof) = reply.body["proof"].as_str() {
            assert!(credential.accepts(&transcript, proof), "not Holdline's proof");
        }
        reply
    }

    /// Says hello with a key: the hello, and the challenge.
    pub(crate) async fn challenged(&self, page: &str, key: &str) -> (Hello, String) {
        let hello = hello(page, Some(key));
        let welcome = self.post(HELLO_PATH, hello.clone()).await.ok();
        assert_eq!(welcome["type"], "challenge", "{welcome}");
        let challenge = welcome["challenge"].as_str().unwrap().to_owned();
        (serde_json::from_value(hello).unwrap(), challenge)
    }

    pub(crate) async fn poll(&self, session: &str) -> Reply {
        self.post(wire::bridge::POLL_PATH, json!({ "session": session }))
            .await
    }

    /// Starts a poll and waits until it is held.
    pub(crate) async fn held_poll(&mut self, session: &str) -> tokio::task::JoinHandle<Reply> {
        self.no_event();
        let request = self
            .request("POST", wire::bridge::POLL_PATH)
            .json(&json!({ "session": session }));
        let poll = tokio::spawn(reply(request));
        assert!(matches!(self.any_event().await, Event::ConsoleHeard { .. }));
        poll
    }

    pub(crate) async fn report(&self, session: &str, events: Value, results: Value) -> Reply {
        let report = json!({ "session": session, "events": events, "results": results });
        self.post(wire::bridge::REPORT_PATH, report).await
    }
}

pub(crate) fn with(request: reqwest::RequestBuilder, headers: &[(&str, &str)]) -> reqwest::RequestBuilder {
    let mut map = HeaderMap::new();
    for (name, value) in headers {
        map.append(
            name.parse::<HeaderName>().unwrap(),
            HeaderValue::from_str(value).unwrap(),
        );
    }
    request.headers(map)
}

pub(crate) async fn reply(request: reqwest::RequestBuilder) -> Reply {
    let response = timeout(PATIENCE, request.send())
        .await
        .expect("no answer")
        .unwrap();
    let (status, headers) = (response.status().as_u16(), response.headers().clone());
    let text = response.text().await.unwrap();
    let body = if text.is_empty() {
        Value::Null
    } else {
        serde_json::from_str(&text).expect(&text)
    };
    Reply {
        status,
        headers,
        body,
    }
}

pub(crate) fn hello(page: &str, key: Option<&str>) -> Value {
    let mut hello = json!({"protocol": {"min": 1, "max": 1}, "orgId": ORG, "userId": PAT, "instance": page});
    if let Some(key) = key {
        let id = key.split('.').next().unwrap();
        hello["key"] = json!({"id": id, "nonce": format!("a-nonce-of-{}", hex(page))});
    }
    hello
}

pub(crate) fn command(number: u64) -> CommandId {
    CommandId { run: 0x7f, number }
}

/// What the desk was asked.
#[derive(Clone, Debug, Default)]
pub(crate) struct RecordingDesk(pub(crate) Arc<Mutex<Vec<String>>>);

impl RecordingDesk {
    fn note(&self, what: String) {
        self.0.lock().unwrap().push(what);
    }

    pub(crate) fn asked(&self) -> Vec<String> {
        self.0.lock().unwrap().clone()
    }
}

impl Requests for RecordingDesk {
    async fn request(&self, origin: Origin, label: &str) -> Answer {
        self.note(format!("{origin:?} {label}"));
        match label {
            "Offline" => Answer::Held {
                reason: "call_active".into(),
            },
            _ => Answer::Applying,
        }
    }

    async fn act(&self, origin: Origin, action: wire::status_api::Action) -> Answer {
        self.note(format!("{origin:?} {action:?}"));
        Answer::Applying
    }

    async fn use_org(&self, origin: Origin, org: &str) -> Answer {
        self.note(format!("{origin:?} use {org}"));
        Answer::Applying
    }

    async fn support(&self, ask: wire::support::Ask) -> wire::support::Told {
        self.note(format!("{ask:?}"));
        wire::support::Told::Saved { path: "here".into() }
    }

    async fn work(&self, origin: Origin, wanted: wire::status_api::WorkRequest) -> Answer {
        self.note(format!("{origin:?} {wanted:?}"));
        Answer::Applying
    }

    async fn cancel(&self) -> Answer {
        self.note("cancel".into());
        Answer::Cancelled
    }

    fn picture(&self) -> Picture {
        Picture {
            schema: SCHEMA,
            session: Session {
                state: SessionState::SignedOut,
                name: None,
                user_id: None,
                org_id: None,
                org_url: None,
                orgs: Vec::new(),
            },
            call: Call {
                phase: engine::CallPhase::Unknown,
                since: "2026-01-01T00:00:00Z".into(),
                evidence_at: None,
                evidence_age_ms: Some(7),
                wrap_up_ends_at: None,
                wrapping_up: Vec::new(),
                voice_routed: None,
            },
            presence: Presence {
                status: None,
                status_id: None,
                kind: PresenceKind::Unknown,
                online: false,
                since: None,
            },
            telephony: Telephony {
                connected: false,
                name: None,
                state: None,
                kind: None,
                states: Vec::new(),
                next_state: None,
                contacts: Vec::new(),
                page: false,
            },
            console: Console { connected: false },
            held: None,
            pending: None,
            statuses: Vec::new(),
            works: Vec::new(),
            decline_reasons: Vec::new(),
            pairings: Vec::new(),
            problems: Vec::new(),
            profile: presence::settings::Profile::Connector,
            observing: false,
            sync_paused: false,
            guarding: true,
        }
    }

    fn show(&self) {
        self.note("show".into());
    }
}

fn blank() -> engine::Picture {
    engine::Picture {
        session: engine::SessionView::SignedOut,
        call: engine::CallView {
            phase: engine::CallPhase::Unknown,
            since_ms: 0,
            evidence_ms: None,
            wrap_up_ends_ms: None,
            wrapping_up: Vec::new(),
            voice_routed: None,
        },
        presence: engine::PresenceView::Unknown,
        telephony: None,
        console: false,
        held: None,
        pending: None,
        statuses: Vec::new(),
        works: Vec::new(),
        decline_reasons: Vec::new(),
        pairings: Vec::new(),
        problems: Vec::new(),
        profile: presence::settings::Profile::Connector,
        observing: false,
        sync_paused: false,
        guarding: true,
    }
}

/// A page's name in letters that a nonce may have; long enough for one, and never too long.
fn hex(page: &str) -> String {
    let all: String = page.bytes().map(|byte| format!("{byte:02x}")).collect();
    format!("{all:0>8.40}")
}
