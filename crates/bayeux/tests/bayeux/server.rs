//! A model of a Bayeux server with replay, and of a network that loses, repeats and reorders.

use std::collections::BTreeMap;

use serde_json::{Value, json};

use crate::desk::{CHANNEL, event, merge};

#[derive(Default)]
pub(crate) struct Server {
    /// Positions of everything published, with gaps.
    pub(crate) published: Vec<i64>,
    /// What is not retained any more.
    pub(crate) forgotten: usize,
    sessions: BTreeMap<String, Session>,
    made: u32,
    acks: bool,
    replays: bool,
}

#[derive(Default)]
struct Session {
    subscribed: bool,
    queue: Vec<i64>,
    /// Sent but not acknowledged, with the number they were sent under.
    unacknowledged: Vec<(i64, i64)>,
    ack: i64,
}

impl Server {
    pub(crate) fn that_replays(acks: bool) -> Self {
        Self {
            acks,
            replays: true,
            ..Self::default()
        }
    }

    pub(crate) fn publish(&mut self) {
        let next = self.published.last().map_or(1, |last| last + 1 + last % 3);
        self.published.push(next);
        for session in self.sessions.values_mut().filter(|session| session.subscribed) {
            session.queue.push(next);
        }
    }

    /// Ends all sessions.
    pub(crate) fn expire(&mut self) {
        self.sessions.clear();
    }

    pub(crate) fn has_news(&self, messages: &[Value]) -> bool {
        let client = messages[0]["clientId"].as_str().unwrap_or_default();
        let unacked = |session: &Session| !session.unacknowledged.is_empty();
        self.sessions
            .get(client)
            .is_none_or(|session| !session.queue.is_empty() || unacked(session))
    }

    /// `with_any`: messages come with any answer, not only a connect's.
    pub(crate) fn answer(&mut self, messages: &[Value], with_any: bool) -> Vec<Value> {
        messages
            .iter()
            .flat_map(|message| self.reply(message, with_any))
            .collect()
    }

    fn reply(&mut self, message: &Value, with_any: bool) -> Vec<Value> {
        let channel = message["channel"].as_str().unwrap();
        let mut reply = json!({ "channel": channel, "id": message["id"], "successful": true });
        if channel == "/meta/handshake" {
            self.made += 1;
            let client = format!("c{}", self.made);
            let session = Session {
                ack: 0,
                ..Session::default()
            };
            self.sessions.insert(client.clone(), session);
            let ext = json!({ "ack": self.acks && message["ext"]["ack"] == true, "replay": self.replays });
            merge(&mut reply, &json!({ "clientId": client, "ext": ext }));
            return vec![reply];
        }
        let client = message["clientId"].as_str().unwrap().to_owned();
        let Some(session) = self.sessions.get_mut(&client) else {
            let advice = json!({ "reconnect": "handshake", "interval": 0 });
            merge(
                &mut reply,
                &json!({ "successful": false, "error": "402::Unknown client", "advice": advice }),
            );
            return vec![reply];
        };
        let mut events = Vec::new();
        match channel {
            "/meta/disconnect" => {
                self.sessions.remove(&client);
                return vec![reply];
            }
            "/meta/subscribe" if message["subscription"] == "/other" => {}
            "/meta/subscribe" => {
                let position = message["ext"]["replay"][CHANNEL]
                    .as_i64()
                    .filter(|_| self.replays);
                let retained = &self.published[self.forgotten..];
                merge(&mut reply, &json!({ "subscription": message["subscription"] }));
                if let Some(position) = position.filter(|position| *position >= 0) {
                    let known = self.published[..self.forgotten].last().copied().unwrap_or(0);
                    if position < known {
                        let error = format!("400::The replayId {{{position}}} you provided was invalid.");
                        merge(&mut reply, &json!({ "successful": false, "error": error }));
                        return vec![reply];
                    }
                    session.queue.extend(retained.iter().filter(|at| **at > position));
                } else if position == Some(-2) {
                    session.queue.extend(retained);
                }
                session.subscribed = true;
            }
            _ => {}
        }
        if channel == "/meta/connect" || (with_any && !self.acks) {
            if self.acks
                && let Some(acknowledged) = message["ext"]["ack"].as_i64()
            {
                session.unacknowledged.retain(|(batch, _)| *batch > acknowledged);
                session.ack += 1;
                let batch = session.ack;
                let fresh = std::mem::take(&mut session.queue);
                session
                    .unacknowledged
                    .extend(fresh.into_iter().map(|at| (batch, at)));
                events.extend(session.unacknowledged.iter().map(|(_, at)| event(*at)));
                merge(&mut reply, &json!({ "ext": { "ack": batch } }));
            } else {
                events.extend(session.queue.drain(..).map(event));
            }
        }
        events.push(reply);
        events
    }
}
