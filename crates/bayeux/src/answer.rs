//! What came of a request.

use crate::client::{Client, Flight, Phase, Sent, Tally};
use crate::incoming::Batch;
use crate::outcome::{Output, RequestId, Stop};

/// No server keeps a client away for longer by `Retry-After`.
const LONGEST_AWAY_MS: u64 = 86_400_000;

impl Client {
    /// A request was answered, completely, with this status. `retry_after_ms`: what the header of that name says,
    /// from now on.
    pub fn answer<'b>(
        &mut self,
        now_ms: u64,
        request: RequestId,
        status: u16,
        retry_after_ms: Option<u64>,
        body: &'b [u8],
    ) -> Vec<Output<'b>> {
        let mut outputs = Vec::new();
        let Some(flight) = self.land(request) else {
            // Of a session that was given up meanwhile: what it brought is brought again.
            return outputs;
        };
        let is_success = (200..300).contains(&status);
        let batch =
            Batch::read(body).filter(|batch| is_success || batch.messages.iter().any(|one| one.is_meta()));
        match batch {
            Some(batch) => self.take(now_ms, flight, batch, retry_after_ms, &mut outputs),
            None if status == 401 && !flight.sent.is_farewell() => self.token_refused(&mut outputs),
            None => self.bad_answer(now_ms, flight, retry_after_ms, &mut outputs),
        }
        outputs
    }

    /// A request got no answer, or not in time.
    pub fn failed(&mut self, now_ms: u64, request: RequestId) -> Vec<Output<'static>> {
        let mut outputs = Vec::new();
        if let Some(flight) = self.land(request) {
            self.tally.failed = self.tally.failed.saturating_add(1);
            let pause_ms = self.pause();
            self.lost(now_ms.saturating_add(pause_ms), flight, &mut outputs);
        }
        outputs
    }

    fn land(&mut self, request: RequestId) -> Option<Flight> {
        let is_it = |flight: &mut Flight| flight.request == request;
        self.connect.take_if(is_it).or_else(|| self.other.take_if(is_it))
    }

    /// An answer that is none of Bayeux.
    fn bad_answer(
        &mut self,
        now_ms: u64,
        flight: Flight,
        retry_after_ms: Option<u64>,
        outputs: &mut Vec<Output<'_>>,
    ) {
        if flight.sent.is_farewell() {
            return self.lost(now_ms, flight, outputs);
        }
        self.tally.bad = self.tally.bad.saturating_add(1);
        if self.tally.bad >= self.options.most_bad_answers {
            return self.stop(Stop::Unavailable, outputs);
        }
        let at = self.after_pause(now_ms, retry_after_ms);
        self.lost(at, flight, outputs);
    }

    /// Not before this time: after a pause, or what the server asks for, if that is longer.
    pub(crate) fn after_pause(&mut self, now_ms: u64, retry_after_ms: Option<u64>) -> u64 {
        let pause_ms = self.pause().max(retry_after_ms.unwrap_or(0).min(LONGEST_AWAY_MS));
        now_ms.saturating_add(pause_ms)
    }

    /// What a request was about did not come about, and what its answer carried is lost.
    fn lost(&mut self, at: u64, flight: Flight, outputs: &mut Vec<Output<'_>>) {
        match flight.sent {
            // A server that acknowledges gives what was lost with the answer again.
            Sent::Connect if self.ack.is_some() => self.not_before = at,
            Sent::Connect | Sent::Commands(_) => self.part(at, true),
            Sent::Handshake => self.part(at, false),
            // The session ends by itself, and whatever is wrong will show at the handshake.
            Sent::Leave => {}
            Sent::Disconnect => self.closed(outputs),
        }
        if matches!(self.phase, Phase::Apart { .. }) && self.other.is_none() {
            self.closed(outputs);
        }
    }

    /// The session is given up; the next one begins not before this time. `ends_old`: the server may still have it.
    pub(crate) fn part(&mut self, at: u64, ends_old: bool) {
        self.phase = Phase::Apart {
            old: self.joined().filter(|_| ends_old),
        };
        self.not_before = at;
        self.forget_session();
    }

    /// The end that was wanted, if one was.
    pub(crate) fn closed(&mut self, outputs: &mut Vec<Output<'_>>) {
        if let Some(why) = self.closing {
            self.stop(why, outputs);
        }
    }

    pub(crate) fn token_refused(&mut self, outputs: &mut Vec<Output<'_>>) {
        if self.tally.renewed {
            return self.stop(Stop::Refused, outputs);
        }
        self.not_before = 0;
        self.phase = Phase::TokenWanted { old: self.joined() };
        self.forget_session();
    }

    fn joined(&self) -> Option<String> {
        match &self.phase {
            Phase::Joined { client } => Some(client.clone()),
            Phase::Apart { .. } | Phase::Stopped | Phase::TokenWanted { .. } => None,
        }
    }

    pub(crate) fn stop(&mut self, why: Stop, outputs: &mut Vec<Output<'_>>) {
        self.phase = Phase::Stopped;
        self.forget_session();
        self.tally = Tally::default();
        outputs.push(Output::Stopped(why));
    }

    fn forget_session(&mut self) {
        self.connect = None;
        self.other = None;
        self.unwanted.clear();
        self.ack = None;
        self.commands_not_before = 0;
        self.subscriptions.iter_mut().for_each(|one| one.left());
    }

    /// After an answer: where nothing else is under way, nothing can bring what is older than it.
    pub(crate) fn settle(&mut self) {
        if self.connect.is_none() && self.other.is_none() {
            self.subscriptions.iter_mut().for_each(|one| one.settle());
        }
    }
}
