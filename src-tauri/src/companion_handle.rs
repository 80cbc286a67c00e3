//! The one place that knows how the companion is started and spoken to.

use std::sync::Arc;

use companion::ports::DesktopPort;
use tokio::sync::watch;
use wire::dispatch::{Dispatch, DispatchError};
use wire::picture::Picture;

use crate::arguments::Arguments;

/// The running companion.
pub(crate) struct Companion {
    running: headless::Running,
}

/// What became of a start.
pub(crate) enum Started {
    /// Another Holdline has this profile; it has been asked to show its window.
    Elsewhere,
    /// It runs.
    Here(Companion),
}

impl Companion {
    /// Starts it.
    ///
    /// # Errors
    /// What went wrong and what to do, for people.
    pub(crate) async fn start(arguments: &Arguments, desktop: Box<dyn DesktopPort>) -> Result<Started, String> {
        let options = headless::Options {
            org: arguments.org.clone(),
            profile: arguments.profile.clone(),
            policy: arguments.policy.clone(),
            desktop,
        };
        let running = headless::start(options).await.map_err(|error| error.to_string())?;
        Ok(Started::Here(Self { running }))
    }

    /// Posts a request.
    pub(crate) fn dispatch(&self, request: Dispatch) -> Result<(), DispatchError> {
        self.running.dispatch(request)
    }

    /// The picture now.
    pub(crate) fn picture(&self) -> Picture {
        self.running.picture()
    }

    /// The picture now and word of each newer one.
    pub(crate) fn pictures(&self) -> watch::Receiver<Arc<Picture>> {
        self.running.pictures()
    }

    /// Stops intake, saves, and ends; presence is not written.
    pub(crate) async fn shutdown(&self) {
        self.running.shutdown().await;
    }
}

/// Logs go to standard error, at the level `RUST_LOG` says.
pub(crate) fn log_to_stderr() {
    let filter = tracing_subscriber::EnvFilter::try_from_default_env()
        .unwrap_or_else(|_| tracing_subscriber::EnvFilter::new("warn"));
    tracing_subscriber::fmt().with_env_filter(filter).with_writer(std::io::stderr).init();
}
