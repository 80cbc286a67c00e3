//! What the console's partner decides itself: whether a command may still be carried out, and when an armed
//! logout fires. Pure; everything else is Holdline's to decide.

use std::collections::{BTreeMap, BTreeSet};

use presence::ids::WorkId;
use presence::time::Now;
use wire::bridge::{Action, AgentWork, Command, Commands, ConsoleEvent, Refusal};

use super::works::{Turn, Works};

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
        voice_prefix: &str,
        wrapping_up: &[WorkId],
    ) -> Result<(), Stop> {
        self.works.settle(asked, list);
        self.may_begin(now, order)?;
        if self.works.has_voice(voice_prefix, wrapping_up) {
            return Err(Stop::refused(Refusal::CallActive, "getAgentWorks shows a call."));
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
                    Action::Arm { voice_prefix } => {
                        work_item_id.0.has_prefix(voice_prefix) && !self.works.has_voice(voice_prefix, &[])
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
        voice_prefix: &str,
    ) -> Result<(), Stop> {
        self.works.settle(asked, list);
        self.may_fire(now, order)?;
        if self.works.has_voice(voice_prefix, &[]) {
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
mod tests {
    use super::*;

    const FIRST: SessionNumber = SessionNumber(1);
    const SECOND: SessionNumber = SessionNumber(2);

    fn at(ms: u64) -> Now {
        Now {
            mono_ms: ms,
            wall_ms: i64::try_from(ms).unwrap(),
        }
    }

    fn work(work: &str, item: &str) -> AgentWork {
        AgentWork {
            work_id: work.parse().unwrap(),
            work_item_id: item.parse().unwrap(),
            is_engaged: true,
        }
    }

    fn call(number: u32) -> AgentWork {
        work(&format!("0Bz{number:012}"), &format!("0LQ{number:012}"))
    }

    fn assigned(work: &AgentWork) -> ConsoleEvent {
        ConsoleEvent::WorkAssigned {
            work_id: work.work_id,
            work_item_id: work.work_item_id,
        }
    }

    fn closed(work: &AgentWork) -> ConsoleEvent {
        ConsoleEvent::WorkClosed {
            work_id: work.work_id,
            work_item_id: work.work_item_id,
        }
    }

    fn logout(id: &str) -> Command {
        let action = Action::Logout {
            voice_prefix: "0LQ".to_owned(),
            wrapping_up: Vec::new(),
        };
        Command {
            id: id.to_owned(),
            expires_in_ms: 1000,
            action,
        }
    }

    fn arm(id: &str) -> Command {
        let action = Action::Arm {
            voice_prefix: "0LQ".to_owned(),
        };
        Command {
            id: id.to_owned(),
            expires_in_ms: 1_000_000,
            action,
        }
    }

    fn commands(commands: Vec<Command>, withdrawn: &[&str]) -> Commands {
        Commands {
            commands,
            withdrawn: withdrawn.iter().map(|&id| id.to_owned()).collect(),
        }
    }

    /// A desk with an open session and one order, come at 0.
    fn with(command: Command) -> (Desk, Order) {
        let mut desk = Desk::default();
        desk.opened(FIRST);
        let order = desk.take(commands(vec![command], &[]), at(0), FIRST).remove(0);
        (desk, order)
    }

    /// The same, armed, with these works open.
    fn armed(works: &[AgentWork]) -> Desk {
        let (mut desk, order) = with(arm("a"));
        desk.arm(order);
        let asked = desk.works.turn();
        desk.works.settle(asked, works);
        desk
    }

    fn refusal(stop: Result<(), Stop>) -> Option<Refusal> {
        match stop {
            Err(Stop::Refused(code, _)) => Some(code),
            _ => None,
        }
    }

    #[test]
    fn an_id_is_taken_once() {
        let (mut desk, _) = with(logout("a"));
        let again = desk.take(commands(vec![logout("a"), logout("b")], &[]), at(5), FIRST);
        assert_eq!(again.len(), 1);
        assert_eq!(again[0].command.id, "b");
    }

    #[test]
    fn an_id_in_both_lists_of_one_answer_is_not_begun() {
        let mut desk = Desk::default();
        desk.opened(FIRST);
        let order = desk
            .take(commands(vec![logout("a")], &["a"]), at(0), FIRST)
            .remove(0);
        assert_eq!(desk.may_begin(at(0), &order), Err(Stop::Withdrawn));
    }

    #[test]
    fn a_command_is_begun_until_its_time_by_either_clock() {
        let (desk, order) = with(logout("a"));
        assert_eq!(desk.may_begin(at(1000), &order), Ok(()));
        assert_eq!(refusal(desk.may_begin(at(1001), &order)), Some(Refusal::Expired));
        let slept = Now {
            mono_ms: 10,
            wall_ms: 60_000,
        };
        assert_eq!(refusal(desk.may_begin(slept, &order)), Some(Refusal::Expired));
    }

    #[test]
    fn a_command_of_an_ended_session_is_not_begun() {
        let (mut desk, order) = with(logout("a"));
        desk.lost(false);
        assert_eq!(refusal(desk.may_begin(at(1), &order)), Some(Refusal::Expired));
        desk.opened(SECOND);
        assert_eq!(refusal(desk.may_begin(at(1), &order)), Some(Refusal::Expired));
    }

    #[test]
    fn a_call_stops_the_logout_unless_it_is_named_as_wrapping_up() {
        let (mut desk, order) = with(logout("a"));
        let asked = desk.works.turn();
        let list = [call(1), work("0Bz000000000009", "500000000000009")];
        let with_call = desk.may_log_out(at(1), &order, asked, &list, "0LQ", &[]);
        assert_eq!(refusal(with_call), Some(Refusal::CallActive));
        let spared = [call(1).work_id];
        assert_eq!(
            desk.may_log_out(at(1), &order, asked, &list, "0LQ", &spared),
            Ok(())
        );
        assert_eq!(
            desk.may_log_out(at(1), &order, asked, &list[1..], "0LQ", &[]),
            Ok(())
        );
    }

    #[test]
    fn a_call_assigned_while_get_agent_works_was_asked_stops_the_logout() {
        let (mut desk, order) = with(logout("a"));
        let asked = desk.works.turn();
        desk.event(&assigned(&call(1)));
        let stop = desk.may_log_out(at(1), &order, asked, &[], "0LQ", &[]);
        assert_eq!(refusal(stop), Some(Refusal::CallActive));
    }

    #[test]
    fn a_call_that_an_event_has_closed_stays_closed() {
        let (mut desk, order) = with(logout("a"));
        let asked = desk.works.turn();
        desk.event(&closed(&call(1)));
        assert_eq!(
            desk.may_log_out(at(1), &order, asked, &[call(1)], "0LQ", &[]),
            Ok(())
        );
        desk.event(&assigned(&call(1)));
        assert!(!desk.works.has_voice("0LQ", &[]));
    }

    #[test]
    fn an_arm_fires_at_the_last_call_and_once() {
        let mut desk = armed(&[call(1), call(2)]);
        assert!(desk.event(&closed(&call(1))).is_empty());
        let fired = desk.event(&closed(&call(2)));
        assert_eq!(fired.len(), 1);
        assert!(!desk.is_armed());
        let asked = desk.works.turn();
        assert_eq!(
            desk.may_log_out_armed(at(1), &fired[0], asked, &[], "0LQ"),
            Ok(())
        );
        assert!(desk.event(&closed(&call(2))).is_empty());
    }

    #[test]
    fn an_arm_does_not_fire_by_other_work() {
        let case = work("0Bz000000000009", "500000000000009");
        let mut desk = armed(&[case.clone()]);
        assert!(desk.event(&closed(&case)).is_empty());
        assert!(desk.is_armed());
    }

    #[test]
    fn an_arm_loses_to_another_call() {
        let mut desk = armed(&[call(1)]);
        let fired = desk.event(&closed(&call(1)));
        let asked = desk.works.turn();
        let stop = desk.may_log_out_armed(at(1), &fired[0], asked, &[call(2)], "0LQ");
        assert_eq!(refusal(stop), Some(Refusal::CallActive));
        assert!(!desk.is_armed());
    }

    #[test]
    fn an_arm_is_withdrawn_before_and_while_it_fires() {
        let mut desk = armed(&[call(1)]);
        desk.take(commands(Vec::new(), &["a"]), at(1), FIRST);
        assert!(desk.event(&closed(&call(1))).is_empty());

        let mut desk = armed(&[call(1)]);
        let fired = desk.event(&closed(&call(1)));
        desk.take(commands(Vec::new(), &["a"]), at(1), FIRST);
        assert_eq!(desk.may_fire(at(1), &fired[0]), Err(Stop::Withdrawn));
    }

    #[test]
    fn an_arm_expires() {
        let mut desk = armed(&[call(1)]);
        let fired = desk.event(&closed(&call(1)));
        assert_eq!(
            refusal(desk.may_fire(at(1_000_001), &fired[0])),
            Some(Refusal::Expired)
        );
    }

    #[test]
    fn an_arm_outlives_its_session_only_while_nobody_has_decided_otherwise() {
        let mut desk = armed(&[call(1)]);
        desk.lost(false);
        assert_eq!(desk.event(&closed(&call(1))).len(), 1);

        let mut desk = armed(&[call(1)]);
        desk.lost(true);
        assert!(!desk.is_armed());

        let mut desk = armed(&[call(1)]);
        desk.lost(false);
        desk.opened(SECOND);
        assert!(!desk.is_armed());

        let changed = ConsoleEvent::StatusChanged {
            status_id: "0N5000000000001".parse().unwrap(),
            status_name: None,
            status_api_name: None,
        };
        let mut desk = armed(&[call(1)]);
        desk.event(&changed);
        assert!(desk.is_armed(), "Holdline's own hold_as must not disarm");
        desk.lost(false);
        desk.event(&changed);
        assert!(!desk.is_armed());
    }
}
