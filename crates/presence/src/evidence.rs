//! Evidence of works becomes the list of open voice works.
//!
//! A work only moves forward (Assigned, Opened, over), and over is absorbing, so duplicates and late
//! messages change nothing. Only absence from a complete answer needs times: it counts when the question was
//! asked after the newest evidence of the work (DESIGN P9).

use crate::event::{WorkRow, WorkSeen, WorkStage};
use crate::ids::{WorkId, WorkItemId};
use crate::state::{ENDED_KEPT, State, Work};
use crate::time::Now;

impl State {
    /// One work was seen.
    pub(crate) fn see_work(&mut self, now: Now, seen: WorkSeen) {
        if self.ended.contains(&seen.work) {
            return;
        }
        if seen.stage == WorkStage::Ended {
            self.end_work(seen.work);
            return;
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

    /// A complete list of open works was asked for at `asked` and does not show these ones.
    pub(crate) fn miss_works(&mut self, asked: Now, shown: &[WorkId]) {
        self.works
            .retain(|work| shown.contains(&work.id) || !asked_after(asked, work.seen));
    }

    /// Somebody said that a call's conversation is over.
    pub(crate) fn end_conversation(&mut self, item: WorkItemId) {
        for work in self.works.iter_mut().filter(|work| work.item == item) {
            work.conversation_ended = true;
        }
    }

    fn end_work(&mut self, id: WorkId) {
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

    /// The source: VoiceCall.CallEndDateTime or a Voice Toolkit event, or the contact with the same vendor
    /// key in after-call work; but never while another contact is on the line (DESIGN, Evidence).
    pub(crate) fn in_wrap_up(&self, work: &Work) -> bool {
        use crate::phone::ContactPhase::{AfterCallWork, Connected};
        if work.stage != WorkStage::Opened {
            return false;
        }
        let contacts = self.phone.as_ref().and_then(|phone| phone.report.as_ref());
        let contacts = contacts
            .map(|report| report.contacts.as_slice())
            .unwrap_or_default();
        let own = |key: &Option<String>| key.is_some() && *key == work.vendor_call_key;
        let others = |key: &Option<String>| {
            key.is_some()
                && self
                    .works
                    .iter()
                    .any(|other| other.id != work.id && other.vendor_call_key == *key)
        };
        let line_is_open = contacts
            .iter()
            .any(|c| c.phase == Connected && !others(&c.vendor_call_key));
        let contact_is_over = contacts
            .iter()
            .any(|c| c.phase == AfterCallWork && own(&c.vendor_call_key));
        (work.conversation_ended || contact_is_over) && !line_is_open
    }
}

/// `asked` is later than `seen`, on the clock that nobody can set.
pub(crate) fn asked_after(asked: Now, seen: Now) -> bool {
    asked.mono_ms > seen.mono_ms
}
