//! What becomes of a wish that an earlier run left (DESIGN P2).

use crate::engine::Engine;
use crate::time::Now;

impl Engine {
    /// The org has answered for the first time since a restart.
    ///
    /// `changed_ms`: when the present status began. A status chosen after the wish (which a new login is,
    /// too) is a newer wish. `closed_ms`: when the wish's own calls ended. A wish whose calls ended long ago,
    /// or an old one without any call, is nobody's wish any more.
    pub(crate) fn check_restored(&mut self, now: Now, changed_ms: Option<i64>, closed_ms: Option<i64>) {
        let Some(intent) = self.state.intent.as_mut().filter(|intent| intent.restored) else {
            return;
        };
        let timings = &self.settings.timings;
        let (lapse_ms, skew_ms) = (signed(timings.lapse_ms), signed(timings.skew_ms));
        let still_open = self
            .state
            .works
            .iter()
            .any(|work| intent.works.contains(&work.id));
        let last_true_ms = closed_ms.unwrap_or(intent.since_ms).max(intent.since_ms);
        let too_old = !still_open && now.wall_ms.saturating_sub(last_true_ms) > lapse_ms;
        let newer_wish =
            changed_ms.is_some_and(|changed_ms| changed_ms.saturating_sub(intent.since_ms) > skew_ms);
        if too_old || newer_wish {
            self.lapse_restored();
        } else {
            intent.restored = false;
        }
    }

    /// Where the org cannot be read, a live console's word must do: it shows whether the wish's calls are
    /// still open, and not when a status began.
    pub(crate) fn check_restored_without_org(&mut self, now: Now) {
        let console_alone =
            self.state.reading.failed && self.state.console_is_fresh(now, &self.settings.timings);
        if console_alone {
            self.check_restored(now, None, None);
        }
    }
}

fn signed(ms: u64) -> i64 {
    i64::try_from(ms).unwrap_or(i64::MAX)
}
