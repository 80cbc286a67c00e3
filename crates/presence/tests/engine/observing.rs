//! `mode = observe`: everything is looked at, nothing is written.

use presence::effect::{Answer, ConsoleAction, Effect, HoldReason, NoticeCode, RefusalReason};
use presence::event::{Origin, Target};
use presence::note::{Guarding, Note};
use presence::phone::ContactPhase;
use presence::picture::CallPhase;
use presence::problem::ProblemCode;
use presence::settings::{Mode, Settings};

use crate::world::{BREAK, World, status};

fn settings() -> Settings {
    Settings {
        mode: Mode::Observe,
        hold_as: Some("Finishing".to_owned()),
        ..Settings::default()
    }
}

fn writes(world: &World) -> usize {
    let is_write = |effect: &&Effect| match effect {
        Effect::Phone { .. } => true,
        Effect::Console { action, .. } => *action != ConsoleAction::Snapshot,
        _ => false,
    };
    world.effects.iter().filter(is_write).count()
}

#[test]
fn requests_are_refused_and_noted() {
    let mut world = World::working_with(settings());
    assert!(world.picture().observing);
    let refused = Answer::Refused(RefusalReason::Observing);
    assert_eq!(world.request(Target::Offline), refused);
    let work = world.call();
    world.accept(work);
    for target in [
        Target::Offline,
        Target::Status(status(BREAK)),
        Target::CloseWork(work),
    ] {
        assert_eq!(world.request(target), refused);
    }
    let guarded = world.notes.iter().filter_map(|note| match note {
        Note::Guarded {
            target,
            phase,
            reason,
            how,
            ..
        } => Some((*target, *phase, *reason, *how)),
        _ => None,
    });
    assert_eq!(
        guarded.collect::<Vec<_>>(),
        [
            (Target::Offline, CallPhase::Idle, None, Guarding::LetThrough),
            (
                Target::Offline,
                CallPhase::OnCall,
                Some(HoldReason::CallActive),
                Guarding::WouldHold
            ),
            (
                Target::Status(status(BREAK)),
                CallPhase::OnCall,
                None,
                Guarding::LetThrough
            ),
            (
                Target::CloseWork(work),
                CallPhase::OnCall,
                Some(HoldReason::CallActive),
                Guarding::WouldHold
            ),
        ]
    );
    assert!(!world.picture().guarding, "nothing keeps the machine awake");
    assert_eq!(writes(&world), 0);
}

#[test]
fn leaving_is_let_through() {
    for (target, leaves) in [
        (Target::Quit, Effect::Quit),
        (Target::Restart, Effect::Restart),
        (Target::SignOut, Effect::SignOut),
    ] {
        let mut world = World::working_with(settings());
        let work = world.call();
        world.accept(work);
        assert_eq!(world.request(target), Answer::Applying);
        assert!(world.effects.contains(&leaves));
    }
}

#[test]
fn neither_side_is_written_and_both_are_seen() {
    let mut world = World::working_with(settings());
    world.join_phone("Available");
    world.phone_pick("Break");
    world.pick(None);
    world.contact(Some(ContactPhase::Connected), None);
    world.pass(3_600_000);
    assert_eq!(writes(&world), 0);
    assert!(
        world
            .effects
            .iter()
            .any(|effect| matches!(effect, Effect::Read { .. }))
    );
    assert_eq!(world.phase(), CallPhase::Idle);
    let ticket = world.ask(|ticket| presence::event::Event::Return {
        ticket,
        origin: Origin::Tray,
    });
    assert_eq!(world.answer_to(ticket), Answer::Refused(RefusalReason::Observing));
}

#[test]
fn a_hold_of_before_lapses_and_is_told() {
    let mut world = World::working();
    let work = world.call();
    world.accept(work);
    world.request(Target::Offline);
    world.settings = settings();
    world.crash();
    world.page.arms.clear();
    world.sign_in();
    assert!(world.has_problem(ProblemCode::HoldLapsed));
    assert_eq!(world.notices.last(), Some(&NoticeCode::Lapsed));
    assert_eq!(world.picture().held, None);
    world.prompt = true;
    world.pass(1_000);
    assert_eq!(world.stored.intent, None);
}
