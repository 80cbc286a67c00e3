//! A batch of messages, taken in.

use crate::advice::{Advice, Reconnect};
use crate::client::{Client, Flight, Phase, Sent, Tally};
use crate::incoming::{Batch, Incoming};
use crate::outcome::{Output, Stop};
use crate::refusal::Refusal;
use crate::subscription::Progress;

/// A connect that is answered sooner was not held.
const HELD_MS: u64 = 500;
/// So many connects in a row may be answered at once with nothing.
const EMPTY_AT_ONCE: u32 = 3;
/// From then on they are this far apart at most: messages may come at any time.
const LONGEST_UNHELD_MS: u64 = 5_000;

/// What a batch has told besides messages.
struct Told {
    at: u64,
    retry_after_ms: Option<u64>,
    /// What was asked for was answered, well or not.
    answered: bool,
    delivered: bool,
    /// The session is over.
    over: bool,
}

impl Client {
    pub(crate) fn take<'b>(
        &mut self,
        now_ms: u64,
        flight: Flight,
        batch: Batch<'b>,
        retry_after_ms: Option<u64>,
        outputs: &mut Vec<Output<'b>>,
    ) {
        let mut told = Told {
            at: now_ms,
            retry_after_ms,
            answered: false,
            delivered: false,
            over: false,
        };
        outputs.reserve(batch.messages.len());
        // Messages first: a reply may end the session, and its messages count all the same.
        for message in &batch.messages {
            if !message.is_meta() {
                told.delivered |= self.deliver(message, outputs);
            }
        }
        self.settle();
        if batch.has_malformed {
            let channels = self.subscriptions.iter().map(|one| one.channel.clone());
            outputs.extend(channels.map(|channel| Output::Gap { channel }));
        }
        for reply in batch.messages.iter().filter(|message| message.is_meta()) {
            if !told.over {
                self.reply(&flight, reply, &mut told, outputs);
            }
        }
        if told.over || told.answered {
            return;
        }
        match &flight.sent {
            Sent::Leave => {}
            Sent::Disconnect => self.closed(outputs),
            Sent::Commands(asked) => self.ask_again(asked, &mut told, outputs),
            // Some servers answer a connect that another one replaced with nothing; messages do without a reply.
            Sent::Connect if told.delivered => self.not_before = now_ms.saturating_add(self.interval_ms),
            Sent::Connect | Sent::Handshake => {
                self.refused(
                    &flight.sent,
                    Refusal::Denied(0),
                    Advice::default(),
                    &mut told,
                    outputs,
                );
            }
        }
    }

    /// What no reply has named stays wanted; a server that does not answer is not asked in haste.
    fn ask_again(&mut self, asked: &[(u64, String)], told: &mut Told, outputs: &mut Vec<Output<'_>>) {
        let mut any = false;
        for one in &mut self.subscriptions {
            let is_open = one.progress == Progress::Asked;
            if is_open && asked.iter().any(|(_, channel)| *channel == one.channel) {
                one.progress = Progress::Wanted;
                any = true;
            }
        }
        if any {
            self.tally.bad = self.tally.bad.saturating_add(1);
            if self.tally.bad >= self.options.most_bad_answers {
                return self.stop(Stop::Unavailable, outputs);
            }
            self.commands_not_before = self.after_pause(told.at, told.retry_after_ms);
        }
    }

    fn deliver<'b>(&mut self, message: &Incoming<'b>, outputs: &mut Vec<Output<'b>>) -> bool {
        let channel = &message.channel;
        let Some(one) = self.subscriptions.iter_mut().find(|one| one.matches(channel)) else {
            return false;
        };
        let replay = self.replays.then(|| message.replay()).flatten();
        if replay.is_none_or(|position| one.is_new(position)) {
            outputs.push(Output::Delivered {
                channel: channel.clone(),
                data: message.data_text(),
                replay,
            });
        }
        true
    }

    /// A reply that belongs to what was sent; others, a server's own disconnect say, are taken as refusals of it.
    fn reply<'b>(
        &mut self,
        flight: &Flight,
        reply: &Incoming<'b>,
        told: &mut Told,
        outputs: &mut Vec<Output<'b>>,
    ) {
        let channel = reply.channel.as_ref();
        match (&flight.sent, channel) {
            (Sent::Leave, _) => told.answered = true,
            (_, "/meta/unsubscribe") => {}
            (Sent::Commands(asked), "/meta/subscribe") => {
                let named = reply.subscription();
                let by_number = asked.iter().find(|(number, _)| reply.number() == Some(*number));
                let by_name = || {
                    asked
                        .iter()
                        .find(|(_, channel)| named.as_deref() == Some(channel))
                };
                let Some((_, channel)) = by_number.or_else(by_name) else {
                    return;
                };
                self.subscribe_reply(&flight.sent, channel, reply, told, outputs);
            }
            (Sent::Handshake, "/meta/handshake") if reply.is_successful() => {
                told.answered = true;
                self.shaken(reply, told);
            }
            (Sent::Connect, "/meta/connect") if reply.is_successful() => {
                told.answered = true;
                self.connected(flight, reply, told, outputs);
            }
            _ if reply.is_successful() => {}
            (sent, _) => {
                let why = Refusal::of(&reply.error(), reply.extensions().failure.as_deref());
                self.refused(sent, why, reply.advice(), told, outputs);
            }
        }
    }

    fn shaken(&mut self, reply: &Incoming<'_>, told: &Told) {
        let ext = reply.extensions();
        let Some(client) = reply.client_id() else {
            return self.part(told.at.saturating_add(self.options.longest_pause_ms), false);
        };
        self.phase = Phase::Joined { client };
        self.replays = ext.replays;
        self.ack = (self.options.ack && ext.acks).then_some(-1);
        self.hold_ms = self.options.hold_ms;
        self.interval_ms = 0;
        self.take_advice(reply);
        // The interval is for the connects after the first.
        self.not_before = told.at;
    }

    fn connected(
        &mut self,
        flight: &Flight,
        reply: &Incoming<'_>,
        told: &mut Told,
        outputs: &mut Vec<Output<'_>>,
    ) {
        let advice = reply.advice();
        if let Some(ack) = reply.extensions().ack.filter(|_| self.ack.is_some()) {
            self.ack = Some(ack);
        }
        self.take_advice(reply);
        if let Some(Reconnect::Handshake | Reconnect::None) = advice.reconnect {
            // A server that removes a session under a held connect says so by `none` in a successful reply (the
            // Java one): the session is over, not the stream.
            return self.refused(&flight.sent, Refusal::UnknownClient, advice, told, outputs);
        }
        let at_once = told.at.saturating_sub(flight.at) < HELD_MS;
        let empty = if at_once && !told.delivered {
            self.tally.empty.saturating_add(1)
        } else {
            0
        };
        // Only a session in which everything goes well makes up for what went wrong before.
        let before = if self.is_listening() {
            Tally::default()
        } else {
            self.tally
        };
        self.tally = Tally { empty, ..before };
        let pause_ms = if empty > EMPTY_AT_ONCE {
            self.pause().min(LONGEST_UNHELD_MS)
        } else {
            0
        };
        self.not_before = told.at.saturating_add(self.interval_ms.max(pause_ms));
    }

    fn subscribe_reply<'b>(
        &mut self,
        sent: &Sent,
        channel: &str,
        reply: &Incoming<'b>,
        told: &mut Told,
        outputs: &mut Vec<Output<'b>>,
    ) {
        let replays = self.replays;
        let asked = |one: &&mut crate::subscription::Subscription| {
            one.channel == channel && one.progress == Progress::Asked
        };
        let Some(one) = self.subscriptions.iter_mut().find(asked) else {
            // Not wanted any more.
            return;
        };
        if reply.is_successful() {
            let has_gap = one.taken(replays);
            let channel = channel.to_owned();
            outputs.push(Output::Subscribed {
                channel: channel.clone(),
            });
            if has_gap {
                outputs.push(Output::Gap { channel });
            }
            return;
        }
        let advice = reply.advice();
        let code = match Refusal::of(&reply.error(), reply.extensions().failure.as_deref()) {
            Refusal::PositionGone if one.position_gone() => return,
            Refusal::PositionGone => 400,
            Refusal::Denied(code) if advice.reconnect != Some(Reconnect::Handshake) => code,
            other => return self.refused(sent, other, advice, told, outputs),
        };
        self.subscriptions.retain(|one| one.channel != channel);
        outputs.push(Output::SubscriptionRefused {
            channel: channel.to_owned(),
            code,
        });
        if self.subscriptions.is_empty() {
            self.closing.get_or_insert(Stop::Refused);
        }
    }

    fn refused(
        &mut self,
        sent: &Sent,
        why: Refusal,
        advice: Advice,
        told: &mut Told,
        outputs: &mut Vec<Output<'_>>,
    ) {
        (told.answered, told.over) = (true, true);
        if self.closing.is_some() {
            return self.closed(outputs);
        }
        match why {
            Refusal::ClientLimit => return self.stop(Stop::ClientLimit, outputs),
            Refusal::EventLimit => return self.stop(Stop::EventLimit, outputs),
            Refusal::Token => return self.token_refused(outputs),
            Refusal::Denied(_) if *sent == Sent::Handshake && advice.reconnect == Some(Reconnect::None) => {
                return self.stop(Stop::Refused, outputs);
            }
            Refusal::Busy | Refusal::Denied(_) | Refusal::PositionGone | Refusal::UnknownClient => {}
        }
        let is_first = self.tally.bad == 0;
        self.tally.bad = self.tally.bad.saturating_add(1);
        if self.tally.bad >= self.options.most_bad_answers {
            return self.stop(Stop::Unavailable, outputs);
        }
        let at = match why {
            // A session may end at any time; only one that ends again and again is a failure.
            Refusal::UnknownClient if is_first => told.at.saturating_add(advice.interval_ms.unwrap_or(0)),
            Refusal::Busy => {
                let busy_ms = self.pauses.about(2 * self.options.busy_pause_ms);
                self.after_pause(told.at, Some(busy_ms.max(told.retry_after_ms.unwrap_or(0))))
            }
            _ => self.after_pause(told.at, told.retry_after_ms),
        };
        let ends_old = !matches!(why, Refusal::Busy | Refusal::UnknownClient);
        self.part(at, ends_old);
    }

    fn take_advice(&mut self, reply: &Incoming<'_>) {
        let advice = reply.advice();
        self.interval_ms = advice.interval_ms.unwrap_or(self.interval_ms);
        self.hold_ms = advice.timeout_ms.unwrap_or(self.hold_ms);
    }
}
