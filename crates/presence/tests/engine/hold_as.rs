//! `hold_as`: a Busy status in the place of an Offline that is held in a call.

use presence::effect::{Answer, ConsoleAction, Effect};
use presence::event::{Event, Target};
use presence::ids::WorkId;
use presence::problem::ProblemCode;
use presence::settings::{GuardPolicy, GuardedStatuses, Policy, Settings};

use crate::world::{AVAILABLE, BACKUP, BREAK, FINISHING, World, status};

fn settings() -> Settings {
    Settings {
        hold_as: Some("Finishing_Call".to_owned()),
        ..Settings::default()
    }
}

/// Offline is held in a call, and the Busy status stands in for it.
fn held() -> (World, WorkId) {
    let mut world = World::working_with(settings());
    let work = world.call();
    world.accept(work);
    world.request(Target::Offline);
    assert_eq!(world.presence, Some(status(FINISHING)));
    (world, work)
}

fn times_set(world: &World) -> usize {
    let sets = |effect: &&Effect| {
        matches!(effect, Effect::Console { action: ConsoleAction::SetStatus { status: set, .. }, .. }
            if *set == status(FINISHING))
    };
    world.effects.iter().filter(sets).count()
}

#[test]
fn it_is_set_once_shown_and_cancels_nothing() {
    let (mut world, work) = held();
    let shown = world.picture().held.unwrap();
    assert_eq!(shown.target, Target::Offline);
    assert_eq!(shown.held_as.as_deref(), Some("Finishing"));
    world.pass(120_000);
    assert_eq!(times_set(&world), 1);
    world.close(work);
    assert!(world.is_logged_out());
    assert_eq!(world.logouts(), 1);
    world.pass(120_000);
    assert!(world.is_logged_out(), "nothing comes back after Offline");
    assert_eq!(world.stored.held_as, None);
}

#[test]
fn cancelling_twice_brings_back_the_status_before_too() {
    let (mut world, _) = held();
    world.prompt = false;
    for _ in 0..3 {
        world.ask(|ticket| Event::Cancel { ticket });
        assert!(world.run_disk());
    }
    assert!(world.picture().pending.is_some());
    world.prompt = true;
    world.pass(10_000);
    assert_eq!(world.presence, Some(status(AVAILABLE)));
    assert_eq!(world.picture().pending, None);
    assert_eq!(world.stored.held_as, None);
}

#[test]
fn a_hold_made_again_before_the_way_back_has_the_same_way_back() {
    let (mut world, _) = held();
    world.prompt = false;
    world.ask(|ticket| Event::Cancel { ticket });
    assert!(world.run_disk());
    world.request_of(Target::Offline);
    world.prompt = true;
    world.pass(1_000);
    assert_eq!(world.presence, Some(status(FINISHING)));
    assert_eq!(world.cancel(), Answer::Cancelled);
    assert_eq!(world.presence, Some(status(AVAILABLE)));
}

/// The rep logs out in Salesforce in the moment in which it is to be set.
#[test]
fn it_logs_nobody_in() {
    let mut world = World::working_with(settings());
    let work = world.call();
    world.accept(work);
    world.prompt = false;
    world.request_of(Target::Offline);
    assert!(world.run_disk());
    assert_eq!(times_set(&world), 1);
    world.pick(None);
    world.prompt = true;
    world.pass(60_000);
    assert!(world.is_logged_out());
    assert_eq!(times_set(&world), 1);
}

#[test]
fn the_phone_follows_a_status_that_stood_in_once_it_is_the_reps_own() {
    let mut world = World::working_with(Settings {
        hold_as: Some("Break".to_owned()),
        ..Settings::default()
    });
    world.join_phone("Available");
    let work = world.call();
    world.accept(work);
    world.request(Target::Offline);
    assert_eq!(world.presence, Some(status(BREAK)));
    assert_eq!(world.phone(), "Available", "it stands in, and is nobody's wish");
    world.request(Target::Status(status(BREAK)));
    world.hang_up(work);
    world.close(work);
    world.pass(60_000);
    assert_eq!(
        (world.presence, world.phone().as_str()),
        (Some(status(BREAK)), "Break")
    );
}

#[test]
fn cancelling_brings_back_the_status_before() {
    let (mut world, work) = held();
    assert_eq!(world.cancel(), Answer::Cancelled);
    assert_eq!(world.presence, Some(status(AVAILABLE)));
    assert_eq!((world.picture().held, world.picture().pending), (None, None));
    world.close(work);
    world.pass(60_000);
    assert_eq!(world.presence, Some(status(AVAILABLE)));
    assert_eq!((world.stored.intent.clone(), world.stored.held_as), (None, None));
}

#[test]
fn cancelled_while_the_armed_page_logs_out_the_status_before_comes_back() {
    let (mut world, work) = held();
    world.prompt = false;
    world.close(work);
    assert_eq!(world.presence, None, "the armed page has logged out");
    world.ask(|ticket| Event::Cancel { ticket });
    world.prompt = true;
    world.pass(10_000);
    assert_eq!(world.presence, Some(status(AVAILABLE)));
    assert_eq!(world.picture().pending, None);
}

#[test]
fn cancelled_while_it_is_being_set_it_comes_back_too() {
    let mut world = World::working_with(settings());
    let work = world.call();
    world.accept(work);
    world.prompt = false;
    world.request_of(Target::Offline);
    while world.run_disk() {}
    assert_eq!(times_set(&world), 1);
    // It is carried out and not yet reported when the rep cancels.
    while world.run_page() {}
    assert_eq!(world.presence, Some(status(FINISHING)));
    world.ask(|ticket| presence::event::Event::Cancel { ticket });
    world.prompt = true;
    world.pass(10_000);
    assert_eq!(world.presence, Some(status(AVAILABLE)));
    assert_eq!(world.picture().pending, None);
}

#[test]
fn the_reps_own_later_choice_wins() {
    for choice in [Some(BREAK), Some(AVAILABLE), None] {
        let (mut world, work) = held();
        world.pick(choice.map(status));
        assert_eq!(world.picture().held, None);
        world.close(work);
        world.pass(60_000);
        assert_eq!(world.presence, choice.map(status));
        assert_eq!(world.stored.held_as, None);
    }
    let (mut world, _) = held();
    world.request(Target::Status(status(BACKUP)));
    world.pass(60_000);
    assert_eq!(world.presence, Some(status(BACKUP)));
}

#[test]
fn a_newer_offline_keeps_it_and_its_way_back() {
    let (mut world, _) = held();
    world.request(Target::Offline);
    assert_eq!(times_set(&world), 1);
    assert_eq!(
        world.picture().held.unwrap().held_as.as_deref(),
        Some("Finishing")
    );
    world.cancel();
    assert_eq!(world.presence, Some(status(AVAILABLE)));
}

#[test]
fn a_wish_for_another_status_that_is_cancelled_leads_back_too() {
    let (mut world, _) = held();
    world.page.refuses = true;
    world.request(Target::Status(status(BACKUP)));
    assert_eq!(world.presence, Some(status(FINISHING)));
    world.page.refuses = false;
    world.cancel();
    world.pass(5_000);
    assert_eq!(world.presence, Some(status(AVAILABLE)));
}

#[test]
fn asked_for_by_the_rep_it_stays() {
    let (mut world, work) = held();
    world.request(Target::Status(status(FINISHING)));
    world.close(work);
    world.pass(5_000);
    assert_eq!(world.presence, Some(status(FINISHING)));
}

#[test]
fn another_held_wish_keeps_it_and_its_way_back() {
    for target in [Target::Status(status(BREAK)), Target::SignOut] {
        let policy = Policy {
            guarded: GuardedStatuses::NonRoutable,
            ..Policy::default()
        };
        let mut world = World::working_with(Settings { policy, ..settings() });
        let work = world.call();
        world.accept(work);
        world.request(Target::Offline);
        assert!(matches!(world.request(target), Answer::Held(_)));
        world.cancel();
        assert_eq!(world.presence, Some(status(AVAILABLE)));
    }
}

#[test]
fn never_while_it_rings_in_wrap_up_without_evidence_or_when_busy_already() {
    let mut world = World::working_with(settings());
    let work = world.call();
    world.request(Target::Offline);
    assert_eq!(times_set(&world), 0, "it rings");
    world.accept(work);
    assert_eq!(times_set(&world), 1, "then there is a call");

    let mut world = World::working_with(settings());
    let work = world.call();
    world.accept(work);
    world.hang_up(work);
    world.request(Target::Offline);
    assert_eq!(times_set(&world), 0, "a status change would close the work");

    let mut world = World::working_with(settings());
    let work = world.call();
    world.accept(work);
    world.org_down = true;
    world.lose_console();
    world.pass(120_000);
    world.request(Target::Offline);
    world.pass(10_000);
    assert_eq!(times_set(&world), 0, "nobody knows");

    let mut world = World::working_with(settings());
    let work = world.call();
    world.accept(work);
    world.pick(Some(status(BREAK)));
    world.request(Target::Offline);
    assert_eq!(times_set(&world), 0, "busy already");
    world.cancel();
    assert_eq!(world.presence, Some(status(BREAK)));
}

#[test]
fn beside_a_second_work_that_rings_or_is_in_wrap_up_it_waits() {
    let mut world = World::working_with(settings());
    let first = world.call();
    world.accept(first);
    let second = world.call();
    world.request(Target::Offline);
    assert_eq!(times_set(&world), 0, "the second rings");
    world.accept(second);
    world.hang_up(first);
    assert_eq!(times_set(&world), 1, "both were calls for a moment");

    let mut world = World::working_with(settings());
    let first = world.call();
    world.accept(first);
    world.hang_up(first);
    let second = world.call();
    world.accept(second);
    world.request(Target::Offline);
    assert_eq!(times_set(&world), 0, "the first is in wrap-up");
    world.close(first);
    assert_eq!(times_set(&world), 1);
}

#[test]
fn a_call_that_ends_before_it_is_begun_takes_it_back() {
    let mut world = World::working_with(settings());
    let work = world.call();
    world.accept(work);
    world.prompt = false;
    world.request_of(Target::Offline);
    while world.run_disk() {}
    assert_eq!(times_set(&world), 1);
    world.hang_up(work);
    while world.deliver_page() {}
    world.prompt = true;
    world.pass(5_000);
    assert_eq!(
        world.presence,
        Some(status(AVAILABLE)),
        "it would have closed the wrap-up"
    );
    world.close(work);
    world.pass(5_000);
    assert!(world.is_logged_out());
}

#[test]
fn it_survives_a_crash_and_is_no_newer_wish() {
    let (mut world, work) = held();
    world.pass(30_000);
    world.crash();
    world.page.outbox.clear();
    world.page.arms.clear();
    world.sign_in();
    world.connect_console();
    world.pass(2_000);
    let shown = world.picture().held.expect("still held");
    assert_eq!(shown.held_as.as_deref(), Some("Finishing"));
    assert_eq!(times_set(&world), 1);
    world.cancel();
    assert_eq!(world.presence, Some(status(AVAILABLE)));
    world.close(work);
    world.pass(2_000);
    assert_eq!(world.logouts(), 0);
}

#[test]
fn a_hold_that_lapses_gives_the_status_back() {
    let (mut world, work) = held();
    world.pass(1_000);
    world.crash();
    world.page.arms.clear();
    world.close(work);
    world.page.outbox.clear();
    world.pass(301_000);
    world.sign_in();
    world.connect_console();
    world.pass(5_000);
    assert!(world.has_problem(ProblemCode::HoldLapsed));
    assert_eq!(world.presence, Some(status(AVAILABLE)));
}

#[test]
fn a_login_as_the_very_same_status_while_holdline_was_down_is_another_row() {
    let (mut world, work) = held();
    world.pass(60_000);
    world.tell_rows();
    world.crash();
    world.page.arms.clear();
    world.close(work);
    world.pick(None);
    world.pick(Some(status(FINISHING)));
    world.page.outbox.clear();
    world.sign_in();
    world.connect_console();
    world.pass(30_000);
    assert_eq!(world.logouts(), 0);
    assert!(world.has_problem(ProblemCode::HoldLapsed));
}

#[test]
fn a_name_that_is_no_busy_status_is_told_and_the_hold_goes_on() {
    for name in ["Nowhere", "Available"] {
        let mut world = World::working_with(Settings {
            hold_as: Some(name.to_owned()),
            ..Settings::default()
        });
        assert!(world.has_problem(ProblemCode::HoldAsUnknown));
        let work = world.call();
        world.accept(work);
        world.request(Target::Offline);
        assert!(world.picture().held.is_some_and(|held| held.held_as.is_none()));
        assert_eq!(world.presence, Some(status(AVAILABLE)));
    }
    let mut world = World::new(Settings {
        hold_as: Some("Finishing".to_owned()),
        ..Settings::default()
    });
    assert!(!world.has_problem(ProblemCode::HoldAsUnknown), "not known yet");
    world.sign_in();
    assert!(!world.has_problem(ProblemCode::HoldAsUnknown), "by label, too");
}

#[test]
fn a_refusal_leaves_the_hold_without_it() {
    let mut world = World::working_with(settings());
    let work = world.call();
    world.accept(work);
    world.page.refuses = true;
    world.request(Target::Offline);
    world.page.refuses = false;
    world.pass(60_000);
    assert_eq!(times_set(&world), 1);
    assert_eq!(world.presence, Some(status(AVAILABLE)));
    world.cancel();
    world.pass(10_000);
    assert_eq!(world.presence, Some(status(AVAILABLE)));
}

#[test]
fn it_goes_with_every_policy_that_holds() {
    let policy = Policy {
        guarded: GuardedStatuses::NonRoutable,
        ..Policy::default()
    };
    let mut world = World::working_with(Settings { policy, ..settings() });
    let work = world.call();
    world.accept(work);
    world.request(Target::Offline);
    assert_eq!(world.presence, Some(status(FINISHING)));
    world.close(work);
    assert!(world.is_logged_out());

    let policy = Policy {
        guard: GuardPolicy::Block,
        ..Policy::default()
    };
    let mut world = World::working_with(Settings { policy, ..settings() });
    let work = world.call();
    world.accept(work);
    world.request(Target::Offline);
    assert_eq!(times_set(&world), 0);
}

#[test]
fn omni_channels_own_status_after_a_miss_ends_it_and_not_the_hold() {
    let (mut world, first) = held();
    let second = world.call();
    world.decline(second);
    world.set_presence(crate::world::By::Omni, Some(status(BREAK)), None);
    assert!(world.picture().held.is_some_and(|held| held.held_as.is_none()));
    world.cancel();
    world.close(first);
    world.pass(10_000);
    assert_eq!(world.presence, Some(status(BREAK)), "not ours to give back");
}
