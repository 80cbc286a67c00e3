//! Tokens handed out to phones: by the rep through the status API, by IT through the policy.

use companion::ports::PhonePort as _;
use loopback::{ConnectorOptions, PolicyToken, Timings};
use presence::event::Event;
use reqwest::header::HeaderMap;
use secrecy::ExposeSecret as _;
use serde_json::{Value, json};
use wire::connector::Rights;
use wire::connector::rest::{REQUESTS_PATH, SESSIONS_PATH, STATE_PATH};
use wire::status_api::{PHONE_TOKENS_PATH, REVOKE_PHONE_TOKEN_PATH};

use crate::harness::{House, Reply, command, reply, with};
use crate::phone::{joined, register};

fn registration(more: Value) -> Value {
    let mut body = register(more);
    body.as_object_mut().unwrap().remove("type");
    body
}

async fn with_key(house: &House, method: &str, path: &str, body: Option<Value>) -> Reply {
    let mut request = house
        .request(method, path)
        .bearer_auth(house.doors.access().key.expose());
    if let Some(body) = body {
        request = request.json(&body);
    }
    reply(request).await
}

async fn join(house: &House, token: &str, more: Value) -> Reply {
    let request = house.request("POST", SESSIONS_PATH).bearer_auth(token);
    reply(request.json(&registration(more))).await
}

#[tokio::test]
async fn a_token_is_handed_out_listed_and_revoked_under_a_phone_that_uses_it() {
    let mut house = House::open(Timings::default()).await;
    let wanted = json!({"name": "Acme", "rights": "control"});
    let made = with_key(&house, "POST", PHONE_TOKENS_PATH, Some(wanted.clone()))
        .await
        .ok();
    let token = made["token"].as_str().unwrap();
    with_key(&house, "POST", PHONE_TOKENS_PATH, Some(wanted))
        .await
        .refused(409, "name_taken");
    let list = with_key(&house, "GET", PHONE_TOKENS_PATH, None).await.ok();
    let expected = json!({"tokens": [{"name": "Acme", "rights": "control", "source": "handed_out"}]});
    assert_eq!(list, expected);

    let registered = join(&house, token, json!({})).await.ok();
    assert_eq!(house.event().await, Event::PhoneJoined(joined()));
    let session = registered["session"].as_str().unwrap().to_owned();
    let poll = tokio::spawn(reply(house.request("GET", REQUESTS_PATH).bearer_auth(&session)));
    let revoked = with_key(
        &house,
        "POST",
        REVOKE_PHONE_TOKEN_PATH,
        Some(json!({"name": "Acme"})),
    )
    .await;
    assert_eq!(revoked.ok(), json!({"revoked": 1}));
    assert_eq!(house.event().await, Event::PhoneGone);
    poll.await.unwrap().refused(401, "revoked");
    let report = house.request("PUT", STATE_PATH).bearer_auth(&session);
    reply(report.json(&json!({"state": {"name": "Available", "kind": "routable"}, "contacts": []})))
        .await
        .refused(401, "revoked");
    // The rep is asked again.
    assert_eq!(join(&house, token, json!({})).await.ok()["type"], "pairing");
    house.offered().await;
}

#[tokio::test]
async fn revoking_one_phone_leaves_the_other() {
    let mut house = House::open(Timings::default()).await;
    for name in ["Acme", "Other"] {
        let wanted = json!({"name": name, "rights": "control"});
        let made = with_key(&house, "POST", PHONE_TOKENS_PATH, Some(wanted))
            .await
            .ok();
        if name == "Acme" {
            join(&house, made["token"].as_str().unwrap(), json!({}))
                .await
                .ok();
            house.event().await;
        }
    }
    with_key(
        &house,
        "POST",
        REVOKE_PHONE_TOKEN_PATH,
        Some(json!({"name": "Other"})),
    )
    .await
    .ok();
    house.no_event();
}

#[tokio::test]
async fn a_token_may_give_less_than_the_phone_wants() {
    let mut house = House::open(Timings::default()).await;
    let wanted = json!({"name": "Wallboard", "rights": "report"});
    let made = with_key(&house, "POST", PHONE_TOKENS_PATH, Some(wanted))
        .await
        .ok();
    let registered = join(
        &house,
        made["token"].as_str().unwrap(),
        json!({"rights": "control"}),
    )
    .await;
    assert_eq!(registered.ok()["rights"], "report");
    let Event::PhoneJoined(phone) = house.event().await else {
        panic!("a phone was to join");
    };
    assert!(!phone.writable);
    house.doors.phone().set_state(command(1), "Offline".into(), true);
    assert!(matches!(house.event().await, Event::PhoneAnswered { .. }));
}

#[tokio::test]
async fn a_token_of_the_policy_says_whose_phone_it_is() {
    let (made, token) = PolicyToken::new("Acme", Rights::Control);
    let connector = ConnectorOptions {
        tokens: vec![made],
        pairing: false,
        ..ConnectorOptions::default()
    };
    let mut house = House::open_for_phones(Timings::default(), connector).await;
    join(&house, token.expose_secret(), json!({}))
        .await
        .refused(403, "user_missing");
    join(&house, token.expose_secret(), json!({"user": "sam"}))
        .await
        .refused(403, "other_user");
    join(&house, "forged", json!({"user": "pat"}))
        .await
        .refused(403, "unknown_token");
    let registered = join(&house, token.expose_secret(), json!({"user": "pat"})).await;
    assert_eq!(registered.ok()["rights"], "control");
    assert_eq!(house.event().await, Event::PhoneJoined(joined()));
    house.no_event();
}

#[tokio::test]
async fn tokens_are_nobodys_business_without_the_key() {
    let house = House::open(Timings::default()).await;
    house
        .get(PHONE_TOKENS_PATH, &[])
        .await
        .refused(401, "unknown_key");
    house
        .post(REVOKE_PHONE_TOKEN_PATH, json!({"name": "Acme"}))
        .await
        .refused(401, "unknown_key");
}

#[tokio::test]
async fn only_listed_pages_reach_the_connector_and_nothing_else() {
    const PAGE: &str = "https://phone.example.com";
    let connector = ConnectorOptions {
        origins: vec![PAGE.to_owned()],
        ..ConnectorOptions::default()
    };
    let mut house = House::open_for_phones(Timings::default(), connector).await;
    let allow = |headers: &HeaderMap| headers.get("access-control-allow-origin").cloned();
    let preflight = [
        ("origin", PAGE),
        ("access-control-request-method", "PUT"),
        ("access-control-request-headers", "authorization,content-type"),
        ("access-control-request-local-network", "true"),
    ];
    let answer = with(house.request("OPTIONS", STATE_PATH), &preflight)
        .send()
        .await
        .unwrap();
    assert_eq!(allow(answer.headers()).unwrap(), PAGE);
    assert_eq!(answer.headers()["access-control-allow-local-network"], "true");
    let methods = answer.headers()["access-control-allow-methods"].to_str().unwrap();
    assert!(methods.contains("PUT") && methods.contains("DELETE"), "{methods}");

    let asked = house
        .post_with(SESSIONS_PATH, &[("origin", PAGE)], registration(json!({})))
        .await;
    assert_eq!(allow(&asked.headers).unwrap(), PAGE);
    assert_eq!(asked.ok()["type"], "pairing");
    house.offered().await;
    for other in [
        "https://phone.example.com.evil.example",
        "https://evil.example",
        "null",
    ] {
        let refused = house
            .post_with(SESSIONS_PATH, &[("origin", other)], registration(json!({})))
            .await;
        refused.refused(403, "wrong_origin");
        assert_eq!(allow(&refused.headers), None);
    }
    house
        .get(PHONE_TOKENS_PATH, &[("origin", PAGE)])
        .await
        .refused(403, "wrong_origin");
    house.no_event();
}
