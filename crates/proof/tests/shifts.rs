//! Whole shifts keep every promise; and wrong guards and damaged adapters are found out.

use presence::guard::{Ask, Guard, Situation, Verdict, decide};
use presence::phone::ContactPhase;
use presence::settings::Policy;
use proof::shifts::{Damage, Shift, Tampering, simulate, tell};

/// Shifts of the ordinary test run; `cargo xtask verify` simulates 10,000.
const SHIFTS: u64 = 40;

/// In how many shifts a fault of ours must have shown.
const FOUND_WITHIN: u64 = 600;

#[test]
fn every_promise_is_kept() {
    let shifts: Vec<Shift> = (0..SHIFTS)
        .map(|seed| simulate(seed, Tampering::default()))
        .collect();
    for shift in &shifts {
        let replay = format!("cargo run --release -p proof --example shift -- {}", shift.seed);
        assert!(shift.broken.is_empty(), "{:#?}\nreplay: {replay}", shift.broken);
        assert_eq!(shift.dropped_calls, 0, "replay: {replay}");
    }
    let sum = |of: fn(&Shift) -> u64| shifts.iter().map(of).sum::<u64>();
    // A simulation in which nothing happens would keep every promise, too.
    assert!(sum(|shift| shift.calls) > 50 * SHIFTS);
    assert!(sum(|shift| shift.holds) > 2 * SHIFTS);
    assert!(sum(|shift| shift.logouts) > SHIFTS);
    assert!(sum(|shift| shift.runs) > 2 * SHIFTS);
}

#[test]
fn a_seed_is_a_shift() {
    let (first, story) = tell(3, Tampering::default());
    let (again, same_story) = tell(3, Tampering::default());
    assert_eq!(story, same_story);
    assert_eq!(first.events, again.events);
    assert_eq!(simulate(3, Tampering::default()).events, first.events);
}

/// The first promise that is broken, within [`FOUND_WITHIN`] shifts.
fn found(tampering: Tampering) -> Option<&'static str> {
    let mut shifts = (0..FOUND_WITHIN).map(|seed| simulate(seed, tampering));
    shifts.find_map(|shift| shift.broken.first().map(|broken| broken.promise))
}

fn guard_is_found_out(guard: Guard) {
    let tampering = Tampering {
        guard: Some(guard),
        ..Tampering::default()
    };
    assert_eq!(found(tampering), Some("P1"));
}

fn damage_is_found_out(damage: Damage) {
    let tampering = Tampering {
        damage: Some(damage),
        ..Tampering::default()
    };
    assert!(found(tampering).is_some());
}

#[test]
fn a_guard_that_lets_everything_go_is_found_out() {
    guard_is_found_out(|_, _, _| Verdict::Go);
}

#[test]
fn a_guard_that_forgets_the_phone_is_found_out() {
    guard_is_found_out(|situation, policy, ask| {
        let blind = Situation {
            contact: None,
            contact_without_work: false,
            ..situation
        };
        decide(blind, policy, ask)
    });
}

#[test]
fn a_guard_that_takes_ringing_for_nothing_is_found_out() {
    guard_is_found_out(|situation, policy, ask| {
        let ringing = situation.phase == presence::picture::CallPhase::Ringing;
        let phase = if ringing {
            presence::picture::CallPhase::Idle
        } else {
            situation.phase
        };
        let contact = situation
            .contact
            .filter(|contact| *contact != ContactPhase::Ringing);
        decide(
            Situation {
                phase,
                contact,
                ..situation
            },
            policy,
            ask,
        )
    });
}

#[test]
fn a_guard_that_does_not_enqueue_is_found_out() {
    fn direct(situation: Situation, policy: Policy, ask: Ask) -> Verdict {
        match decide(situation, policy, ask) {
            Verdict::Enqueue => Verdict::Go,
            other => other,
        }
    }
    guard_is_found_out(direct);
}

#[test]
fn a_guard_that_believes_in_no_evidence_is_found_out() {
    guard_is_found_out(|situation, policy, ask| {
        let unknown = situation.phase == presence::picture::CallPhase::Unknown;
        let phase = if unknown {
            presence::picture::CallPhase::Idle
        } else {
            situation.phase
        };
        decide(Situation { phase, ..situation }, policy, ask)
    });
}

#[test]
fn a_disk_that_speaks_too_early_is_found_out() {
    damage_is_found_out(Damage::EarlySaved);
}

#[test]
fn a_phone_adapter_that_loses_the_flag_is_found_out() {
    damage_is_found_out(Damage::EnqueueLost);
}

#[test]
fn a_page_without_a_last_look_is_found_out() {
    damage_is_found_out(Damage::NoLastLook);
}

#[test]
fn a_bridge_that_mixes_stages_up_is_found_out() {
    damage_is_found_out(Damage::WrongStage);
}
