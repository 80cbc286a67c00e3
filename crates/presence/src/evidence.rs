//! Evidence of works becomes the list of open voice works.
//!
//! A work only moves forward (Assigned, Opened, over), and over is absorbing, so duplicates and late
//! messages change nothing. Rows have versions (SystemModstamp): one older than the newest known is left out.
//! Absence from a complete answer needs times: it counts when the question was asked after the newest
//! evidence of the work, and a work that is gone by it is only found again by a later word (DESIGN P9).

use crate::event::{Event, WorkRow, WorkSeen, WorkStage};
use crate::ids::{WorkId, WorkItemId};
use crate::note::{Source, Staleness};
use crate::phone::Contact;
use crate::phone::ContactPhase::{AfterCallWork, Ringing};
use crate::settings::Timings;
use crate::state::{ENDED_KEPT, Gone, State, Work};
use crate::time::Now;

/// Whether a word about a work was taken in, and if not, why.
pub(crate) type Taken = Result<(), Staleness>;

impl State {
    /// The console showed one work: by an event of this moment (it has no time of its own), or in answer to a
    /// question sent at `asked`.
    pub(crate) fn see_work(&mut self, now: Now, asked: Option<Now>, seen: WorkSeen) -> Taken {
        self.may_count(asked, seen)?;
        self.move_work(now, seen);
        if let Some(work) = self.works.iter_mut().find(|work| work.id == seen.work) {
            work.streamed = false;
        }
        Ok(())
    }

    /// A row was read in answer to a question sent at `asked`, or came by stream (`None`).
    pub(crate) fn see_row(&mut self, now: Now, asked: Option<Now>, row: WorkRow) -> Taken {
        let seen = WorkSeen {
            work: row.work,
            item: row.item,
            stage: row.stage,
        };
        self.may_count(asked, seen)?;
        let newness = self.newness(&row);
        if newness == Newness::Older {
            return Err(Staleness::OlderVersion);
        }
        // A message that comes again tells nothing of this moment; an answer does.
        let again = asked.is_none() && newness == Newness::Same;
        let is_open = self.works.iter().any(|work| work.id == row.work);
        if again && !is_open {
            return Err(Staleness::OlderVersion);
        }
        if !again {
            self.move_work(now, seen);
        }
        if let Some(work) = self.works.iter_mut().find(|work| work.id == row.work) {
            work.streamed = asked.is_none() && (work.streamed || !is_open);
            work.take_in(now, row);
        }
        Ok(())
    }

    /// When a page that lives should have shown what only the stream has told of, and is asked.
    pub(crate) fn streamed_shows_by(&self, timings: &Timings) -> Option<Now> {
        let alone = self.works.iter().filter(|work| work.streamed);
        alone.map(|work| work.seen.plus(timings.skew_ms)).min()
    }

    /// Terminal states are absorbing, and what an answer says of a work that a later question did not find
    /// any more is out of date.
    fn may_count(&self, asked: Option<Now>, seen: WorkSeen) -> Taken {
        if self.org.ended.contains(&seen.work) {
            return Err(Staleness::WorkIsOver);
        }
        let gone = self.org.gone.iter().find(|gone| gone.id == seen.work);
        if gone.is_some_and(|gone| asked.is_some_and(|asked| !asked_after(asked, gone.asked))) {
            return Err(Staleness::OlderAnswer);
        }
        Ok(())
    }

    fn newness(&self, row: &WorkRow) -> Newness {
        let open = self.works.iter().find(|work| work.id == row.work);
        let gone = self.org.gone.iter().find(|gone| gone.id == row.work);
        let known_ms = match (open, gone) {
            (Some(work), _) => work.modstamp_ms,
            (None, Some(gone)) => gone.modstamp_ms,
            (None, None) => None,
        };
        match (row.modstamp_ms, known_ms) {
            (Some(new), Some(known)) if new < known => Newness::Older,
            (Some(new), Some(known)) if new == known => Newness::Same,
            _ => Newness::Newer,
        }
    }

    fn move_work(&mut self, now: Now, seen: WorkSeen) {
        if seen.stage == WorkStage::Ended {
            return self.end_work(now, seen.work);
        }
        if let Some(work) = self.works.iter_mut().find(|work| work.id == seen.work) {
            work.seen = now;
            if seen.stage > work.stage {
                work.stage = seen.stage;
                work.stage_ms = now.wall_ms;
            }
            return;
        }
        let before = self.org.gone.iter().position(|gone| gone.id == seen.work);
        let before = before.map(|at| self.org.gone.remove(at));
        self.works.push(Work {
            id: seen.work,
            item: seen.item,
            stage: seen.stage,
            stage_ms: now.wall_ms,
            conversation_ended_ms: None,
            contact_ended_ms: None,
            extensions: 0,
            vendor_call_key: None,
            streamed: false,
            modstamp_ms: before.and_then(|gone| gone.modstamp_ms),
            seen: now,
        });
    }

    /// A complete list of open works was asked for at `asked`: those it does not show are over, unless they
    /// were seen since. Not remembered as over: a list may be wrong once, and a work seen again is open again.
    pub(crate) fn miss_works(&mut self, now: Now, asked: Now, shown: impl Fn(WorkId) -> bool) {
        let mut gone = Vec::new();
        self.works.retain(|work| {
            let stays = shown(work.id) || !asked_after(asked, work.seen);
            if !stays {
                gone.push((work.stage, work.gone_at(asked)));
            }
            stays
        });
        for (stage, gone) in gone {
            // Offered at the last look and now over: declined, timed out or given up.
            if stage == WorkStage::Assigned {
                self.missed = Some(now);
            }
            if self.org.gone.len() == ENDED_KEPT {
                self.org.gone.remove(0);
            }
            self.org.gone.push(gone);
        }
    }

    /// Whether [`Self::miss_works`] would remove any.
    pub(crate) fn would_miss(&self, asked: Now, shown: impl Fn(WorkId) -> bool) -> bool {
        self.works
            .iter()
            .any(|work| !shown(work.id) && asked_after(asked, work.seen))
    }

    /// The console said that a call's conversation is over.
    pub(crate) fn end_conversation(&mut self, now: Now, item: WorkItemId) {
        for work in self.works.iter_mut().filter(|work| work.item == item) {
            work.conversation_ended_ms.get_or_insert(now.wall_ms);
        }
    }

    fn end_work(&mut self, now: Now, id: WorkId) {
        let offered = |work: &Work| work.id == id && work.stage == WorkStage::Assigned;
        if self.works.iter().any(offered) {
            self.missed = Some(now);
        }
        self.works.retain(|work| work.id != id);
        self.org.gone.retain(|gone| gone.id != id);
        if self.org.ended.len() == ENDED_KEPT {
            self.org.ended.remove(0);
        }
        self.org.ended.push(id);
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
        let line_is_open = |contact: &Contact| contact.phase.is_live() && !self.is_of_another(contact, work);
        work.stage == WorkStage::Opened
            && self.conversation_is_over(work)
            && !self.contacts().iter().any(line_is_open)
    }

    /// The work's own conversation, whoever else may be on the line.
    fn conversation_is_over(&self, work: &Work) -> bool {
        let own = |contact: &Contact| {
            contact.vendor_call_key.is_some() && contact.vendor_call_key == work.vendor_call_key
        };
        let mut contacts = self.contacts().iter();
        work.conversation_ended_ms.is_some()
            || contacts.any(|contact| own(contact) && contact.phase == AfterCallWork)
    }

    /// The contact belongs to another open work, whose own phase tells of it.
    pub(crate) fn is_of_another(&self, contact: &Contact, work: &Work) -> bool {
        contact.vendor_call_key.is_some()
            && self
                .works
                .iter()
                .any(|other| other.id != work.id && other.vendor_call_key == contact.vendor_call_key)
    }

    /// The phone has a live contact that none of the open works accounts for: one whose own conversation is over
    /// accounts for nobody who is still on the line, one that is only offered for nobody who talks, and one with
    /// another vendor key for somebody else.
    pub(crate) fn has_contact_without_work(&self) -> bool {
        let mut live: Vec<&Contact> = self
            .contacts()
            .iter()
            .filter(|contact| contact.phase.is_live())
            .collect();
        // Who is matched first has fewest works to choose from.
        live.sort_by_key(|contact| (contact.vendor_call_key.is_none(), contact.phase == Ringing));
        let mut calls: Vec<&Work> = self
            .works
            .iter()
            .filter(|work| !self.conversation_is_over(work))
            .collect();
        calls.sort_by_key(|work| work.vendor_call_key.is_none());
        live.into_iter().any(
            |contact| match calls.iter().position(|work| may_be_of(contact, work)) {
                Some(at) => {
                    calls.remove(at);
                    false
                }
                None => true,
            },
        )
    }
}

/// The contact is, or may be, the work's conversation.
fn may_be_of(contact: &Contact, work: &Work) -> bool {
    match (&contact.vendor_call_key, &work.vendor_call_key) {
        (Some(contact), Some(work)) => contact == work,
        _ => contact.phase == Ringing || work.stage == WorkStage::Opened,
    }
}

impl Work {
    /// What a row tells besides the stage. The conversation is another record's (VoiceCall), so it may have
    /// news although this row is of no newer version.
    fn take_in(&mut self, now: Now, row: WorkRow) {
        if row.conversation_ended {
            let told_ms = row.conversation_ended_ms.or(self.conversation_ended_ms);
            self.conversation_ended_ms = told_ms.or(Some(now.wall_ms));
        }
        self.extensions = self.extensions.max(row.acw_extensions);
        self.modstamp_ms = self.modstamp_ms.max(row.modstamp_ms);
        self.vendor_call_key = row.vendor_call_key.or(self.vendor_call_key.take());
        if let Some(since_ms) = row.since_ms.filter(|_| self.stage == row.stage) {
            self.stage_ms = self.stage_ms.min(since_ms);
        }
    }

    fn gone_at(&self, asked: Now) -> Gone {
        Gone {
            id: self.id,
            asked,
            modstamp_ms: self.modstamp_ms,
        }
    }
}

/// A row's version against the newest known of its record.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Newness {
    Older,
    Same,
    /// Or nobody can tell.
    Newer,
}

/// `asked` is later than `seen`, on the clock that nobody can set.
pub(crate) fn asked_after(asked: Now, seen: Now) -> bool {
    asked.mono_ms > seen.mono_ms
}

/// Where an event's evidence comes from.
pub(crate) fn source_of(event: &Event) -> Source {
    match event {
        Event::Cancel { .. }
        | Event::Dismiss { .. }
        | Event::RepIsBack { .. }
        | Event::Request { .. }
        | Event::ResumeSync
        | Event::Return { .. }
        | Event::SignInStarted
        | Event::SignedOut
        | Event::WorkRequest { .. } => Source::Rep,
        Event::CommandAnswered { .. }
        | Event::ConnectionError
        | Event::ConsoleConnected { .. }
        | Event::ConsoleGone { .. }
        | Event::ConsoleHeard { .. }
        | Event::ConversationEnded { .. }
        | Event::OmniLogout { .. }
        | Event::StatusChanged { .. }
        | Event::Work { .. }
        | Event::WorkFlag { .. }
        | Event::WorkOptions(_)
        | Event::Workload(_) => Source::Console,
        Event::ConsoleSnapshot { .. } => Source::ConsoleSnapshot,
        Event::Catalogue(_) | Event::ReadFailed { .. } | Event::Rows { .. } | Event::SignedIn { .. } => {
            Source::Rest
        }
        Event::StreamGap | Event::StreamStopped { .. } | Event::Streamed { .. } => Source::Stream,
        Event::PhoneAnswered { .. }
        | Event::PhoneAsks { .. }
        | Event::PhoneGone
        | Event::PhoneJoined(_)
        | Event::PhoneState(_) => Source::Phone,
        Event::SaveFailed { .. } | Event::Saved { .. } => Source::Disk,
        // No evidence of calls or presence: what changes with them has only waited for an event.
        Event::PairingEnded { .. }
        | Event::PairingOffered(_)
        | Event::ProblemCleared { .. }
        | Event::ProblemRaised(_)
        | Event::Tick => Source::Time,
    }
}
