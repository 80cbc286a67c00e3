//! A small Holdline on a real socket, under the control of a test.

use std::sync::{Arc, Mutex, MutexGuard};
use std::time::Duration;

use axum::extract::State;
use axum::http::{HeaderMap, StatusCode};
use axum::response::{IntoResponse, Response};
use axum::routing::{get, post};
use axum::{Json, Router};
use tokio::sync::Notify;
use wire::bridge::{
    Action, Command, CommandResult, Commands, ConsoleEvent, HELLO_PATH, Hello, NumberedEvent, Outcome,
    PAIR_PATH, POLL_PATH, PROVE_PATH, PairAnswer, Poll, Problem, Prove, Proved, REPORT_PATH, Report,
    Reported, Welcome,
};
use wire::identity::{APP, Identity, Protocols, Range};
use wire::proof::{Credential, Transcript};

/// Waits for a condition.
pub(super) async fn until(what: &str, condition: impl Fn() -> bool) {
    let end = tokio::time::Instant::now() + Duration::from_secs(20);
    while !condition() {
        assert!(tokio::time::Instant::now() < end, "waited in vain for: {what}");
        tokio::time::sleep(Duration::from_millis(5)).await;
    }
}

pub(super) struct Fake {
    pub(super) port: u16,
    shared: Arc<Shared>,
    /// Its own, so that stopping it ends every connection.
    runtime: Mutex<Option<tokio::runtime::Runtime>>,
}

impl Drop for Fake {
    fn drop(&mut self) {
        self.stop();
    }
}

struct Shared {
    port: u16,
    state: Mutex<Holdline>,
    news: Notify,
}

pub(super) struct Holdline {
    pub(super) identity: Identity,
    pub(super) hellos: Vec<Hello>,
    pub(super) origins: Vec<String>,
    pub(super) pairing: Option<String>,
    pub(super) polling: bool,
    /// Gives a proof that is none.
    pub(super) impostor: bool,
    pub(super) acknowledge: bool,
    pub(super) reports: usize,
    pub(super) events: Vec<NumberedEvent>,
    results: Vec<CommandResult>,
    confirmed: Option<String>,
    session: Option<String>,
    superseded: bool,
    pending: Commands,
}

impl Fake {
    pub(super) fn start() -> Self {
        let listener = std::net::TcpListener::bind(("127.0.0.1", 0)).unwrap();
        listener.set_nonblocking(true).unwrap();
        let port = listener.local_addr().unwrap().port();
        let only = Range::only(1);
        let state = Mutex::new(Holdline {
            identity: Identity {
                app: APP.to_owned(),
                protocols: Protocols {
                    bridge: only,
                    connector: only,
                    status: only,
                },
                org_id: None,
                user_id: None,
            },
            hellos: Vec::new(),
            origins: Vec::new(),
            pairing: None,
            polling: false,
            impostor: false,
            acknowledge: true,
            reports: 0,
            events: Vec::new(),
            results: Vec::new(),
            confirmed: None,
            session: None,
            superseded: false,
            pending: Commands::default(),
        });
        let shared = Arc::new(Shared {
            port,
            state,
            news: Notify::new(),
        });
        let app = Router::new()
            .route("/holdline", get(identity))
            .route(HELLO_PATH, post(hello))
            .route(PAIR_PATH, post(pair))
            .route(PROVE_PATH, post(prove))
            .route(POLL_PATH, post(poll))
            .route(REPORT_PATH, post(report))
            .with_state(Arc::clone(&shared));
        let runtime = tokio::runtime::Builder::new_multi_thread()
            .worker_threads(1)
            .enable_all()
            .build()
            .unwrap();
        runtime.spawn(async move {
            let listener = tokio::net::TcpListener::from_std(listener).unwrap();
            axum::serve(listener, app).await.unwrap();
        });
        Self {
            port,
            shared,
            runtime: Mutex::new(Some(runtime)),
        }
    }

    /// Is gone, with its listener and every connection.
    pub(super) fn stop(&self) {
        if let Some(runtime) = self.runtime.lock().unwrap().take() {
            runtime.shutdown_background();
        }
    }

    pub(super) fn state(&self) -> MutexGuard<'_, Holdline> {
        self.shared.state.lock().unwrap()
    }

    pub(super) fn serve(&self, org_id: &str, user_id: &str) {
        let mut state = self.state();
        state.identity.org_id = Some(org_id.parse().unwrap());
        state.identity.user_id = Some(user_id.parse().unwrap());
    }

    pub(super) fn confirm(&self, key: &str) {
        self.state().confirmed = Some(key.to_owned());
        self.shared.news.notify_waiters();
    }

    pub(super) fn forget_sessions(&self) {
        let mut state = self.state();
        state.session = None;
        state.polling = false;
        self.shared.news.notify_waiters();
    }

    pub(super) fn supersede(&self) {
        self.state().superseded = true;
        self.forget_sessions();
    }

    pub(super) fn send(&self, id: &str, expires_in_ms: u64, action: Action) {
        self.send_all(vec![(id, expires_in_ms, action)], &[]);
    }

    pub(super) fn send_all(&self, commands: Vec<(&str, u64, Action)>, withdrawn: &[&str]) {
        let commands = commands.into_iter().map(|(id, expires_in_ms, action)| Command {
            id: id.to_owned(),
            expires_in_ms,
            action,
        });
        let mut state = self.state();
        state.pending.commands.extend(commands);
        state
            .pending
            .withdrawn
            .extend(withdrawn.iter().map(|&id| id.to_owned()));
        self.shared.news.notify_waiters();
    }

    pub(super) fn outcome(&self, id: &str) -> Option<Outcome> {
        let state = self.state();
        let result = state.results.iter().find(|result| result.id == id)?;
        Some(result.outcome.clone())
    }

    pub(super) fn has_event(&self, wanted: impl Fn(&ConsoleEvent) -> bool) -> bool {
        self.state().events.iter().any(|numbered| wanted(&numbered.event))
    }
}

impl Shared {
    /// Waits until the state gives an answer.
    async fn wait<T>(&self, ready: impl Fn(&mut Holdline) -> Option<T>) -> T {
        loop {
            let mut news = std::pin::pin!(self.news.notified());
            news.as_mut().enable();
            if let Some(answer) = ready(&mut self.state.lock().unwrap()) {
                return answer;
            }
            news.await;
        }
    }
}

async fn identity(State(shared): State<Arc<Shared>>) -> Json<Identity> {
    Json(shared.state.lock().unwrap().identity.clone())
}

async fn hello(
    State(shared): State<Arc<Shared>>,
    headers: HeaderMap,
    Json(hello): Json<Hello>,
) -> Json<Welcome> {
    let mut state = shared.state.lock().unwrap();
    state.origins.push(headers["origin"].to_str().unwrap().to_owned());
    let known = state.credential();
    let known = hello
        .key
        .as_ref()
        .is_some_and(|key| known.is_some_and(|known| known.id() == key.id));
    state.hellos.push(hello);
    if !known {
        state.pairing = Some("p".to_owned());
        return Json(Welcome::Pairing {
            pairing: "p".to_owned(),
            code: "123456".to_owned().into(),
        });
    }
    Json(Welcome::Challenge {
        challenge: format!("challenge {}", state.hellos.len()),
    })
}

async fn prove(State(shared): State<Arc<Shared>>, Json(given): Json<Prove>) -> Json<Proved> {
    let mut state = shared.state.lock().unwrap();
    let hello = state.hellos.last().unwrap();
    let verifier = state.credential().unwrap().verifier();
    let transcript = Transcript::of(shared.port, hello, &given.challenge).unwrap();
    assert!(verifier.accepts(&transcript, &given.proof));
    let session = format!("s{}", state.hellos.len());
    state.session = Some(session.clone());
    state.superseded = false;
    let mut proof = verifier.proof(&transcript);
    if state.impostor {
        proof = given.proof;
    }
    Json(Proved {
        session: session.as_str().into(),
        protocol: 1,
        proof,
    })
}

async fn pair(State(shared): State<Arc<Shared>>) -> Json<PairAnswer> {
    let key = shared.wait(|state| state.confirmed.clone()).await;
    Json(PairAnswer::Confirmed {
        pairing_key: key.as_str().into(),
    })
}

async fn poll(State(shared): State<Arc<Shared>>, Json(poll): Json<Poll>) -> Response {
    shared
        .wait(|state| {
            if let Some(refusal) = state.refusal(poll.session.expose()) {
                return Some(refusal);
            }
            state.polling = true;
            if state.pending == Commands::default() {
                return None;
            }
            state.polling = false;
            Some(Json(std::mem::take(&mut state.pending)).into_response())
        })
        .await
}

async fn report(State(shared): State<Arc<Shared>>, Json(report): Json<Report>) -> Response {
    let mut state = shared.state.lock().unwrap();
    state.reports += 1;
    if let Some(refusal) = state.refusal(report.session.expose()) {
        return refusal;
    }
    let mut taken = state.events.last().map_or(0, |numbered| numbered.seq);
    if state.acknowledge {
        for numbered in report.events {
            if numbered.seq > taken {
                taken = numbered.seq;
                state.events.push(numbered);
            }
        }
        state.results.extend(report.results);
    }
    Json(Reported { events_taken: taken }).into_response()
}

impl Holdline {
    fn credential(&self) -> Option<Credential> {
        Credential::parse(&self.confirmed.as_deref()?.into())
    }

    fn refusal(&self, session: &str) -> Option<Response> {
        if self.session.as_deref() == Some(session) {
            return None;
        }
        let (status, code) = if self.superseded {
            (StatusCode::CONFLICT, "superseded")
        } else {
            (StatusCode::UNAUTHORIZED, "unknown_session")
        };
        let problem = Problem {
            code: code.to_owned(),
            detail: String::new(),
        };
        Some((status, Json(problem)).into_response())
    }
}
