//! The two real clocks, read in one place.

use std::sync::atomic::{AtomicI64, Ordering};
use std::time::{Instant, SystemTime, UNIX_EPOCH};

use presence::time::Now;

/// Reads both clocks.
#[derive(Clone, Copy, Debug)]
pub struct Clock {
    origin: Instant,
    /// By so many milliseconds the wall clock is ahead of the system's.
    ahead_ms: Option<&'static AtomicI64>,
    /// Set, both clocks show this, in milliseconds.
    set_ms: Option<&'static AtomicI64>,
}

impl Clock {
    /// A clock whose monotonic side starts now.
    pub fn start() -> Self {
        Self {
            origin: Instant::now(),
            ahead_ms: None,
            set_ms: None,
        }
    }

    /// A clock whose wall side can be moved on by so many milliseconds, as it moves on while a machine is
    /// suspended and the monotonic one stands still. For rehearsals of that; nothing else moves it.
    pub fn that_leaps(ahead_ms: &'static AtomicI64) -> Self {
        Self {
            ahead_ms: Some(ahead_ms),
            ..Self::start()
        }
    }

    /// A clock that shows what it is set to, on both sides, and stands still between. For simulated shifts; the
    /// loop, which sleeps in real time, has no use for it.
    pub fn that_is_set(set_ms: &'static AtomicI64) -> Self {
        Self {
            set_ms: Some(set_ms),
            ..Self::start()
        }
    }

    /// Both clocks at this moment.
    pub fn now(&self) -> Now {
        if let Some(set) = self.set_ms {
            let wall_ms = set.load(Ordering::Relaxed);
            return Now {
                mono_ms: u64::try_from(wall_ms).unwrap_or(0),
                wall_ms,
            };
        }
        let wall = SystemTime::now().duration_since(UNIX_EPOCH).unwrap_or_default();
        let ahead_ms = self.ahead_ms.map_or(0, |ahead| ahead.load(Ordering::Relaxed));
        Now {
            mono_ms: u64::try_from(self.origin.elapsed().as_millis()).unwrap_or(u64::MAX),
            wall_ms: i64::try_from(wall.as_millis())
                .unwrap_or(i64::MAX)
                .saturating_add(ahead_ms),
        }
    }

    /// The instant at which the monotonic clock shows `mono_ms`.
    pub(crate) fn instant_of(&self, mono_ms: u64) -> Instant {
        self.origin + std::time::Duration::from_millis(mono_ms)
    }
}
