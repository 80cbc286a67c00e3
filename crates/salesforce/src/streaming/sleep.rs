//! Whether the machine was suspended: then a held request waits for a connection that is long gone.

use std::time::{Duration, Instant, SystemTime};

/// How often one looks.
pub(crate) const LOOK_EVERY: Duration = Duration::from_secs(5);
/// The wall clock may be set by a little at any time.
const LEAP: Duration = Duration::from_secs(20);

/// Both clocks, when they were last looked at. The monotonic one stands still in suspend.
pub(crate) struct Wakefulness {
    mono: Instant,
    wall: SystemTime,
}

impl Wakefulness {
    pub(crate) fn new() -> Self {
        Self {
            mono: Instant::now(),
            wall: SystemTime::now(),
        }
    }

    /// Whether the machine slept since the last look.
    pub(crate) fn slept(&mut self) -> bool {
        let now = Self::new();
        let awake = now.mono.duration_since(self.mono);
        let passed = now.wall.duration_since(self.wall).unwrap_or_default();
        *self = now;
        passed > awake + LEAP
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_wall_clock_that_leaps_is_sleep_once() {
        let mut looks = Wakefulness::new();
        assert!(!looks.slept());
        looks.wall -= Duration::from_secs(3_600);
        assert!(looks.slept());
        assert!(!looks.slept());
    }
}
