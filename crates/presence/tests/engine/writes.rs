//! Between a wish and its confirmation: disk, console and crossing messages.

use presence::effect::{Answer, ConsoleAction, RefusalReason};
use presence::event::{Event, Target};
use presence::picture::CallPhase;
use presence::problem::ProblemCode;

use crate::holds::{on_call, sent};
use crate::world::{AVAILABLE, BREAK, World, status};

#[test]
fn a_write_that_is_not_confirmed_is_tried_again_and_told() {
    let mut world = World::working();
    world.page.refuses = true;
    assert_eq!(world.request(Target::Offline), Answer::Applying);
    world.pass(30_000);
    assert!(world.picture().pending.is_some());
    assert!(world.has_problem(ProblemCode::WriteNotConfirmed));
    let tries = sent(&world, |action| matches!(action, ConsoleAction::Logout { .. }));
    assert!((3..10).contains(&tries), "{tries} tries in 30 s");
    world.page.refuses = false;
    world.pass(60_000);
    assert!(world.is_logged_out());
    assert!(!world.has_problem(ProblemCode::WriteNotConfirmed));
}

#[test]
fn a_full_disk_refuses_a_hold_and_keeps_the_old_one() {
    let (mut world, _) = on_call();
    world.request(Target::Offline);
    world.disk_full = true;
    assert_eq!(
        world.request(Target::Quit),
        Answer::Refused(RefusalReason::NotSaved)
    );
    assert_eq!(world.picture().held.unwrap().target, Target::Offline);
    assert!(world.has_problem(ProblemCode::StateNotSaved));
    assert_eq!(world.cancel(), Answer::Cancelled);
    assert!(world.stored.intent.is_some(), "the disk still has it");
    world.disk_full = false;
    world.pass(120_000);
    assert_eq!(world.stored.intent, None, "asked again until it has not");
    assert!(!world.has_problem(ProblemCode::StateNotSaved));
}

#[test]
fn a_hold_replaced_while_the_disk_is_busy() {
    let (mut world, _) = on_call();
    world.prompt = false;
    let first = world.request_of(Target::Offline);
    let second = world.request_of(Target::SignOut);
    let third = world.ask(|ticket| Event::Cancel { ticket });
    assert_eq!(world.answer_to(first), Answer::Refused(RefusalReason::Replaced));
    assert_eq!(world.answer_to(second), Answer::Refused(RefusalReason::Replaced));
    assert!(!world.answers.contains_key(&third));
    while world.run_disk() {}
    assert_eq!(world.answer_to(third), Answer::Cancelled);
    assert_eq!((world.picture().held, world.stored.intent.clone()), (None, None));
}

#[test]
fn a_status_chosen_in_the_widget_while_the_disk_is_busy_wins() {
    let mut world = World::working();
    world.prompt = false;
    let ticket = world.request_of(Target::Offline);
    world.pick(Some(status(BREAK)));
    world.deliver_page();
    assert_eq!(world.answer_to(ticket), Answer::Refused(RefusalReason::Replaced));
    world.prompt = true;
    world.pass(60_000);
    assert_eq!(world.presence, Some(status(BREAK)));
    assert_eq!(world.stored.intent, None);
}

#[test]
fn an_armed_logout_that_fires_although_cancelled_is_made_good() {
    for answer_first in [false, true] {
        let (mut world, work) = on_call();
        world.request(Target::Offline);
        world.prompt = false;
        // The close and the cancellation cross.
        world.close(work);
        assert!(world.is_logged_out());
        let ticket = world.ask(|ticket| Event::Cancel { ticket });
        while world.run_disk() {}
        assert_eq!(world.answer_to(ticket), Answer::Cancelled);
        if answer_first {
            // Closed, logged out, done: the answer overtakes the logout.
            world.page.outbox.swap(1, 2);
        }
        world.prompt = true;
        world.pass(10_000);
        assert_eq!(
            world.presence,
            Some(status(AVAILABLE)),
            "answer first: {answer_first}"
        );
    }
}

#[test]
fn a_console_superseded_in_the_middle_of_a_command_writes_once() {
    let mut world = World::working();
    world.prompt = false;
    world.request_of(Target::Offline);
    while world.run_disk() {}
    world.run_page();
    assert!(world.is_logged_out());
    world.connect_console();
    world.prompt = true;
    world.pass(60_000);
    assert_eq!(world.logouts(), 1);
    assert_eq!(world.picture().pending, None);
}

#[test]
fn a_console_gone_in_mid_call_leaves_the_hold_to_rest_evidence() {
    let (mut world, work) = on_call();
    world.request(Target::Offline);
    world.lose_console();
    world.page.arms.clear();
    world.pass(60_000);
    assert_eq!(world.phase(), CallPhase::OnCall);
    assert!(world.has_problem(ProblemCode::ConsoleMissing));
    world.close(work);
    world.page.outbox.clear();
    world.pass(60_000);
    assert_eq!(world.phase(), CallPhase::Idle);
    assert!(world.picture().pending.is_some(), "nobody there to write");
    world.connect_console();
    world.pass(5_000);
    assert!(world.is_logged_out());
    assert_eq!(world.logouts(), 1);
}

/// The armed page had already fired when a newer choice disarmed it; then Offline is the rep's wish again,
/// and there is nothing to do for it.
#[test]
fn a_wish_that_is_so_already_is_not_undone_by_making_good_an_older_one() {
    let mut world = World::working();
    let work = world.call();
    world.accept(work);
    world.request(Target::Offline);
    world.prompt = false;
    world.pick(Some(status(BREAK)));
    world.close(work);
    assert!(world.is_logged_out());
    // The choice, the call's end, and that the rep is logged out; not yet whose doing that was.
    for _ in 0..3 {
        world.deliver_page();
    }
    let ticket = world.request_of(Target::Offline);
    assert_eq!(world.answer_to(ticket), Answer::Nothing);
    world.prompt = true;
    world.pass(10_000);
    assert!(world.is_logged_out());
}

/// The write it replaces had been carried out already; the sight of that is nobody's newer choice.
#[test]
fn a_request_that_waits_for_the_disk_outlives_the_sight_of_a_write_taken_back() {
    let mut world = World::working();
    world.prompt = false;
    let first = world.request_of(Target::Status(status(BREAK)));
    while world.run_disk() {}
    assert_eq!(world.answer_to(first), Answer::Applying);
    world.run_page();
    assert_eq!(world.presence, Some(status(BREAK)));
    let second = world.request_of(Target::Offline);
    world.deliver_page();
    world.prompt = true;
    world.pass(10_000);
    assert_eq!(world.answer_to(second), Answer::Applying);
    assert!(world.is_logged_out());
}
