//! What may be shown, judged from what has been delivered and nothing else. Knows no more than that a work goes
//! forward, that "over" is for ever, and that a complete list says who is not there.

use std::collections::BTreeMap;

use presence::event::{CommandId, ConsoleId, Event, WorkRow, WorkSeen, WorkStage};
use presence::ids::{WorkId, WorkItemId};
use presence::phone::ContactPhase;
use presence::picture::CallPhase;
use presence::settings::Timings;
use presence::time::Now;

#[derive(Clone, Debug)]
struct Known {
    item: WorkItemId,
    stage: WorkStage,
    seen: Now,
    /// A complete list that was asked for after the work was last seen did not show it.
    missed: bool,
    /// Seen again after that: lists may be wrong once, so it may be at any stage.
    revived: bool,
    conversation_ended: bool,
    /// The newest version of its row.
    modstamp_ms: Option<i64>,
}

#[derive(Clone, Debug, Default)]
pub(crate) struct Oracle {
    /// Nobody is signed in any more: words that were on their way belong to nobody.
    signed_out: bool,
    works: BTreeMap<WorkId, Known>,
    /// The most active contact of the phone's last report.
    pub(crate) contact: Option<ContactPhase>,
    /// Contacts in after-call work may say that a conversation is over.
    after_call_work: bool,
    console: Option<(ConsoleId, Now)>,
    /// The last snapshot asked for on this connection.
    asked: Option<(CommandId, Now)>,
    answered: Option<Now>,
    instance: Option<String>,
}

impl Oracle {
    pub(crate) fn asks(&mut self, now: Now, command: CommandId) {
        self.asked = Some((command, now));
    }

    pub(crate) fn hear(&mut self, now: Now, event: &Event) {
        match event {
            Event::Rows { .. } | Event::Streamed { .. } if self.signed_out => {}
            // What was asked of a connection that has ended, or asked again since, is out of date when it comes.
            Event::ConsoleSnapshot { command, .. } if self.asked.is_none_or(|(last, _)| last != *command) => {
            }
            Event::Catalogue(catalogue) => {
                let moved = self.instance.is_some() && self.instance != catalogue.instance;
                if moved {
                    // What was known of an org that has moved is void (seed 002).
                    self.works.clear();
                }
                self.instance.clone_from(&catalogue.instance);
            }
            Event::ConsoleConnected { console } => {
                self.console = Some((*console, now));
                self.asked = None;
            }
            Event::ConsoleHeard { console } => self.console = Some((*console, now)),
            Event::ConsoleGone { .. } => {
                self.console = None;
                self.asked = None;
            }
            Event::ConsoleSnapshot {
                console,
                works,
                status,
                conversations_ended,
                ..
            } => {
                self.console = Some((*console, now));
                let asked = self.asked.take().map(|(_, asked)| asked);
                works
                    .iter()
                    .for_each(|seen| self.see(asked.unwrap_or(now), *seen));
                for known in self.works.values_mut() {
                    known.conversation_ended |= conversations_ended.contains(&known.item);
                }
                if let Some(asked) = asked.filter(|_| status.is_some()) {
                    self.miss(asked, |id| works.iter().any(|seen| seen.work == id));
                }
            }
            Event::ConversationEnded { item } => {
                for known in self.works.values_mut().filter(|known| known.item == *item) {
                    known.conversation_ended = true;
                }
            }
            Event::PhoneGone | Event::PhoneJoined(_) => {
                self.contact = None;
            }
            Event::PhoneState(report) => {
                self.contact = report.contacts.iter().map(|contact| contact.phase).max();
                self.after_call_work |= report.contacts.iter().any(|contact| !contact.phase.is_live());
            }
            // An answer to an older question is outranked by the newer one's.
            Event::Rows { asked, .. } if self.answered.is_some_and(|last| last >= *asked) => {}
            Event::Rows { asked, works, .. } => {
                self.answered = Some(*asked);
                self.see_rows(*asked, works);
                self.miss(*asked, |id| works.iter().any(|row| row.work == id));
            }
            // Nothing of one session may be known in the next, not even which works are over: a page that tells
            // what it has kept may be believed until it has told all of it.
            Event::SignedOut => {
                *self = Self {
                    signed_out: true,
                    contact: self.contact,
                    ..Self::default()
                };
            }
            Event::SignedIn { .. } => self.signed_out = false,
            Event::Streamed { works, .. } => {
                // Messages may come late: a version that was known before the work was missed revives nothing.
                let is_old = |row: &&WorkRow| {
                    let known = self.works.get(&row.work).filter(|known| known.missed);
                    known.is_some_and(|known| row.modstamp_ms <= known.modstamp_ms)
                };
                let news: Vec<WorkRow> = works.iter().filter(|row| !is_old(row)).cloned().collect();
                self.see_rows(now, &news);
            }
            Event::Work { seen, .. } => self.see(now, *seen),
            _ => {}
        }
    }

    fn see_rows(&mut self, now: Now, works: &[WorkRow]) {
        for row in works.iter().filter(|row| row.voice) {
            self.see(
                now,
                WorkSeen {
                    work: row.work,
                    item: row.item,
                    stage: row.stage,
                },
            );
            if let Some(known) = self.works.get_mut(&row.work) {
                known.conversation_ended |= row.conversation_ended;
                known.modstamp_ms = known.modstamp_ms.max(row.modstamp_ms);
            }
        }
    }

    fn see(&mut self, now: Now, seen: WorkSeen) {
        if !seen.item.0.has_prefix("0LQ") {
            return;
        }
        let known = self.works.entry(seen.work).or_insert(Known {
            item: seen.item,
            stage: seen.stage,
            seen: now,
            missed: false,
            revived: false,
            conversation_ended: false,
            modstamp_ms: None,
        });
        known.stage = known.stage.max(seen.stage);
        // An answer to an older question says nothing about what a newer one has missed.
        if now.mono_ms >= known.seen.mono_ms {
            known.seen = now;
            known.revived |= known.missed;
            known.missed = false;
        }
        // Nobody asks for what was over long ago.
        while self.works.len() > 64 {
            let over = self
                .works
                .iter()
                .find(|(_, known)| known.stage == WorkStage::Ended);
            let Some(oldest) = over.map(|(id, _)| *id) else {
                break;
            };
            self.works.remove(&oldest);
        }
    }

    fn miss(&mut self, asked: Now, shown: impl Fn(WorkId) -> bool) {
        for (id, known) in &mut self.works {
            known.missed |= !shown(*id) && asked.mono_ms > known.seen.mono_ms;
        }
    }

    fn open(&self) -> impl Iterator<Item = &Known> {
        self.works
            .values()
            .filter(|known| known.stage != WorkStage::Ended)
    }

    /// A work that is certainly open, by the newest word.
    fn certainly(&self, stage: WorkStage) -> bool {
        self.open().any(|known| known.stage == stage && !known.missed)
    }

    fn perhaps(&self, stage: WorkStage) -> bool {
        self.open().any(|known| known.stage == stage || known.revived)
    }

    /// Why this phase must not be shown; `None`: it may be.
    pub(crate) fn contradicts(&self, now: Now, phase: CallPhase, timings: &Timings) -> Option<&'static str> {
        let console = self
            .console
            .is_some_and(|(_, heard)| now.since(heard) < timings.console_stale_ms);
        let rest = self
            .answered
            .is_some_and(|asked| now.since(asked) < 2 * timings.read_fast_ms);
        if phase != CallPhase::Unknown && !console && !rest {
            return Some("there is no fresh evidence");
        }
        match phase {
            CallPhase::Unknown => None,
            CallPhase::Idle if self.certainly(WorkStage::Opened) => Some("an opened call is known"),
            CallPhase::Idle if self.certainly(WorkStage::Assigned) => Some("an offered call is known"),
            CallPhase::Idle => None,
            CallPhase::OnCall if self.perhaps(WorkStage::Opened) => None,
            CallPhase::OnCall => Some("no opened call is known"),
            CallPhase::Ringing if self.perhaps(WorkStage::Assigned) => None,
            CallPhase::Ringing => Some("no offered call is known"),
            CallPhase::WrapUp if self.certainly(WorkStage::Assigned) => Some("an offered call is known"),
            CallPhase::WrapUp if self.perhaps_over() => None,
            CallPhase::WrapUp => Some("no call is known whose conversation is over"),
        }
    }

    fn perhaps_over(&self) -> bool {
        let over = |known: &Known| known.conversation_ended || self.after_call_work;
        self.open()
            .any(|known| known.stage == WorkStage::Opened && over(known))
    }

    /// Why nothing that makes the rep Offline may go out; `None`: it may.
    pub(crate) fn forbids(&self, now: Now, allow_wrap_up: bool, timings: &Timings) -> Option<&'static str> {
        if let Some(why) = self.contradicts(now, CallPhase::Idle, timings) {
            let all_over = || {
                self.open().filter(|known| !known.missed).all(|known| {
                    known.stage == WorkStage::Opened && (known.conversation_ended || self.after_call_work)
                })
            };
            let wrap_up = why == "an opened call is known" && allow_wrap_up && all_over();
            if !wrap_up {
                return Some(why);
            }
        }
        match self.contact {
            Some(ContactPhase::AfterCallWork) if allow_wrap_up => None,
            Some(ContactPhase::AfterCallWork) => Some("the phone reports after-call work"),
            Some(ContactPhase::Connected | ContactPhase::Ringing) => Some("the phone reports a contact"),
            None => None,
        }
    }
}
