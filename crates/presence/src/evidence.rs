//! Evidence of works becomes the list of open voice works.
//!
//! A work only moves forward (Assigned, Opened, over), and over is absorbing, so duplicates and late
//! messages change nothing. Only absence from a complete answer needs times: it counts when the question was
//! asked after the newest evidence of the work (DESIGN P9).

use crate::event::{WorkRow, WorkSeen, WorkStage};
use crate::ids::{WorkId, WorkItemId};
use crate::phone::Contact;
use crate::phone::ContactPhase::AfterCallWork;
use crate::state::{ENDED_KEPT, State, Work};
use crate::time::Now;

impl State {
    /// One work was seen.
    pub(crate) fn see_work(&mut self, now: Now, seen: WorkSeen) {
        if self.ended.contains(&seen.work) {
            return;
        }
        if seen.stage == WorkStage::Ended {
            return self.end_work(now, seen.work);
        }
        match self.works.iter_mut().find(|work| work.id == seen.work) {
            Some(work) => {
                work.seen = now;
                if seen.stage > work.stage {
                    work.stage = seen.stage;
                    work.stage_ms = now.wall_ms;
                }
            }
            None => self.works.push(Work {
                id: seen.work,
                item: seen.item,
                stage: seen.stage,
                stage_ms: now.wall_ms,
                conversation_ended: false,
                vendor_call_key: None,
                seen: now,
            }),
        }
    }

    /// A REST row was read.
    pub(crate) fn see_row(&mut self, now: Now, row: WorkRow) {
        self.see_work(
            now,
            WorkSeen {
                work: row.work,
                item: row.item,
                stage: row.stage,
            },
        );
        if let Some(work) = self.works.iter_mut().find(|work| work.id == row.work) {
            work.conversation_ended |= row.conversation_ended;
            work.vendor_call_key = row.vendor_call_key.or(work.vendor_call_key.take());
            if let Some(since_ms) = row.since_ms.filter(|_| work.stage == row.stage) {
                work.stage_ms = work.stage_ms.min(since_ms);
            }
        }
    }

    /// A complete list of open works was asked for at `asked`: those it does not show are over, unless they
    /// were seen since. Not remembered as over: a list may be wrong once, and a work seen again is open again.
    pub(crate) fn miss_works(&mut self, asked: Now, shown: impl Fn(WorkId) -> bool) {
        self.works
            .retain(|work| shown(work.id) || !asked_after(asked, work.seen));
    }

    /// Whether [`Self::miss_works`] would remove any.
    pub(crate) fn would_miss(&self, asked: Now, shown: impl Fn(WorkId) -> bool) -> bool {
        self.works
            .iter()
            .any(|work| !shown(work.id) && asked_after(asked, work.seen))
    }

    /// Somebody said that a call's conversation is over.
    pub(crate) fn end_conversation(&mut self, item: WorkItemId) {
        for work in self.works.iter_mut().filter(|work| work.item == item) {
            work.conversation_ended = true;
        }
    }

    fn end_work(&mut self, now: Now, id: WorkId) {
        let offered = |work: &Work| work.id == id && work.stage == WorkStage::Assigned;
        if self.works.iter().any(offered) {
            self.missed = Some(now);
        }
        self.works.retain(|work| work.id != id);
        if self.ended.len() == ENDED_KEPT {
            self.ended.remove(0);
        }
        self.ended.push(id);
    }

    /// Opened works whose conversation has ended, for which nobody is on the line any more.
    pub(crate) fn wrapping_up(&self) -> Vec<WorkId> {
        self.works
            .iter()
            .filter(|work| self.in_wrap_up(work))
            .map(|work| work.id)
            .collect()
    }

    /// Says so: VoiceCall.CallEndDateTime, a Voice Toolkit event, or the contact with the same vendor key in
    /// after-call work; but never while another contact is live (DESIGN, Evidence).
    pub(crate) fn in_wrap_up(&self, work: &Work) -> bool {
        let own = |contact: &Contact| {
            contact.vendor_call_key.is_some() && contact.vendor_call_key == work.vendor_call_key
        };
        let contacts = self.contacts();
        let conversation_ended = work.conversation_ended
            || contacts
                .iter()
                .any(|contact| own(contact) && contact.phase == AfterCallWork);
        let line_is_open = |contact: &Contact| contact.phase.is_live() && !self.is_of_another(contact, work);
        work.stage == WorkStage::Opened && conversation_ended && !contacts.iter().any(line_is_open)
    }

    /// The contact belongs to another open work, whose own phase tells of it.
    pub(crate) fn is_of_another(&self, contact: &Contact, work: &Work) -> bool {
        contact.vendor_call_key.is_some()
            && self
                .works
                .iter()
                .any(|other| other.id != work.id && other.vendor_call_key == contact.vendor_call_key)
    }

    /// The phone has a live contact that none of the open works accounts for.
    pub(crate) fn has_contact_without_work(&self) -> bool {
        let live = self
            .contacts()
            .iter()
            .filter(|contact| contact.phase.is_live())
            .count();
        let calls = self.works.iter().filter(|work| !self.in_wrap_up(work)).count();
        live > calls
    }
}

/// `asked` is later than `seen`, on the clock that nobody can set.
pub(crate) fn asked_after(asked: Now, seen: Now) -> bool {
    asked.mono_ms > seen.mono_ms
}
