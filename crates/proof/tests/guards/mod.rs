//! Wrong guards: each breaks a promise, and the check shows how, in a few steps.

use presence::effect::HoldReason;
use presence::guard::{Ask, Guard, Situation, Verdict, decide};
use presence::phone::ContactPhase;
use presence::picture::CallPhase;
use presence::settings::{Policy, Settings};
use proof::model::scope::{self, Budget, Scope};
use proof::model::{Promise, Status, run};

/// Steps that a person can follow.
const SHORT: usize = 16;

/// Ways after which a wrong guard would have been found long ago.
const AT_MOST: usize = 200_000;

/// Two calls and no phone.
fn calls() -> Scope {
    Scope {
        name: "calls",
        calls: 2,
        asks: vec![scope::Ask::Offline],
        budget: Budget {
            asks: 1,
            losses: 1,
            deadlines: 2,
            ..Budget::default()
        },
        ..Scope::default()
    }
}

/// One call, with a phone.
fn phone() -> Scope {
    Scope {
        name: "phone",
        phone: true,
        asks: vec![scope::Ask::Offline],
        budget: Budget {
            asks: 1,
            contacts: 1,
            deadlines: 1,
            ..Budget::default()
        },
        ..Scope::default()
    }
}

/// The check with this guard must break this promise, and no other before it.
#[track_caller]
fn is_found_out(guard: Guard, mut scope: Scope, promise: Promise) {
    scope.guard = guard;
    let report = run::check(scope, 1, AT_MOST);
    println!("{report}");
    let found = report.broken.first().expect("a wrong guard is found out");
    assert_eq!(found.broken.promise, promise, "{found}");
    assert!(found.actions.len() <= SHORT, "{found}");
}

fn but_go(wrong: bool, situation: Situation, policy: Policy, ask: Ask) -> Verdict {
    if wrong {
        Verdict::Go
    } else {
        decide(situation, policy, ask)
    }
}

#[test]
fn one_that_lets_offline_through_while_it_rings() {
    fn guard(situation: Situation, policy: Policy, ask: Ask) -> Verdict {
        let wrong = ask == Ask::Logout && situation.phase == CallPhase::Ringing;
        but_go(wrong, situation, policy, ask)
    }
    is_found_out(guard, calls(), Promise::P1);
}

#[test]
fn one_that_lets_offline_through_in_a_call() {
    fn guard(situation: Situation, policy: Policy, ask: Ask) -> Verdict {
        let wrong = ask == Ask::Logout && situation.phase == CallPhase::OnCall;
        but_go(wrong, situation, policy, ask)
    }
    is_found_out(guard, calls(), Promise::P1);
}

#[test]
fn one_that_takes_unknown_for_idle() {
    fn guard(situation: Situation, policy: Policy, ask: Ask) -> Verdict {
        let wrong = ask == Ask::Logout && situation.phase == CallPhase::Unknown;
        but_go(wrong, situation, policy, ask)
    }
    is_found_out(guard, calls(), Promise::P1);
}

#[test]
fn one_that_takes_wrap_up_for_idle() {
    fn guard(situation: Situation, policy: Policy, ask: Ask) -> Verdict {
        let wrong = ask == Ask::Logout && situation.phase == CallPhase::WrapUp;
        but_go(wrong, situation, policy, ask)
    }
    is_found_out(guard, calls(), Promise::P1);
}

#[test]
fn one_that_ignores_the_phones_contacts() {
    fn guard(situation: Situation, policy: Policy, ask: Ask) -> Verdict {
        let blind = Situation {
            contact: None,
            contact_without_work: false,
            ..situation
        };
        decide(blind, policy, ask)
    }
    is_found_out(guard, phone(), Promise::P1);
}

#[test]
fn one_that_trusts_after_call_work_at_the_phone() {
    fn guard(situation: Situation, policy: Policy, ask: Ask) -> Verdict {
        let live = situation.contact.filter(|contact| contact.is_live());
        decide(
            Situation {
                contact: live,
                ..situation
            },
            policy,
            ask,
        )
    }
    is_found_out(guard, phone(), Promise::P1);
}

#[test]
fn one_that_arms_beside_a_contact_without_a_work() {
    fn guard(situation: Situation, policy: Policy, ask: Ask) -> Verdict {
        but_go(ask == Ask::Arm, situation, policy, ask)
    }
    let mut scope = phone();
    scope.calls = 2;
    scope.start = scope::Start::OnCall;
    is_found_out(guard, scope, Promise::P1);
}

#[test]
fn one_that_sends_the_phones_offline_without_enqueue() {
    fn guard(situation: Situation, policy: Policy, ask: Ask) -> Verdict {
        match decide(situation, policy, ask) {
            Verdict::Enqueue if ask == Ask::PhoneOffline => Verdict::Go,
            verdict => verdict,
        }
    }
    is_found_out(guard, phone(), Promise::P1);
}

#[test]
fn one_that_writes_to_the_phone_while_it_rings() {
    fn guard(situation: Situation, policy: Policy, ask: Ask) -> Verdict {
        let to_phone = matches!(ask, Ask::PhoneOffline | Ask::PhoneState);
        let rings = situation.contact == Some(ContactPhase::Ringing);
        if to_phone && rings {
            return Verdict::Enqueue;
        }
        decide(situation, policy, ask)
    }
    let mut scope = phone();
    scope.budget.picks = 1;
    is_found_out(guard, scope, Promise::P1);
}

#[test]
fn one_that_sets_the_phone_in_a_contact_without_enqueue() {
    fn guard(situation: Situation, policy: Policy, ask: Ask) -> Verdict {
        but_go(ask == Ask::PhoneState, situation, policy, ask)
    }
    let mut scope = phone();
    scope.budget.picks = 1;
    is_found_out(guard, scope, Promise::P1);
}

#[test]
fn one_that_lets_holdline_quit_in_a_call() {
    fn guard(situation: Situation, policy: Policy, ask: Ask) -> Verdict {
        but_go(ask == Ask::Leave, situation, policy, ask)
    }
    let mut scope = calls();
    scope.asks = vec![scope::Ask::Quit];
    is_found_out(guard, scope, Promise::P1);
}

#[test]
fn one_that_believes_the_phone_rather_than_omni_channel() {
    fn guard(situation: Situation, policy: Policy, ask: Ask) -> Verdict {
        but_go(
            ask == Ask::Logout && situation.contact.is_none(),
            situation,
            policy,
            ask,
        )
    }
    is_found_out(guard, phone(), Promise::P1);
}

#[test]
fn one_that_holds_for_ever() {
    fn guard(situation: Situation, policy: Policy, ask: Ask) -> Verdict {
        match ask {
            Ask::Logout => Verdict::Hold(HoldReason::CallActive),
            ask => decide(situation, policy, ask),
        }
    }
    is_found_out(guard, calls(), Promise::P4);
}

#[test]
fn one_that_never_writes_to_the_phone() {
    fn guard(situation: Situation, policy: Policy, ask: Ask) -> Verdict {
        match ask {
            Ask::PhoneOffline | Ask::PhoneState => Verdict::Hold(HoldReason::PhoneContact),
            ask => decide(situation, policy, ask),
        }
    }
    let mut scope = phone();
    scope.asks = vec![scope::Ask::Status(Status::Break)];
    is_found_out(guard, scope, Promise::P7);
}

/// Offline is held in a call with `hold_as`, and the call's own wrap-up begins.
fn hold_as() -> Scope {
    Scope {
        name: "hold_as",
        settings: Settings {
            hold_as: Some("Break".to_owned()),
            ..Settings::default()
        },
        start: scope::Start::OnCall,
        ..calls()
    }
}

#[test]
fn one_that_sets_a_holds_status_in_wrap_up() {
    fn guard(situation: Situation, policy: Policy, ask: Ask) -> Verdict {
        let wrong = ask == Ask::HoldAs && situation.phase == CallPhase::WrapUp;
        but_go(wrong, situation, policy, ask)
    }
    is_found_out(guard, hold_as(), Promise::P1);
}

#[test]
fn one_that_sets_a_holds_status_while_another_call_rings() {
    fn guard(situation: Situation, policy: Policy, ask: Ask) -> Verdict {
        let wrong = ask == Ask::HoldAs && situation.ringing;
        but_go(wrong, situation, policy, ask)
    }
    let mut scope = hold_as();
    scope.at_once = 2;
    is_found_out(guard, scope, Promise::P1);
}

#[test]
fn one_that_lets_the_reps_second_word_quit_in_a_call() {
    fn guard(situation: Situation, policy: Policy, ask: Ask) -> Verdict {
        but_go(ask == Ask::LeaveAgain, situation, policy, ask)
    }
    let mut scope = phone();
    scope.start = scope::Start::OnCall;
    scope.asks = vec![scope::Ask::Quit];
    scope.budget.asks = 2;
    scope.budget.sleeps = 1;
    is_found_out(guard, scope, Promise::P1);
}

#[test]
fn one_that_closes_a_work_in_a_call() {
    fn guard(situation: Situation, policy: Policy, ask: Ask) -> Verdict {
        but_go(ask == Ask::CloseWork, situation, policy, ask)
    }
    let mut scope = calls();
    scope.start = scope::Start::OnCall;
    scope.asks = vec![scope::Ask::Close(0)];
    is_found_out(guard, scope, Promise::P1);
}

#[test]
fn one_that_writes_in_a_contact_to_a_phone_that_cannot_enqueue() {
    fn guard(situation: Situation, policy: Policy, ask: Ask) -> Verdict {
        let to_phone = matches!(ask, Ask::PhoneOffline | Ask::PhoneState);
        let wrong = to_phone && !situation.phone_enqueues && situation.contact.is_some();
        but_go(wrong, situation, policy, ask)
    }
    let mut scope = phone();
    scope.phone_enqueues = false;
    scope.budget.picks = 1;
    is_found_out(guard, scope, Promise::P1);
}
