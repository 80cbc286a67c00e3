//! Asked by the system to end: without writing any presence (DESIGN, "Life cycle").

/// Returns when the process is asked to end by SIGTERM or Ctrl-C.
#[cfg(unix)]
pub(crate) async fn asked_to_end() {
    use tokio::signal::unix::{SignalKind, signal};

    match signal(SignalKind::terminate()) {
        Ok(mut terminate) => tokio::select! {
            _ = terminate.recv() => {}
            _ = tokio::signal::ctrl_c() => {}
        },
        Err(error) => {
            tracing::warn!(%error, "SIGTERM ends Holdline without a clean shutdown");
            std::future::pending().await
        }
    }
}

/// Returns when the process is asked to end by Ctrl-C.
#[cfg(not(unix))]
pub(crate) async fn asked_to_end() {
    if tokio::signal::ctrl_c().await.is_err() {
        std::future::pending().await
    }
}
