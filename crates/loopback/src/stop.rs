//! The word that everything here waits for.

use std::sync::Arc;

use tokio::sync::watch;

/// Said once, heard by everybody, also by those who ask later.
#[derive(Clone, Debug)]
pub(crate) struct Stop(Arc<watch::Sender<bool>>);

impl Stop {
    pub(crate) fn new() -> Self {
        Self(Arc::new(watch::Sender::new(false)))
    }

    pub(crate) fn say(&self) {
        self.0.send_replace(true);
    }

    pub(crate) fn said(&self) -> bool {
        *self.0.borrow()
    }

    /// Returns once it has been said.
    pub(crate) async fn heard(&self) {
        // The sender lives in `self`, so the wait ends only by the word.
        let _ = self.0.subscribe().wait_for(|said| *said).await;
    }
}
