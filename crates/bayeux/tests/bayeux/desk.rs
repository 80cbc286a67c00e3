//! A client, its time, and a server whose answers the test writes.

use bayeux::{Client, Options, Output, Poll, Post, Replay, Stop};
use serde_json::{Value, json};

pub(crate) const TOPIC: &str = "/topic/Usp?UserId=005000000000001AAA";
pub(crate) const CHANNEL: &str = "/topic/Usp";

pub(crate) struct Desk {
    pub(crate) client: Client,
    pub(crate) now_ms: u64,
}

/// A request, read.
pub(crate) struct Sent {
    pub(crate) post: Post,
    pub(crate) messages: Vec<Value>,
}

impl Sent {
    pub(crate) fn channel(&self) -> &str {
        self.messages[0]["channel"].as_str().unwrap()
    }

    /// A good reply to each of its messages, with these members besides.
    pub(crate) fn replies(&self, members: Value) -> Value {
        let reply = |message: &Value| {
            let mut reply = json!({ "id": message["id"], "channel": message["channel"], "successful": true });
            for name in ["clientId", "subscription"] {
                if let Some(value) = message.get(name) {
                    reply[name] = value.clone();
                }
            }
            merge(&mut reply, &members);
            reply
        };
        self.messages.iter().map(reply).collect()
    }
}

pub(crate) fn merge(into: &mut Value, members: &Value) {
    for (name, value) in members.as_object().unwrap() {
        into[name] = value.clone();
    }
}

/// What a message of the topic looks like.
pub(crate) fn event(position: i64) -> Value {
    json!({
        "channel": CHANNEL,
        "data": { "event": { "replayId": position, "type": "updated" }, "sobject": { "Id": position.to_string() } },
    })
}

/// An output that does not borrow.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) enum Told {
    Event(i64),
    Plain(String),
    Gap,
    Refused(u16),
    Stopped(Stop),
    Subscribed,
}

pub(crate) fn told(outputs: Vec<Output<'_>>) -> Vec<Told> {
    outputs
        .into_iter()
        .map(|output| match output {
            Output::Delivered {
                replay: Some(position),
                ..
            } => Told::Event(position),
            Output::Delivered { data, .. } => Told::Plain(data.to_owned()),
            Output::Gap { .. } => Told::Gap,
            Output::Stopped(why) => Told::Stopped(why),
            Output::Subscribed { .. } => Told::Subscribed,
            Output::SubscriptionRefused { code, .. } => Told::Refused(code),
        })
        .collect()
}

impl Desk {
    /// One that wants the topic.
    pub(crate) fn wanting(replay: Replay) -> Self {
        Self::with(Options::default(), replay)
    }

    pub(crate) fn with(options: Options, replay: Replay) -> Self {
        let mut client = Client::new(options, 7);
        client.subscribe(TOPIC, replay);
        Self {
            client,
            now_ms: 1_000,
        }
    }

    /// One that has subscribed and whose connect is held.
    pub(crate) fn listening(options: Options, replay: Replay) -> (Self, Sent) {
        let mut desk = Self::with(options, replay);
        desk.shakes_hands("c1", json!({}));
        assert_eq!(desk.subscribes(), [Told::Subscribed]);
        let connect = desk.sends("/meta/connect");
        (desk, connect)
    }

    #[track_caller]
    pub(crate) fn next(&mut self) -> Sent {
        match self.client.poll(self.now_ms) {
            Poll::Post(post) => {
                let messages = serde_json::from_str(&post.body).unwrap();
                Sent { post, messages }
            }
            other => panic!("{other:?}"),
        }
    }

    #[track_caller]
    pub(crate) fn sends(&mut self, channel: &str) -> Sent {
        let sent = self.next();
        assert_eq!(sent.channel(), channel);
        sent
    }

    /// Now, or when it is time.
    #[track_caller]
    pub(crate) fn sends_after_a_while(&mut self, channel: &str) -> Sent {
        if let Poll::WaitUntil(at) = self.client.clone().poll(self.now_ms) {
            self.now_ms = at;
        }
        self.sends(channel)
    }

    #[track_caller]
    pub(crate) fn waits_until(&mut self) -> u64 {
        match self.client.poll(self.now_ms) {
            Poll::WaitUntil(at) => at,
            other => panic!("{other:?}"),
        }
    }

    /// Goes on to when there is something to do again, and says how long that was.
    #[track_caller]
    pub(crate) fn waits(&mut self) -> u64 {
        let at = self.waits_until();
        let waited = at - self.now_ms;
        self.now_ms = at;
        waited
    }

    pub(crate) fn answered(&mut self, sent: &Sent, body: &Value) -> Vec<Told> {
        self.answered_with(sent, 200, None, &body.to_string())
    }

    pub(crate) fn answered_with(
        &mut self,
        sent: &Sent,
        status: u16,
        retry_after_ms: Option<u64>,
        body: &str,
    ) -> Vec<Told> {
        told(self.client.answer(
            self.now_ms,
            sent.post.request,
            status,
            retry_after_ms,
            body.as_bytes(),
        ))
    }

    pub(crate) fn failed(&mut self, sent: &Sent) -> Vec<Told> {
        told(self.client.failed(self.now_ms, sent.post.request))
    }

    #[track_caller]
    pub(crate) fn shakes_hands(&mut self, client: &str, members: Value) {
        let handshake = self.sends("/meta/handshake");
        let mut all = json!({ "clientId": client, "ext": { "replay": true } });
        merge(&mut all, &members);
        let body = handshake.replies(all);
        assert_eq!(self.answered(&handshake, &body), []);
    }

    #[track_caller]
    pub(crate) fn subscribes(&mut self) -> Vec<Told> {
        let subscribe = self.sends("/meta/subscribe");
        let body = subscribe.replies(json!({}));
        self.answered(&subscribe, &body)
    }
}

/// A refusal of what was sent.
pub(crate) fn refusal(sent: &Sent, error: &str, reconnect: &str) -> Value {
    sent.replies(
        json!({ "successful": false, "error": error, "advice": { "reconnect": reconnect, "interval": 0 } }),
    )
}
