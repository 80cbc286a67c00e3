//! The longest hold: after it the rep is asked whether it is to go on. Nothing ends by itself.

use crate::effect::NoticeCode;
use crate::engine::Engine;
use crate::problem::ProblemCode;
use crate::state::Stage;
use crate::time::Now;

impl Engine {
    /// When a wish made at `since_ms` has been held for so long that the rep is asked; not before `now`.
    pub(crate) fn ask_at(&self, now: Now, since_ms: i64) -> Option<Now> {
        let longest_ms = self.settings.longest_hold_ms?;
        let gone_ms = u64::try_from(now.wall_ms.saturating_sub(since_ms)).unwrap_or(0);
        Some(now.plus(longest_ms.saturating_sub(gone_ms)))
    }

    pub(crate) fn settle_longest_hold(&mut self, now: Now) {
        let intent = self.state.intent.as_mut();
        let Some(intent) = intent.filter(|intent| matches!(intent.stage, Stage::Held { .. })) else {
            return self.clear(ProblemCode::HoldLasts);
        };
        if intent.ask_at.take_if(|at| now.reached(*at)).is_some() {
            let label = self.state.intent.as_ref().map(|intent| self.label(intent.target));
            let label = label.unwrap_or_default();
            self.raise(ProblemCode::HoldLasts, label.clone());
            self.notify(NoticeCode::HoldLasts, label);
        }
    }

    /// The rep says: go on. Asked again after as long again.
    pub(crate) fn let_hold_last(&mut self, now: Now) {
        let again = self.ask_at(now, now.wall_ms);
        if self.state.problems.contains_key(&ProblemCode::HoldLasts)
            && let Some(intent) = &mut self.state.intent
        {
            intent.ask_at = again;
        }
    }
}
