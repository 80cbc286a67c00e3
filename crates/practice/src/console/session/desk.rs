//! What the console's partner decides itself: whether a command may still be carried out, and when an armed
//! logout fires. Pure; everything else is Holdline's to decide.

use std::collections::{BTreeMap, BTreeSet};

use presence::ids::WorkId;
use presence::time::Now;
use wire::bridge::{Action, AgentWork, Command, Commands, ConsoleEvent, Refusal};

use super::works::{Turn, Works, is_voice};

/// Names one session among all of this console's.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub(super) struct SessionNumber(pub(super) u64);

/// A command as it came.
#[derive(Clone, Debug)]
pub(super) struct Order {
    pub(super) command: Command,
    pub(super) arrived: Now,
    pub(super) session: SessionNumber,
}

/// Why a command is not, or no longer, carried out.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) enum Stop {
    /// It is answered so.
    Refused(Refusal, String),
    /// It gets no answer.
    Withdrawn,
}

impl Stop {
    pub(super) fn refused(code: Refusal, detail: &str) -> Self {
        Self::Refused(code, detail.to_owned())
    }
}

/// See the module.
#[derive(Debug, Default)]
pub(super) struct Desk {
    arms: BTreeMap<String, Order>,
    seen: BTreeSet<String>,
    session: Option<SessionNumber>,
    withdrawn: BTreeSet<String>,
    pub(super) works: Works,
}

impl Desk {
    /// A session was opened. What an earlier one has armed Holdline cannot withdraw any more: it decides anew.
    pub(super) fn opened(&mut self, session: SessionNumber) {
        self.session = Some(session);
        self.arms.clear();
    }

    /// The session is over. What is armed stays so while Holdline is merely away: it was decided for the end of
    /// this call, which does not wait. Where Holdline itself has ended the session it is void.
    pub(super) fn lost(&mut self, ended_by_holdline: bool) {
        self.session = None;
        if ended_by_holdline {
            self.arms.clear();
        }
    }

    /// Whether anything is armed.
    #[cfg(test)]
    pub(super) fn is_armed(&self) -> bool {
        !self.arms.is_empty()
    }

    /// Takes a poll's answer: withdrawals first, so that an id in both lists is not carried out. Answers what
    /// is new, in order.
    pub(super) fn take(&mut self, answer: Commands, arrived: Now, session: SessionNumber) -> Vec<Order> {
        for id in answer.withdrawn {
            self.arms.remove(&id);
            self.withdrawn.insert(id);
        }
        answer
            .commands
            .into_iter()
            .filter(|command| self.seen.insert(command.id.clone()))
            .map(|command| Order {
                command,
                arrived,
                session,
            })
            .collect()
    }

    /// Whether a command may be begun now.
    pub(super) fn may_begin(&self, now: Now, order: &Order) -> Result<(), Stop> {
        if self.withdrawn.contains(&order.command.id) {
            return Err(Stop::Withdrawn);
        }
        if self.session != Some(order.session) {
            return Err(Stop::refused(
                Refusal::Expired,
                "The session it belongs to has ended.",
            ));
        }
        if is_late(now, order) {
            return Err(Stop::refused(Refusal::Expired, "It came after its time."));
        }
        Ok(())
    }

    /// `getAgentWorks` has answered: whether the logout may follow, with nothing in between.
    pub(super) fn may_log_out(
        &mut self,
        now: Now,
        order: &Order,
        asked: Turn,
        list: &[AgentWork],
        voice_prefixes: &[String],
        wrapping_up: &[WorkId],
    ) -> Result<(), Stop> {
        self.works.settle(asked, list);
        self.may_begin(now, order)?;
        if self.works.has_voice(voice_prefixes, wrapping_up) {
            return Err(Stop::refused(Refusal::CallActive, "getAgentWorks shows a call."));
        }
        Ok(())
    }

    /// `getAgentWorks` has answered: whether this work may be closed.
    pub(super) fn may_close(
        &mut self,
        now: Now,
        order: &Order,
        asked: Turn,
        list: &[AgentWork],
        work: WorkId,
        voice_prefixes: &[String],
    ) -> Result<(), Stop> {
        self.works.settle(asked, list);
        self.may_begin(now, order)?;
        if self.works.is_talking(work, voice_prefixes) {
            let detail = "The conversation of this work has not ended.";
            return Err(Stop::refused(Refusal::CallActive, detail));
        }
        Ok(())
    }

    /// Arms the logout at the last call's end.
    pub(super) fn arm(&mut self, order: Order) {
        self.arms.insert(order.command.id.clone(), order);
    }

    /// Whether it was still armed.
    pub(super) fn disarm(&mut self, id: &str) -> bool {
        self.arms.remove(id).is_some()
    }

    /// Something happened in the console. Answers the arms that fire by it: each fires once.
    pub(super) fn event(&mut self, event: &ConsoleEvent) -> Vec<Order> {
        self.works.note(event);
        match event {
            ConsoleEvent::StatusChanged { .. } if self.session.is_none() => {
                // Chosen in the console while Holdline is away: the newer intent, and nobody can tell it.
                self.arms.clear();
                Vec::new()
            }
            ConsoleEvent::WorkClosed { work_item_id, .. } => {
                let last = |order: &Order| match &order.command.action {
                    Action::Arm { voice_prefixes } => {
                        is_voice(*work_item_id, voice_prefixes) && !self.works.has_voice(voice_prefixes, &[])
                    }
                    _ => false,
                };
                let (fired, armed) = std::mem::take(&mut self.arms)
                    .into_iter()
                    .partition::<BTreeMap<_, _>, _>(|(_, order)| last(order));
                self.arms = armed;
                fired.into_values().collect()
            }
            _ => Vec::new(),
        }
    }

    /// Whether an arm that fires may go on, before `getAgentWorks` is asked.
    pub(super) fn may_fire(&self, now: Now, order: &Order) -> Result<(), Stop> {
        if self.withdrawn.contains(&order.command.id) {
            return Err(Stop::Withdrawn);
        }
        if is_late(now, order) {
            return Err(Stop::refused(Refusal::Expired, "It was armed for too long."));
        }
        Ok(())
    }

    /// `getAgentWorks` has answered a firing arm: whether the logout may follow.
    pub(super) fn may_log_out_armed(
        &mut self,
        now: Now,
        order: &Order,
        asked: Turn,
        list: &[AgentWork],
        voice_prefixes: &[String],
    ) -> Result<(), Stop> {
        self.works.settle(asked, list);
        self.may_fire(now, order)?;
        if self.works.has_voice(voice_prefixes, &[]) {
            return Err(Stop::refused(
                Refusal::CallActive,
                "Another call came before the logout.",
            ));
        }
        Ok(())
    }
}

fn is_late(now: Now, order: &Order) -> bool {
    now.since(order.arrived) > order.command.expires_in_ms
}

#[cfg(test)]
mod tests;
