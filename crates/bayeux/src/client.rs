//! One client of one server: what it is about, and what it wants sent next.

use crate::options::Options;
use crate::outcome::{Poll, Post, RequestId, Stop};
use crate::outgoing::{Body, without_filter};
use crate::pause::Pauses;
use crate::subscription::{Progress, Replay, Subscription};

/// A Bayeux client. It begins with a handshake as soon as it is polled.
#[derive(Clone, Debug)]
pub struct Client {
    pub(crate) options: Options,
    pub(crate) pauses: Pauses,
    pub(crate) phase: Phase,
    pub(crate) subscriptions: Vec<Subscription>,
    /// Channels to unsubscribe from.
    pub(crate) unwanted: Vec<String>,
    /// The connect that is under way, held most of the time.
    pub(crate) connect: Option<Flight>,
    /// Whatever else is under way.
    pub(crate) other: Option<Flight>,
    /// Nothing but commands is sent before.
    pub(crate) not_before: u64,
    pub(crate) commands_not_before: u64,
    pub(crate) interval_ms: u64,
    pub(crate) hold_ms: u64,
    /// The number of the last connect's answer, where the server acknowledges.
    pub(crate) ack: Option<i64>,
    /// The server has the replay extension.
    pub(crate) replays: bool,
    pub(crate) tally: Tally,
    /// The session is to be ended, and why.
    pub(crate) closing: Option<Stop>,
    last_number: u64,
    last_request: u64,
}

#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) enum Phase {
    /// No session. `old`: one that the server may still keep, to be ended first, as an org has a limited number.
    Apart {
        old: Option<String>,
    },
    Joined {
        client: String,
    },
    Stopped,
    /// `old`: the session whose token was refused. It is ended with the new one.
    TokenWanted {
        old: Option<String>,
    },
}

/// What has gone wrong since something went well.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub(crate) struct Tally {
    /// Requests without an answer.
    pub(crate) failed: u32,
    /// Answers that were none, or refusals without a remedy.
    pub(crate) bad: u32,
    /// Connects that were answered at once, and with nothing.
    pub(crate) empty: u32,
    /// The token was renewed.
    pub(crate) renewed: bool,
}

#[derive(Clone, Debug)]
pub(crate) struct Flight {
    pub(crate) request: RequestId,
    pub(crate) sent: Sent,
    pub(crate) at: u64,
}

#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) enum Sent {
    /// Subscribes, by the message's number, and unsubscribes.
    Commands(Vec<(u64, String)>),
    Connect,
    Disconnect,
    Handshake,
    /// The end of an old session.
    Leave,
}

impl Sent {
    /// Whatever comes of it: the session ends, now or by itself.
    pub(crate) fn is_farewell(&self) -> bool {
        matches!(self, Self::Disconnect | Self::Leave)
    }
}

impl Client {
    /// `seed` spreads the pauses of clients that fail together.
    pub fn new(options: Options, seed: u64) -> Self {
        Self {
            hold_ms: options.hold_ms,
            options,
            pauses: Pauses::new(seed),
            phase: Phase::Apart { old: None },
            subscriptions: Vec::new(),
            unwanted: Vec::new(),
            connect: None,
            other: None,
            not_before: 0,
            commands_not_before: 0,
            interval_ms: 0,
            ack: None,
            replays: false,
            tally: Tally::default(),
            closing: None,
            last_number: 0,
            last_request: 0,
        }
    }

    /// Wants the messages of a channel, `/topic/Name?Field=value` say, from a position on. Where the channel is
    /// subscribed to already, with another filter or not, this takes its place.
    pub fn subscribe(&mut self, channel: &str, replay: Replay) {
        let key = without_filter(channel);
        let same = |other: &Subscription| without_filter(&other.channel) == key;
        if let Some(old) = self.subscriptions.iter().find(|other| same(other)) {
            let old = old.channel.clone();
            self.unsubscribe(&old);
        }
        self.subscriptions
            .push(Subscription::new(channel.to_owned(), replay));
    }

    /// Wants no more messages of a channel, named as it was subscribed to.
    pub fn unsubscribe(&mut self, channel: &str) {
        let known = self
            .subscriptions
            .iter()
            .position(|other| other.channel == channel);
        let Some(place) = known else { return };
        if self.subscriptions.remove(place).progress != Progress::Wanted {
            self.unwanted.push(channel.to_owned());
        }
    }

    /// Ends the session, politely where there is one; [`Poll::Stopped`] says when it is done.
    pub fn disconnect(&mut self) {
        self.closing.get_or_insert(Stop::Disconnected);
        if matches!(self.phase, Phase::TokenWanted { .. }) {
            self.phase = Phase::Stopped;
        }
    }

    /// Begins anew after a stop, with the same subscriptions, each from where it was.
    pub fn start_again(&mut self) {
        if self.phase == Phase::Stopped {
            self.phase = Phase::Apart { old: None };
            self.tally = Tally::default();
            self.not_before = 0;
            self.closing = None;
        }
    }

    /// The token was renewed ([`Poll::RenewToken`]).
    pub fn token_renewed(&mut self) {
        if let Phase::TokenWanted { old } = &mut self.phase {
            self.phase = Phase::Apart { old: old.take() };
            self.tally.renewed = true;
        }
    }

    /// It could not be renewed for now: it is asked for again after a pause.
    pub fn token_not_renewed(&mut self, now_ms: u64) {
        self.tally.failed = self.tally.failed.saturating_add(1);
        self.not_before = now_ms.saturating_add(self.pause());
    }

    /// Whether there is a session in which every subscription has been taken.
    pub fn is_listening(&self) -> bool {
        matches!(self.phase, Phase::Joined { .. })
            && self
                .subscriptions
                .iter()
                .all(|one| one.progress == Progress::Done)
    }

    /// What to do now.
    pub fn poll(&mut self, now_ms: u64) -> Poll {
        match &mut self.phase {
            Phase::Stopped => Poll::Stopped,
            Phase::TokenWanted { .. } if now_ms < self.not_before => Poll::WaitUntil(self.not_before),
            Phase::TokenWanted { .. } => Poll::RenewToken,
            Phase::Apart { .. } if self.other.is_some() => Poll::Wait,
            Phase::Apart { .. } if self.closing.is_some() => {
                self.phase = Phase::Stopped;
                Poll::Stopped
            }
            Phase::Apart { .. } if now_ms < self.not_before => Poll::WaitUntil(self.not_before),
            Phase::Apart { old } => match old.take() {
                Some(old) => self.leave(now_ms, &old),
                None => self.shake_hands(now_ms),
            },
            Phase::Joined { client } => {
                let client = client.clone();
                self.go_on(now_ms, &client)
            }
        }
    }

    fn leave(&mut self, now_ms: u64, old: &str) -> Poll {
        let body = Body::new().disconnect(self.number(), old);
        self.post(now_ms, Sent::Leave, body)
    }

    fn shake_hands(&mut self, now_ms: u64) -> Poll {
        let body = Body::new().handshake(self.number(), self.options.ack);
        self.post(now_ms, Sent::Handshake, body)
    }

    /// Commands go beside a held connect, which would keep them waiting otherwise.
    fn go_on(&mut self, now_ms: u64, client: &str) -> Poll {
        if self.other.is_none() && self.closing.is_some() {
            let body = Body::new().disconnect(self.number(), client);
            return self.post(now_ms, Sent::Disconnect, body);
        }
        if self.has_commands() && now_ms >= self.commands_not_before {
            return self.command(now_ms, client);
        }
        if self.connect.is_none() && self.closing.is_none() && now_ms >= self.not_before {
            let body = Body::new().connect(self.number(), client, self.ack);
            return self.post(now_ms, Sent::Connect, body);
        }
        let commands = self.has_commands();
        let connect = self.connect.is_none() && self.closing.is_none();
        let next = [(commands, self.commands_not_before), (connect, self.not_before)];
        let next = next.into_iter().filter(|(due, _)| *due).map(|(_, at)| at).min();
        next.map_or(Poll::Wait, Poll::WaitUntil)
    }

    /// Whether there are any, and they can be sent.
    fn has_commands(&self) -> bool {
        let wanted = |one: &Subscription| one.progress == Progress::Wanted;
        let any = !self.unwanted.is_empty() || self.subscriptions.iter().any(wanted);
        any && self.other.is_none() && self.closing.is_none()
    }

    /// All in one batch; what is unwanted first, as its channel may be wanted with another filter.
    fn command(&mut self, now_ms: u64, client: &str) -> Poll {
        let mut body = Body::new();
        for channel in std::mem::take(&mut self.unwanted) {
            body.unsubscribe(self.number(), client, &channel);
        }
        let mut asked = Vec::new();
        for place in 0..self.subscriptions.len() {
            if self.subscriptions[place].progress != Progress::Wanted {
                continue;
            }
            let number = self.number();
            let one = &mut self.subscriptions[place];
            let from = one.ask();
            body.subscribe(number, client, &one.channel, from);
            asked.push((number, one.channel.clone()));
        }
        self.post(now_ms, Sent::Commands(asked), body)
    }

    fn post(&mut self, now_ms: u64, sent: Sent, body: Body) -> Poll {
        self.last_request += 1;
        let request = RequestId(self.last_request);
        let held_ms = if sent == Sent::Connect { self.hold_ms } else { 0 };
        let is_connect = sent == Sent::Connect;
        let flight = Some(Flight {
            request,
            sent,
            at: now_ms,
        });
        if is_connect {
            self.connect = flight;
        } else {
            self.other = flight;
        }
        Poll::Post(Post {
            request,
            body: body.finish(),
            time_out_ms: self.options.answer_ms.saturating_add(held_ms),
        })
    }

    fn number(&mut self) -> u64 {
        self.last_number += 1;
        self.last_number
    }

    /// After what went wrong so far.
    pub(crate) fn pause(&mut self) -> u64 {
        let Options {
            first_pause_ms,
            longest_pause_ms,
            ..
        } = self.options;
        let Tally {
            failed, bad, empty, ..
        } = self.tally;
        let wrong = failed.max(bad).max(empty);
        self.pauses.after(wrong, first_pause_ms, longest_pause_ms)
    }
}
