//! The practice org on loopback: binds, serves, keeps time, shuts down.

mod bind;
mod cometd;
mod composite;
mod console_api;
mod control;
mod faults;
mod guard;
mod oauth;
mod outage;
mod page;
pub(crate) mod problem;
mod rest;
mod sessions;
mod shared;
mod slashes;
mod start_page;
mod streaming;
mod write;

use std::sync::Arc;
use std::time::Duration;

use axum::extract::Request;
use axum::{Router, ServiceExt};
use tokio::sync::watch;
use tokio::task::JoinSet;
use tower::Layer as _;

use crate::org::{Connector, Org, PhoneBy, Settings};

pub use bind::StartError;
pub(crate) use shared::Shared;
pub(crate) use shared::{lock, now};

/// How a practice org is started.
#[derive(Clone, Debug)]
pub struct Options {
    /// The port to listen on; 0 = any.
    pub port: u16,
    /// The loopback ports where a Holdline may be, in order.
    pub holdline_ports: Vec<u16>,
    /// How the practice connector treats `enqueueNextState`.
    pub connector: Connector,
    /// Durations.
    pub timings: Timings,
    /// How a Holdline reaches the phones.
    pub phone_by: PhoneBy,
}

impl Default for Options {
    fn default() -> Self {
        Self {
            port: 0,
            holdline_ports: wire::DEFAULT_PORTS.to_vec(),
            connector: Connector::Honours,
            timings: Timings::default(),
            phone_by: PhoneBy::default(),
        }
    }
}

/// All durations of the practice org, so that tests can scale them.
#[derive(Clone, Copy, Debug)]
pub struct Timings {
    /// After-conversation work ends by itself after this.
    pub wrap_up: Duration,
    /// Work that is not accepted within this is declined; `None` = never.
    pub push_timeout: Option<Duration>,
    /// A session ends when it is idle for this.
    pub session_timeout: Duration,
    /// A phone looks for its Holdline this often at first,
    pub phone_retry: Duration,
    /// for this long,
    pub phone_retry_for: Duration,
    /// and this often afterwards.
    pub phone_retry_later: Duration,
}

impl Default for Timings {
    fn default() -> Self {
        Self {
            wrap_up: Duration::from_secs(90),
            push_timeout: None,
            session_timeout: Duration::from_secs(2 * 60 * 60),
            phone_retry: Duration::from_secs(1),
            phone_retry_for: Duration::from_secs(30),
            phone_retry_later: Duration::from_secs(5),
        }
    }
}

/// A running practice org. Dropping it stops it; [`Server::shutdown`] also waits until it has stopped.
pub struct Server {
    url: String,
    port: u16,
    stop: watch::Sender<bool>,
    tasks: JoinSet<()>,
}

/// How long open connections get to end at shutdown.
const SHUTDOWN_GRACE: Duration = Duration::from_secs(2);

impl Server {
    /// Starts a fresh org. Needs a Tokio runtime.
    pub async fn start(options: Options) -> Result<Self, StartError> {
        let listeners = bind::loopback(options.port).await?;
        let port = listeners.port;
        let url = format!("http://localhost:{port}");
        let settings = Settings {
            connector: options.connector,
            phone_by: options.phone_by,
            wrap_up_ms: whole_millis(options.timings.wrap_up),
            push_timeout_ms: options.timings.push_timeout.map(whole_millis),
            session_timeout_ms: whole_millis(options.timings.session_timeout),
            ..Settings::default()
        };
        let mut org = Org::new(now(), rand::random(), settings);
        org.set_up_streaming(now());
        let (stop, stopped) = watch::channel(false);
        let shared = Shared::new(org, url.clone(), port, options, stopped);
        let app = router(&shared);
        let mut tasks = JoinSet::new();
        for listener in listeners.sockets {
            let (app, mut stopped) = (app.clone(), shared.stopped.clone());
            tasks.spawn(async move {
                let until = async move {
                    // An error means the server was dropped.
                    let _ = stopped.wait_for(|stopped| *stopped).await;
                };
                let app = axum::middleware::map_request(slashes::collapse).layer(app);
                let app = ServiceExt::<Request>::into_make_service(app);
                if let Err(error) = axum::serve(listener, app).with_graceful_shutdown(until).await {
                    tracing::error!(%error, "the practice org's listener failed");
                }
            });
        }
        tasks.spawn(Arc::clone(&shared).keep_time());
        tracing::info!(url, "practice org started");
        Ok(Self {
            url,
            port,
            stop,
            tasks,
        })
    }

    /// `http://localhost:PORT`, which is also the org's `instance_url`.
    pub fn url(&self) -> &str {
        &self.url
    }

    /// The port it listens on.
    pub fn port(&self) -> u16 {
        self.port
    }

    /// Stops listening, ends open streams and waits for both.
    pub async fn shutdown(mut self) {
        self.stop.send_replace(true);
        let all = async { while self.tasks.join_next().await.is_some() {} };
        if tokio::time::timeout(SHUTDOWN_GRACE, all).await.is_err() {
            tracing::debug!("connections were still open at shutdown");
        }
        self.tasks.shutdown().await;
    }
}

fn router(shared: &Arc<Shared>) -> Router {
    let salesforce = oauth::routes()
        .merge(rest::routes())
        .merge(cometd::routes())
        .layer(axum::middleware::from_fn_with_state(
            Arc::clone(shared),
            outage::refuse,
        ));
    let api = Router::new()
        .merge(control::routes())
        .merge(faults::routes())
        .merge(console_api::routes())
        .merge(salesforce)
        .merge(start_page::routes())
        .fallback(problem::nothing_here)
        .merge(crate::console::routes())
        .merge(crate::ccp::routes())
        .with_state(Arc::clone(shared));
    api.layer(axum::middleware::from_fn_with_state(
        Arc::clone(shared),
        faults::inject,
    ))
    .layer(axum::middleware::from_fn_with_state(
        Arc::clone(shared),
        guard::only_our_own,
    ))
}

fn whole_millis(duration: Duration) -> u64 {
    u64::try_from(duration.as_millis()).unwrap_or(u64::MAX)
}
