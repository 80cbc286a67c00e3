//! What all requests share: the org behind its one mutex, and who is told of changes.

use std::collections::BTreeSet;
use std::sync::atomic::AtomicU64;
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};
use std::time::Duration;

use jiff::Timestamp;
use tokio::sync::{Notify, broadcast, watch};

use super::streaming::Streaming;
use super::{Options, Timings};
use crate::auth::Auth;
use crate::ccp::Sessions;
use crate::faults::Faults;
use crate::org::{Happened, Org, RepKey};

/// How many changes a slow listener may be behind before it has to start anew.
const BACKLOG: usize = 4096;

pub(crate) struct Shared {
    org: Mutex<Org>,
    pub(super) auth: Mutex<Auth>,
    pub(super) faults: Mutex<Faults>,
    /// Who is signed in to the simulated Contact Control Panel.
    pub(crate) ccp: Mutex<Sessions>,
    /// Locked after the org, never the other way round.
    pub(super) streaming: Mutex<Streaming>,
    pub(crate) url: String,
    pub(crate) port: u16,
    pub(crate) holdline_ports: Vec<u16>,
    pub(crate) timings: Timings,
    /// Becomes `true` when the server stops.
    pub(crate) stopped: watch::Receiver<bool>,
    /// How many REST requests there were.
    pub(super) api_requests: AtomicU64,
    happened: broadcast::Sender<Happened>,
    deadline_moved: Notify,
    /// Reps whose phone has begun to look for its Holdline.
    phones_on: Mutex<BTreeSet<RepKey>>,
    /// Somebody used a phone or opened a console: phones look for their Holdline at once.
    pub(crate) look_again: broadcast::Sender<RepKey>,
}

impl Shared {
    pub(super) fn new(
        org: Org,
        url: String,
        port: u16,
        options: Options,
        stopped: watch::Receiver<bool>,
    ) -> Arc<Self> {
        Arc::new(Self {
            org: Mutex::new(org),
            auth: Mutex::new(Auth::default()),
            faults: Mutex::default(),
            ccp: Mutex::default(),
            streaming: Mutex::default(),
            url,
            port,
            holdline_ports: options.holdline_ports,
            timings: options.timings,
            stopped,
            api_requests: AtomicU64::new(0),
            happened: broadcast::channel(BACKLOG).0,
            deadline_moved: Notify::new(),
            phones_on: Mutex::new(BTreeSet::new()),
            look_again: broadcast::channel(16).0,
        })
    }

    /// Reads the org.
    pub(crate) fn read<T>(&self, read: impl FnOnce(&Org) -> T) -> T {
        read(&lock(&self.org))
    }

    /// Changes the org, then tells everybody what happened, in order.
    pub(crate) fn change<T>(self: &Arc<Self>, change: impl FnOnce(&mut Org, Timestamp) -> T) -> T {
        let mut org = lock(&self.org);
        let deadline = org.next_deadline();
        let now = now();
        let outcome = change(&mut org, now);
        let changes = org.drain_changes();
        if !changes.is_empty() {
            lock(&self.streaming).tell(&org, now, &changes);
        }
        for happened in org.drain() {
            // Nobody listening is fine.
            let _ = self.happened.send(happened);
        }
        if org.next_deadline() != deadline {
            self.deadline_moved.notify_one();
        }
        self.switch_phones_on(&org);
        outcome
    }

    /// Reads the org and begins to listen, with nothing lost or doubled between the two.
    pub(crate) fn read_and_listen<T>(
        &self,
        read: impl FnOnce(&Org) -> T,
    ) -> (T, broadcast::Receiver<Happened>) {
        let org = lock(&self.org);
        (read(&org), self.happened.subscribe())
    }

    fn switch_phones_on(self: &Arc<Self>, org: &Org) {
        let mut phones_on = lock(&self.phones_on);
        for (key, rep) in org.reps() {
            if rep.phone.on && phones_on.insert(key) {
                tokio::spawn(crate::phone_link::run(Arc::clone(self), key));
            }
        }
    }

    /// Does what becomes due in the org, until the server stops.
    pub(super) async fn keep_time(self: Arc<Self>) {
        let mut stopped = self.stopped.clone();
        loop {
            let wait = self.read(Org::next_deadline).map(|when| {
                let left = when.duration_since(now());
                // A millisecond more, so that it is due on waking.
                Duration::try_from(left).unwrap_or_default() + Duration::from_millis(1)
            });
            let due = async {
                match wait {
                    Some(wait) => tokio::time::sleep(wait).await,
                    None => std::future::pending().await,
                }
            };
            tokio::select! {
                () = due => self.change(Org::tick),
                () = self.deadline_moved.notified() => {}
                _ = stopped.wait_for(|stopped| *stopped) => return,
            }
        }
    }
}

/// The time in whole milliseconds, as Salesforce writes it everywhere.
pub(crate) fn now() -> Timestamp {
    let now = Timestamp::now();
    // Cutting off what is below a millisecond cannot leave the range.
    Timestamp::from_millisecond(now.as_millisecond()).unwrap_or(now)
}

/// A panic while the mutex was held left the org as it was at that point: still usable.
pub(crate) fn lock<T>(mutex: &Mutex<T>) -> MutexGuard<'_, T> {
    mutex.lock().unwrap_or_else(PoisonError::into_inner)
}
