//! Closing a work: the rep's All Done, never the end of a call.

use presence::effect::{Answer, ConsoleAction, HoldReason, RefusalReason};
use presence::event::{Event, Origin, Target};
use presence::ids::WorkId;
use presence::picture::CallPhase;

use crate::holds::{on_call, sent};
use crate::world::{World, id};

fn closes(world: &World) -> usize {
    sent(world, |action| matches!(action, ConsoleAction::CloseWork { .. }))
}

fn wrapping_up() -> (World, WorkId) {
    let (mut world, work) = on_call();
    world.hang_up(work);
    assert_eq!(world.phase(), CallPhase::WrapUp);
    (world, work)
}

#[test]
fn refused_at_once_while_it_rings_or_goes_on() {
    let mut world = World::working();
    let work = world.call();
    let blocked = |reason| Answer::Refused(RefusalReason::Blocked(reason));
    let target = Target::CloseWork(work);
    assert_eq!(world.request(target), blocked(HoldReason::CallRinging));
    world.accept(work);
    assert_eq!(world.request(target), blocked(HoldReason::CallActive));
    assert_eq!(world.picture().held, None);
    world.org_down = true;
    world.lose_console();
    world.pass(120_000);
    assert_eq!(world.request(target), blocked(HoldReason::NoEvidence));
    assert_eq!(closes(&world), 0);
}

#[test]
fn in_wrap_up_it_is_closed_and_confirmed() {
    let (mut world, work) = wrapping_up();
    assert_eq!(world.request(Target::CloseWork(work)), Answer::Applying);
    assert_eq!(world.phase(), CallPhase::Idle);
    assert_eq!(closes(&world), 1);
    world.pass(60_000);
    assert_eq!(
        world.request(Target::CloseWork(work)),
        Answer::Refused(RefusalReason::UnknownWork)
    );
}

#[test]
fn beside_another_call_only_the_one_in_wrap_up() {
    let (mut world, first) = wrapping_up();
    let second = world.call();
    world.accept(second);
    assert_eq!(world.phase(), CallPhase::OnCall);
    assert_eq!(
        world.request(Target::CloseWork(second)),
        Answer::Refused(RefusalReason::Blocked(HoldReason::CallActive))
    );
    assert_eq!(world.request(Target::CloseWork(first)), Answer::Applying);
    assert_eq!(world.phase(), CallPhase::OnCall);
}

#[test]
fn a_hold_goes_on_beside_it_and_follows() {
    let (mut world, work) = wrapping_up();
    assert_eq!(world.request(Target::Offline), Answer::Held(HoldReason::WrapUp));
    assert_eq!(world.request(Target::CloseWork(work)), Answer::Applying);
    assert!(world.is_logged_out());
    assert_eq!(world.logouts(), 1);
}

#[test]
fn an_idle_timer_is_not_the_reps_all_done() {
    let (mut world, work) = wrapping_up();
    assert_eq!(
        world.request_by(Origin::Idle, Target::CloseWork(work)),
        Answer::Refused(RefusalReason::Blocked(HoldReason::WrapUp))
    );
}

#[test]
fn what_nobody_knows_of_is_refused() {
    let mut world = World::working();
    let email = world.email();
    for work in [email, id("0Bz", 77)] {
        assert_eq!(
            world.request(Target::CloseWork(work)),
            Answer::Refused(RefusalReason::UnknownWork)
        );
    }
    world.tell(Event::SignedOut);
    assert_eq!(
        world.request(Target::CloseWork(email)),
        Answer::Refused(RefusalReason::NotSignedIn)
    );
}

#[test]
fn a_console_that_refuses_is_silent_or_gone_is_told() {
    let refused = Answer::Refused(RefusalReason::NotCarriedOut);
    let (mut world, work) = wrapping_up();
    world.page.refuses = true;
    assert_eq!(world.request(Target::CloseWork(work)), refused);

    let (mut world, work) = wrapping_up();
    world.page.frozen = true;
    let ticket = world.request_of(Target::CloseWork(work));
    assert!(!world.answers.contains_key(&ticket));
    world.pass(10_000);
    assert_eq!(world.answer_to(ticket), refused);

    let (mut world, work) = wrapping_up();
    world.lose_console();
    assert_eq!(world.request(Target::CloseWork(work)), refused);
}

#[test]
fn a_conversation_that_goes_on_after_all_takes_it_back() {
    let (mut world, work) = wrapping_up();
    world.join_phone("Available");
    world.page.frozen = true;
    let ticket = world.request_of(Target::CloseWork(work));
    let command = world.page.queue.back().unwrap().0;
    world.contact(Some(presence::phone::ContactPhase::Connected), None);
    assert_eq!(
        world.answer_to(ticket),
        Answer::Refused(RefusalReason::Blocked(HoldReason::CallActive))
    );
    assert!(world.page.withdrawn.contains(&command));
}

#[test]
fn a_page_that_sees_a_call_is_believed() {
    let (mut world, work) = wrapping_up();
    world.page.frozen = true;
    let ticket = world.request_of(Target::CloseWork(work));
    let command = world.page.queue.back().unwrap().0;
    world.tell(Event::CommandAnswered {
        command,
        outcome: presence::event::CommandOutcome::CallActive,
    });
    assert_eq!(
        world.answer_to(ticket),
        Answer::Refused(RefusalReason::Blocked(HoldReason::CallActive))
    );
}

#[test]
fn a_sign_out_and_a_second_asking_leave_nobody_waiting() {
    let (mut world, work) = wrapping_up();
    world.page.frozen = true;
    let first = world.request_of(Target::CloseWork(work));
    let second = world.request_of(Target::CloseWork(work));
    assert_eq!(world.answer_to(first), Answer::Refused(RefusalReason::Replaced));
    world.tell(Event::SignedOut);
    assert_eq!(
        world.answer_to(second),
        Answer::Refused(RefusalReason::NotSignedIn)
    );
}
