//! The page with Amazon Connect's panel, and its line.

use companion::ports::PhonePort as _;
use futures_util::{SinkExt as _, StreamExt as _};
use loopback::{AmazonConnect, PairingStore, Timings};
use presence::event::{Event, PhoneOutcome};
use presence::problem::ProblemCode;
use secrecy::ExposeSecret as _;
use serde_json::{Value, json};
use telephony::amazon_connect::Instance;
use tokio::net::TcpStream;
use tokio::time::timeout;
use tokio_tungstenite::tungstenite::client::IntoClientRequest as _;
use tokio_tungstenite::tungstenite::{Error, Message};
use tokio_tungstenite::{MaybeTlsStream, WebSocketStream, connect_async};

use crate::harness::{House, PAT, PATIENCE, SAM, command};

const INSTANCE: &str = "https://acme.my.connect.aws";

struct Page(WebSocketStream<MaybeTlsStream<TcpStream>>);

async fn house() -> House {
    let amazon = AmazonConnect {
        instance: Instance::parse(INSTANCE).unwrap(),
        login_url: None,
        softphone: false,
    };
    let house = House::with_amazon_connect(Timings::default(), PairingStore::in_memory(), Some(amazon)).await;
    house.sign_in(PAT);
    house
}

fn token(house: &House) -> String {
    let page = house.doors.phone_page().expect("a page for whoever is signed in");
    let (page, token) = page.expose_secret().split_once('#').unwrap();
    assert_eq!(page, format!("http://localhost:{}/ccp/", house.doors.port()));
    token.to_owned()
}

impl Page {
    async fn dial(house: &House, origin: Option<&str>) -> Result<Self, Error> {
        let url = format!("ws://127.0.0.1:{}/ccp/v1", house.doors.port());
        let mut request = url.into_client_request().unwrap();
        if let Some(origin) = origin {
            request.headers_mut().insert("origin", origin.parse().unwrap());
        }
        Ok(Self(connect_async(request).await?.0))
    }

    async fn hello(house: &House, token: &str) -> (Self, Value) {
        let origin = format!("http://localhost:{}", house.doors.port());
        let mut page = Self::dial(house, Some(&origin)).await.unwrap();
        page.say(json!({"type": "hello", "protocol": 1, "token": token}))
            .await;
        let answer = page.hear().await.unwrap();
        (page, answer)
    }

    async fn say(&mut self, frame: Value) {
        self.0.send(Message::text(frame.to_string())).await.unwrap();
    }

    async fn hear(&mut self) -> Option<Value> {
        loop {
            match timeout(PATIENCE, self.0.next())
                .await
                .expect("the page heard nothing")
            {
                Some(Ok(Message::Text(text))) => return Some(serde_json::from_str(&text).unwrap()),
                Some(Ok(Message::Ping(_) | Message::Pong(_))) => {}
                _ => return None,
            }
        }
    }
}

fn snapshot(contact: Option<&str>) -> Value {
    let contacts: Vec<_> = contact
        .map(|state| json!({"id": "c1", "type": "voice", "state": state}))
        .into_iter()
        .collect();
    json!({
        "type": "snapshot", "state": {"name": "Available", "type": "routable"}, "sinceMs": 5, "nextState": null,
        "states": [{"name": "Available", "type": "routable"}, {"name": "Offline", "type": "offline"}],
        "contacts": contacts,
    })
}

/// What is posted apart from problems that are over.
async fn event(house: &mut House) -> Event {
    loop {
        match house.event().await {
            Event::ProblemCleared { .. } => {}
            event => return event,
        }
    }
}

#[tokio::test]
async fn a_page_joins_a_phone_and_is_asked_for_states() {
    let mut house = house().await;
    let (mut page, welcome) = Page::hello(&house, &token(&house)).await;
    assert_eq!(welcome["type"], "welcome");
    assert_eq!(welcome["ccpUrl"], format!("{INSTANCE}/ccp-v2/"));
    assert_eq!(welcome["softphone"], false);

    page.say(snapshot(Some("connected"))).await;
    assert!(matches!(event(&mut house).await, Event::PhoneJoined(phone) if phone.name == "Amazon Connect"));
    assert!(matches!(event(&mut house).await, Event::PhoneState(state) if state.contacts.len() == 1));

    house.doors.phone().set_state(command(7), "Offline".into(), false);
    let asked = page.hear().await.unwrap();
    let id = command(7).to_string();
    let expected = json!({"type": "setState", "id": id, "state": "Offline", "enqueueNextState": true});
    assert_eq!(asked, expected, "Offline is enqueued, whatever was asked");
    page.say(json!({"type": "answer", "id": id, "outcome": "queued"}))
        .await;
    let outcome = PhoneOutcome::Queued;
    let answered = |command| Event::PhoneAnswered { command, outcome };
    assert_eq!(event(&mut house).await, answered(command(7)));

    page.say(snapshot(Some("connecting"))).await;
    assert!(matches!(event(&mut house).await, Event::PhoneState(_)));
    house.doors.phone().set_state(command(8), "Offline".into(), true);
    let outcome = PhoneOutcome::NotNow;
    let command = command(8);
    assert_eq!(event(&mut house).await, Event::PhoneAnswered { command, outcome });

    drop(page);
    assert_eq!(event(&mut house).await, Event::PhoneGone);
}

#[tokio::test]
async fn a_token_is_good_once_and_each_welcome_brings_the_next() {
    let house = house().await;
    let first = token(&house);
    let (page, welcome) = Page::hello(&house, &first).await;
    let next = welcome["token"].as_str().unwrap().to_owned();
    drop(page);
    let (_, refused) = Page::hello(&house, &first).await;
    assert_eq!(
        (&refused["type"], &refused["code"]),
        (&json!("refused"), &json!("used_up"))
    );
    let (_page, welcome) = Page::hello(&house, &next).await;
    assert_eq!(welcome["type"], "welcome");
    for made_up in ["", "x", &"A".repeat(43)] {
        assert_eq!(Page::hello(&house, made_up).await.1["code"], "used_up");
    }
}

#[tokio::test]
async fn a_token_is_the_reps_whom_it_was_made_for() {
    let house = house().await;
    let pats = token(&house);
    house.sign_in(SAM);
    assert_eq!(Page::hello(&house, &pats).await.1["code"], "used_up");
    house.doors.set_identity(None);
    assert!(house.doors.phone_page().is_none());
    assert_eq!(Page::hello(&house, &pats).await.1["code"], "not_signed_in");
}

#[tokio::test]
async fn only_the_page_itself_may_open_the_line() {
    let house = house().await;
    let port = house.doors.port();
    for origin in [
        None,
        Some("https://evil.example".to_owned()),
        Some(INSTANCE.to_owned()),
        Some(format!("http://127.0.0.1:{port}")),
        Some("null".to_owned()),
    ] {
        match Page::dial(&house, origin.as_deref()).await {
            Err(Error::Http(response)) => assert_eq!(response.status(), 403, "{origin:?}"),
            other => panic!("{origin:?}: {:?}", other.map(|_| ())),
        }
    }
}

#[tokio::test]
async fn the_page_may_show_the_instance_and_nothing_else() {
    let house = house().await;
    let port = house.doors.port();
    let host = format!("localhost:{port}");
    let page = house
        .request("GET", "/ccp/")
        .header("host", &host)
        .send()
        .await
        .unwrap();
    let policy = page.headers()["content-security-policy"]
        .to_str()
        .unwrap()
        .to_owned();
    let has = |part: &str| policy.split(';').any(|directive| directive.trim() == part);
    assert!(has("default-src 'none'") && has("script-src 'self'"), "{policy}");
    assert!(
        has(&format!("frame-src {INSTANCE}")) && has("frame-ancestors 'none'"),
        "{policy}"
    );
    assert_eq!(page.headers()["permissions-policy"], "camera=(), microphone=()");

    let elsewhere = house.request("GET", "/ccp/").send().await.unwrap();
    assert!(
        elsewhere
            .url()
            .as_str()
            .starts_with(&format!("http://localhost:{port}/ccp/")),
        "{}",
        elsewhere.url()
    );
    house
        .get("/ccp/", &[("origin", "https://evil.example")])
        .await
        .refused(403, "wrong_origin");
    house
        .get("/ccp/../status-api.json", &[])
        .await
        .refused(404, "not_found");
}

#[tokio::test]
async fn a_newer_page_takes_the_place() {
    let mut house = house().await;
    let (mut older, _) = Page::hello(&house, &token(&house)).await;
    older.say(snapshot(None)).await;
    assert!(matches!(event(&mut house).await, Event::PhoneJoined(_)));
    assert!(matches!(event(&mut house).await, Event::PhoneState(_)));
    let (mut newer, _) = Page::hello(&house, &token(&house)).await;
    newer.say(snapshot(None)).await;
    assert_eq!(older.hear().await.unwrap()["code"], "replaced");
    let mut seen = Vec::new();
    while !seen.iter().any(|event| matches!(event, Event::PhoneJoined(_))) {
        seen.push(event(&mut house).await);
    }
    let linked = house.doors.phone_page_linked().unwrap();
    assert!(*linked.borrow());
}

#[tokio::test]
async fn a_panel_that_tells_nothing_is_no_phone_and_the_rep_is_told_why() {
    let mut house = house().await;
    let (mut page, _) = Page::hello(&house, &token(&house)).await;
    page.say(snapshot(None)).await;
    assert!(matches!(event(&mut house).await, Event::PhoneJoined(_)));
    assert!(matches!(event(&mut house).await, Event::PhoneState(_)));
    page.say(json!({"type": "trouble", "trouble": "sign_in"})).await;
    assert_eq!(event(&mut house).await, Event::PhoneGone);
    let told = event(&mut house).await;
    assert!(
        matches!(&told, Event::ProblemRaised(problem) if problem.code == ProblemCode::ConnectSignIn && problem.about == INSTANCE),
        "{told:?}"
    );
    page.say(json!({"type": "trouble", "trouble": "not_approved"}))
        .await;
    let told = event(&mut house).await;
    let origin = format!("http://localhost:{}", house.doors.port());
    assert!(
        matches!(&told, Event::ProblemRaised(problem) if problem.code == ProblemCode::ConnectNotApproved && problem.about == origin),
        "{told:?}"
    );
    page.say(snapshot(None)).await;
    assert!(
        matches!(event(&mut house).await, Event::PhoneJoined(_)),
        "it joins again"
    );
}

#[tokio::test]
async fn nonsense_ends_the_line() {
    let house = house().await;
    let (mut page, _) = Page::hello(&house, &token(&house)).await;
    page.say(json!({"type": "snapshot"})).await;
    assert_eq!(page.hear().await.unwrap()["code"], "bad_frame");
    assert_eq!(page.hear().await, None);
}
