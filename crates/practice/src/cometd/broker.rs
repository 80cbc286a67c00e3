//! Who is connected, who wants what, who gets it.

use std::collections::{BTreeMap, BTreeSet};
use std::sync::Arc;

use jiff::{SignedDuration, Timestamp};
use serde_json::{Value, json};

use super::event::{Event, Retained};
use super::message::Incoming;
use super::reason::Reason;
use super::session::{ClientId, Session};
use super::subscription::Wanted;
use crate::org::{RepKey, Settings};

/// What the org allows.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Limits {
    /// A client without a connect for this long is gone.
    pub(crate) reconnect_within: SignedDuration,
    /// Events are kept for replay this long.
    pub(crate) retention: SignedDuration,
    /// Clients at a time.
    pub(crate) clients: u64,
    /// Events delivered in 24 hours, counted for each client that gets one.
    pub(crate) events: u64,
}

impl Limits {
    pub(crate) fn of(settings: &Settings) -> Self {
        let span = |ms: u64| SignedDuration::from_millis(i64::try_from(ms).unwrap_or(i64::MAX));
        Self {
            reconnect_within: span(settings.cometd_reconnect_ms),
            retention: span(settings.cometd_retention_ms),
            clients: settings.cometd_clients,
            events: settings.cometd_events,
        }
    }
}

/// An event before it has a replay id.
pub(crate) struct Draft {
    pub(crate) topic: String,
    /// `created`, `updated`, `deleted`
    pub(crate) kind: &'static str,
    pub(crate) sobject: Value,
    pub(crate) fields: Vec<(&'static str, String)>,
}

/// How a connect goes on.
#[derive(Debug, PartialEq, Eq)]
pub(crate) enum Connect {
    /// It waits for an event or the time-out under this number. Another one of the same client that waited
    /// is over.
    Held(u64),
    /// It is answered at once; `true` for the first, which is told the times.
    Now(bool),
}

/// Who gets an event: everybody, or those whose condition it meets.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord)]
struct Address {
    topic: String,
    condition: Option<(String, String)>,
}

const DAY: SignedDuration = SignedDuration::from_hours(24);

/// All sessions and events of an org.
#[derive(Debug, Default)]
pub(crate) struct Broker {
    sessions: BTreeMap<ClientId, Session>,
    subscribers: BTreeMap<Address, BTreeSet<ClientId>>,
    topics: BTreeMap<String, Retained>,
    last_replay_id: i64,
    last_hold: u64,
    /// Events delivered since then.
    delivered: (Option<Timestamp>, u64),
}

impl Broker {
    /// A new session under this id.
    pub(crate) fn handshake(
        &mut self,
        now: Timestamp,
        limits: Limits,
        user: RepKey,
        client: &ClientId,
        browser: &str,
        message: &Incoming,
    ) -> Result<(), Reason> {
        if !message.can_long_poll() {
            return Err(Reason::NoLongPolling);
        }
        if self.sessions.len() as u64 >= limits.clients {
            self.forget_the_gone(now, limits);
        }
        if self.sessions.len() as u64 >= limits.clients {
            return Err(Reason::ConcurrentClients);
        }
        let session = Session {
            user,
            browser: browser.to_owned(),
            subscriptions: Vec::new(),
            queue: Vec::new(),
            connected: false,
            held: None,
            seen_at: now,
        };
        self.sessions.insert(Arc::clone(client), session);
        Ok(())
    }

    /// The session that a message belongs to.
    pub(crate) fn admit(
        &mut self,
        now: Timestamp,
        limits: Limits,
        user: RepKey,
        client: Option<&str>,
        browser: Option<&str>,
    ) -> Result<ClientId, Reason> {
        let known = client.and_then(|client| self.sessions.get_key_value(client));
        let Some((client, session)) = known else {
            return Err(Reason::UnknownClient);
        };
        let client = Arc::clone(client);
        if session.is_gone(now, limits.reconnect_within) {
            self.end(&client);
            return Err(Reason::UnknownClient);
        }
        if session.user != user {
            return Err(Reason::UnknownClient);
        }
        if browser != Some(session.browser.as_str()) {
            return Err(Reason::NoBrowser);
        }
        Ok(client)
    }

    /// Subscribes to a topic that was checked, from a position on: `None` or -1 = what is new, -2 = all that
    /// is retained, else what came after the event of that position. Answers whether there is something to
    /// deliver.
    pub(crate) fn subscribe(
        &mut self,
        now: Timestamp,
        limits: Limits,
        client: &ClientId,
        wanted: Wanted,
        position: Option<i64>,
    ) -> Result<bool, Reason> {
        let retained = self.topics.entry(wanted.topic.clone()).or_default();
        retained.forget(now, limits.retention);
        let replayed: Vec<Arc<Event>> = match position {
            None | Some(-1) => Vec::new(),
            Some(-2) => retained.all().cloned().collect(),
            Some(position) => {
                let after = retained.after(position).ok_or(Reason::ReplayId(position))?;
                after.cloned().collect()
            }
        };
        let replayed: Vec<_> = replayed
            .into_iter()
            .filter(|event| meets(event, &wanted.conditions))
            .collect();
        let mut left = self.left_today(now, limits);
        let session = self.sessions.get_mut(client).ok_or(Reason::UnknownClient)?;
        for event in &replayed {
            if left > 0 && session.enqueue(event) {
                left -= 1;
                self.delivered.1 += 1;
            }
        }
        for address in addresses(&wanted) {
            self.subscribers
                .entry(address)
                .or_default()
                .insert(Arc::clone(client));
        }
        if !session.subscriptions.contains(&wanted) {
            session.subscriptions.push(wanted);
        }
        session.seen_at = now;
        Ok(!replayed.is_empty())
    }

    /// Ends a subscription; false where there was none.
    pub(crate) fn unsubscribe(&mut self, client: &ClientId, wanted: &Wanted) -> bool {
        let Some(session) = self.sessions.get_mut(client) else {
            return false;
        };
        let before = session.subscriptions.len();
        session.subscriptions.retain(|other| other != wanted);
        let still: BTreeSet<Address> = session.subscriptions.iter().flat_map(addresses).collect();
        let ended = session.subscriptions.len() < before;
        for address in addresses(wanted)
            .into_iter()
            .filter(|address| !still.contains(address))
        {
            self.forget_subscriber(&address, client);
        }
        ended
    }

    /// A connect: answered at once if it is the first or there are events, else held.
    pub(crate) fn connect(
        &mut self,
        now: Timestamp,
        limits: Limits,
        client: &ClientId,
        hurry: bool,
    ) -> Result<Connect, Reason> {
        let exhausted = self.left_today(now, limits) == 0;
        let session = self.sessions.get_mut(client).ok_or(Reason::UnknownClient)?;
        session.seen_at = now;
        let first = !std::mem::replace(&mut session.connected, true);
        if exhausted && session.queue.is_empty() {
            self.end(client);
            return Err(Reason::DailyEvents);
        }
        if first || hurry || !session.queue.is_empty() {
            session.held = None;
            return Ok(Connect::Now(first));
        }
        self.last_hold += 1;
        session.held = Some(self.last_hold);
        Ok(Connect::Held(self.last_hold))
    }

    /// What the answer to a connect carries. `hold` is the number it was held under; for one that another
    /// connect has replaced there is nothing.
    pub(crate) fn take(
        &mut self,
        now: Timestamp,
        limits: Limits,
        client: &ClientId,
        hold: Option<u64>,
    ) -> Result<Vec<Arc<Event>>, Reason> {
        let exhausted = self.left_today(now, limits) == 0;
        let session = self.sessions.get_mut(client).ok_or(Reason::UnknownClient)?;
        if hold.is_some() && session.held != hold {
            return Ok(Vec::new());
        }
        session.held = None;
        session.seen_at = now;
        if exhausted && session.queue.is_empty() && hold.is_some() {
            self.end(client);
            return Err(Reason::DailyEvents);
        }
        Ok(std::mem::take(&mut session.queue))
    }

    /// The connection that held a connect was cut.
    pub(crate) fn let_go(&mut self, now: Timestamp, client: &ClientId, hold: u64) {
        if let Some(session) = self.sessions.get_mut(client)
            && session.held == Some(hold)
        {
            session.held = None;
            session.seen_at = now;
        }
    }

    /// Ends a session.
    pub(crate) fn end(&mut self, client: &ClientId) {
        let Some(session) = self.sessions.remove(client) else {
            return;
        };
        for address in session.subscriptions.iter().flat_map(addresses) {
            self.forget_subscriber(&address, client);
        }
    }

    /// Ends all sessions; answers whose they were.
    pub(crate) fn end_all(&mut self) -> Vec<ClientId> {
        self.subscribers.clear();
        std::mem::take(&mut self.sessions).into_keys().collect()
    }

    /// How many sessions there are.
    pub(crate) fn clients(&self) -> usize {
        self.sessions.len()
    }

    /// The values of their cookies.
    pub(crate) fn browsers(&self) -> Vec<&str> {
        let sessions = self.sessions.values();
        sessions.map(|session| session.browser.as_str()).collect()
    }

    /// How many subscriptions they have.
    pub(crate) fn subscriptions(&self) -> usize {
        self.sessions
            .values()
            .map(|session| session.subscriptions.len())
            .sum()
    }

    /// Keeps an event and hands it to who wants it; answers whose held connect is to be answered now.
    pub(crate) fn publish(&mut self, now: Timestamp, limits: Limits, draft: Draft) -> Vec<ClientId> {
        // Opaque to clients: the gaps follow no rule they could count on.
        self.last_replay_id += 1 + (self.last_replay_id * 7 + now.as_millisecond()) % 3;
        let event = Arc::new(written(
            now,
            self.last_replay_id,
            draft.kind,
            &draft.topic,
            &draft.sobject,
            draft.fields,
        ));
        let clients = self.interested(&draft.topic, &event);
        let retained = self.topics.entry(draft.topic).or_default();
        retained.forget(now, limits.retention);
        retained.push(Arc::clone(&event));
        let mut left = self.left_today(now, limits);
        let mut woken = Vec::new();
        for client in clients {
            let Some(session) = self.sessions.get_mut(&client) else {
                continue;
            };
            if session.is_gone(now, limits.reconnect_within) {
                self.end(&client);
                continue;
            }
            if left > 0 && session.enqueue(&event) {
                left -= 1;
                self.delivered.1 += 1;
            }
            if session.held.is_some() {
                woken.push(client);
            }
        }
        woken
    }

    fn interested(&self, topic: &str, event: &Event) -> BTreeSet<ClientId> {
        let conditions = event
            .fields
            .iter()
            .map(|(field, value)| Some(((*field).to_owned(), value.clone())));
        std::iter::once(None)
            .chain(conditions)
            .filter_map(|condition| {
                self.subscribers.get(&Address {
                    topic: topic.to_owned(),
                    condition,
                })
            })
            .flatten()
            .cloned()
            .collect()
    }

    /// How many events may still be delivered in these 24 hours.
    fn left_today(&mut self, now: Timestamp, limits: Limits) -> u64 {
        let (since, delivered) = &mut self.delivered;
        if since.is_none_or(|since| now.duration_since(since) >= DAY) {
            *since = Some(now);
            *delivered = 0;
        }
        limits.events.saturating_sub(*delivered)
    }

    fn forget_the_gone(&mut self, now: Timestamp, limits: Limits) {
        let gone: Vec<ClientId> = self
            .sessions
            .iter()
            .filter(|(_, session)| session.is_gone(now, limits.reconnect_within))
            .map(|(client, _)| Arc::clone(client))
            .collect();
        gone.iter().for_each(|client| self.end(client));
    }

    fn forget_subscriber(&mut self, address: &Address, client: &ClientId) {
        if let Some(clients) = self.subscribers.get_mut(address) {
            clients.remove(client);
            if clients.is_empty() {
                self.subscribers.remove(address);
            }
        }
    }
}

fn meets(event: &Event, conditions: &[(String, String)]) -> bool {
    conditions.is_empty()
        || conditions
            .iter()
            .any(|(field, value)| event.fields.iter().any(|(name, is)| name == field && is == value))
}

fn addresses(wanted: &Wanted) -> Vec<Address> {
    let address = |condition| Address {
        topic: wanted.topic.clone(),
        condition,
    };
    if wanted.conditions.is_empty() {
        return vec![address(None)];
    }
    let conditions = wanted.conditions.iter().cloned();
    conditions.map(|condition| address(Some(condition))).collect()
}

fn written(
    at: Timestamp,
    replay_id: i64,
    kind: &str,
    topic: &str,
    sobject: &Value,
    fields: Vec<(&'static str, String)>,
) -> Event {
    let message = json!({
        "channel": format!("/topic/{topic}"),
        "data": {
            "event": {
                "createdDate": at.strftime("%Y-%m-%dT%H:%M:%S%.3fZ").to_string(),
                "replayId": replay_id,
                "type": kind,
            },
            "sobject": sobject,
        },
    });
    Event {
        replay_id,
        at,
        message: message.to_string().into(),
        fields,
    }
}
