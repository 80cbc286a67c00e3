//! Listens for one redirect.

use std::time::Duration;

use axum::Router;
use axum::extract::{RawQuery, Request, State};
use axum::http::StatusCode;
use axum::middleware::{self, Next};
use axum::response::Response;
use axum::routing::get;
use secrecy::SecretString;
use tokio::sync::{mpsc, oneshot};
use tokio::task::JoinHandle;
use tokio::time::timeout;
use wire::OAUTH_REDIRECT_PATH;

use super::page;
use crate::bind::{self, Bound, PortsTaken};
use crate::guard;
use crate::stop::Stop;

/// The browser waits this long for the page's text.
const REPLY: Duration = Duration::from_secs(60);
/// How long closing waits for the page to be delivered.
const CLOSE: Duration = Duration::from_secs(2);

/// Serves `/OauthRedirect` and nothing else on one loopback port until it is dropped or closed.
#[derive(Debug)]
pub struct Listener {
    port: u16,
    callbacks: mpsc::Receiver<Callback>,
    stop: Stop,
    tasks: Vec<JoinHandle<()>>,
}

/// The browser has come back.
pub struct Callback {
    /// What stands behind the `?`, as it came: `code` and `state`, or `error` and its description.
    pub query: SecretString,
    /// The browser waits for this.
    pub reply: Reply,
}

impl std::fmt::Debug for Callback {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("Callback").finish_non_exhaustive()
    }
}

/// Answers the browser; dropped, the page says that the sign-in did not go on.
#[derive(Debug)]
pub struct Reply(oneshot::Sender<Result<(), String>>);

/// Why there was no callback.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
pub enum NoCallback {
    /// The listeners have ended.
    #[error("the listener for the sign-in's answer has ended: start the sign-in again")]
    Closed,
    /// The browser did not come back in time.
    #[error("the browser did not come back in time: start the sign-in again")]
    TimedOut,
}

impl Listener {
    /// Takes the first free port of the list (0: the system chooses) on 127.0.0.1 and ::1.
    pub async fn open(ports: &[u16]) -> Result<Self, PortsTaken> {
        let Bound { port, listeners } = bind::first_free(ports).await?;
        let (sender, callbacks) = mpsc::channel(1);
        let stop = Stop::new();
        let routes = Router::new()
            .route(OAUTH_REDIRECT_PATH, get(redirected))
            .with_state(sender)
            .fallback(async || page::failed(StatusCode::NOT_FOUND, "There is nothing here."))
            .layer(middleware::from_fn_with_state(port, only_our_host));
        let tasks = listeners
            .into_iter()
            .map(|listener| {
                let (routes, stop) = (routes.clone(), stop.clone());
                tokio::spawn(async move {
                    let stopped = async move { stop.heard().await };
                    if let Err(error) = axum::serve(listener, routes)
                        .with_graceful_shutdown(stopped)
                        .await
                    {
                        tracing::error!(%error, "the listener for the sign-in's answer ended");
                    }
                })
            })
            .collect();
        Ok(Self {
            port,
            callbacks,
            stop,
            tasks,
        })
    }

    /// What the org must have registered, and what the sign-in gives as `redirect_uri`.
    pub fn redirect_uri(&self) -> String {
        format!("http://localhost:{}{OAUTH_REDIRECT_PATH}", self.port)
    }

    /// Waits for the browser. Called again, it waits for the next one: an answer with a wrong `state` did not
    /// come from this sign-in, and the right one may still come.
    pub async fn wait(&mut self, within: Duration) -> Result<Callback, NoCallback> {
        match timeout(within, self.callbacks.recv()).await {
            Ok(Some(callback)) => Ok(callback),
            Ok(None) => Err(NoCallback::Closed),
            Err(_) => Err(NoCallback::TimedOut),
        }
    }

    /// Closes once a page under way has been delivered.
    pub async fn close(mut self) {
        self.stop.say();
        let mut tasks = std::mem::take(&mut self.tasks);
        let all = async {
            for task in &mut tasks {
                let _ = task.await;
            }
        };
        if timeout(CLOSE, all).await.is_err() {
            tasks.iter().for_each(JoinHandle::abort);
        }
    }
}

impl Drop for Listener {
    fn drop(&mut self) {
        self.stop.say();
    }
}

impl Reply {
    /// Has the page say that all is well, or the text: what went wrong and what to do.
    pub async fn finish(self, outcome: Result<(), String>) {
        // The browser may have gone meanwhile; then nobody is there to be told.
        let _ = self.0.send(outcome);
    }
}

type Callbacks = mpsc::Sender<Callback>;

async fn redirected(State(callbacks): State<Callbacks>, RawQuery(query): RawQuery) -> Response {
    let Some(query) = query.filter(|query| !query.is_empty()) else {
        let why = "This address is only for the answer to a sign-in. Start the sign-in in Holdline.";
        return page::failed(StatusCode::BAD_REQUEST, why);
    };
    let (reply, answer) = oneshot::channel();
    let callback = Callback {
        query: query.into(),
        reply: Reply(reply),
    };
    let sent = callbacks.try_send(callback);
    if sent.is_err() {
        let why = "This sign-in has had its answer already. Look at Holdline.";
        return page::failed(StatusCode::CONFLICT, why);
    }
    match timeout(REPLY, answer).await {
        Ok(Ok(Ok(()))) => page::signed_in(),
        Ok(Ok(Err(why))) => page::failed(StatusCode::BAD_REQUEST, &why),
        Ok(Err(_)) => {
            let why = "This sign-in did not go on. Start it again in Holdline.";
            page::failed(StatusCode::CONFLICT, why)
        }
        Err(_) => {
            let why = "Holdline is still waiting for the org. Look there how it goes on.";
            page::failed(StatusCode::GATEWAY_TIMEOUT, why)
        }
    }
}

async fn only_our_host(State(port): State<u16>, request: Request, next: Next) -> Response {
    if guard::is_ours(request.headers(), port) {
        next.run(request).await
    } else {
        page::failed(
            StatusCode::FORBIDDEN,
            "This address is only for the answer to a sign-in.",
        )
    }
}
