//! `hold_as`: a Busy status in the place of a held Offline, so that no new work is routed.

use presence::event::{Event, Target};
use presence::time::Now;

use super::super::names::Status;
use super::super::promise::Promise;
use super::super::scope::{Ask, Scope};
use super::super::world::World;
use super::Watch;

/// Writes of it: each needs that something has happened since the last one.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Hash)]
pub(super) struct HeldAs {
    spent: bool,
}

impl HeldAs {
    pub(super) fn outside_change(&mut self) {
        self.spent = false;
    }

    pub(super) fn hear(&mut self, event: &Event) {
        if !matches!(
            event,
            Event::Tick | Event::ConsoleHeard { .. } | Event::Saved { .. }
        ) {
            self.outside_change();
        }
    }
}

impl Watch {
    /// An Offline stands that is held, and this is the status that the settings name for it.
    pub(super) fn is_in_the_place_of_the_hold(&self, status: Option<Status>, scope: &Scope) -> bool {
        let named = scope.settings.hold_as.as_deref();
        named.is_some()
            && status.map(Status::label) == named
            && self.standing == Some(Target::Offline)
            && self.open.is_empty()
    }

    pub(super) fn held_as_sent(&mut self, now: Now, scope: &Scope) {
        if self.told.forbids_hold_as(now, &scope.settings.timings) {
            let how = "a status was set for a hold, and not in a call that goes on alone";
            self.break_promise(Promise::P1, how);
        }
        if std::mem::replace(&mut self.held_as.spent, true) {
            self.break_promise(Promise::P6, "the status for a hold was set twice for nothing");
        }
    }
}

impl World {
    /// The hold is over, and what was set in its place stays, although nobody has chosen it.
    pub(in super::super) fn is_left_as_held(&self) -> bool {
        let scope = &self.scope.0;
        let Some(presence) = self.org.presence else {
            return false;
        };
        scope.settings.hold_as.as_deref() == Some(presence.label())
            && !scope.asks.contains(&Ask::Status(presence))
            && scope.budget.picks == 0
    }
}
