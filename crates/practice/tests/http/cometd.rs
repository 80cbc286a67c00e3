//! Streaming over real sockets.

use std::time::Duration;

use reqwest::{Method, StatusCode, header};
use serde_json::{Value, json};

use crate::support::Org;

/// Long enough for any answer that is not held.
const SOON: Duration = Duration::from_secs(20);

/// A CometD client: one token, one cookie, one session.
pub(crate) struct Client<'o> {
    org: &'o Org,
    token: String,
    cookie: Option<String>,
    id: String,
}

impl<'o> Client<'o> {
    async fn of(org: &'o Org, rep: &str) -> Self {
        let tokens = org.sign_in(rep).await;
        Self {
            org,
            token: tokens["access_token"].as_str().unwrap().to_owned(),
            cookie: None,
            id: String::new(),
        }
    }

    /// One that has shaken hands and made its first connect.
    pub(crate) async fn connected(org: &'o Org, rep: &str) -> Self {
        let mut client = Self::of(org, rep).await;
        let hello = client.handshake().await;
        assert_eq!(hello["successful"], true, "{hello}");
        let first = client.connect().await;
        assert_eq!(first[0]["advice"]["reconnect"], "retry", "{first:?}");
        client
    }

    async fn send(&mut self, messages: Value) -> Vec<Value> {
        let mut request = self
            .org
            .http
            .post(self.org.url("/cometd/67.0"))
            .header(header::AUTHORIZATION, format!("OAuth {}", self.token))
            .json(&messages);
        if let Some(cookie) = &self.cookie {
            request = request.header(header::COOKIE, cookie);
        }
        let answer = request.send().await.unwrap();
        assert_eq!(answer.status(), StatusCode::OK);
        if let Some(cookie) = answer.headers().get(header::SET_COOKIE) {
            let cookie = cookie.to_str().unwrap();
            assert!(cookie.starts_with("BAYEUX_BROWSER="), "{cookie}");
            self.cookie = cookie.split(';').next().map(str::to_owned);
        }
        answer.json().await.unwrap()
    }

    async fn handshake(&mut self) -> Value {
        let hello = json!([{
            "id": "1",
            "channel": "/meta/handshake",
            "version": "1.0",
            "supportedConnectionTypes": ["long-polling"],
            "ext": { "replay": true },
        }]);
        let answer = self.send(hello).await.remove(0);
        if let Some(id) = answer["clientId"].as_str() {
            id.clone_into(&mut self.id);
        }
        answer
    }

    fn connect_message(&self) -> Value {
        json!({ "id": "c", "channel": "/meta/connect", "clientId": self.id, "connectionType": "long-polling" })
    }

    pub(crate) async fn connect(&mut self) -> Vec<Value> {
        let messages = json!([self.connect_message()]);
        tokio::time::timeout(SOON, self.send(messages)).await.unwrap()
    }

    fn subscribe_message(&self, to: &str, position: i64) -> Value {
        let channel = to.split('?').next().unwrap();
        json!({
            "id": "s",
            "channel": "/meta/subscribe",
            "clientId": self.id,
            "subscription": to,
            "ext": { "replay": { channel: position } },
        })
    }

    pub(crate) async fn subscribe(&mut self, to: &str, position: i64) -> Value {
        let message = self.subscribe_message(to, position);
        self.send(json!([message])).await.remove(0)
    }

    /// Connects until so many events have come.
    pub(crate) async fn events(&mut self, count: usize) -> Vec<Value> {
        let mut events = Vec::new();
        while events.len() < count {
            let answer = self.connect().await;
            let last = answer.last().unwrap();
            assert_eq!(last["successful"], true, "{answer:?}");
            events.extend(answer.into_iter().filter(|message| message.get("data").is_some()));
        }
        assert_eq!(events.len(), count, "{events:?}");
        events
    }
}

pub(crate) const QUERY: &str =
    "SELECT Id, UserId, ServicePresenceStatusId, IsCurrentState FROM UserServicePresence";

impl Org {
    pub(crate) async fn write(
        &self,
        token: &str,
        method: Method,
        path: &str,
        body: Option<Value>,
    ) -> (StatusCode, Value) {
        let path = self.url(&format!("/services/data/v67.0/sobjects/{path}"));
        let mut request = self.http.request(method, path).bearer_auth(token);
        if let Some(body) = body {
            request = request.json(&body);
        }
        let answer = request.send().await.unwrap();
        let status = answer.status();
        let text = answer.text().await.unwrap();
        (status, serde_json::from_str(&text).unwrap_or(Value::Null))
    }

    /// A PushTopic over UserServicePresence; more fields replace those of the same name.
    pub(crate) async fn topic(&self, token: &str, more: Value) -> (StatusCode, Value) {
        let mut body = json!({ "Name": "Usp", "Query": QUERY, "ApiVersion": 60.0 });
        for (name, value) in more.as_object().unwrap() {
            body[name] = value.clone();
        }
        self.write(token, Method::POST, "PushTopic", Some(body)).await
    }
}

async fn org_with_topic() -> Org {
    let org = Org::start().await;
    let tokens = org.sign_in("kim").await;
    let token = tokens["access_token"].as_str().unwrap();
    let (status, body) = org.topic(token, json!({})).await;
    assert_eq!(status, StatusCode::CREATED, "{body}");
    org
}

fn kinds(events: &[Value]) -> Vec<(&str, bool)> {
    let kind = |event: &'_ Value| event["data"]["event"]["type"].as_str().unwrap().to_owned();
    events
        .iter()
        .map(|event| {
            let kind = match kind(event).as_str() {
                "created" => "created",
                "updated" => "updated",
                "deleted" => "deleted",
                other => panic!("{other}"),
            };
            (kind, event["data"]["sobject"]["IsCurrentState"] == true)
        })
        .collect()
}

#[tokio::test]
async fn a_presence_change_updates_the_old_row_and_creates_one_and_a_logout_only_updates() {
    let org = org_with_topic().await;
    let mut client = Client::connected(&org, "pat").await;
    let pat = org.rep("pat").await["userId"].as_str().unwrap().to_owned();
    let subscribed = client.subscribe(&format!("/topic/Usp?UserId={pat}"), -1).await;
    assert_eq!(subscribed["successful"], true, "{subscribed}");
    org.set_status("sam", "Available").await;
    org.set_status("pat", "Available").await;
    assert_eq!(kinds(&client.events(1).await), [("created", true)]);
    org.set_status("pat", "Break").await;
    let changed = client.events(2).await;
    assert_eq!(kinds(&changed), [("updated", false), ("created", true)]);
    assert_eq!(changed[1]["channel"], "/topic/Usp");
    let sobject = &changed[1]["data"]["sobject"];
    assert_eq!(sobject["UserId"], pat.as_str());
    assert_eq!(
        sobject.as_object().unwrap().len(),
        4,
        "the selected fields only: {sobject}"
    );
    let id = |event: &Value| event["data"]["event"]["replayId"].as_i64().unwrap();
    assert!(id(&changed[0]) < id(&changed[1]));
    org.toolkit("pat", "logout", json!({})).await;
    assert_eq!(kinds(&client.events(1).await), [("updated", false)]);
}

#[tokio::test]
async fn a_deleted_row_tells_its_id() {
    let org = org_with_topic().await;
    let mut client = Client::connected(&org, "pat").await;
    client.subscribe("/topic/Usp", -1).await;
    org.set_status("pat", "Available").await;
    let created = client.events(1).await;
    let id = created[0]["data"]["sobject"]["Id"].as_str().unwrap();
    let path = format!("/practice/v1/presences/{id}");
    assert_eq!(
        org.send(Method::DELETE, &path, None).await.0,
        StatusCode::NO_CONTENT
    );
    let deleted = client.events(1).await;
    assert_eq!(deleted[0]["data"]["event"]["type"], "deleted");
    assert_eq!(deleted[0]["data"]["sobject"], json!({ "Id": id }));
    assert_eq!(
        org.send(Method::DELETE, &path, None).await.0,
        StatusCode::NOT_FOUND
    );
}

#[tokio::test]
async fn replay_brings_what_was_missed_also_in_a_batch_with_connect() {
    let org = org_with_topic().await;
    let mut first = Client::connected(&org, "pat").await;
    first.subscribe("/topic/Usp", -1).await;
    org.set_status("pat", "Available").await;
    let seen = first.events(1).await[0]["data"]["event"]["replayId"]
        .as_i64()
        .unwrap();
    org.set_status("pat", "Break").await;
    let mut second = Client::of(&org, "pat").await;
    second.handshake().await;
    // As a widespread client does: connect and subscribe in one request.
    let batch = json!([
        second.connect_message(),
        second.subscribe_message("/topic/Usp", seen)
    ]);
    let answer = second.send(batch).await;
    let channels: Vec<_> = answer
        .iter()
        .map(|message| message["channel"].as_str().unwrap())
        .collect();
    assert_eq!(
        channels,
        ["/meta/subscribe", "/topic/Usp", "/topic/Usp", "/meta/connect"]
    );
    let mut third = Client::connected(&org, "pat").await;
    third.subscribe("/topic/Usp", -2).await;
    assert_eq!(third.events(3).await.len(), 3);
    let refused = third.subscribe("/topic/Usp", 1_000_000).await;
    assert_eq!(refused["successful"], false);
    assert!(
        refused["error"]
            .as_str()
            .unwrap()
            .starts_with("400::The replayId {1000000} you provided"),
        "{refused}"
    );
}

#[tokio::test]
async fn the_replay_maps_key_is_the_channel_without_its_filter() {
    let org = org_with_topic().await;
    let mut client = Client::connected(&org, "pat").await;
    let message = json!([{
        "channel": "/meta/subscribe",
        "clientId": client.id,
        "subscription": "/topic/Usp?UserId=x",
        "ext": { "replay": { "/topic/Usp?UserId=x": -1 } },
    }]);
    let refused = client.send(message).await.remove(0);
    assert!(
        refused["error"].as_str().unwrap().contains("wasn't found"),
        "{refused}"
    );
    for (channel, text) in [
        ("/topic/Other", "does not exist {/topic/Other}"),
        ("/topic/Usp?IsAway=true", "{IsAway}"),
        ("/event/E__e", "{/event/E__e}"),
    ] {
        let refused = client.subscribe(channel, -1).await;
        assert_eq!(refused["successful"], false);
        assert!(refused["error"].as_str().unwrap().contains(text), "{refused}");
        assert_eq!(refused["subscription"], channel);
    }
}

#[tokio::test]
async fn a_held_connect_waits_for_an_event_or_its_time_out() {
    let org = org_with_topic().await;
    let mut client = Client::connected(&org, "pat").await;
    client.subscribe("/topic/Usp", -1).await;
    org.settings(json!({ "cometdTimeoutMs": 50 })).await;
    let late = client.connect().await;
    assert_eq!(late.len(), 1);
    assert_eq!(late[0]["successful"], true);
    assert_eq!(late[0]["advice"]["reconnect"], "retry");
    org.settings(json!({ "cometdTimeoutMs": 110_000 })).await;
    let change = async {
        // Whether it comes before or after the connect: it is delivered.
        org.set_status("pat", "Available").await;
    };
    let (answer, ()) = tokio::join!(client.events(1), change);
    assert_eq!(kinds(&answer), [("created", true)]);
}

#[tokio::test]
async fn tokens_cookies_and_sessions_are_checked() {
    let org = org_with_topic().await;
    let mut client = Client::connected(&org, "pat").await;
    let cookie = client.cookie.take();
    let refused = client.connect().await.remove(0);
    assert_eq!(refused["error"], "402::Unknown client");
    assert_eq!(refused["advice"]["reconnect"], "handshake");
    client.cookie = cookie;

    let good = std::mem::replace(&mut client.token, "00D!wrong".to_owned());
    let refused = client.connect().await.remove(0);
    assert_eq!(refused["error"], "401::Authentication invalid");
    assert_eq!(refused["advice"]["reconnect"], "none");
    let refused = client.handshake().await;
    assert_eq!(refused["error"], "403::Handshake denied");
    assert_eq!(
        refused["ext"]["sfdc"]["failureReason"],
        "401::Authentication invalid"
    );
    client.token = good;

    let (status, _) = org.send(Method::DELETE, "/practice/v1/cometd", None).await;
    assert_eq!(status, StatusCode::NO_CONTENT);
    let refused = client.connect().await.remove(0);
    assert_eq!(refused["error"], "403::Unknown client");
    assert_eq!(refused["advice"]["reconnect"], "handshake");
}

#[tokio::test]
async fn an_org_has_only_so_many_clients_and_events() {
    let org = org_with_topic().await;
    org.settings(json!({ "cometdClients": 1, "cometdEvents": 1 }))
        .await;
    let mut one = Client::connected(&org, "pat").await;
    let mut two = Client::of(&org, "sam").await;
    let refused = two.handshake().await;
    assert_eq!(
        refused["ext"]["sfdc"]["failureReason"],
        "403::Organization concurrent user limit exceeded"
    );
    one.subscribe("/topic/Usp", -1).await;
    org.set_status("pat", "Available").await;
    org.set_status("pat", "Break").await;
    one.events(1).await;
    let refused = one.connect().await.remove(0);
    assert_eq!(
        refused["error"],
        "403::Organization total events daily limit exceeded"
    );
    assert_eq!(refused["advice"]["reconnect"], "none");
}

#[tokio::test]
async fn unsubscribing_and_disconnecting_end_it() {
    let org = org_with_topic().await;
    let mut client = Client::connected(&org, "pat").await;
    client.subscribe("/topic/Usp", -1).await;
    let told = org.get("/practice/v1/cometd").await;
    let browser = told["browsers"][0].as_str().unwrap();
    assert_eq!(client.cookie, Some(format!("BAYEUX_BROWSER={browser}")));
    assert_eq!((&told["clients"], &told["subscriptions"]), (&json!(1), &json!(1)));
    let mut message =
        json!([{ "channel": "/meta/unsubscribe", "clientId": client.id, "subscription": "/topic/Usp" }]);
    assert_eq!(client.send(message.clone()).await[0]["successful"], true);
    assert_eq!(client.send(message.clone()).await[0]["successful"], false);
    message[0]["channel"] = "/meta/disconnect".into();
    assert_eq!(client.send(message).await[0]["successful"], true);
    assert_eq!(org.get("/practice/v1/cometd").await["clients"], 0);
}

#[tokio::test]
async fn a_web_socket_is_refused_and_bad_bodies_are_explained() {
    let org = Org::start().await;
    let answer = org
        .http
        .get(org.url("/cometd/67.0"))
        .header(header::CONNECTION, "Upgrade")
        .header(header::UPGRADE, "websocket")
        .send()
        .await
        .unwrap();
    assert_eq!(answer.status(), StatusCode::BAD_REQUEST);
    assert!(answer.text().await.unwrap().contains("long-polling"));
    let (status, _) = org.send(Method::GET, "/cometd/67.0", None).await;
    assert_eq!(status, StatusCode::METHOD_NOT_ALLOWED);
    let (status, text) = org.post("/cometd/67.0", json!("no message")).await;
    assert_eq!(status, StatusCode::BAD_REQUEST);
    assert!(text.as_str().unwrap().contains("Bayeux"));
    assert_eq!(org.post("/cometd/99.0", json!([])).await.0, StatusCode::NOT_FOUND);
}

#[tokio::test]
async fn push_topics_are_records_with_salesforces_rules() {
    let org = Org::start().await;
    let tokens = org.sign_in("pat").await;
    let token = tokens["access_token"].as_str().unwrap();
    for (more, code) in [
        (json!({ "Query": "SELECT Id FROM AgentWork" }), "INVALID_TYPE"),
        (
            json!({ "Query": "SELECT UserId FROM UserServicePresence" }),
            "INVALID_FIELD",
        ),
        (
            json!({ "Query": "SELECT Id, Nope FROM UserServicePresence" }),
            "INVALID_FIELD",
        ),
        (
            json!({ "Query": "SELECT Id, User.Name FROM UserServicePresence" }),
            "INVALID_FIELD",
        ),
        (
            json!({ "Query": "SELECT Id FROM UserServicePresence LIMIT 1" }),
            "MALFORMED_QUERY",
        ),
        (
            json!({ "Query": "SELECT COUNT() FROM UserServicePresence" }),
            "MALFORMED_QUERY",
        ),
        (json!({ "Query": "nonsense" }), "MALFORMED_QUERY"),
        (
            json!({ "Name": "a name that is far too long for it" }),
            "STRING_TOO_LONG",
        ),
        (json!({ "Name": null }), "REQUIRED_FIELD_MISSING"),
        (json!({ "ApiVersion": 20.0 }), "INVALID_FIELD"),
        (json!({ "Nope": 1 }), "INVALID_FIELD"),
        (json!({ "NotifyForFields": "Some" }), "INVALID_FIELD"),
    ] {
        let (status, body) = org.topic(token, more.clone()).await;
        assert_eq!(
            (status, &body[0]["errorCode"]),
            (StatusCode::BAD_REQUEST, &json!(code)),
            "{more}: {body}"
        );
    }
    let (status, body) = org.topic(token, json!({})).await;
    assert_eq!((status, &body["success"]), (StatusCode::CREATED, &json!(true)));
    let id = body["id"].as_str().unwrap();
    let (_, body) = org.topic(token, json!({})).await;
    assert_eq!(body[0]["errorCode"], "DUPLICATE_VALUE");
    let path = format!("PushTopic/{id}");
    let patch = json!({ "NotifyForFields": "All", "IsActive": false });
    let (status, body) = org.write(token, Method::PATCH, &path, Some(patch)).await;
    assert_eq!((status, body), (StatusCode::NO_CONTENT, Value::Null));
    let (_, record) = org.write(token, Method::GET, &path, None).await;
    assert_eq!(record["NotifyForFields"], "All");
    assert_eq!(
        (&record["Name"], &record["NotifyForOperationCreate"]),
        (&json!("Usp"), &json!(true))
    );
    assert_eq!(
        org.write(token, Method::DELETE, &path, None).await.0,
        StatusCode::NO_CONTENT
    );
    assert_eq!(
        org.write(token, Method::DELETE, &path, None).await.0,
        StatusCode::NOT_FOUND
    );
    let (status, _) = org
        .write(token, Method::POST, "UserServicePresence", Some(json!({})))
        .await;
    assert_eq!(status, StatusCode::METHOD_NOT_ALLOWED);
}

#[tokio::test]
async fn a_topic_tells_only_of_what_it_was_made_for() {
    let org = Org::start().await;
    let tokens = org.sign_in("pat").await;
    let token = tokens["access_token"].as_str().unwrap();
    let current = format!("{QUERY} WHERE IsCurrentState = true");
    for more in [
        json!({ "Name": "Created", "NotifyForOperationUpdate": false }),
        json!({ "Name": "Current", "Query": current }),
        // The status of a row never changes.
        json!({ "Name": "Select", "Query": "SELECT Id, ServicePresenceStatusId FROM UserServicePresence",
                "NotifyForFields": "Select" }),
        json!({ "Name": "All", "Query": "SELECT Id FROM UserServicePresence", "NotifyForFields": "All" }),
    ] {
        let (status, body) = org.topic(token, more).await;
        assert_eq!(status, StatusCode::CREATED, "{body}");
    }
    org.set_status("pat", "Available").await;
    org.set_status("pat", "Break").await;
    let mut client = Client::connected(&org, "pat").await;
    for (topic, count) in [("Created", 2), ("Current", 2), ("Select", 2), ("All", 3)] {
        let channel = format!("/topic/{topic}");
        client.subscribe(&channel, -2).await;
        let events = client.events(count).await;
        assert!(
            events.iter().all(|event| event["channel"] == channel.as_str()),
            "{events:?}"
        );
    }
}
