//! A page that was replaced, held until it is its turn: the newer one is closed or has fallen silent. So the
//! hand-over needs neither a timer in a page nor that the pages know of each other.

use axum::Json as Answer;
use axum::extract::State;
use tokio::time::{Instant, sleep_until};
use wire::bridge::{Wait, Waited};

use super::Bridge;
use crate::json::Json;
use crate::problem::Refusal;

/// `POST /bridge/v1/wait`
pub(super) async fn wait(
    State(bridge): State<Bridge>,
    Json(asked): Json<Wait>,
) -> Result<Answer<Waited>, Refusal> {
    let until = Instant::now() + bridge.0.timings.poll_hold;
    let _waiting = Waiting::begin(&bridge);
    loop {
        let mut news = std::pin::pin!(bridge.0.news.notified());
        // Listening begins before looking, so that nobody leaves in between.
        news.as_mut().enable();
        if bridge.0.stop.said() {
            return Err(Refusal::shutting_down());
        }
        if bridge.sessions().is_free(asked.session.expose())? {
            return Ok(Answer(Waited { free: true }));
        }
        tokio::select! {
            () = news => {}
            () = bridge.0.stop.heard() => {}
            () = sleep_until(until) => return Ok(Answer(Waited { free: false })),
        }
    }
}

/// Counted while it is held; the server drops a handler whose connection is closed.
struct Waiting<'a>(&'a Bridge);

impl<'a> Waiting<'a> {
    fn begin(bridge: &'a Bridge) -> Self {
        bridge.sessions().begin_wait();
        Self(bridge)
    }
}

impl Drop for Waiting<'_> {
    fn drop(&mut self) {
        self.0.sessions().end_wait();
    }
}
