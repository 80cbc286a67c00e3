//! The console bridge's routes; what they mean is told in [`wire::bridge`].

mod challenges;
mod hello;
mod instances;
mod leader;
mod poll;
mod sessions;
mod wait;

use std::sync::{Arc, Mutex, MutexGuard};

use axum::extract::State;
use axum::routing::post;
use axum::{Json as Answer, Router};
use companion::inbox::Inbox;
use companion::ports::ConsolePort;
use presence::effect::ConsoleAction;
use presence::event::{CommandId, ConsoleId};
use tokio::sync::{Notify, watch};
use tokio::time::{Instant, sleep_until};
use wire::bridge::{
    Commands, HELLO_PATH, PAIR_PATH, POLL_PATH, PROVE_PATH, Poll, REPORT_PATH, Report, Reported, WAIT_PATH,
};
use wire::rep_setup::RepSetup;

use crate::guard::Rate;
use crate::json::Json;
use crate::options::Timings;
use crate::pairing::Pairings;
use crate::problem::Refusal;
use crate::signed_in::Current;
use crate::stop::Stop;
use challenges::Challenges;
use sessions::Sessions;

/// The bridge's one state and who is woken by it. Cheap to clone.
#[derive(Clone, Debug)]
pub(crate) struct Bridge(Arc<Shared>);

#[derive(Debug)]
struct Shared {
    current: Current,
    pairings: Pairings,
    timings: Timings,
    stop: Stop,
    /// The port it is served on: part of every proof.
    port: u16,
    sessions: Mutex<Sessions>,
    challenges: Mutex<Challenges>,
    hellos: Mutex<hello::Rates>,
    /// For held polls: there may be something to hand out.
    news: Notify,
    /// For the watch: the next deadline may have changed.
    deadlines: Notify,
}

impl Bridge {
    pub(crate) fn new(
        current: Current,
        pairings: Pairings,
        inbox: Inbox,
        timings: Timings,
        stop: Stop,
        port: u16,
    ) -> Self {
        Self(Arc::new(Shared {
            current,
            pairings,
            timings,
            stop,
            port,
            challenges: Mutex::default(),
            sessions: Mutex::new(Sessions::new(inbox, timings)),
            hellos: Mutex::default(),
            news: Notify::new(),
            deadlines: Notify::new(),
        }))
    }

    pub(crate) fn routes(&self) -> Router {
        Router::new()
            .route(HELLO_PATH, post(hello::hello))
            .route(PAIR_PATH, post(hello::pair))
            .route(PROVE_PATH, post(hello::prove))
            .route(WAIT_PATH, post(wait::wait))
            .route(POLL_PATH, post(poll))
            .route(REPORT_PATH, post(report))
            .with_state(self.clone())
    }

    /// Lets what is due expire, until the word to stop.
    pub(crate) async fn watch(self) {
        loop {
            let next = self.sessions().expire(Instant::now());
            let due = async {
                match next {
                    Some(next) => sleep_until(next).await,
                    None => std::future::pending().await,
                }
            };
            tokio::select! {
                () = due => {}
                () = self.0.deadlines.notified() => {}
                () = self.0.stop.heard() => return,
            }
            self.0.news.notify_waiters();
        }
    }

    /// Another rep, or nobody, is signed in.
    pub(crate) fn end_session(&self) {
        self.challenges().forget();
        self.sessions().end();
        self.woken();
    }

    /// See [`crate::Doors::rep_setup`].
    pub(crate) fn rep_setup(&self) -> watch::Receiver<Option<RepSetup>> {
        self.sessions().setup()
    }

    fn sessions(&self) -> MutexGuard<'_, Sessions> {
        self.0
            .sessions
            .lock()
            .unwrap_or_else(|poisoned| poisoned.into_inner())
    }

    fn challenges(&self) -> MutexGuard<'_, Challenges> {
        self.0
            .challenges
            .lock()
            .unwrap_or_else(|poisoned| poisoned.into_inner())
    }

    fn woken(&self) {
        self.0.news.notify_waiters();
        self.0.deadlines.notify_one();
    }
}

async fn poll(State(bridge): State<Bridge>, Json(poll): Json<Poll>) -> Result<Answer<Commands>, Refusal> {
    poll::held(&bridge, poll.session.expose()).await.map(Answer)
}

async fn report(
    State(bridge): State<Bridge>,
    Json(report): Json<Report>,
) -> Result<Answer<Reported>, Refusal> {
    let leaving = report.leaving;
    let events_taken = bridge.sessions().report(report, Instant::now())?;
    bridge.0.deadlines.notify_one();
    if leaving {
        bridge.woken();
    }
    Ok(Answer(Reported { events_taken }))
}

/// The loop's handle on the console partners. Cheap to clone.
#[derive(Clone, Debug)]
pub struct Consoles(pub(crate) Bridge);

impl ConsolePort for Consoles {
    fn send(&self, console: ConsoleId, command: CommandId, expires_in_ms: u64, action: ConsoleAction) {
        self.0
            .sessions()
            .send(console, command, expires_in_ms, action, Instant::now());
        self.0.woken();
    }

    fn withdraw(&self, command: CommandId) {
        self.0.sessions().withdraw(command);
        self.0.woken();
    }
}
