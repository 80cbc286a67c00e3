//! What can be done with a call or other work: accept, decline, hang up, finish.

use jiff::{SignedDuration, Timestamp};
use presence::ids::{WorkId, WorkItemId};
use wire::bridge::ConsoleEvent;
use wire::connector::ContactPhase;

use super::log::Source;
use super::refusal::Refusal;
use super::settings::OFFLINE;
use super::work::write;
use super::{Call, CallPhase, Org, RepKey, WorkStatus};

impl Org {
    /// The call with this id: the practice org's own, its VoiceCall's or its AgentWork's.
    pub fn find_call(&self, id: &str) -> Result<usize, Refusal> {
        let item = id.parse::<WorkItemId>().ok();
        let work = id.parse::<WorkId>().ok();
        self.calls
            .iter()
            .position(|call| call.key == id || Some(call.id) == item || Some(call.work_id) == work)
            .ok_or_else(|| Refusal::UnknownCall(id.to_owned()))
    }

    /// The rep's work with this id (15 or 18 characters).
    pub fn find_work(&self, key: RepKey, id: &str) -> Result<usize, Refusal> {
        let wanted = id.parse::<WorkId>().ok();
        self.works
            .iter()
            .position(|work| work.rep == key && Some(work.id) == wanted)
            .ok_or_else(|| Refusal::UnknownWork {
                rep: self.rep(key).rep,
                work: id.to_owned(),
            })
    }

    /// A call's work, once it is assigned.
    pub fn work_of_call(&self, call: usize) -> Result<usize, Refusal> {
        let call = &self.calls[call];
        match call.work {
            Some(work) => Ok(work),
            None if call.ended_at.is_some() => Err(Refusal::ConversationEnded),
            None => Err(Refusal::Queued),
        }
    }

    /// Where a call is.
    pub fn call_phase(&self, call: &Call) -> CallPhase {
        let status = call.work.map(|work| self.works[work].status);
        match (status, call.ended_at) {
            (Some(WorkStatus::Assigned), _) => CallPhase::Ringing,
            (Some(WorkStatus::Opened), None) => CallPhase::OnCall,
            (Some(WorkStatus::Opened), Some(_)) => CallPhase::WrapUp,
            (None, None) => CallPhase::Queued,
            _ => CallPhase::Over,
        }
    }

    /// The rep accepts work. Presence does not change (seed 000).
    pub fn accept(&mut self, now: Timestamp, work: usize) -> Result<(), Refusal> {
        let place = work;
        let work = &mut self.works[place];
        if work.status != WorkStatus::Assigned {
            return Err(Refusal::NotAssigned {
                status: work.status.name(),
            });
        }
        work.status = WorkStatus::Opened;
        work.accepted_at = Some(now);
        work.push_deadline = None;
        write(&mut work.modified_at, now);
        let (key, id, item, call) = (work.rep, work.id, work.item, work.call);
        if let Some(call) = call {
            let call = &mut self.calls[call];
            call.connected_at = Some(now);
            write(&mut call.modified_at, now);
            let contact = call.key.clone();
            self.rep_mut(key).phone.move_to(&contact, ContactPhase::Connected);
            self.phone_changed(key);
        }
        self.emit(
            key,
            ConsoleEvent::WorkAccepted {
                work_id: id,
                work_item_id: item,
            },
        );
        Ok(())
    }

    /// The rep declines work; presence then goes to the configured status (seed 004).
    pub fn decline(&mut self, now: Timestamp, work: usize, reason: Option<String>) -> Result<(), Refusal> {
        self.turn_down(now, work, WorkStatus::Declined, reason)
    }

    /// The rep did not answer in time.
    pub(super) fn push_timed_out(&mut self, now: Timestamp, work: usize) {
        // Only Assigned work has this deadline, so it cannot be refused.
        let _ = self.turn_down(now, work, WorkStatus::DeclinedOnPushTimeout, None);
    }

    fn turn_down(
        &mut self,
        now: Timestamp,
        place: usize,
        status: WorkStatus,
        reason: Option<String>,
    ) -> Result<(), Refusal> {
        let work = &self.works[place];
        if work.status != WorkStatus::Assigned {
            return Err(Refusal::NotAssigned {
                status: work.status.name(),
            });
        }
        let (key, id, item, call) = (work.rep, work.id, work.item, work.call);
        let before = self.workload(key);
        let work = &mut self.works[place];
        work.status = status;
        work.declined_at = Some(now);
        work.decline_reason = reason;
        work.push_deadline = None;
        write(&mut work.modified_at, now);
        if let Some(call) = call {
            // The caller goes to somebody else, whom the practice org does not play.
            let contact = self.end_call(now, call);
            self.rep_mut(key).phone.miss(now, &contact);
            self.phone_changed(key);
        }
        self.emit(
            key,
            ConsoleEvent::WorkDeclined {
                work_id: id,
                work_item_id: item,
            },
        );
        self.workload_since(key, before);
        let next = match status {
            WorkStatus::Declined => self.settings.status_on_decline.clone(),
            _ => self.settings.status_on_push_timeout.clone(),
        };
        match next {
            Some(label) if label.eq_ignore_ascii_case(OFFLINE) => {
                // Already logged out is fine: that is what was wanted.
                let _ = self.log_out(now, key, Source::Org, None);
            }
            Some(label) => {
                if let Some(status) = self.catalog.status(&label) {
                    self.set_presence(now, key, status, Source::Org);
                }
            }
            None => {}
        }
        self.route(now, key);
        Ok(())
    }

    /// The conversation ends: of an accepted call wrap-up begins, a ringing or queued one is abandoned by
    /// its caller.
    pub fn hang_up(&mut self, now: Timestamp, call: usize) -> Result<(), Refusal> {
        if self.calls[call].ended_at.is_some() {
            return Err(Refusal::ConversationEnded);
        }
        let key = self.calls[call].rep;
        self.conversation_gone(now, call);
        self.route(now, key);
        Ok(())
    }

    /// The rep closes open work; a conversation that still goes on ends with it.
    pub fn finish(&mut self, now: Timestamp, work: usize) -> Result<(), Refusal> {
        let status = self.works[work].status;
        if status != WorkStatus::Opened {
            return Err(Refusal::NotOpened {
                status: status.name(),
            });
        }
        let key = self.works[work].rep;
        self.close(now, work);
        self.route(now, key);
        Ok(())
    }

    /// Sets or takes back the flag by which a rep asks a supervisor for help.
    pub fn flag(&mut self, now: Timestamp, work: usize, message: Option<String>) -> Result<(), Refusal> {
        let work = &mut self.works[work];
        if work.status != WorkStatus::Opened {
            return Err(Refusal::NotOpened {
                status: work.status.name(),
            });
        }
        let (id, key) = (work.id, work.rep);
        let is_flagged = message.is_some();
        work.flag = message;
        write(&mut work.modified_at, now);
        let work_id = id;
        self.emit(key, ConsoleEvent::WorkFlagUpdated { work_id, is_flagged });
        Ok(())
    }

    /// Nobody is on the line any more, whoever ended it.
    pub(super) fn conversation_gone(&mut self, now: Timestamp, call: usize) {
        let contact = self.end_call(now, call);
        self.queue.retain(|queued| *queued != call);
        let key = self.calls[call].rep;
        let item = self.calls[call].id;
        let Some(place) = self.calls[call].work else {
            return;
        };
        match self.works[place].status {
            WorkStatus::Opened => {
                let wrap_up = millis(self.settings.wrap_up_ms);
                let work = &mut self.works[place];
                work.wrap_up_deadline = Some(now + wrap_up);
                write(&mut work.modified_at, now);
                self.rep_mut(key)
                    .phone
                    .move_to(&contact, ContactPhase::AfterCallWork);
                self.phone_changed(key);
                self.emit(key, ConsoleEvent::ConversationEnded { work_item_id: item });
                if wrap_up.is_zero() {
                    self.close(now, place);
                }
            }
            WorkStatus::Assigned => {
                let before = self.workload(key);
                let work = &mut self.works[place];
                work.status = WorkStatus::Canceled;
                work.canceled_at = Some(now);
                work.push_deadline = None;
                write(&mut work.modified_at, now);
                let work_id = work.id;
                self.rep_mut(key).phone.clear(now, &contact);
                self.phone_changed(key);
                self.emit(
                    key,
                    ConsoleEvent::WorkClosed {
                        work_id,
                        work_item_id: item,
                    },
                );
                self.workload_since(key, before);
            }
            // Lost by the org, and the line outlived it.
            _ => {
                self.rep_mut(key).phone.clear(now, &contact);
                self.phone_changed(key);
            }
        }
    }

    /// The rep asks for more time in wrap-up, as the console's own timer offers it (seed 004).
    pub fn extend_wrap_up(&mut self, now: Timestamp, work: usize) -> Result<(), Refusal> {
        let rep = self.rep(self.works[work].rep).rep;
        let (by_ms, most) = (self.settings.wrap_up_extension_ms, self.settings.most_extensions);
        let work = &mut self.works[work];
        let Some(end) = work
            .wrap_up_deadline
            .filter(|_| work.status == WorkStatus::Opened)
        else {
            return Err(Refusal::NoWrapUp);
        };
        if by_ms == 0 || work.extensions >= most {
            return Err(Refusal::NoExtension { rep, most });
        }
        work.wrap_up_deadline = Some(end + millis(by_ms));
        work.extensions += 1;
        work.extended_ms += by_ms;
        write(&mut work.modified_at, now);
        Ok(())
    }

    /// Sets CallEndDateTime, once; answers the phone's contact id.
    pub(super) fn end_call(&mut self, now: Timestamp, call: usize) -> String {
        let call = &mut self.calls[call];
        if call.ended_at.is_none() {
            call.ended_at = Some(now);
            write(&mut call.modified_at, now);
        }
        call.key.clone()
    }
}

pub(super) fn millis(ms: u64) -> SignedDuration {
    SignedDuration::from_millis(i64::try_from(ms).unwrap_or(i64::MAX))
}
