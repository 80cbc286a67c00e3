//! The decisions, one by one.

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

/// The key prefixes of calls.
fn calls() -> Vec<String> {
    vec!["0LQ".to_owned(), "0a1".to_owned()]
}

fn logout(id: &str) -> Command {
    let action = Action::Logout {
        voice_prefixes: calls(),
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
        voice_prefixes: calls(),
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
    let with_call = desk.may_log_out(at(1), &order, asked, &list, &calls(), &[]);
    assert_eq!(refusal(with_call), Some(Refusal::CallActive));
    let spared = [call(1).work_id];
    assert_eq!(
        desk.may_log_out(at(1), &order, asked, &list, &calls(), &spared),
        Ok(())
    );
    assert_eq!(
        desk.may_log_out(at(1), &order, asked, &list[1..], &calls(), &[]),
        Ok(())
    );
}

#[test]
fn a_call_assigned_while_get_agent_works_was_asked_stops_the_logout() {
    let (mut desk, order) = with(logout("a"));
    let asked = desk.works.turn();
    desk.event(&assigned(&call(1)));
    let stop = desk.may_log_out(at(1), &order, asked, &[], &calls(), &[]);
    assert_eq!(refusal(stop), Some(Refusal::CallActive));
}

#[test]
fn a_call_that_an_event_has_closed_stays_closed() {
    let (mut desk, order) = with(logout("a"));
    let asked = desk.works.turn();
    desk.event(&closed(&call(1)));
    assert_eq!(
        desk.may_log_out(at(1), &order, asked, &[call(1)], &calls(), &[]),
        Ok(())
    );
    desk.event(&assigned(&call(1)));
    assert!(!desk.works.has_voice(&calls(), &[]));
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
        desk.may_log_out_armed(at(1), &fired[0], asked, &[], &calls()),
        Ok(())
    );
    assert!(desk.event(&closed(&call(2))).is_empty());
}

#[test]
fn calls_of_every_voice_channel_count() {
    let other = work("0Bz000000000002", "0a1000000000002");
    let (mut desk, order) = with(logout("a"));
    let asked = desk.works.turn();
    let stop = desk.may_log_out(at(1), &order, asked, std::slice::from_ref(&other), &calls(), &[]);
    assert_eq!(refusal(stop), Some(Refusal::CallActive));

    let mut desk = armed(&[call(1), other.clone()]);
    assert!(desk.event(&closed(&call(1))).is_empty());
    assert_eq!(desk.event(&closed(&other)).len(), 1);
}

#[test]
fn an_arm_does_not_fire_by_other_work() {
    let case = work("0Bz000000000009", "500000000000009");
    let mut desk = armed(std::slice::from_ref(&case));
    assert!(desk.event(&closed(&case)).is_empty());
    assert!(desk.is_armed());
}

#[test]
fn an_arm_loses_to_another_call() {
    let mut desk = armed(&[call(1)]);
    let fired = desk.event(&closed(&call(1)));
    let asked = desk.works.turn();
    let stop = desk.may_log_out_armed(at(1), &fired[0], asked, &[call(2)], &calls());
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

#[test]
fn every_kind_of_call_is_closed_only_after_its_conversation() {
    let close = |desk: &mut Desk, work: &AgentWork, prefixes: &[&str]| {
        let voice_prefixes: Vec<String> = prefixes.iter().map(|prefix| (*prefix).to_owned()).collect();
        let order = Order {
            command: Command {
                action: Action::CloseAgentWork {
                    work_id: work.work_id,
                    voice_prefixes: voice_prefixes.clone(),
                },
                ..logout("close")
            },
            arrived: at(0),
            session: FIRST,
        };
        let asked = desk.works.turn();
        let list = [call(1), work.clone()];
        desk.may_close(at(1), &order, asked, &list, work.work_id, &voice_prefixes)
    };
    let other = work("0Bz000000000007", "0a1000000000007");
    let mut desk = Desk::default();
    desk.opened(FIRST);
    assert!(close(&mut desk, &call(1), &["0LQ"]).is_err());
    assert_eq!(
        close(&mut desk, &other, &["0LQ"]),
        Ok(()),
        "nobody has said that it is a call"
    );
    assert!(close(&mut desk, &other, &["0LQ", "0a1"]).is_err());
    desk.event(&ConsoleEvent::ConversationEnded {
        work_item_id: other.work_item_id,
    });
    assert_eq!(close(&mut desk, &other, &["0LQ", "0a1"]), Ok(()));
}
