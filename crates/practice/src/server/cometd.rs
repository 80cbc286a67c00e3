//! `POST /cometd/NN.0`: Bayeux over long polling.

use std::sync::Arc;

use axum::Router;
use axum::body::Bytes;
use axum::extract::{Path, State};
use axum::http::{HeaderMap, Method, StatusCode, header};
use axum::response::{IntoResponse, Response};
use axum::routing::any;
use base64::Engine as _;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use serde_json::{Map, Value, json};

use super::oauth::bearer;
use super::shared::{Shared, lock, now};
use super::streaming::{Hold, Streaming};
use crate::cometd::{self, ClientId, Connect, Event, Incoming, Limits, Reason, Wanted};
use crate::org::{Org, RepKey};
use crate::records;

pub(super) fn routes() -> Router<Arc<Shared>> {
    Router::new()
        .route("/cometd/{version}", any(versioned))
        .route("/cometd/{version}/", any(versioned))
        // A widespread client adds the message's name.
        .route("/cometd/{version}/{name}", any(named))
}

/// Streaming is older than the oldest version of the rest here.
const OLDEST: u32 = 20;
const BROWSER: &str = "BAYEUX_BROWSER";

async fn named(
    shared: State<Arc<Shared>>,
    Path((version, _)): Path<(String, String)>,
    method: Method,
    headers: HeaderMap,
    body: Bytes,
) -> Response {
    versioned(shared, Path(version), method, headers, body).await
}

async fn versioned(
    State(shared): State<Arc<Shared>>,
    Path(version): Path<String>,
    method: Method,
    headers: HeaderMap,
    body: Bytes,
) -> Response {
    let number = version.strip_suffix(".0").and_then(|number| number.parse().ok());
    if !number.is_some_and(|number: u32| (OLDEST..=records::NEWEST_API).contains(&number)) {
        return (StatusCode::NOT_FOUND, "Unknown API version").into_response();
    }
    if headers.contains_key(header::UPGRADE) {
        return (
            StatusCode::BAD_REQUEST,
            "WebSocket is not supported; use long-polling",
        )
            .into_response();
    }
    if method != Method::POST {
        let allow = [(header::ALLOW, "POST")];
        return (StatusCode::METHOD_NOT_ALLOWED, allow, "Use POST").into_response();
    }
    let messages = match cometd::batch(&body) {
        Ok(messages) => messages,
        Err(error) => {
            let text = format!("The body is no Bayeux message: {error}");
            return (StatusCode::BAD_REQUEST, text).into_response();
        }
    };
    let caller = Caller {
        user: bearer(&headers).and_then(|token| shared.session(token)),
        browser: cookie(&headers),
    };
    let answer = shared.read(|org| {
        let mut streaming = lock(&shared.streaming);
        let mut answer = Answer::default();
        for message in messages {
            answer.take(org, &mut streaming, &caller, message);
        }
        // What a subscription of the same batch replays goes with the connect.
        if let Some((message, client)) = answer.connect.take() {
            answer.connect(&shared, org, &mut streaming, message, &client);
        }
        answer
    });
    answer.finish(&shared).await
}

/// Who sent a request.
struct Caller {
    user: Option<RepKey>,
    browser: Option<String>,
}

/// An answer that is being put together.
#[derive(Default)]
struct Answer {
    replies: Vec<Value>,
    /// A connect that was admitted and is dealt with last.
    connect: Option<(Incoming, ClientId)>,
    events: Vec<Arc<Event>>,
    held: Option<(Incoming, Hold)>,
    /// The connect's reply: after the events.
    last: Option<Value>,
    new_browser: Option<String>,
}

impl Answer {
    fn take(&mut self, org: &Org, streaming: &mut Streaming, caller: &Caller, message: Incoming) {
        if message.channel == "/meta/handshake" {
            self.handshake(org, streaming, caller, &message);
            return;
        }
        let limits = Limits::of(org.settings());
        // A batch may begin with its handshake.
        let browser = self.new_browser.as_deref().or(caller.browser.as_deref());
        let admitted = caller.user.ok_or(Reason::Authentication).and_then(|user| {
            streaming
                .broker
                .admit(now(), limits, user, message.client_id.as_deref(), browser)
        });
        let client = match admitted {
            Ok(client) => client,
            Err(reason) => return self.refuse(&message, &reason),
        };
        match message.channel.as_str() {
            "/meta/connect" => {
                if !message.can_long_poll() {
                    return self.refuse(&message, &Reason::NoLongPolling);
                }
                self.connect = Some((message, client));
            }
            "/meta/disconnect" => {
                streaming.broker.end(&client);
                streaming.wake(&client);
                self.replies.push(reply(&message, []));
            }
            "/meta/subscribe" => self.subscribe(org, streaming, &client, &message),
            "/meta/unsubscribe" => self.unsubscribe(streaming, &client, &message),
            other => self.refuse(&message, &Reason::UnknownChannel(other.to_owned())),
        }
    }

    fn handshake(&mut self, org: &Org, streaming: &mut Streaming, caller: &Caller, message: &Incoming) {
        let client: ClientId = secret().into();
        let browser = caller.browser.clone().unwrap_or_else(secret);
        let limits = Limits::of(org.settings());
        let shaken = caller.user.ok_or(Reason::Authentication).and_then(|user| {
            streaming
                .broker
                .handshake(now(), limits, user, &client, &browser, message)
        });
        let advice = |reconnect: &str| json!({ "reconnect": reconnect, "interval": 0 });
        let body = match shaken {
            Ok(()) => {
                self.new_browser = Some(browser);
                let mut body = reply(
                    message,
                    [
                        ("clientId", client.as_ref().into()),
                        ("version", "1.0".into()),
                        ("minimumVersion", "1.0".into()),
                        ("supportedConnectionTypes", json!(["long-polling"])),
                    ],
                );
                if message.offers_replay() {
                    body["ext"] = json!({ "replay": true, "payload.format": true });
                }
                body
            }
            Err(reason) => {
                let mut body = reply(message, [("error", "403::Handshake denied".into())]);
                body["successful"] = false.into();
                body["advice"] = advice("none");
                body["ext"] = json!({ "sfdc": { "failureReason": reason.error() }, "replay": true });
                body
            }
        };
        self.replies.push(body);
    }

    fn subscribe(&mut self, org: &Org, streaming: &mut Streaming, client: &ClientId, message: &Incoming) {
        for subscription in message.subscriptions() {
            let subscribed = wanted(org, subscription).and_then(|wanted| {
                let position = position(message, &wanted)?;
                let limits = Limits::of(org.settings());
                streaming
                    .broker
                    .subscribe(now(), limits, client, wanted, position)
            });
            match subscribed {
                Ok(replays) => {
                    self.replies
                        .push(reply(message, [("subscription", subscription.into())]));
                    if replays {
                        streaming.wake(client);
                    }
                }
                Err(reason) => {
                    self.refuse(message, &reason);
                    if let Some(last) = self.replies.last_mut() {
                        last["subscription"] = subscription.into();
                    }
                }
            }
        }
    }

    fn unsubscribe(&mut self, streaming: &mut Streaming, client: &ClientId, message: &Incoming) {
        for subscription in message.subscriptions() {
            let ended =
                Wanted::parse(subscription).map(|wanted| streaming.broker.unsubscribe(client, &wanted));
            let mut body = reply(message, [("subscription", subscription.into())]);
            if ended != Ok(true) {
                body["successful"] = false.into();
                body["error"] = format!("400::There is no subscription to {{{subscription}}}").into();
            }
            self.replies.push(body);
        }
    }

    fn connect(
        &mut self,
        shared: &Arc<Shared>,
        org: &Org,
        streaming: &mut Streaming,
        message: Incoming,
        client: &ClientId,
    ) {
        let limits = Limits::of(org.settings());
        // One that still waits is answered by this one.
        match streaming
            .broker
            .connect(now(), limits, client, message.is_in_a_hurry())
        {
            Ok(Connect::Held(number)) => {
                let hold = Hold::new(shared, streaming, client, number);
                self.held = Some((message, hold));
            }
            Ok(Connect::Now(first)) => {
                streaming.wake(client);
                let timeout = org.settings().cometd_timeout_ms;
                match streaming.broker.take(now(), limits, client, None) {
                    Ok(events) => self.events = events,
                    Err(reason) => return self.refuse(&message, &reason),
                }
                let mut body = reply(&message, []);
                if first {
                    body["advice"] = json!({ "reconnect": "retry", "interval": 0, "timeout": timeout });
                }
                self.last = Some(body);
            }
            Err(reason) => self.refuse(&message, &reason),
        }
    }

    fn refuse(&mut self, message: &Incoming, reason: &Reason) {
        let mut body = reply(message, [("error", reason.error().into())]);
        body["successful"] = false.into();
        if let Some(reconnect) = reason.reconnect() {
            body["advice"] = json!({ "reconnect": reconnect, "interval": 0 });
        }
        self.replies.push(body);
    }

    /// Waits where a connect is held, then writes it all.
    async fn finish(mut self, shared: &Shared) -> Response {
        if let Some((message, hold)) = self.held.take() {
            match hold.wait().await {
                (Ok(events), late) => {
                    self.events = events;
                    let mut body = reply(&message, []);
                    if late {
                        body["advice"] = json!({ "reconnect": "retry", "interval": 0 });
                    }
                    self.last = Some(body);
                }
                (Err(reason), _) => self.refuse(&message, &reason),
            }
        }
        self.events = lock(&shared.faults).of_messages(self.events);
        let mut headers = HeaderMap::new();
        if let Some(browser) = &self.new_browser
            && let Ok(cookie) = format!("{BROWSER}={browser}; Path=/cometd/; HttpOnly").parse()
        {
            headers.insert(header::SET_COOKIE, cookie);
        }
        let json = [(header::CONTENT_TYPE, "application/json;charset=UTF-8")];
        (headers, json, self.written()).into_response()
    }

    fn written(&self) -> Vec<u8> {
        let events = self.events.iter().map(|event| event.message.len() + 1);
        let mut body = Vec::with_capacity(events.sum::<usize>() + 256);
        body.push(b'[');
        let replies = self.replies.iter().map(Value::to_string);
        let last = self.last.iter().map(Value::to_string);
        for reply in replies {
            body.extend_from_slice(reply.as_bytes());
            body.push(b',');
        }
        for event in &self.events {
            body.extend_from_slice(event.message.as_bytes());
            body.push(b',');
        }
        for reply in last {
            body.extend_from_slice(reply.as_bytes());
            body.push(b',');
        }
        if body.last() == Some(&b',') {
            body.pop();
        }
        body.push(b']');
        body
    }
}

/// The beginning of every reply.
fn reply<const N: usize>(message: &Incoming, more: [(&str, Value); N]) -> Value {
    let mut body = Map::new();
    body.insert("channel".to_owned(), message.channel.as_str().into());
    body.insert("successful".to_owned(), true.into());
    if let Some(client) = &message.client_id {
        body.insert("clientId".to_owned(), client.as_str().into());
    }
    if let Some(id) = &message.id {
        body.insert("id".to_owned(), id.clone());
    }
    body.extend(more.map(|(name, value)| (name.to_owned(), value)));
    body.into()
}

/// What is subscribed to, if there is such a topic and its query has the filter's fields.
fn wanted(org: &Org, subscription: &str) -> Result<Wanted, Reason> {
    let wanted = Wanted::parse(subscription)?;
    let topic = org
        .active_topic(&wanted.topic)
        .ok_or_else(|| Reason::UnknownTopic(wanted.channel.clone()))?;
    let selected = records::topic_fields(org, now(), &topic.query);
    match wanted
        .conditions
        .iter()
        .find(|(field, _)| !selected.contains(&field.as_str()))
    {
        Some((field, _)) => Err(Reason::UnknownField(field.clone())),
        None => Ok(wanted),
    }
}

/// From where on: by the channel without its filter (salesforce.md).
fn position(message: &Incoming, wanted: &Wanted) -> Result<Option<i64>, Reason> {
    let Some(positions) = message.positions() else {
        return Ok(None);
    };
    let position = positions.get(&wanted.channel).and_then(Value::as_i64);
    position.map(Some).ok_or_else(|| Reason::NotInReplayMap {
        channel: wanted.channel.clone(),
        given: Value::Object(positions.clone()).to_string(),
    })
}

fn cookie(headers: &HeaderMap) -> Option<String> {
    headers
        .get_all(header::COOKIE)
        .iter()
        .filter_map(|value| value.to_str().ok())
        .flat_map(|value| value.split(';'))
        .find_map(|pair| pair.trim().strip_prefix(BROWSER)?.strip_prefix('='))
        .map(str::to_owned)
}

/// 192 random bits.
fn secret() -> String {
    URL_SAFE_NO_PAD.encode(rand::random::<[u8; 24]>())
}
