//! What Holdline has been told about calls, as a careful clerk would keep it: one line for each call. Written
//! from the promises (docs/architecture.md, "Evidence"), not from the engine.

use presence::event::{CommandId, CommandOutcome, Event, WorkStage};
use presence::ids::{StatusId, WorkId};
use presence::phone::{Contact, ContactPhase};
use presence::picture::CallPhase;
use presence::settings::{Policy, Timings, WrapUpPolicy};
use presence::time::Now;

use super::names::{self, CALLS, Presence, Status};

/// The line of one call.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Hash)]
enum Line {
    /// Not heard of.
    #[default]
    Blank,
    /// A complete list, asked for then, did not show it.
    Gone { asked: Now },
    Open {
        opened: bool,
        /// When it was last shown.
        seen: Now,
        conversation_ended: bool,
        /// The org has told which contact is its own.
        keyed: bool,
    },
    /// Over for good.
    Over,
}

/// The clerk's sheet.
#[derive(Clone, Debug, Default, PartialEq, Eq, Hash)]
pub(super) struct Told {
    signed_in: Option<Now>,
    console: Option<u64>,
    heard: Now,
    /// The console has shown everything, and nothing since has put it in doubt.
    whole: bool,
    asking: Option<(CommandId, Now)>,
    answered: Option<Now>,
    /// Answers to older questions do not count.
    answers_from: Option<Now>,
    logged_in: bool,
    presence_seen: Option<Now>,
    lines: [Line; CALLS],
    contact: Option<(u8, ContactPhase)>,
    /// A phone that left in the middle of a contact, and when.
    kept: Option<(ContactPhase, Now)>,
}

impl Told {
    fn console_tells(&self, now: Now, timings: &Timings) -> bool {
        self.console.is_some() && self.whole && now.since(self.heard) < timings.console_stale_ms
    }

    fn is_fresh(&self, now: Now, timings: &Timings) -> bool {
        let answer = |asked: Now| now.since(asked) < 2 * timings.read_fast_ms;
        self.signed_in.is_some() && (self.console_tells(now, timings) || self.answered.is_some_and(answer))
    }

    /// What has grown too old is struck out before anything new is written down.
    pub(super) fn let_time_pass(&mut self, now: Now, timings: &Timings) {
        if now.since(self.heard) >= timings.console_stale_ms {
            self.whole = false;
            self.asking = None;
        }
        self.kept
            .take_if(|(_, since)| now.since(*since) >= timings.console_stale_ms);
    }

    /// Gives the presence, where the word is about it and newer than what is known.
    pub(super) fn hear(&mut self, now: Now, event: &Event, timings: &Timings) -> Option<Presence> {
        match event {
            Event::SignedIn { .. } if self.signed_in.is_none() => self.signed_in = Some(now),
            // Nothing of one sign-in is carried into the next, but the phone is the desktop's.
            Event::SignedOut => {
                *self = Self {
                    contact: self.contact,
                    kept: self.kept,
                    ..Self::default()
                }
            }
            Event::ConsoleConnected { console } if self.console < Some(console.0) => {
                self.console = Some(console.0);
                self.heard = now;
                self.whole = false;
                self.asking = None;
            }
            Event::ConsoleGone { console } if self.console == Some(console.0) => {
                self.console = None;
                self.whole = false;
                self.asking = None;
            }
            Event::ConsoleHeard { console } if self.console == Some(console.0) => self.heard = now,
            Event::ConversationEnded { item } => {
                if let Some(call) = names::call_of_item(*item) {
                    self.end_conversation(call);
                }
            }
            Event::OmniLogout { .. } => return self.presence(now, None, None),
            Event::StatusChanged { status } => return self.presence(now, None, Some(*status)),
            Event::Work { seen, .. } => self.see(now, None, seen.work, seen.stage),
            Event::CommandAnswered { command, outcome } if *outcome != CommandOutcome::Done => {
                self.asking.take_if(|(asking, _)| asking == command);
            }
            Event::ConsoleSnapshot {
                command,
                works,
                status,
                conversations_ended,
                ..
            } => {
                let (_, asked) = self.asking.take_if(|(asking, _)| asking == command)?;
                self.heard = now;
                self.whole = true;
                works
                    .iter()
                    .for_each(|seen| self.see(now, Some(asked), seen.work, seen.stage));
                if status.is_some() {
                    self.strike(asked, |work| works.iter().any(|seen| seen.work == work));
                }
                for call in conversations_ended
                    .iter()
                    .filter_map(|item| names::call_of_item(*item))
                {
                    self.end_conversation(call);
                }
                return self.presence(now, Some(asked), *status);
            }
            Event::Rows {
                asked,
                works,
                presence,
            } => {
                let ours = self.signed_in.is_some_and(|since| *asked >= since);
                let too_old = self.answers_from.is_some_and(|from| *asked < from);
                if !ours || too_old || self.answered.is_some_and(|last| last >= *asked) {
                    return None;
                }
                self.answered = Some(*asked);
                if !(self.console_tells(now, timings) && self.logged_in) {
                    self.strike(*asked, |work| works.iter().any(|row| row.work == work));
                }
                for row in works {
                    self.see(now, Some(*asked), row.work, row.stage);
                    if let Some(call) = names::call_of(row.work) {
                        self.key(call);
                        if row.conversation_ended {
                            self.end_conversation(call);
                        }
                    }
                }
                return self.presence(now, Some(*asked), presence.status);
            }
            Event::PhoneState(report) => {
                self.kept = None;
                self.contact = report.contacts.first().and_then(contact);
            }
            Event::PhoneGone | Event::PhoneJoined(_) => {
                let left = self.contact.take().map(|(_, phase)| (phase, now));
                self.kept = left.or(self.kept);
            }
            _ => {}
        }
        None
    }

    /// The engine asks the console to show everything.
    pub(super) fn asked(&mut self, now: Now, command: CommandId) {
        self.asking = Some((command, now));
    }

    pub(super) fn withdrawn(&mut self, command: CommandId) {
        self.asking.take_if(|(asking, _)| *asking == command);
    }

    /// A question that has had no answer for too long is forgotten.
    pub(super) fn forget_old_question(&mut self, now: Now, timings: &Timings) {
        let patience_ms = timings.command_expiry_ms + timings.confirm_ms;
        self.asking.take_if(|(_, asked)| now.since(*asked) >= patience_ms);
    }

    /// A partner saw a call that Holdline did not know of: nothing it was told counts until it is told anew.
    pub(super) fn contradicted(&mut self, now: Now) {
        self.answers_from = Some(now);
        self.whole = false;
        self.answered = None;
    }

    /// By an event, or by the answer to a question asked then; one that is older than the list on which the
    /// work was missed tells nothing.
    fn see(&mut self, now: Now, asked: Option<Now>, work: WorkId, stage: WorkStage) {
        let Some(call) = names::call_of(work) else { return };
        let line = &mut self.lines[usize::from(call)];
        if let Line::Gone { asked: missed } = *line
            && asked.is_some_and(|asked| asked.mono_ms <= missed.mono_ms)
        {
            return;
        }
        *line = match (*line, stage) {
            (Line::Over, _) | (_, WorkStage::Ended) => Line::Over,
            (Line::Blank | Line::Gone { .. }, stage) => Line::Open {
                opened: stage == WorkStage::Opened,
                seen: now,
                conversation_ended: false,
                keyed: false,
            },
            (
                Line::Open {
                    opened,
                    conversation_ended,
                    keyed,
                    ..
                },
                stage,
            ) => Line::Open {
                opened: opened || stage == WorkStage::Opened,
                seen: now,
                conversation_ended,
                keyed,
            },
        };
    }

    /// A complete list, asked for then, does not show these.
    fn strike(&mut self, asked: Now, shown: impl Fn(WorkId) -> bool) {
        for (call, line) in (0..).zip(&mut self.lines) {
            if let Line::Open { seen, .. } = line
                && !shown(names::work(call))
                && asked.mono_ms > seen.mono_ms
            {
                *line = Line::Gone { asked };
            }
        }
    }

    fn end_conversation(&mut self, call: u8) {
        if let Line::Open {
            conversation_ended, ..
        } = &mut self.lines[usize::from(call)]
        {
            *conversation_ended = true;
        }
    }

    fn key(&mut self, call: u8) {
        if let Line::Open { keyed, .. } = &mut self.lines[usize::from(call)] {
            *keyed = true;
        }
    }

    fn presence(&mut self, now: Now, asked: Option<Now>, status: Option<StatusId>) -> Option<Presence> {
        let older = |asked: Now| {
            self.presence_seen
                .is_some_and(|seen| asked.mono_ms <= seen.mono_ms)
        };
        if asked.is_some_and(older) {
            return None;
        }
        self.logged_in = status.is_some();
        self.presence_seen = Some(now);
        Some(status.and_then(Status::of))
    }

    /// The phase that follows from the sheet.
    pub(super) fn phase(&self, now: Now, timings: &Timings) -> CallPhase {
        if !self.is_fresh(now, timings) {
            return CallPhase::Unknown;
        }
        let phases = (0..CALLS as u8).filter_map(|call| self.phase_of(call));
        phases
            .max_by_key(|phase| match phase {
                CallPhase::OnCall => 3,
                CallPhase::Ringing => 2,
                CallPhase::WrapUp => 1,
                CallPhase::Idle | CallPhase::Unknown => 0,
            })
            .unwrap_or(CallPhase::Idle)
    }

    fn phase_of(&self, call: u8) -> Option<CallPhase> {
        let Line::Open {
            opened,
            conversation_ended,
            keyed,
            ..
        } = self.lines[usize::from(call)]
        else {
            return None;
        };
        if !opened {
            return Some(CallPhase::Ringing);
        }
        let own = |of: u8| of == call && keyed;
        let of_another =
            |of: u8| of != call && matches!(self.lines[usize::from(of)], Line::Open { keyed: true, .. });
        let (after_call, line_is_open) = match self.contact {
            None => (false, false),
            Some((of, ContactPhase::AfterCallWork)) => (own(of), false),
            Some((of, _)) => (false, !of_another(of)),
        };
        let wraps_up = (conversation_ended || after_call) && !line_is_open;
        Some(if wraps_up {
            CallPhase::WrapUp
        } else {
            CallPhase::OnCall
        })
    }

    /// Whether the work may be closed for the rep: its wrap-up goes on, and nobody is on the line for it.
    pub(super) fn wraps_up(&self, now: Now, timings: &Timings, work: WorkId) -> bool {
        let call = names::call_of(work);
        self.is_fresh(now, timings)
            && call.is_some_and(|call| self.phase_of(call) == Some(CallPhase::WrapUp))
            && !self.kept.is_some_and(|(phase, _)| phase.is_live())
    }

    /// Whether a status in the place of a held Offline would do harm: it closes a work in wrap-up, and what it
    /// does to one that rings is for the rep to choose.
    pub(super) fn forbids_hold_as(&self, now: Now, timings: &Timings) -> bool {
        let other = |call: u8| {
            let phase = self.phase_of(call);
            phase.is_some_and(|phase| phase != CallPhase::OnCall)
        };
        self.phase(now, timings) != CallPhase::OnCall
            || (0..CALLS as u8).any(other)
            || self
                .contact()
                .is_some_and(|contact| contact != ContactPhase::Connected)
    }

    /// The most active contact, reported or kept.
    pub(super) fn contact(&self) -> Option<ContactPhase> {
        let reported = self.contact.map(|(_, phase)| phase);
        reported.max(self.kept.map(|(phase, _)| phase))
    }

    /// A live contact that no work accounts for: one whose own conversation is over accounts for nobody.
    pub(super) fn contact_without_work(&self) -> bool {
        let live = self.contact.is_some_and(|(_, phase)| phase.is_live());
        let goes_on = |line: &Line| {
            matches!(
                line,
                Line::Open {
                    conversation_ended: false,
                    ..
                }
            )
        };
        live && !self.lines.iter().any(goes_on)
    }

    /// Whether what makes the rep Offline must not go out now (P1).
    pub(super) fn forbids_offline(&self, now: Now, timings: &Timings, policy: Policy) -> bool {
        let wrap_up_too = policy.wrap_up == WrapUpPolicy::Hold;
        let by_works = match self.phase(now, timings) {
            CallPhase::Unknown | CallPhase::Ringing | CallPhase::OnCall => true,
            CallPhase::WrapUp => wrap_up_too,
            CallPhase::Idle => false,
        };
        let by_phone = match self.contact() {
            Some(ContactPhase::Ringing | ContactPhase::Connected) => true,
            Some(ContactPhase::AfterCallWork) => wrap_up_too,
            None => false,
        };
        by_works || by_phone
    }

    /// Whether leaving would leave a call unguarded. Without evidence the rep may ask twice: their own word.
    pub(super) fn forbids_leaving(&self, now: Now, timings: &Timings, policy: Policy) -> bool {
        let unknown = self.phase(now, timings) == CallPhase::Unknown;
        let live = self.contact().is_some_and(ContactPhase::is_live);
        if unknown {
            live
        } else {
            self.forbids_offline(now, timings, policy)
        }
    }

    /// A call rings, here or there.
    pub(super) fn rings(&self, now: Now, timings: &Timings) -> bool {
        self.phase(now, timings) == CallPhase::Ringing || self.contact() == Some(ContactPhase::Ringing)
    }
}

fn contact(contact: &Contact) -> Option<(u8, ContactPhase)> {
    let call = (0..CALLS as u8).find(|call| names::key(*call) == contact.id)?;
    Some((call, contact.phase))
}
