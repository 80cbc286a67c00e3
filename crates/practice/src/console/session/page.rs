//! One console page's life: its parts, and the loops that make it live.

use std::sync::atomic::{AtomicBool, AtomicU64, Ordering};
use std::sync::{Mutex, MutexGuard, PoisonError};
use std::time::{Instant, SystemTime, UNIX_EPOCH};

use futures_util::{Stream, StreamExt};
use presence::time::Now;
use secrecy::SecretString;
use tokio::sync::{Notify, mpsc, watch};
use wire::bridge::{CommandResult, ConsoleEvent, Outcome};
use wire::key::Key;
use wire::proof::Credential;

use super::bridge::{Bridge, Failure, Me};
use super::desk::{Desk, Order, SessionNumber, Stop};
use super::org::{Lost, Org};
use super::outbox::{Full, Outbox};
use super::{Notice, Options, arm, commands, reports, serve};

/// See the module.
pub(super) struct Page<'a> {
    pub(super) options: &'a Options,
    pub(super) org: &'a Org,
    pub(super) bridge: &'a Bridge,
    pub(super) me: Me,
    pub(super) ports: Vec<u16>,
    /// This session has not been told yet what the rep has set up.
    pub(super) owes_setup: AtomicBool,
    /// Random, new at every page load (`Hello::instance`).
    pub(super) instance: String,
    pub(super) session: watch::Sender<Option<Session>>,
    pub(super) outbox: Mutex<Outbox>,
    pub(super) to_report: Notify,
    desk: Mutex<Desk>,
    ended: Mutex<Option<Failure>>,
    key: Mutex<Option<SecretString>>,
    orders: mpsc::UnboundedSender<Order>,
    fired: mpsc::UnboundedSender<Order>,
    sessions: AtomicU64,
    started: Instant,
}

/// The open session.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct Session {
    pub(super) port: u16,
    pub(super) id: Key,
    pub(super) number: SessionNumber,
}

/// What comes in.
pub(super) struct Inbox<E> {
    events: E,
    orders: mpsc::UnboundedReceiver<Order>,
    fired: mpsc::UnboundedReceiver<Order>,
}

/// Why a page's life is over.
pub(super) enum Ended {
    /// The org is gone.
    Lost(String),
    /// More has happened than is kept, or Holdline cannot read a report: like a page that is loaded anew, after
    /// which Holdline asks for a snapshot.
    StartOver,
}

impl<'a> Page<'a> {
    /// Opens the console.
    pub(super) async fn open(
        options: &'a Options,
        org: &'a Org,
        bridge: &'a Bridge,
    ) -> Result<(Self, Inbox<impl Stream<Item = Result<ConsoleEvent, String>>>), Lost> {
        let (hello, events) = org.open().await?;
        let (orders, orders_in) = mpsc::unbounded_channel();
        let (fired, fired_in) = mpsc::unbounded_channel();
        let page = Self {
            options,
            org,
            bridge,
            me: Me {
                org_id: hello.org_id,
                user_id: hello.user_id,
            },
            ports: options.holdline_ports.clone().unwrap_or(hello.holdline_ports),
            owes_setup: AtomicBool::new(false),
            instance: format!("{:032x}", rand::random::<u128>()),
            session: watch::Sender::new(None),
            outbox: Mutex::default(),
            to_report: Notify::new(),
            desk: Mutex::default(),
            ended: Mutex::default(),
            key: Mutex::default(),
            orders,
            fired,
            sessions: AtomicU64::new(0),
            started: Instant::now(),
        };
        page.notify(Notice::ConsoleOpen {
            org_id: page.me.org_id,
            user_id: page.me.user_id,
        });
        let inbox = Inbox {
            events,
            orders: orders_in,
            fired: fired_in,
        };
        Ok((page, inbox))
    }

    /// Lives until the org is gone or the page has to start over.
    pub(super) async fn live<E>(&self, inbox: Inbox<E>, log_in: bool) -> Ended
    where
        E: Stream<Item = Result<ConsoleEvent, String>>,
    {
        let joining = async {
            if log_in {
                self.log_in().await;
            }
            let _ = self.ask_works().await;
            serve::live(self).await
        };
        tokio::select! {
            ended = self.listen(inbox.events) => ended,
            ended = reports::run(self) => ended,
            never = joining => match never {},
            never = commands::run(self, inbox.orders) => match never {},
            never = arm::run(self, inbox.fired) => match never {},
        }
    }

    async fn listen(&self, events: impl Stream<Item = Result<ConsoleEvent, String>>) -> Ended {
        let mut events = std::pin::pin!(events);
        while let Some(event) = events.next().await {
            match event {
                Ok(event) => {
                    if self.event(event).is_err() {
                        return Ended::StartOver;
                    }
                }
                Err(detail) => return Ended::Lost(detail),
            }
        }
        Ended::Lost("the event stream has ended".to_owned())
    }

    fn event(&self, event: ConsoleEvent) -> Result<(), Full> {
        let fired = self.desk().event(&event);
        lock(&self.outbox).add_event(event)?;
        for order in fired {
            // The receiver lives as long as this page does.
            let _ = self.fired.send(order);
        }
        self.to_report.notify_one();
        Ok(())
    }

    /// A rep who opens the console at the start of a shift.
    async fn log_in(&self) {
        let outcome = match self.org.widget().await {
            Ok(widget) if widget.presence.status_id.is_some() => return,
            Ok(widget) => match widget.statuses.iter().find(|status| status.label == "Available") {
                Some(available) => {
                    let logged_in = self.org.log_in(available.status_id).await;
                    logged_in.map(|()| available.label.clone())
                }
                None => Err("The practice org has no status named Available.".to_owned()),
            },
            Err(detail) => Err(detail),
        };
        self.notify(Notice::LoggedIn { outcome });
    }

    /// `getAgentWorks`, taken into account together with the events that came while it was asked.
    pub(super) async fn ask_works(&self) -> Result<(), String> {
        let asked = self.desk().works.turn();
        let list = self.org.agent_works().await?;
        self.desk().works.settle(asked, &list);
        Ok(())
    }

    /// A session was opened.
    pub(super) fn open_session(&self, port: u16, id: Key) -> Session {
        let number = SessionNumber(self.sessions.fetch_add(1, Ordering::Relaxed));
        let session = Session { port, id, number };
        self.desk().opened(number);
        self.owes_setup.store(true, Ordering::Relaxed);
        self.session.send_replace(Some(session.clone()));
        self.to_report.notify_one();
        self.notify(Notice::Connected { port });
        session
    }

    /// This session is over: by Holdline's answer, or because there was none.
    pub(super) fn lose_session(&self, number: SessionNumber, why: &Failure) {
        let lost = self.session.send_if_modified(|session| {
            let open = session.as_ref().is_some_and(|session| session.number == number);
            if open {
                *session = None;
            }
            open
        });
        if lost {
            self.desk().lost(why.status().is_some());
            *lock(&self.ended) = Some(why.clone());
        }
    }

    /// Why the last session is over.
    pub(super) fn why_ended(&self) -> Failure {
        lock(&self.ended).clone().unwrap_or(Failure::Lost)
    }

    /// Waits until no other console of this rep is open.
    pub(super) async fn until_alone(&self) {
        loop {
            tokio::time::sleep(self.options.timings.retry).await;
            if self.org.widget().await.is_ok_and(|widget| widget.consoles <= 1) {
                return;
            }
        }
    }

    /// Queues what a poll has brought.
    pub(super) fn take_orders(&self, orders: Vec<Order>) {
        for order in orders {
            let _ = self.orders.send(order);
        }
    }

    /// Reports what became of a command; a withdrawn one gets no answer.
    pub(super) fn answer(&self, id: &str, done: Result<Outcome, Stop>) {
        let outcome = match done {
            Ok(outcome) => outcome,
            Err(Stop::Refused(code, detail)) => Outcome::Refused { code, detail },
            Err(Stop::Withdrawn) => return,
        };
        tracing::debug!(id, ?outcome, "answering a command");
        lock(&self.outbox).add_result(CommandResult {
            id: id.to_owned(),
            outcome,
        });
        self.to_report.notify_one();
    }

    /// Both clocks.
    pub(super) fn now(&self) -> Now {
        let wall = SystemTime::now().duration_since(UNIX_EPOCH).unwrap_or_default();
        Now {
            mono_ms: u64::try_from(self.started.elapsed().as_millis()).unwrap_or(u64::MAX),
            wall_ms: i64::try_from(wall.as_millis()).unwrap_or(i64::MAX),
        }
    }

    pub(super) fn desk(&self) -> MutexGuard<'_, Desk> {
        lock(&self.desk)
    }

    pub(super) fn pairing_key(&self) -> Option<SecretString> {
        lock(&self.key).clone()
    }

    /// The key, if it is of the form that can be proven.
    pub(super) fn credential(&self) -> Option<Credential> {
        Credential::parse(&self.pairing_key()?.into())
    }

    pub(super) fn keep_key(&self, key: Option<SecretString>) {
        *lock(&self.key) = key;
    }

    pub(super) fn notify(&self, notice: Notice) {
        tracing::info!(rep = %self.options.rep, ?notice, "practice console");
        (self.options.notify)(&notice);
    }
}

/// The lock, also after a panic elsewhere: what it guards is whole between any two statements.
pub(super) fn lock<T>(mutex: &Mutex<T>) -> MutexGuard<'_, T> {
    mutex.lock().unwrap_or_else(PoisonError::into_inner)
}
