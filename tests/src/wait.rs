//! Waiting for conditions.

use std::thread;
use std::time::{Duration, Instant};

/// How long a condition may take before a test gives up. Generous: it is only ever reached by failures.
pub const PATIENCE: Duration = Duration::from_secs(30);

/// How often a condition that cannot announce itself is looked at.
pub(crate) const GLANCE: Duration = Duration::from_millis(20);

/// Looks until there is an answer; panics with `what` after [`PATIENCE`].
#[track_caller]
pub fn until<T>(what: &str, look: impl FnMut() -> Option<T>) -> T {
    within(PATIENCE, what, look)
}

/// Looks until there is an answer; panics with `what` after `patience`.
#[track_caller]
pub fn within<T>(patience: Duration, what: &str, mut look: impl FnMut() -> Option<T>) -> T {
    let end = Instant::now() + patience;
    loop {
        if let Some(answer) = look() {
            return answer;
        }
        assert!(Instant::now() < end, "waited {patience:?} in vain for: {what}");
        thread::sleep(GLANCE);
    }
}
