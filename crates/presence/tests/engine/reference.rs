//! The call phase, obviously right and slow: every word of console and org is kept, and the phase is worked
//! out from all of them each time.

use std::collections::BTreeSet;

use presence::event::{ConsoleId, Event, WorkSeen, WorkStage};
use presence::ids::{WorkId, WorkItemId};
use presence::phone::{Contact, ContactPhase};
use presence::picture::CallPhase;
use presence::settings::Timings;
use presence::time::Now;

/// A word about works.
#[derive(Clone, Debug)]
enum Word {
    /// One work was seen so far.
    Seen(WorkSeen),
    /// A complete list was asked for then, and shows these.
    Complete {
        asked: Now,
        shown: Vec<WorkId>,
    },
    ConversationEnded(WorkItemId),
    VendorKey(WorkId, String),
}

/// What was said, when, and whether anybody may be believed now.
#[derive(Clone, Debug, Default)]
pub(crate) struct Reference {
    words: Vec<(Now, Word)>,
    contacts: Vec<Contact>,
    console: Option<ConsoleId>,
    heard: Option<Now>,
    told_by_console: bool,
    logged_in: bool,
    presence_seen: Option<Now>,
    answered: Option<Now>,
    signed_in: Option<Now>,
}

impl Reference {
    fn console_is_live(&self, now: Now, timings: &Timings) -> bool {
        let heard = |heard: Now| now.since(heard) < timings.console_stale_ms;
        self.console.is_some() && self.told_by_console && self.heard.is_some_and(heard)
    }

    pub(crate) fn console(&self) -> Option<ConsoleId> {
        self.console
    }

    pub(crate) fn told_by_console(&self) -> bool {
        self.told_by_console
    }

    /// The console has been silent for too long.
    pub(crate) fn gap(&self, now: Now, timings: &Timings) -> bool {
        self.heard
            .is_some_and(|heard| now.since(heard) >= timings.console_stale_ms)
    }

    pub(crate) fn is_fresh(&self, now: Now, timings: &Timings) -> bool {
        let answer = self
            .answered
            .is_some_and(|asked| now.since(asked) < 2 * timings.read_fast_ms);
        self.signed_in.is_some() && (self.console_is_live(now, timings) || answer)
    }

    /// `asked` gives, for a snapshot the engine is waiting for, when it was asked for.
    pub(crate) fn hear(&mut self, now: Now, event: &Event, asked: Option<Now>, timings: &Timings) {
        if self.gap(now, timings) {
            self.told_by_console = false;
        }
        match event {
            Event::SignedIn { .. } if self.signed_in.is_none() => self.signed_in = Some(now),
            Event::ConsoleConnected { console } if self.console < Some(*console) => {
                self.console = Some(*console);
                self.heard = Some(now);
                self.told_by_console = false;
            }
            Event::ConsoleGone { console } if self.console == Some(*console) => self.console = None,
            Event::ConsoleHeard { console } if self.console == Some(*console) => self.heard = Some(now),
            Event::ConnectionError => self.told_by_console = false,
            Event::ConversationEnded { item } => self.words.push((now, Word::ConversationEnded(*item))),
            Event::OmniLogout { .. } => self.presence(now, None, false),
            Event::StatusChanged { .. } => self.presence(now, None, true),
            Event::Work { seen, .. } => self.see(now, *seen),
            Event::PhoneState(report) => self.contacts.clone_from(&report.contacts),
            Event::PhoneGone | Event::PhoneJoined(_) => self.contacts.clear(),
            Event::ConsoleSnapshot {
                works,
                status,
                conversations_ended,
                ..
            } => {
                let Some(asked) = asked else {
                    return;
                };
                self.heard = Some(now);
                self.told_by_console = true;
                works.iter().for_each(|seen| self.see(now, *seen));
                if status.is_some() {
                    let shown = works.iter().map(|seen| seen.work).collect();
                    self.words.push((now, Word::Complete { asked, shown }));
                }
                for item in conversations_ended {
                    self.words.push((now, Word::ConversationEnded(*item)));
                }
                self.presence(now, Some(asked), status.is_some());
            }
            Event::Rows {
                asked,
                works,
                presence,
            } => {
                let ours = self.signed_in.is_some_and(|since| *asked >= since) && *asked <= now;
                if !ours || self.answered.is_some_and(|last| last >= *asked) {
                    return;
                }
                self.answered = Some(*asked);
                if !(self.console_is_live(now, timings) && self.logged_in) {
                    let shown = works.iter().map(|row| row.work).collect();
                    self.words.push((now, Word::Complete { asked: *asked, shown }));
                }
                for row in works.iter().filter(|row| row.voice) {
                    let (work, item, stage) = (row.work, row.item, row.stage);
                    self.see(now, WorkSeen { work, item, stage });
                    if row.conversation_ended {
                        self.words.push((now, Word::ConversationEnded(item)));
                    }
                    if let Some(key) = &row.vendor_call_key {
                        self.words.push((now, Word::VendorKey(work, key.clone())));
                    }
                }
                self.presence(now, Some(*asked), presence.status.is_some());
            }
            _ => {}
        }
    }

    /// The engine has been told by a partner that what it believes is wrong.
    pub(crate) fn contradicted(&mut self) {
        self.told_by_console = false;
        self.answered = None;
    }

    fn see(&mut self, now: Now, seen: WorkSeen) {
        if seen.item.0.has_prefix("0LQ") {
            self.words.push((now, Word::Seen(seen)));
        }
    }

    fn presence(&mut self, now: Now, asked: Option<Now>, logged_in: bool) {
        let yields = |asked: Now| {
            self.presence_seen
                .is_some_and(|seen| asked.mono_ms <= seen.mono_ms)
        };
        if !asked.is_some_and(yields) {
            self.logged_in = logged_in;
            self.presence_seen = Some(now);
        }
    }

    /// The phase a careful person would work out.
    pub(crate) fn phase(&self, now: Now, timings: &Timings) -> CallPhase {
        if !self.is_fresh(now, timings) {
            return CallPhase::Unknown;
        }
        let of = |word: &Word| match word {
            Word::Seen(seen) => Some(seen.work),
            _ => None,
        };
        let all: BTreeSet<WorkId> = self.words.iter().filter_map(|(_, word)| of(word)).collect();
        let open: Vec<Open> = all.into_iter().filter_map(|work| self.follow(work)).collect();
        let phase_of = |work: &Open| match work.stage {
            WorkStage::Opened if self.in_wrap_up(work, &open) => CallPhase::WrapUp,
            WorkStage::Opened => CallPhase::OnCall,
            WorkStage::Assigned | WorkStage::Ended => CallPhase::Ringing,
        };
        let phases: Vec<CallPhase> = open.iter().map(phase_of).collect();
        [CallPhase::OnCall, CallPhase::Ringing, CallPhase::WrapUp]
            .into_iter()
            .find(|phase| phases.contains(phase))
            .unwrap_or(CallPhase::Idle)
    }

    /// One work's life from its first word to its last; `None`: not open.
    fn follow(&self, id: WorkId) -> Option<Open> {
        let mut open: Option<Open> = None;
        for (at, word) in &self.words {
            match word {
                Word::Seen(seen) if seen.work == id && seen.stage == WorkStage::Ended => return None,
                Word::Seen(seen) if seen.work == id => {
                    let before = open.take();
                    let new = || Open {
                        id,
                        item: seen.item,
                        stage: seen.stage,
                        seen: *at,
                        ended: false,
                        key: None,
                    };
                    let mut work = before.unwrap_or_else(new);
                    work.stage = work.stage.max(seen.stage);
                    work.seen = *at;
                    open = Some(work);
                }
                Word::Complete { asked, shown } => {
                    open = open.filter(|work| shown.contains(&id) || asked.mono_ms <= work.seen.mono_ms);
                }
                Word::ConversationEnded(item) => {
                    if let Some(work) = open.as_mut().filter(|work| work.item == *item) {
                        work.ended = true;
                    }
                }
                Word::VendorKey(work, key) if *work == id => {
                    if let Some(work) = &mut open {
                        work.key = Some(key.clone());
                    }
                }
                Word::Seen(_) | Word::VendorKey(..) => {}
            }
        }
        open
    }

    fn in_wrap_up(&self, work: &Open, open: &[Open]) -> bool {
        let own = |c: &&Contact| c.vendor_call_key.is_some() && c.vendor_call_key == work.key;
        let acw = |c: &Contact| c.phase == ContactPhase::AfterCallWork;
        let of_another = |c: &Contact| {
            c.vendor_call_key.is_some() && open.iter().any(|o| o.id != work.id && o.key == c.vendor_call_key)
        };
        let over = work.ended || self.contacts.iter().filter(own).any(acw);
        over && !self.contacts.iter().any(|c| !acw(c) && !of_another(c))
    }
}

struct Open {
    id: WorkId,
    item: WorkItemId,
    stage: WorkStage,
    seen: Now,
    ended: bool,
    key: Option<String>,
}
