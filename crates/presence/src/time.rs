//! Time as an argument: two clocks at once.

use serde::{Deserialize, Serialize};

/// One reading of both clocks. The monotonic one stops while the machine is suspended, the wall clock can be
/// set; an age is therefore the larger difference of the two.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
pub struct Now {
    /// Milliseconds on a clock that never goes back, from any origin.
    pub mono_ms: u64,
    /// Milliseconds since 1970-01-01 UTC.
    pub wall_ms: i64,
}

impl Now {
    /// How long ago `then` was, in milliseconds; never less than either clock says, and 0 for a time to come.
    pub fn since(self, then: Self) -> u64 {
        let mono = self.mono_ms.saturating_sub(then.mono_ms);
        let wall = u64::try_from(self.wall_ms.saturating_sub(then.wall_ms)).unwrap_or(0);
        mono.max(wall)
    }

    /// The reading both clocks will show after `ms` milliseconds awake.
    pub fn plus(self, ms: u64) -> Self {
        Self {
            mono_ms: self.mono_ms.saturating_add(ms),
            wall_ms: self.wall_ms.saturating_add(i64::try_from(ms).unwrap_or(i64::MAX)),
        }
    }

    /// Whether `deadline` (made by [`Self::plus`]) has come on either clock.
    pub fn reached(self, deadline: Self) -> bool {
        self.mono_ms >= deadline.mono_ms || self.wall_ms >= deadline.wall_ms
    }
}
