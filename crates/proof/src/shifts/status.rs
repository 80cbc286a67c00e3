//! Omni-Channel presence, and what its changes do to works and to a coupled phone.

use presence::event::WorkStage;

use super::due::Due;
use super::omni::{By, Word};
use super::plan::{Coupling, Status};
use super::world::{World, tell_story};

/// At logout wrap-up runs on for about a minute (salesforce.md).
const WRAP_UP_AFTER_LOGOUT_MS: u64 = 60_000;

impl World {
    /// Sets a status, logging in if need be. A change during wrap-up closes that work.
    pub(crate) fn set_presence(&mut self, status: Status, by: By) {
        if self.omni.presence == Some(status) {
            return;
        }
        tell_story!(
            self,
            "org: presence is {:?} by {by:?}",
            self.plan.statuses[status.0].label
        );
        let was = self.omni.presence.replace(status);
        self.presence_changed(by);
        if was.is_some() {
            self.close_wrap_ups();
        }
        self.push(Word::Status { status, by });
        self.couple_status(status);
        self.route();
    }

    /// Logs out: what is offered goes to somebody else, what is open stays.
    pub(crate) fn log_out(&mut self, by: By) {
        if self.omni.presence.is_none() {
            return;
        }
        tell_story!(self, "org: logged out by {by:?}");
        self.judge_logout(by);
        self.omni.presence = None;
        self.presence_changed(by);
        let reason = match by {
            By::Salesforce(reason) => Some(reason),
            _ => None,
        };
        self.push(Word::LoggedOut { reason, by });
        self.withdraw_offers();
        self.shorten_wrap_ups();
        self.couple_logout(by);
    }

    fn presence_changed(&mut self, by: By) {
        self.omni.presence_since = self.t;
        self.omni.changed = self.t;
        self.omni.rows += 1;
        self.stream_presence();
        self.verdict.presence_changed(by);
    }

    /// Work that was not accepted becomes Unavailable.
    pub(crate) fn withdraw_offers(&mut self) {
        for work in self.omni.open.clone() {
            if self.omni.works[work].stage != WorkStage::Assigned {
                continue;
            }
            if let Some(call) = self.omni.works[work].call {
                self.omni.calls[call].over = Some(self.t);
                self.contact_is_cleared(call);
            }
            self.end_work(work, false);
        }
    }

    pub(crate) fn close_wrap_ups(&mut self) {
        for work in self.omni.open.clone() {
            if self.omni.in_wrap_up(work) {
                self.close_work(work);
            }
        }
    }

    fn shorten_wrap_ups(&mut self) {
        let due = self.t + WRAP_UP_AFTER_LOGOUT_MS;
        for work in self.omni.open.clone() {
            if self.omni.in_wrap_up(work) && self.omni.works[work].wrap_up_ends.is_none_or(|ends| ends > due)
            {
                self.omni.works[work].wrap_up_ends = Some(due);
                self.agenda.put(due, Due::WrapUpEnds { work, due });
            }
        }
    }

    fn couple_logout(&mut self, by: By) {
        match self.plan.coupling {
            Coupling::None => {}
            Coupling::Honours => drop(self.set_phone("Offline", true, By::Backend)),
            // Whoever logged out has dropped the call.
            Coupling::Immediate => drop(self.set_phone("Offline", false, by)),
        }
    }

    fn couple_status(&mut self, status: Status) {
        if self.plan.coupling != Coupling::None {
            let label = self.plan.statuses[status.0].label.clone();
            let state = match label.as_str() {
                "Available" | "Break" | "Lunch" => label.as_str(),
                _ => "Break",
            };
            self.set_phone(state, true, By::Backend);
        }
    }

    /// The console has been out of reach for too long.
    pub(crate) fn connection_lost(&mut self) {
        if self.page.hears_omni().is_none() || self.is_asleep() || self.t < self.page.frozen_until {
            self.withdraw_offers();
            self.log_out(By::ConnectionLost);
        }
    }
}
