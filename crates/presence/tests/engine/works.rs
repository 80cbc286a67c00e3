//! What the rep has open in the console, and asks to be done with it.

use presence::effect::{Answer, ConsoleAction, HoldReason, RefusalReason};
use presence::event::{Event, Origin, WorkAction, WorkOptions};
use presence::ids::WorkId;
use presence::picture::{CallPhase, WorkView};

use crate::holds::{on_call, sent};
use crate::world::World;

const DECLINE: WorkAction = WorkAction::Decline { reason: None };

fn ask(world: &mut World, work: WorkId, action: WorkAction) -> Answer {
    let ticket = world.ask(|ticket| Event::WorkRequest {
        ticket,
        origin: Origin::Window,
        work,
        action,
    });
    world.answer_to(ticket)
}

fn listed(world: &World, work: WorkId) -> Option<WorkView> {
    world.picture().works.into_iter().find(|view| view.work == work)
}

fn asked_of_the_console(world: &World) -> usize {
    sent(world, |action| matches!(action, ConsoleAction::Work { .. }))
}

#[test]
fn an_offered_call_is_accepted_from_here() {
    let mut world = World::working();
    let call = world.call();
    let view = listed(&world, call).unwrap();
    assert!(view.voice && view.may_accept && view.may_decline && !view.may_close && !view.may_flag);
    assert_eq!(ask(&mut world, call, WorkAction::Accept), Answer::Applying);
    assert_eq!(world.phase(), CallPhase::OnCall);
    let view = listed(&world, call).unwrap();
    assert!(!view.may_accept && !view.may_decline && !view.may_close && view.may_flag);
    // Accepted is accepted.
    assert_eq!(
        ask(&mut world, call, WorkAction::Accept),
        Answer::Refused(RefusalReason::UnknownWork)
    );
}

#[test]
fn a_call_that_goes_on_is_not_closed_from_here_but_other_work_beside_it_is() {
    let (mut world, call) = on_call();
    let email = world.email();
    world.accept(email);
    assert_eq!(
        ask(&mut world, call, WorkAction::Close),
        Answer::Refused(RefusalReason::Blocked(HoldReason::CallActive))
    );
    assert_eq!(ask(&mut world, email, WorkAction::Close), Answer::Applying);
    assert_eq!(listed(&world, email), None);
    assert_eq!(world.phase(), CallPhase::OnCall);
    world.hang_up(call);
    assert!(listed(&world, call).unwrap().may_close);
    assert_eq!(ask(&mut world, call, WorkAction::Close), Answer::Applying);
    assert_eq!(world.phase(), CallPhase::Idle);
}

#[test]
fn declining_passes_the_guard_for_what_goes_on_beside_it() {
    let (mut world, _) = on_call();
    let email = world.email();
    assert!(!listed(&world, email).unwrap().may_decline);
    assert_eq!(
        ask(&mut world, email, DECLINE),
        Answer::Refused(RefusalReason::Blocked(HoldReason::CallActive))
    );
    assert_eq!(asked_of_the_console(&world), 0);

    let mut world = World::working();
    let call = world.call();
    assert_eq!(ask(&mut world, call, DECLINE), Answer::Applying);
    assert_eq!(world.phase(), CallPhase::Idle);
}

#[test]
fn the_presence_configuration_says_whether_and_why_to_decline() {
    let mut world = World::working();
    let call = world.call();
    let options = |may_decline, reasons: &[&str]| {
        Event::WorkOptions(WorkOptions {
            may_decline,
            decline_reasons: reasons.iter().map(|&reason| reason.to_owned()).collect(),
        })
    };
    world.tell(options(false, &[]));
    assert!(!listed(&world, call).unwrap().may_decline);
    assert_eq!(
        ask(&mut world, call, DECLINE),
        Answer::Refused(RefusalReason::NotAllowed)
    );
    world.tell(options(true, &["Busy", "Wrong skill"]));
    assert!(listed(&world, call).unwrap().may_decline);
    assert_eq!(world.picture().decline_reasons, ["Busy", "Wrong skill"]);
    let because = |reason: &str| WorkAction::Decline {
        reason: Some(reason.to_owned()),
    };
    for refused in [DECLINE, because("Tired")] {
        assert_eq!(
            ask(&mut world, call, refused),
            Answer::Refused(RefusalReason::ReasonNeeded)
        );
    }
    assert_eq!(asked_of_the_console(&world), 0);
    assert_eq!(ask(&mut world, call, because("Busy")), Answer::Applying);
}

#[test]
fn without_a_console_nothing_is_listed_and_nothing_asked() {
    let mut world = World::working();
    let call = world.call();
    world.lose_console();
    assert_eq!(listed(&world, call), None);
    assert_eq!(
        ask(&mut world, call, WorkAction::Accept),
        Answer::Refused(RefusalReason::UnknownWork)
    );
    assert_eq!(asked_of_the_console(&world), 0);
}

#[test]
fn a_page_that_never_answers_is_not_waited_for_for_ever() {
    let (mut world, call) = on_call();
    world.page.frozen = true;
    let ticket = world.ask(|ticket| Event::WorkRequest {
        ticket,
        origin: Origin::Window,
        work: call,
        action: WorkAction::RaiseFlag {
            message: "a refund".into(),
        },
    });
    assert!(!world.answers.contains_key(&ticket));
    world.pass(60_000);
    assert_eq!(
        world.answer_to(ticket),
        Answer::Refused(RefusalReason::NotCarriedOut)
    );
}

#[test]
fn a_flag_shows() {
    let (mut world, call) = on_call();
    world.tell(Event::WorkFlag {
        work: call,
        flagged: true,
    });
    assert!(listed(&world, call).unwrap().flagged);
    world.pass(120_000);
    assert!(
        listed(&world, call).unwrap().flagged,
        "a snapshot forgets no flag"
    );
}
