//! The call phase in ordinary life.

use presence::event::Event;
use presence::picture::{CallPhase, PresenceView};

use crate::world::{AVAILABLE, World, status};

#[test]
fn an_accepted_call_is_on_call_while_presence_stays() {
    let mut world = World::working();
    assert_eq!(world.phase(), CallPhase::Idle);
    let work = world.call();
    assert_eq!(world.phase(), CallPhase::Ringing);
    world.pass(3_000);
    world.accept(work);
    let since_ms = world.now.wall_ms;
    world.pass(60_000);
    let picture = world.picture();
    assert_eq!(picture.call.phase, CallPhase::OnCall);
    assert_eq!(picture.call.since_ms, since_ms);
    assert!(
        matches!(picture.presence, PresenceView::Status { id, online: true, .. } if id == status(AVAILABLE))
    );
    world.hang_up(work);
    assert_eq!(world.phase(), CallPhase::WrapUp);
    world.close(work);
    assert_eq!(world.phase(), CallPhase::Idle);
}

#[test]
fn a_declined_and_a_missed_call_end_ringing() {
    let mut world = World::working();
    let declined = world.call();
    world.decline(declined);
    assert_eq!(world.phase(), CallPhase::Idle);
    let missed = world.call();
    world.close(missed);
    assert_eq!(world.phase(), CallPhase::Idle);
}

#[test]
fn other_channels_never_make_a_call() {
    let mut world = World::working();
    let email = world.email();
    world.accept(email);
    world.pass(120_000);
    assert_eq!(world.phase(), CallPhase::Idle);
    let work = world.call();
    world.accept(work);
    world.close(email);
    assert_eq!(world.phase(), CallPhase::OnCall);
}

#[test]
fn of_two_calls_the_busier_one_shows() {
    let mut world = World::working();
    let first = world.call();
    world.accept(first);
    world.hang_up(first);
    let second = world.call();
    assert_eq!(world.phase(), CallPhase::Ringing);
    world.accept(second);
    assert_eq!(world.phase(), CallPhase::OnCall);
    world.close(second);
    assert_eq!(world.phase(), CallPhase::WrapUp);
    world.close(first);
    assert_eq!(world.phase(), CallPhase::Idle);
}

#[test]
fn started_in_mid_call_the_call_has_its_true_age() {
    let mut world = World::new(presence::settings::Settings::default());
    let work = world.call();
    world.accept(work);
    let since_ms = world.now.wall_ms;
    world.page.outbox.clear();
    world.pass(90_000);
    world.sign_in();
    world.connect_console();
    let call = world.picture().call;
    assert_eq!((call.phase, call.since_ms), (CallPhase::OnCall, since_ms));
}

#[test]
fn a_terminal_work_is_never_open_again() {
    let mut world = World::working();
    let work = world.call();
    world.accept(work);
    let item = world.works[&work].item;
    world.close(work);
    for stage in [
        presence::event::WorkStage::Assigned,
        presence::event::WorkStage::Opened,
    ] {
        let seen = presence::event::WorkSeen { work, item, stage };
        world.tell(Event::Work {
            seen,
            declined: false,
        });
        assert_eq!(world.phase(), CallPhase::Idle);
    }
}

#[test]
fn the_contact_with_the_calls_own_key_tells_the_end_of_its_conversation() {
    use presence::phone::ContactPhase::{AfterCallWork, Connected};

    let mut world = World::working();
    world.join_phone("Available");
    let work = world.call();
    world.accept(work);
    world.contact(Some(Connected), Some("key-1"));
    // The org tells which call has which key.
    let rows = world.rows(world.now, &[]);
    world.pass(1);
    world.tell(rows);
    world.contact(Some(AfterCallWork), Some("another"));
    assert_eq!(world.phase(), CallPhase::OnCall);
    world.contact(Some(AfterCallWork), Some("key-1"));
    assert_eq!(world.phase(), CallPhase::WrapUp);
    world.contact(Some(Connected), None);
    assert_eq!(world.phase(), CallPhase::OnCall, "somebody is on the line");
}
