//! A data-centre switch (seed 002): the org goes on elsewhere, and what Omni-Channel held in memory is lost.

use jiff::Timestamp;
use wire::bridge::ConsoleEvent;

use super::log::{Side, Source};
use super::refusal::Refusal;
use super::settings::OFFLINE;
use super::work::write;
use super::{Org, RepKey};
use crate::org::WorkStatus;

/// What the console says while it has lost the org.
const LOST: &str = "Omni-Channel lost the connection";

impl Org {
    /// The org moves to another instance. Everybody is logged out, open work is Unavailable without an event of
    /// its own, and callers who waited are gone; who is on the line stays there, since the phone system is
    /// another one.
    pub fn switch_instance(&mut self, now: Timestamp, instance: &str) -> Result<(), Refusal> {
        if self.instance == instance {
            return Err(Refusal::SameInstance(instance.to_owned()));
        }
        instance.clone_into(&mut self.instance);
        for call in std::mem::take(&mut self.queue) {
            self.end_call(now, call);
        }
        let everybody: Vec<RepKey> = self.reps().map(|(key, _)| key).collect();
        for key in everybody {
            self.lose_works(now, key);
            if self.rep(key).status.is_none() {
                continue;
            }
            self.record(now, key, Source::Org, Side::Presence, OFFLINE, false);
            self.turn_presence(now, key, None);
            self.emit(
                key,
                ConsoleEvent::ConnectionError {
                    error: LOST.to_owned(),
                },
            );
            self.emit(key, ConsoleEvent::Logout { reason: None });
        }
        Ok(())
    }

    /// Who rings is turned away; who is on the line stays there; wrap-up is over.
    fn lose_works(&mut self, now: Timestamp, key: RepKey) {
        for place in 0..self.works.len() {
            let work = &mut self.works[place];
            if work.rep != key || !work.status.is_active() {
                continue;
            }
            let rang = work.status == WorkStatus::Assigned;
            work.status = WorkStatus::Unavailable;
            work.push_deadline = None;
            work.wrap_up_deadline = None;
            write(&mut work.modified_at, now);
            let Some(call) = work.call else { continue };
            if rang || self.calls[call].ended_at.is_some() {
                let contact = self.end_call(now, call);
                self.rep_mut(key).phone.clear(now, &contact);
                self.phone_changed(key);
            }
        }
    }
}
