//! What the rep has open in the console, calls or not, and what the rep asks to be done with it. It decides nothing
//! about presence and is no part of the decision state: a console that is gone leaves nothing of it behind.
//!
//! Accepting, declining and flagging are carried out at once or refused, never held. Declining may log the rep out
//! (PresenceStatusOnDecline, by default Offline for calls; seed 004), so that it passes the guard for everything else
//! that goes on (DESIGN P1); closing a call goes the way of [`crate::close`].

use serde::{Deserialize, Serialize};

use crate::effect::{Answer, ConsoleAction, HoldReason, RefusalReason};
use crate::engine::Engine;
use crate::event::{CommandId, CommandOutcome, Origin, Ticket, WorkAction, WorkOptions, WorkSeen, WorkStage};
use crate::guard::{Ask, Situation, Verdict};
use crate::ids::WorkId;
use crate::phone::ContactPhase;
use crate::picture::{CallPhase, WorkView};
use crate::time::Now;

/// The console's works, and requests for them under way.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub(crate) struct Worklist {
    pub(crate) open: Vec<Listed>,
    pub(crate) asked: Vec<Asked>,
    pub(crate) options: Option<WorkOptions>,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub(crate) struct Listed {
    seen: WorkSeen,
    flagged: bool,
}

/// Who waits for the answer to which command.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub(crate) struct Asked {
    command: CommandId,
    ticket: Ticket,
    sent: Now,
}

impl Engine {
    /// A work was assigned, accepted, closed or declined.
    pub(crate) fn list_work(&mut self, seen: WorkSeen) {
        let open = &mut self.worklist.open;
        match open.iter_mut().find(|listed| listed.seen.work == seen.work) {
            _ if seen.stage == WorkStage::Ended => open.retain(|listed| listed.seen.work != seen.work),
            Some(listed) => listed.seen.stage = listed.seen.stage.max(seen.stage),
            None => open.push(Listed { seen, flagged: false }),
        }
    }

    /// All works of the rep, as the console that leads has them.
    pub(crate) fn list_works(&mut self, all: &[WorkSeen]) {
        let before = std::mem::take(&mut self.worklist.open);
        let flagged = |seen: &WorkSeen| {
            before
                .iter()
                .any(|listed| listed.seen.work == seen.work && listed.flagged)
        };
        let listed = |seen: &WorkSeen| Listed {
            seen: *seen,
            flagged: flagged(seen),
        };
        self.worklist.open = all.iter().map(listed).collect();
    }

    /// The rep's flag for help was raised or lowered.
    pub(crate) fn list_flag(&mut self, work: WorkId, flagged: bool) {
        let open = self.worklist.open.iter_mut();
        open.filter(|listed| listed.seen.work == work)
            .for_each(|listed| listed.flagged = flagged);
    }

    /// The console is gone: what it has open is not known any more, and nobody answers.
    pub(crate) fn forget_worklist(&mut self) {
        self.worklist.open.clear();
        for asked in std::mem::take(&mut self.worklist.asked) {
            self.answer(asked.ticket, Answer::Refused(RefusalReason::NotCarriedOut));
        }
    }

    /// The rep wants something done with a work.
    pub(crate) fn request_work(
        &mut self,
        now: Now,
        ticket: Ticket,
        origin: Origin,
        id: WorkId,
        action: WorkAction,
    ) {
        let listed = self.worklist.open.iter().find(|listed| listed.seen.work == id);
        let refusal = match listed.map(|listed| listed.seen) {
            _ if self.observing() => Some(RefusalReason::Observing),
            None => Some(RefusalReason::UnknownWork),
            // A call, or one that only its row says to be one: its own guard, its own confirmation.
            Some(seen) if action == WorkAction::Close && self.is_known_call(&seen) => {
                return self.request_close(now, ticket, origin, id);
            }
            Some(seen) => self.reason_not_to(&seen, &action),
        };
        let refusal = refusal.or_else(|| self.send_work(now, ticket, id, action));
        if let Some(refusal) = refusal {
            self.answer(ticket, Answer::Refused(refusal));
        }
    }

    pub(crate) fn work_answered(&mut self, command: CommandId, outcome: CommandOutcome) {
        let asked = &mut self.worklist.asked;
        let Some(place) = asked.iter().position(|asked| asked.command == command) else {
            return;
        };
        let ticket = asked.remove(place).ticket;
        self.answer(
            ticket,
            match outcome {
                CommandOutcome::Done => Answer::Applying,
                CommandOutcome::CallActive => Answer::Refused(RefusalReason::Blocked(HoldReason::CallActive)),
                CommandOutcome::Expired | CommandOutcome::Failed | CommandOutcome::LoggedOut => {
                    Answer::Refused(RefusalReason::NotCarriedOut)
                }
            },
        );
    }

    /// Nobody waits for ever.
    pub(crate) fn give_up_works(&mut self, now: Now) {
        let patience = self.patience_ms();
        let asked = std::mem::take(&mut self.worklist.asked);
        let (late, waiting) = asked
            .into_iter()
            .partition(|asked| now.reached(asked.sent.plus(patience)));
        self.worklist.asked = waiting;
        for asked in late {
            self.answer(asked.ticket, Answer::Refused(RefusalReason::NotCarriedOut));
        }
    }

    /// When the first of them is given up.
    pub(crate) fn works_given_up_at(&self) -> Option<Now> {
        let first = self.worklist.asked.first()?;
        Some(first.sent.plus(self.patience_ms()))
    }

    /// Every work with what may be done with it.
    pub(crate) fn work_views(&self) -> Vec<WorkView> {
        let view = |listed: &Listed| {
            let seen = listed.seen;
            let may = |action: &WorkAction| self.reason_not_to(&seen, action).is_none();
            let channels = self.catalogue.channels.iter();
            let mut of_item = channels.filter(|channel| seen.item.0.has_prefix(&channel.item_prefix));
            WorkView {
                work: seen.work,
                stage: seen.stage,
                voice: self.is_known_call(&seen),
                channel: of_item.next().map(|channel| channel.name.clone()),
                flagged: listed.flagged,
                may_accept: may(&WorkAction::Accept),
                may_close: match self.is_known_call(&seen) {
                    true => self
                        .state
                        .works
                        .iter()
                        .any(|work| work.id == seen.work && self.state.in_wrap_up(work)),
                    false => may(&WorkAction::Close),
                },
                may_decline: may(&WorkAction::Decline {
                    reason: self.first_reason(),
                }),
                may_flag: seen.stage == WorkStage::Opened,
            }
        };
        self.worklist.open.iter().map(view).collect()
    }

    /// Reasons to choose from at a decline; empty: none is asked for.
    pub(crate) fn decline_reasons(&self) -> &[String] {
        self.worklist
            .options
            .as_ref()
            .map_or(&[], |options| &options.decline_reasons)
    }

    fn first_reason(&self) -> Option<String> {
        self.decline_reasons().first().cloned()
    }

    /// `None`: it may be asked of the console.
    fn reason_not_to(&self, seen: &WorkSeen, action: &WorkAction) -> Option<RefusalReason> {
        let wanted = match action {
            WorkAction::Accept | WorkAction::Decline { .. } => WorkStage::Assigned,
            WorkAction::Close | WorkAction::LowerFlag | WorkAction::RaiseFlag { .. } => WorkStage::Opened,
        };
        if seen.stage != wanted {
            return Some(RefusalReason::UnknownWork);
        }
        let WorkAction::Decline { reason } = action else {
            return None;
        };
        let options = self.worklist.options.as_ref();
        if options.is_some_and(|options| !options.may_decline) {
            return Some(RefusalReason::NotAllowed);
        }
        let reasons = self.decline_reasons();
        let fits = match reason {
            Some(reason) => reasons.is_empty() || reasons.contains(reason),
            None => reasons.is_empty(),
        };
        if !fits {
            return Some(RefusalReason::ReasonNeeded);
        }
        match (self.guard)(
            self.situation_without(seen.work),
            self.settings.policy,
            Ask::Logout,
        ) {
            Verdict::Hold(reason) => Some(RefusalReason::Blocked(reason)),
            Verdict::Enqueue | Verdict::Go => None,
        }
    }

    fn send_work(
        &mut self,
        now: Now,
        ticket: Ticket,
        work: WorkId,
        action: WorkAction,
    ) -> Option<RefusalReason> {
        let expiry_ms = self.settings.timings.command_expiry_ms;
        let voice_prefixes = self.voice_prefixes();
        let action = match action {
            WorkAction::Close => ConsoleAction::CloseWork { work, voice_prefixes },
            action => ConsoleAction::Work { work, action },
        };
        let sent = match self.console_can_write() {
            true => self.command(expiry_ms, action),
            false => None,
        };
        let Some(command) = sent else {
            return Some(RefusalReason::NotCarriedOut);
        };
        self.worklist.asked.push(Asked {
            command,
            ticket,
            sent: now,
        });
        None
    }

    fn is_known_call(&self, seen: &WorkSeen) -> bool {
        self.is_voice(seen.item) || self.state.works.iter().any(|work| work.id == seen.work)
    }

    /// What goes on beside this work.
    fn situation_without(&self, id: WorkId) -> Situation {
        let works = &self.state.works;
        let own = works.iter().find(|work| work.id == id);
        let others = || works.iter().filter(|work| work.id != id);
        let is_live = |stage| others().any(|work| work.stage == stage && !self.state.in_wrap_up(work));
        let wrapping_up = others().any(|work| self.state.in_wrap_up(work));
        let phase = match self.state.call.phase {
            CallPhase::Unknown => CallPhase::Unknown,
            _ if is_live(WorkStage::Opened) => CallPhase::OnCall,
            _ if is_live(WorkStage::Assigned) => CallPhase::Ringing,
            _ if wrapping_up => CallPhase::WrapUp,
            _ => CallPhase::Idle,
        };
        // The contact that rings for an offered call is that call's own.
        let contacts = self.state.contacts().iter();
        let of_others = contacts.filter(|contact| match own {
            Some(_) if contact.phase == ContactPhase::Ringing => false,
            Some(own) => {
                others().count() > 0 || self.state.is_of_another(contact, own) || contact.phase.is_live()
            }
            None => true,
        });
        Situation {
            phase,
            contact: of_others.map(|contact| contact.phase).max(),
            ringing: is_live(WorkStage::Assigned),
            wrapping_up,
            ..self.situation()
        }
    }
}
