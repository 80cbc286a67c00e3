//! One REST phone's session: what it has been asked and not fetched, and when it was last heard of.

use std::sync::{Arc, Mutex, MutexGuard};

use tokio::sync::{Notify, mpsc};
use tokio::time::{Instant, sleep_until};
use wire::connector::StateRequest;
use wire::connector::rest::Requests;

use crate::connector::seat::{Occupant, Order};
use crate::connector::talk::Talk;
use crate::options::Timings;
use crate::problem::Refusal;
use crate::secret::Digest;
use crate::stop::Stop;

/// A session. Shared by its watch and by the requests under way.
#[derive(Debug)]
pub(super) struct Session {
    pub(super) key: Digest,
    occupant: Arc<Occupant>,
    inner: Mutex<Inner>,
    /// For held polls: there may be something to hand out, or it is over.
    news: Notify,
    /// For the watch: a poll has begun or ended, or something was said.
    touched: Notify,
}

#[derive(Debug)]
struct Inner {
    talk: Talk,
    waiting: Vec<StateRequest>,
    heard: Instant,
    /// The newest poll; an older one ends when it begins.
    newest_poll: u64,
    polls: usize,
    end: Option<Refusal>,
}

impl Session {
    pub(super) fn new(key: Digest, occupant: Arc<Occupant>, talk: Talk) -> Self {
        Self {
            key,
            occupant,
            inner: Mutex::new(Inner {
                talk,
                waiting: Vec::new(),
                heard: Instant::now(),
                newest_poll: 0,
                polls: 0,
                end: None,
            }),
            news: Notify::new(),
            touched: Notify::new(),
        }
    }

    /// What the phone says, unless its time is over.
    pub(super) fn said<T>(&self, what: impl FnOnce(&mut Talk) -> T) -> Result<T, Refusal> {
        let mut inner = self.inner();
        if let Some(end) = &inner.end {
            return Err(end.clone());
        }
        inner.heard = Instant::now();
        let said = what(&mut inner.talk);
        drop(inner);
        self.touched.notify_one();
        Ok(said)
    }

    /// Requests, as soon as there are any; none when `timings.poll_hold` is over.
    pub(super) async fn poll(&self, timings: Timings, stop: &Stop) -> Result<Requests, Refusal> {
        let until = Instant::now() + timings.poll_hold;
        let poll = Poll::begin(self);
        loop {
            let mut news = std::pin::pin!(self.news.notified());
            // Listening begins before looking, so that nothing queued in between is slept over.
            news.as_mut().enable();
            {
                let mut inner = self.inner();
                if let Some(end) = &inner.end {
                    return Err(end.clone());
                }
                if inner.newest_poll != poll.number {
                    return Ok(Requests::default());
                }
                if !inner.waiting.is_empty() {
                    let requests = std::mem::take(&mut inner.waiting);
                    return Ok(Requests { requests });
                }
            }
            tokio::select! {
                () = news => {}
                () = stop.heard() => return Err(Refusal::shutting_down()),
                () = sleep_until(until) => return Ok(Requests::default()),
            }
        }
    }

    /// Keeps the place for it, until it leaves, is sent away, or is not heard of any more. Returns why.
    pub(super) async fn watch(
        &self,
        mut orders: mpsc::UnboundedReceiver<Order>,
        timings: Timings,
        stop: &Stop,
    ) -> Refusal {
        let why = loop {
            let (silent_at, over) = {
                let inner = self.inner();
                let silent_at = (inner.polls == 0).then_some(inner.heard + timings.phone_silence);
                (silent_at, inner.end.clone())
            };
            if let Some(why) = over {
                break why;
            }
            let silence = async {
                match silent_at {
                    Some(at) => sleep_until(at).await,
                    None => std::future::pending().await,
                }
            };
            tokio::select! {
                order = orders.recv() => match order {
                    Some(Order::SetState { command, state, enqueue }) => {
                        let mut inner = self.inner();
                        let request = inner.talk.ask(command, state, enqueue);
                        inner.waiting.push(request);
                        drop(inner);
                        self.news.notify_waiters();
                    }
                    Some(Order::Leave(why)) => break why,
                    None => break Refusal::unknown_phone_session(),
                },
                () = self.touched.notified() => {}
                () = silence => break Refusal::unknown_phone_session(),
                () = stop.heard() => break Refusal::shutting_down(),
            }
        };
        self.end(why.clone());
        why
    }

    /// It is over; the phone is gone now, whoever still holds on to this.
    pub(super) fn end(&self, why: Refusal) {
        self.inner().end.get_or_insert(why);
        self.occupant.leave();
        self.news.notify_waiters();
        self.touched.notify_one();
    }

    fn inner(&self) -> MutexGuard<'_, Inner> {
        self.inner.lock().unwrap_or_else(|poisoned| poisoned.into_inner())
    }
}

/// A poll that is held; dropped (also by a connection that closes), it is over.
struct Poll<'a> {
    session: &'a Session,
    number: u64,
}

impl<'a> Poll<'a> {
    fn begin(session: &'a Session) -> Self {
        let number = {
            let mut inner = session.inner();
            inner.polls += 1;
            inner.newest_poll += 1;
            inner.heard = Instant::now();
            inner.newest_poll
        };
        session.news.notify_waiters();
        session.touched.notify_one();
        Self { session, number }
    }
}

impl Drop for Poll<'_> {
    fn drop(&mut self) {
        {
            let mut inner = self.session.inner();
            inner.polls -= 1;
            inner.heard = Instant::now();
        }
        self.session.touched.notify_one();
    }
}
