//! The two real clocks, read in one place.

use std::time::{Instant, SystemTime, UNIX_EPOCH};

use presence::time::Now;

/// Reads both clocks.
#[derive(Clone, Copy, Debug)]
pub struct Clock {
    origin: Instant,
}

impl Clock {
    /// A clock whose monotonic side starts now.
    pub fn start() -> Self {
        Self {
            origin: Instant::now(),
        }
    }

    /// Both clocks at this moment.
    pub fn now(&self) -> Now {
        let wall = SystemTime::now().duration_since(UNIX_EPOCH).unwrap_or_default();
        Now {
            mono_ms: u64::try_from(self.origin.elapsed().as_millis()).unwrap_or(u64::MAX),
            wall_ms: i64::try_from(wall.as_millis()).unwrap_or(i64::MAX),
        }
    }

    /// The instant at which the monotonic clock shows `mono_ms`.
    pub(crate) fn instant_of(&self, mono_ms: u64) -> Instant {
        self.origin + std::time::Duration::from_millis(mono_ms)
    }
}
