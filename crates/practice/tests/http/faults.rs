//! Faults on demand, over real sockets.

use reqwest::{Method, StatusCode, header};
use serde_json::{Value, json};

use crate::cometd::Client;
use crate::support::Org;

const LIMITS: &str = "/services/data/v67.0/limits";

impl Org {
    async fn fault(&self, fault: Value) -> Value {
        let (status, body) = self.post("/practice/v1/faults", fault).await;
        assert_eq!(status, StatusCode::CREATED, "{body}");
        body
    }
}

async fn signed_in() -> (Org, String) {
    let org = Org::start().await;
    let tokens = org.sign_in("pat").await;
    let token = tokens["access_token"].as_str().unwrap().to_owned();
    (org, token)
}

#[tokio::test]
async fn a_status_comes_as_often_as_asked_for_with_salesforces_body() {
    let (org, token) = signed_in().await;
    let what = json!({ "kind": "status", "status": 503, "retryAfterS": 30 });
    let fault = org
        .fault(json!({ "where": "rest", "what": what, "times": 1 }))
        .await;
    let refused = org.authorized(&token, LIMITS).await;
    assert_eq!(refused.status(), StatusCode::SERVICE_UNAVAILABLE);
    assert_eq!(refused.headers()[header::RETRY_AFTER], "30");
    let body: Value = refused.json().await.unwrap();
    assert_eq!(body[0]["errorCode"], "SERVER_UNAVAILABLE");
    assert_eq!(org.authorized(&token, LIMITS).await.status(), StatusCode::OK);
    let listed = org.get("/practice/v1/faults").await;
    assert_eq!((&listed[0]["id"], &listed[0]["fired"]), (&fault["id"], &json!(1)));
    let path = format!("/practice/v1/faults/{}", fault["id"]);
    assert_eq!(
        org.send(Method::DELETE, &path, None).await.0,
        StatusCode::NO_CONTENT
    );
    assert_eq!(
        org.send(Method::DELETE, &path, None).await.0,
        StatusCode::NOT_FOUND
    );
}

#[tokio::test]
async fn connections_are_cut_and_proxies_answer() {
    let (org, token) = signed_in().await;
    for kind in ["cut_before", "cut_after"] {
        org.fault(json!({ "where": "rest", "what": { "kind": kind }, "times": 1 }))
            .await;
        let answer = org.http.get(org.url(LIMITS)).bearer_auth(&token).send().await;
        let read = match answer {
            Ok(answer) => answer.bytes().await.map(drop),
            Err(error) => Err(error),
        };
        assert!(read.is_err(), "{kind}");
    }
    org.fault(json!({ "where": "rest", "what": { "kind": "html" }, "times": 1 }))
        .await;
    let page = org.authorized(&token, LIMITS).await;
    assert_eq!(page.status(), StatusCode::OK);
    assert!(page.text().await.unwrap().contains("<html>"));
    assert_eq!(org.authorized(&token, LIMITS).await.status(), StatusCode::OK);
}

#[tokio::test]
async fn sessions_expire_grants_are_revoked_and_the_limit_is_reached_on_demand() {
    let (org, token) = signed_in().await;
    org.fault(json!({ "where": "rest", "what": { "kind": "request_limit" }, "times": 1 }))
        .await;
    let refused = org.authorized(&token, LIMITS).await;
    assert_eq!(refused.headers()["sforce-limit-info"], "api-usage=15000/15000");
    assert_eq!(refused.status(), StatusCode::FORBIDDEN);

    org.fault(json!({ "where": "rest", "what": { "kind": "expire_sessions" }, "times": 1 }))
        .await;
    assert_eq!(
        org.authorized(&token, LIMITS).await.status(),
        StatusCode::UNAUTHORIZED
    );

    let tokens = org.sign_in("pat").await;
    let what = json!({ "kind": "revoke_grants" });
    org.fault(json!({ "where": "oauth", "path": "/services/oauth2/token", "what": what, "times": 1 }))
        .await;
    let (status, body) = org.refresh(tokens["refresh_token"].as_str().unwrap()).await;
    assert_eq!(
        (status, &body["error"]),
        (StatusCode::BAD_REQUEST, &json!("invalid_grant"))
    );
}

#[tokio::test]
async fn streaming_messages_are_dropped_and_doubled() {
    let (org, token) = signed_in().await;
    let (status, _) = org.topic(&token, json!({})).await;
    assert_eq!(status, StatusCode::CREATED);
    let mut client = Client::connected(&org, "pat").await;
    client.subscribe("/topic/Usp", -1).await;
    org.fault(json!({ "where": "cometd", "what": { "kind": "drop_message" }, "times": 1 }))
        .await;
    org.fault(json!({ "where": "cometd", "what": { "kind": "duplicate_message" }, "times": 1 }))
        .await;
    org.set_status("pat", "Available").await;
    org.set_status("pat", "Break").await;
    // Of the row created, the row updated and the row created, the first is lost and the second comes twice.
    let events = client.events(3).await;
    assert_eq!(events[0], events[1]);
    assert_eq!(events[0]["data"]["event"]["type"], "updated");
    assert_eq!(events[2]["data"]["event"]["type"], "created");
}

#[tokio::test]
async fn faults_that_cannot_be_are_explained() {
    let org = Org::start().await;
    for bad in [
        json!({ "where": "moon", "what": { "kind": "html" } }),
        json!({ "where": "rest", "what": { "kind": "drop_message" } }),
    ] {
        let (status, body) = org.post("/practice/v1/faults", bad).await;
        assert_eq!(status, StatusCode::BAD_REQUEST);
        assert!(
            body["detail"].as_str().unwrap().contains("It looks like"),
            "{body}"
        );
    }
}
