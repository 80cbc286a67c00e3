//! Capacity: what Omni-Channel assigns when, and what time alone ends.

use jiff::{SignedDuration, Timestamp};
use presence::ids::{WorkId, WorkItemId};
use wire::bridge::{ConsoleEvent, Workload};

use super::calls::millis;
use super::catalog::{CAPACITY, PHONE};
use super::work::write;
use super::{Org, RepKey, Work, WorkStatus};

/// At logout wrap-up runs on for about a minute (salesforce.md).
const WRAP_UP_AFTER_LOGOUT: SignedDuration = SignedDuration::from_secs(60);

impl Org {
    /// When time alone changes something next.
    pub fn next_deadline(&self) -> Option<Timestamp> {
        self.works.iter().filter_map(deadline).min()
    }

    /// Does what has become due.
    pub fn tick(&mut self, now: Timestamp) {
        let mut due: Vec<(Timestamp, usize)> = self
            .works
            .iter()
            .enumerate()
            .filter_map(|(place, work)| Some((deadline(work)?, place)))
            .filter(|(when, _)| *when <= now)
            .collect();
        due.sort_unstable();
        for (_, place) in due {
            // An earlier one may have ended this work, too.
            match self.works[place].status {
                WorkStatus::Assigned => self.push_timed_out(now, place),
                WorkStatus::Opened => {
                    let key = self.works[place].rep;
                    self.close(now, place);
                    self.route(now, key);
                }
                _ => {}
            }
        }
    }

    /// `getAgentWorkload`: capacity is taken from assignment on, not only from acceptance.
    pub fn workload(&self, key: RepKey) -> Workload {
        Workload {
            configured_capacity: CAPACITY.into(),
            current_workload: self.taken(key).into(),
        }
    }

    /// The capacity that the rep's work takes.
    fn taken(&self, key: RepKey) -> u32 {
        let active = self
            .works
            .iter()
            .filter(|work| work.rep == key && work.status.is_active());
        active.map(|work| self.weight(work.channel)).sum()
    }

    fn weight(&self, channel: usize) -> u32 {
        self.catalog.channels[channel].capacity_percentage * CAPACITY / 100
    }

    /// Whether the rep's free capacity takes work of this channel.
    pub(super) fn has_room(&self, key: RepKey, channel: usize) -> bool {
        self.taken(key) + self.weight(channel) <= CAPACITY
    }

    /// Assigns waiting calls as far as status and capacity allow.
    pub(super) fn route(&mut self, now: Timestamp, key: RepKey) {
        while let Some(place) = self.next_call(key) {
            self.queue.retain(|queued| *queued != place);
            self.assign_call(now, place);
        }
    }

    fn next_call(&self, key: RepKey) -> Option<usize> {
        let status = self.rep(key).status?;
        let takes_calls = self.catalog.statuses[status].channels.contains(&PHONE);
        if !takes_calls || !self.has_room(key, PHONE) {
            return None;
        }
        self.queue
            .iter()
            .copied()
            .find(|&place| self.calls[place].rep == key)
    }

    pub(super) fn assign_call(&mut self, now: Timestamp, call: usize) {
        let (key, work_id, item, contact) = {
            let call = &self.calls[call];
            (call.rep, call.work_id, call.id, call.key.clone())
        };
        self.rep_mut(key).phone.ring(&contact);
        self.phone_changed(key);
        let work = self.assign(now, key, work_id, item, PHONE, Some(call));
        self.calls[call].work = Some(work);
    }

    pub(super) fn assign(
        &mut self,
        now: Timestamp,
        key: RepKey,
        id: WorkId,
        item: WorkItemId,
        channel: usize,
        call: Option<usize>,
    ) -> usize {
        let before = self.workload(key);
        let push_timeout = self.settings.push_timeout_ms;
        self.works.push(Work {
            id,
            item,
            rep: key,
            channel,
            call,
            status: WorkStatus::Assigned,
            assigned_at: now,
            accepted_at: None,
            closed_at: None,
            declined_at: None,
            canceled_at: None,
            decline_reason: None,
            push_timeout_s: push_timeout.map_or(0, |ms| ms.div_ceil(1000)),
            push_deadline: push_timeout.map(|ms| now + millis(ms)),
            wrap_up_deadline: None,
            extensions: 0,
            extended_ms: 0,
            flag: None,
            modified_at: now,
        });
        self.emit(
            key,
            ConsoleEvent::WorkAssigned {
                work_id: id,
                work_item_id: item,
            },
        );
        self.workload_since(key, before);
        self.works.len() - 1
    }

    /// Closes open work, whatever it was doing. Does not route: the caller may have more to change first.
    pub(super) fn close(&mut self, now: Timestamp, place: usize) {
        let (key, id, item, call) = {
            let work = &self.works[place];
            (work.rep, work.id, work.item, work.call)
        };
        let before = self.workload(key);
        let work = &mut self.works[place];
        work.status = WorkStatus::Closed;
        work.closed_at = Some(now);
        work.wrap_up_deadline = None;
        write(&mut work.modified_at, now);
        if let Some(call) = call {
            let live = self.calls[call].ended_at.is_none();
            let contact = self.end_call(now, call);
            if live {
                self.emit(key, ConsoleEvent::ConversationEnded { work_item_id: item });
            }
            self.rep_mut(key).phone.clear(now, &contact);
            self.phone_changed(key);
        }
        self.emit(
            key,
            ConsoleEvent::WorkClosed {
                work_id: id,
                work_item_id: item,
            },
        );
        self.workload_since(key, before);
    }

    /// A status change closes work in wrap-up.
    pub(super) fn close_wrap_ups(&mut self, now: Timestamp, key: RepKey) {
        for place in self.in_wrap_up(key) {
            self.close(now, place);
        }
    }

    pub(super) fn shorten_wrap_ups(&mut self, now: Timestamp, key: RepKey) {
        let latest = now + WRAP_UP_AFTER_LOGOUT;
        for place in self.in_wrap_up(key) {
            let end = &mut self.works[place].wrap_up_deadline;
            *end = end.map(|end| end.min(latest));
        }
    }

    fn in_wrap_up(&self, key: RepKey) -> Vec<usize> {
        let wraps = |work: &Work| {
            work.rep == key && work.status == WorkStatus::Opened && work.wrap_up_deadline.is_some()
        };
        (0..self.works.len())
            .filter(|&place| wraps(&self.works[place]))
            .collect()
    }

    /// Going offline: work that was not accepted yet becomes Unavailable and its caller goes elsewhere.
    /// Answers the contacts that still ring for it.
    pub(super) fn withdraw_assigned(&mut self, now: Timestamp, key: RepKey) -> Vec<String> {
        let mut ringing = Vec::new();
        for place in 0..self.works.len() {
            let work = &mut self.works[place];
            if work.rep != key || work.status != WorkStatus::Assigned {
                continue;
            }
            work.status = WorkStatus::Unavailable;
            work.push_deadline = None;
            write(&mut work.modified_at, now);
            if let Some(call) = work.call {
                ringing.push(self.end_call(now, call));
            }
        }
        ringing
    }

    /// Raises WorkloadChanged if it has.
    pub(super) fn workload_since(&mut self, key: RepKey, before: Workload) {
        let after = self.workload(key);
        if after != before {
            self.emit(
                key,
                ConsoleEvent::WorkloadChanged {
                    configured_capacity: after.configured_capacity,
                    previous_workload: before.current_workload,
                    new_workload: after.current_workload,
                },
            );
        }
    }
}

fn deadline(work: &Work) -> Option<Timestamp> {
    match work.status {
        WorkStatus::Assigned => work.push_deadline,
        WorkStatus::Opened => work.wrap_up_deadline,
        _ => None,
    }
}
