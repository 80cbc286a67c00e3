//! The one sign-in that is under way, and where the next one goes.

use std::sync::{Arc, Mutex, MutexGuard, PoisonError};

use tokio::task::AbortHandle;

/// At most one sign-in or resumption runs at a time. Clones share it.
#[derive(Clone, Debug, Default)]
pub(crate) struct SigningIn {
    inner: Arc<Mutex<Inner>>,
}

#[derive(Debug, Default)]
struct Inner {
    org: Option<String>,
    task: Option<AbortHandle>,
}

impl SigningIn {
    /// `org`: the configured one, else that of the kept sign-in.
    pub(crate) fn new(org: Option<String>) -> Self {
        let signing_in = Self::default();
        signing_in.inner().org = org;
        signing_in
    }

    /// Where a sign-in goes that names no org: the one named last.
    pub(crate) fn org(&self) -> Option<String> {
        self.inner().org.clone()
    }

    pub(crate) fn goes_to(&self, org: String) {
        self.inner().org = Some(org);
    }

    /// This one runs now; an older one that is still under way is given up.
    pub(crate) fn run(&self, task: AbortHandle) {
        if let Some(older) = self.inner().task.replace(task) {
            older.abort();
        }
    }

    /// Gives up what is under way; whether there was anything.
    pub(crate) fn stop(&self) -> bool {
        let task = self.inner().task.take();
        task.is_some_and(|task| {
            let under_way = !task.is_finished();
            task.abort();
            under_way
        })
    }

    fn inner(&self) -> MutexGuard<'_, Inner> {
        self.inner.lock().unwrap_or_else(PoisonError::into_inner)
    }
}
