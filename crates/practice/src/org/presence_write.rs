//! Writing presence and phone state: the only ways in, each recorded in the log.

use jiff::Timestamp;
use wire::bridge::ConsoleEvent;
use wire::connector::Outcome;

use super::log::{Dropped, LogEntry, Side, Source};
use super::mint::prefix;
use super::phone::{Choice, SetOutcome};
use super::refusal::Refusal;
use super::settings::{Connector, OFFLINE};
use super::work::write;
use super::{Change, Org, PresenceRow, RepKey, WorkStatus};

impl Org {
    /// Sets a presence status, logging in first if needed. A change during wrap-up closes that work
    /// (salesforce.md). The event is raised also when the status is the same as before.
    pub fn set_presence(&mut self, now: Timestamp, key: RepKey, status: usize, source: Source) {
        let label = self.catalog.statuses[status].label;
        self.record(now, key, source, Side::Presence, label, false);
        let was = self.rep(key).status;
        if was != Some(status) {
            if was.is_some() {
                self.close_wrap_ups(now, key);
            }
            self.turn_presence(now, key, Some(status));
        }
        let (status_id, api_name) = {
            let status = &self.catalog.statuses[status];
            (status.id, status.developer_name)
        };
        self.emit(
            key,
            if was.is_none() {
                ConsoleEvent::LoginSuccess { status_id }
            } else {
                ConsoleEvent::StatusChanged {
                    status_id,
                    status_name: Some(label.to_owned()),
                    status_api_name: Some(api_name.to_owned()),
                }
            },
        );
        if source != Source::Org {
            self.connect_status(now, key, was.is_none(), status);
        }
        self.route(now, key);
    }

    /// Logs out of Omni-Channel: Assigned work becomes Unavailable, Opened work stays. `reason` is what the
    /// console's logout event says.
    pub fn log_out(
        &mut self,
        now: Timestamp,
        key: RepKey,
        source: Source,
        reason: Option<String>,
    ) -> Result<(), Refusal> {
        if self.rep(key).status.is_none() {
            return Err(Refusal::NotLoggedIn {
                rep: self.rep(key).rep,
            });
        }
        self.record(now, key, source, Side::Presence, OFFLINE, false);
        let before = self.workload(key);
        self.turn_presence(now, key, None);
        self.emit(key, ConsoleEvent::Logout { reason });
        let ringing = self.withdraw_assigned(now, key);
        if source != Source::Org {
            // The phone still rings when this reaches it.
            self.connect(now, key, Choice::Offline);
        }
        for contact in &ringing {
            self.rep_mut(key).phone.clear(now, contact);
            self.phone_changed(key);
        }
        self.shorten_wrap_ups(now, key);
        self.workload_since(key, before);
        Ok(())
    }

    /// Sets the state of a rep's phone. `Refused` for a state that cannot be chosen.
    pub fn set_phone(
        &mut self,
        now: Timestamp,
        key: RepKey,
        state: &str,
        enqueue: bool,
        source: Source,
    ) -> Result<Outcome, Refusal> {
        let choice = Choice::named(state).ok_or_else(|| Refusal::UnknownPhoneState(state.to_owned()))?;
        if source == Source::Phone {
            self.rep_mut(key).phone.on = true;
        }
        Ok(self.write_phone(now, key, choice, enqueue, source))
    }

    /// The phone is or is not joined to a Holdline, and which code it shows for pairing.
    pub fn phone_link(&mut self, key: RepKey, joined: bool, pairing_code: Option<String>) {
        let phone = &mut self.rep_mut(key).phone;
        if phone.joined != joined || phone.pairing_code != pairing_code {
            phone.joined = joined;
            phone.pairing_code = pairing_code;
            self.phone_changed(key);
        }
    }

    fn write_phone(
        &mut self,
        now: Timestamp,
        key: RepKey,
        choice: Choice,
        enqueue: bool,
        source: Source,
    ) -> Outcome {
        let by = self.record(now, key, source, Side::Telephony, choice.name(), enqueue);
        let outcome = self.rep_mut(key).phone.set(now, choice, enqueue);
        self.phone_changed(key);
        match outcome {
            SetOutcome::Queued => Outcome::Queued,
            SetOutcome::Done { dropped } => {
                for contact in dropped {
                    self.drop_call(now, key, &contact, by);
                }
                // A call that rang took capacity.
                self.route(now, key);
                Outcome::Done
            }
        }
    }

    fn drop_call(&mut self, now: Timestamp, key: RepKey, contact: &str, by: u64) {
        let Some(place) = self.calls.iter().position(|call| call.key == contact) else {
            return;
        };
        let call = &self.calls[place];
        self.dropped.push(Dropped {
            call_id: call.key.clone(),
            agent_work_id: call.work_id,
            voice_call_id: call.id,
            rep: self.rep(key).rep.to_owned(),
            at: now,
            by,
        });
        self.conversation_gone(now, place);
    }

    /// The practice connector, after a status was set.
    fn connect_status(&mut self, now: Timestamp, key: RepKey, login: bool, status: usize) {
        let status = &self.catalog.statuses[status];
        if let Some(same) = Choice::named(status.label) {
            self.connect(now, key, same);
        } else if login && status.is_online() {
            self.connect(now, key, Choice::Available);
        }
    }

    /// The practice connector writes to a phone that has no other connector.
    fn connect(&mut self, now: Timestamp, key: RepKey, choice: Choice) {
        if self.rep(key).phone.joined {
            return;
        }
        let enqueue = self.settings.connector == Connector::Honours;
        self.write_phone(now, key, choice, enqueue, Source::Connector);
    }

    /// Ends the current UserServicePresence row and begins the next, if there is one.
    pub(super) fn turn_presence(&mut self, now: Timestamp, key: RepKey, status: Option<usize>) {
        for row in &mut self.presences {
            if row.rep == key && row.ended_at.is_none() {
                let before = row.clone();
                row.ended_at = Some(now);
                write(&mut row.modified_at, now);
                self.changes
                    .push(Change::of_presence(Some(before), Some(row.clone())));
            }
        }
        if let Some(status) = status {
            self.last_presence += 1;
            let row = PresenceRow {
                number: self.last_presence,
                id: self.mint.next(prefix::USER_SERVICE_PRESENCE),
                rep: key,
                status_id: self.catalog.statuses[status].id,
                started_at: now,
                ended_at: None,
                modified_at: now,
            };
            self.changes.push(Change::of_presence(None, Some(row.clone())));
            self.presences.push(row);
        }
        let rep = self.rep_mut(key);
        rep.status = status;
        rep.since = now;
    }

    /// Whether a call of this rep is going on: voice work Assigned, or Opened with its conversation not
    /// ended, or a contact that rings or is connected.
    pub fn call_active(&self, key: RepKey) -> bool {
        self.rep(key).phone.has_live_contact()
            || self.works.iter().any(|work| {
                let live = match work.status {
                    WorkStatus::Assigned => true,
                    WorkStatus::Opened => work.call.is_some_and(|call| self.calls[call].ended_at.is_none()),
                    _ => false,
                };
                work.rep == key && work.call.is_some() && live
            })
    }

    pub(super) fn record(
        &mut self,
        now: Timestamp,
        key: RepKey,
        source: Source,
        side: Side,
        status: &str,
        enqueue: bool,
    ) -> u64 {
        let seq = self.log.len() as u64 + 1;
        let entry = LogEntry {
            seq,
            at: now,
            rep: self.rep(key).rep.to_owned(),
            source,
            side,
            status: status.to_owned(),
            enqueue,
            call_active: self.call_active(key),
        };
        self.log.push(entry);
        seq
    }
}
