//! Logouts that were not asked for at Holdline.

use presence::effect::{Answer, Effect, NoticeCode};
use presence::event::{Event, Origin, Target};
use presence::phone::ContactPhase;
use presence::problem::ProblemCode;

use crate::world::{AVAILABLE, BREAK, By, World, status};

#[test]
fn logged_out_in_the_widget_in_mid_call_and_back() {
    let mut world = World::working();
    world.join_phone("Available");
    let work = world.call();
    world.contact(Some(ContactPhase::Ringing), Some("key-1"));
    world.accept(work);
    world.contact(Some(ContactPhase::Connected), Some("key-1"));

    world.pick(None);
    assert_eq!(world.phone_truth().next.as_ref().unwrap().name, "Offline");
    assert_eq!(world.phone_truth().dropped, 0);
    assert!(world.has_problem(ProblemCode::LoggedOutDuringCall));
    assert!(world.notices.contains(&NoticeCode::LoggedOutDuringCall));

    let ticket = world.ask(|ticket| Event::Return {
        ticket,
        origin: Origin::Tray,
    });
    assert_eq!(world.answer_to(ticket), Answer::Applying);
    assert_eq!(world.presence, Some(status(AVAILABLE)));
    assert_eq!(world.phone_truth().next.as_ref().unwrap().name, "Available");
    assert!(!world.has_problem(ProblemCode::LoggedOutDuringCall));
    world.hang_up(work);
    world.contact(None, None);
    world.close(work);
    world.pass(60_000);
    assert_eq!(world.phone_truth().state.name, "Available");
    assert_eq!(world.presence, Some(status(AVAILABLE)));
}

#[test]
fn a_logout_seen_only_by_rest_is_told_too() {
    let mut world = World::working();
    world.lose_console();
    let work = world.call();
    world.accept(work);
    world.page.outbox.clear();
    world.pass(40_000);
    world.pick(None);
    world.page.outbox.clear();
    world.pass(40_000);
    assert!(world.has_problem(ProblemCode::LoggedOutDuringCall));
}

#[test]
fn omni_channels_own_logout_after_a_decline_is_not_fought() {
    let mut world = World::working();
    world.request(Target::Status(status(AVAILABLE)));
    let work = world.call();
    world.decline(work);
    world.set_presence(By::Omni, None, None);
    world.pass(600_000);
    assert!(world.is_logged_out());
    assert!(world.has_problem(ProblemCode::LoggedOutAfterMiss));
    assert!(!world.has_problem(ProblemCode::LoggedOutDuringCall));
}

#[test]
fn what_omni_channel_sets_after_a_miss_is_not_the_reps_wish() {
    let mut world = World::working();
    let first = world.call();
    world.accept(first);
    let second = world.call();
    world.request(Target::Offline);
    world.close(second);
    world.set_presence(By::Omni, Some(status(BREAK)), None);
    assert!(world.picture().held.is_some());
    // The next change is the rep's own.
    world.pick(Some(status(AVAILABLE)));
    assert!(world.picture().held.is_none());
}

#[test]
fn a_logout_with_a_reason_is_told_once_and_not_fought() {
    let mut world = World::working();
    world.set_presence(By::Omni, None, Some("OmniSupervisorLogout"));
    for _ in 0..3 {
        world.tell(Event::OmniLogout {
            reason: Some(presence::event::LogoutReason("OmniSupervisorLogout".to_owned())),
        });
    }
    world.pass(600_000);
    assert!(world.is_logged_out());
    assert_eq!(world.notices, [NoticeCode::LoggedOut]);
}

#[test]
fn a_logout_ends_a_wish_to_be_logged_in() {
    let mut world = World::working();
    world.page.refuses = true;
    world.request(Target::Status(status(BREAK)));
    world.page.refuses = false;
    world.set_presence(By::Omni, None, Some("OmniSupervisorLogout"));
    world.pass(600_000);
    assert!(world.is_logged_out());
    let logins = world.effects.iter().filter(|effect| {
        matches!(
            effect,
            Effect::Console {
                action: presence::effect::ConsoleAction::Login { .. },
                ..
            }
        )
    });
    assert_eq!(logins.count(), 0);
}

#[test]
fn only_what_is_over_can_be_dismissed() {
    let mut world = World::working();
    world.set_presence(By::Omni, None, Some("MaintenanceLogout"));
    world.tell(Event::Dismiss {
        code: ProblemCode::LoggedOutBy,
    });
    assert!(!world.has_problem(ProblemCode::LoggedOutBy));
    world.lose_console();
    world.pass(10_000);
    world.tell(Event::Dismiss {
        code: ProblemCode::ConsoleMissing,
    });
    assert!(world.has_problem(ProblemCode::ConsoleMissing));
}
