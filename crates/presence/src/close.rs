//! Closing a work through the console: a command of its own with its answer, never a wish that waits. A hold
//! goes on beside it, and is applied when the work is over.

use crate::effect::{Answer, ConsoleAction, Effect, HoldReason, RefusalReason};
use crate::engine::Engine;
use crate::event::{CommandId, CommandOutcome, Origin, Target, Ticket, WorkStage};
use crate::guard::{Ask, Situation, Verdict};
use crate::ids::WorkId;
use crate::note::{Guarding, Note};
use crate::phone::ContactPhase;
use crate::picture::CallPhase;
use crate::rules::Destination;
use crate::state::{Closing, Work};
use crate::time::Now;

impl Engine {
    /// Refused at once while the work rings or its conversation goes on.
    pub(crate) fn request_close(&mut self, now: Now, ticket: Ticket, origin: Origin, id: WorkId) {
        let target = Target::CloseWork(id);
        let reason = self.reason_not_to_close(origin, id);
        let answer = match reason {
            _ if self.observing() => {
                self.note_observed(origin, target, reason.flatten());
                Some(RefusalReason::Observing)
            }
            None => Some(RefusalReason::UnknownWork),
            Some(Some(reason)) => {
                self.note_guarded(origin, target, Some(reason), Guarding::Refused);
                Some(RefusalReason::Blocked(reason))
            }
            Some(None) => {
                self.note_guarded(origin, target, None, Guarding::LetThrough);
                self.close_now(now, ticket, origin, id)
            }
        };
        if let Some(refusal) = answer {
            self.answer(ticket, Answer::Refused(refusal));
        }
    }

    fn close_now(&mut self, now: Now, ticket: Ticket, origin: Origin, work: WorkId) -> Option<RefusalReason> {
        self.refuse_closing(RefusalReason::Replaced);
        let expiry_ms = self.settings.timings.command_expiry_ms;
        let voice_prefixes = self.voice_prefixes();
        let action = ConsoleAction::CloseWork { work, voice_prefixes };
        let sent = match self.console_can_write() {
            true => self.command(expiry_ms, action),
            false => None,
        };
        let Some(command) = sent else {
            return Some(RefusalReason::NotCarriedOut);
        };
        self.note_sent(Target::CloseWork(work), command, 1);
        self.state.closing = Some(Box::new(Closing {
            work,
            origin,
            ticket: Some(ticket),
            command,
            sent: now,
        }));
        None
    }

    /// Confirmed by the work's end; taken back when its conversation goes on after all, or nothing comes.
    pub(crate) fn settle_closing(&mut self, now: Now) {
        let Some(closing) = self.state.closing.as_deref().copied() else {
            return;
        };
        match self.reason_not_to_close(closing.origin, closing.work) {
            None => {
                self.state.closing = None;
                if let Some(ticket) = closing.ticket {
                    self.answer(ticket, Answer::Applying);
                }
                let state = self.label(Target::CloseWork(closing.work));
                self.note(Note::Confirmed {
                    side: Destination::Salesforce,
                    state,
                    after_ms: now.since(closing.sent),
                });
            }
            Some(Some(reason)) if closing.ticket.is_some() => {
                self.refuse_closing(RefusalReason::Blocked(reason));
            }
            Some(_) if self.closing_given_up_at().is_some_and(|at| now.reached(at)) => {
                self.refuse_closing(RefusalReason::NotCarriedOut);
            }
            Some(_) => {}
        }
    }

    /// The closing under way, if any, is over: its command must not be begun any more.
    pub(crate) fn refuse_closing(&mut self, why: RefusalReason) {
        let Some(closing) = self.state.closing.take() else {
            return;
        };
        if let Some(ticket) = closing.ticket {
            let command = closing.command;
            self.effects.push_back(Effect::Withdraw { command });
            self.answer(ticket, Answer::Refused(why));
        }
    }

    pub(crate) fn closing_answered(&mut self, now: Now, command: CommandId, outcome: CommandOutcome) {
        let Some(closing) = self.state.closing.as_mut().filter(|c| c.command == command) else {
            return;
        };
        let answer = match outcome {
            CommandOutcome::Done => Answer::Applying,
            CommandOutcome::CallActive => Answer::Refused(RefusalReason::Blocked(HoldReason::CallActive)),
            CommandOutcome::Expired | CommandOutcome::Failed | CommandOutcome::LoggedOut => {
                Answer::Refused(RefusalReason::NotCarriedOut)
            }
        };
        let ticket = closing.ticket.take();
        if outcome == CommandOutcome::Done {
            self.ask_snapshot(now);
        } else {
            self.state.closing = None;
        }
        if outcome == CommandOutcome::CallActive {
            // The page saw a conversation where we believed in wrap-up.
            self.doubt_evidence(now);
        }
        if let Some(ticket) = ticket {
            self.answer(ticket, answer);
        }
    }

    /// When an answer is no longer waited for.
    pub(crate) fn closing_given_up_at(&self) -> Option<Now> {
        let sent = self.state.closing.as_ref()?.sent;
        Some(sent.plus(self.patience_ms()))
    }

    /// `None`: no such open work. `Some(None)`: it may be closed.
    fn reason_not_to_close(&self, origin: Origin, id: WorkId) -> Option<Option<HoldReason>> {
        let work = self.state.works.iter().find(|work| work.id == id)?;
        // Only the rep can say that the wrap-up is done.
        let ask = match origin.is_reps_own() {
            true => Ask::CloseWork,
            false => Ask::Busy,
        };
        let verdict = (self.guard)(self.own_situation(work), self.settings.policy, ask);
        Some(match verdict {
            Verdict::Hold(reason) => Some(reason),
            Verdict::Enqueue | Verdict::Go => None,
        })
    }

    /// What the guard looks at, for one work alone.
    fn own_situation(&self, work: &Work) -> Situation {
        let phase = match (self.state.call.phase, work.stage) {
            (CallPhase::Unknown, _) => CallPhase::Unknown,
            (_, WorkStage::Assigned) => CallPhase::Ringing,
            (_, WorkStage::Ended) => CallPhase::Idle,
            (_, WorkStage::Opened) if self.state.in_wrap_up(work) => CallPhase::WrapUp,
            (_, WorkStage::Opened) => CallPhase::OnCall,
        };
        let contacts = self.state.contacts().iter();
        let own = contacts.filter(|contact| !self.state.is_of_another(contact, work));
        let kept = self.state.kept_contact.map(|(phase, _)| phase);
        let contact: Option<ContactPhase> = own.map(|contact| contact.phase).max().max(kept);
        Situation {
            phase,
            contact,
            ..self.situation()
        }
    }
}
