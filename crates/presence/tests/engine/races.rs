//! The race at the end of a call, each way it can go.

use presence::effect::{Answer, ConsoleAction, Effect, NoticeCode};
use presence::event::{Event, Target};
use presence::note::{HoldEnd, Note};
use presence::picture::CallPhase;
use presence::problem::ProblemCode;
use presence::rules::Destination;

use crate::holds::{on_call, sent};
use crate::world::{AVAILABLE, BREAK, By, World, status};

fn logouts_sent(world: &World) -> usize {
    sent(world, |action| matches!(action, ConsoleAction::Logout { .. }))
}

#[test]
fn work_assigned_after_the_decision_is_seen_by_the_page() {
    let mut world = World::working();
    world.prompt = false;
    world.request_of(Target::Offline);
    while world.run_disk() {}
    assert_eq!(logouts_sent(&world), 1);
    // It is assigned, and Holdline has not heard of it when the page takes its last look.
    let work = world.call();
    world.run_page();
    assert!(!world.is_logged_out());
    world.prompt = true;
    world.pass(1_000);
    assert_eq!(world.phase(), CallPhase::Ringing);
    assert_eq!(world.notices, [NoticeCode::Held]);
    assert!(world.picture().held.is_some());
    world.accept(work);
    world.close(work);
    world.pass(1_000);
    assert!(world.is_logged_out());
    assert_eq!(world.logouts(), 1);
}

#[test]
fn work_assigned_and_heard_of_takes_the_command_back() {
    let mut world = World::working();
    world.prompt = false;
    world.request_of(Target::Offline);
    while world.run_disk() {}
    world.call();
    world.deliver_page();
    assert!(
        world
            .effects
            .iter()
            .any(|effect| matches!(effect, Effect::Withdraw { .. }))
    );
    world.prompt = true;
    world.pass(60_000);
    assert!(!world.is_logged_out());
    assert_eq!(logouts_sent(&world), 1);
}

#[test]
fn back_to_back_calls_hold_until_the_last() {
    let (mut world, mut work) = on_call();
    world.request(Target::Offline);
    for _ in 0..3 {
        let next = world.call();
        world.close(work);
        assert!(!world.is_logged_out());
        assert_eq!(world.page.arms.len(), 1, "armed for the last one");
        world.accept(next);
        work = next;
    }
    world.close(work);
    assert!(world.is_logged_out(), "at the close itself");
    assert_eq!((world.logouts(), logouts_sent(&world)), (1, 0));
}

#[test]
fn an_armed_partner_beaten_by_another_call_tells_the_rep() {
    let (mut world, first) = on_call();
    world.request(Target::Offline);
    world.prompt = false;
    // The next call is there before the close reaches the partner, and is reported after it.
    let second = world.call();
    let report = world.page.outbox.pop_back().unwrap();
    world.close(first);
    world.page.outbox.push_back(report);
    assert!(!world.is_logged_out());
    world.prompt = true;
    world.pass(1_000);
    assert!(world.picture().held.is_some());
    assert!(world.notices.contains(&NoticeCode::AnotherCall));
    world.accept(second);
    world.close(second);
    world.pass(1_000);
    assert!(world.is_logged_out());
}

#[test]
fn an_arm_that_expires_is_armed_again() {
    let (mut world, work) = on_call();
    world.request(Target::Offline);
    world.pass(world.settings.timings.arm_ms + 1_000);
    assert_eq!(world.page.arms.len(), 1);
    assert_eq!(
        sent(&world, |action| matches!(action, ConsoleAction::Arm { .. })),
        2
    );
    world.close(work);
    assert!(world.is_logged_out());
    assert_eq!(logouts_sent(&world), 0);
}

#[test]
fn an_arm_that_expired_at_the_page_is_followed_by_a_decision_of_our_own() {
    let (mut world, work) = on_call();
    world.request(Target::Offline);
    for (_, until) in &mut world.page.arms {
        *until = world.now;
    }
    world.close(work);
    world.pass(5_000);
    assert!(world.is_logged_out());
    assert_eq!(logouts_sent(&world), 1);
}

#[test]
fn a_command_that_expires_is_decided_again_and_never_carried_out_late() {
    let mut world = World::working();
    world.page.frozen = true;
    world.request(Target::Offline);
    let stale = world.page.queue.clone();
    world.pass(6_000);
    // A call begins while the page is frozen; then it wakes with the old command.
    world.page.frozen = false;
    world.prompt = false;
    world.call();
    world.page.queue = stale;
    world.page.withdrawn.clear();
    world.run_page();
    assert!(!world.is_logged_out());
    world.prompt = true;
    world.pass(60_000);
    assert!(!world.is_logged_out());
    assert!(world.picture().held.is_some());
}

#[test]
fn a_supervisors_logout_during_a_hold_is_told_and_fulfils_it() {
    let (mut world, work) = on_call();
    world.request(Target::Offline);
    world.set_presence(By::Omni, None, Some("OmniSupervisorLogout"));
    assert!(world.has_problem(ProblemCode::LoggedOutBy));
    assert_eq!(world.picture().held, None);
    world.close(work);
    world.pass(60_000);
    assert_eq!(world.logouts(), 0);
}

#[test]
fn a_decline_with_a_hold_standing_is_not_fought() {
    for to in [None, Some(BREAK)] {
        let (mut world, first) = on_call();
        world.request(Target::Offline);
        let second = world.call();
        world.decline(second);
        world.set_presence(By::Omni, to.map(status), None);
        world.pass(5_000);
        assert_eq!(world.presence, to.map(status), "nobody sets it back");
        world.close(first);
        world.pass(5_000);
        assert!(world.is_logged_out(), "what was held is what is wished for");
        assert!(world.logouts() <= 1);
    }
}

#[test]
fn the_notes_tell_the_story() {
    let (mut world, work) = on_call();
    assert!(matches!(world.request(Target::Offline), Answer::Held(_)));
    world.cancel();
    world.request(Target::Offline);
    world.request(Target::Status(status(BREAK)));
    world.request(Target::Offline);
    world.close(work);
    let ends = world.notes.iter().filter_map(|note| match note {
        Note::HoldEnded { how, .. } => Some(*how),
        _ => None,
    });
    assert_eq!(
        ends.collect::<Vec<_>>(),
        [HoldEnd::Cancelled, HoldEnd::Replaced, HoldEnd::Applied]
    );
    let told = |of: &str| {
        let of_status = |note: &&Note| match note {
            Note::Sent { side, state, .. } | Note::Confirmed { side, state, .. } => {
                *side == Destination::Salesforce && state == of
            }
            _ => false,
        };
        world.notes.iter().filter(of_status).count()
    };
    assert_eq!(told("Break"), 2, "sent and confirmed");
    world.tell(Event::Tick);
    assert_ne!(world.presence, Some(status(AVAILABLE)));
}
