//! What becomes of a wish that an earlier run left (DESIGN P2).

use crate::engine::Engine;
use crate::event::PresenceRow;
use crate::time::Now;

impl Engine {
    /// The org has answered for the first time since a restart.
    ///
    /// A status chosen after the wish (which a new login is, too) is a newer wish: another row than the one
    /// that stood then, or, where that is not known, one that began later. `closed_ms`: when the wish's own calls ended. A wish whose calls ended long ago,
    /// or an old one without any call, is nobody's wish any more.
    pub(crate) fn check_restored(&mut self, now: Now, presence: PresenceRow, closed_ms: Option<i64>) {
        let ours = self.is_held_as(presence);
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
        let began_later = presence
            .since_ms
            .is_some_and(|since_ms| since_ms.saturating_sub(intent.since_ms) > skew_ms);
        let other_row = intent.row.is_some() && presence.row.is_some() && intent.row != presence.row;
        let newer_wish = !ours && presence.status.is_some() && (began_later || other_row);
        if too_old || newer_wish {
            self.lapse_restored();
        } else {
            intent.restored = false;
        }
    }

    /// Where the org cannot be read, a live console's word must do. It shows whether the wish's own calls are
    /// still open: then nothing has become of it yet. If they are not, only the org knows whether it was
    /// applied already and the rep has logged in anew; so it waits, and lapses rather than be applied twice.
    pub(crate) fn check_restored_without_org(&mut self, now: Now) {
        let Some(intent) = self.state.intent.as_mut().filter(|intent| intent.restored) else {
            return;
        };
        let timings = &self.settings.timings;
        let console = self.state.console.as_ref();
        if !self.state.reading.failed || console.is_none_or(|console| console.snapshot.is_none()) {
            return;
        }
        if self
            .state
            .works
            .iter()
            .any(|work| intent.works.contains(&work.id))
        {
            intent.restored = false;
        } else if now.wall_ms.saturating_sub(intent.since_ms) > signed(timings.lapse_ms) {
            self.lapse_restored();
        }
    }
}

impl Engine {
    /// A hold of before `mode = observe` is nobody's wish any more, because nothing will be written. Told
    /// once its name is known.
    pub(crate) fn lapse_if_observing(&mut self) {
        if self.observing() {
            self.state.held_as = None;
            let nameless = |target| self.label(target).is_empty();
            if !self
                .state
                .intent
                .as_ref()
                .is_some_and(|intent| nameless(intent.target))
            {
                self.lapse_restored();
            }
        }
    }
}

fn signed(ms: u64) -> i64 {
    i64::try_from(ms).unwrap_or(i64::MAX)
}
