//! A held Offline in the phone's own queue: one hold, one Cancel.

use presence::effect::Answer;
use presence::event::{Origin, Target};
use presence::phone::ContactPhase::{AfterCallWork, Connected, Ringing};

use crate::world::World;

/// On a call that the phone has, too.
fn on_the_phone() -> (World, presence::ids::WorkId) {
    let mut world = World::working();
    world.join_phone("Available");
    let work = world.call();
    world.contact(Some(Ringing), Some("key-1"));
    world.accept(work);
    world.contact(Some(Connected), Some("key-1"));
    (world, work)
}

fn asked(world: &mut World) -> Vec<(String, bool)> {
    world.pass(10_000);
    world.phone_truth().log.clone()
}

fn offline() -> (String, bool) {
    ("Offline".to_owned(), true)
}

#[test]
fn a_held_offline_is_enqueued_at_the_phone_once() {
    let (mut world, work) = on_the_phone();
    assert!(matches!(world.request(Target::Offline), Answer::Held(_)));
    assert_eq!(asked(&mut world), [offline()]);
    assert_eq!(
        world.picture().telephony.unwrap().next_state.as_deref(),
        Some("Offline")
    );
    world.hang_up(work);
    world.contact(Some(AfterCallWork), Some("key-1"));
    world.close(work);
    world.contact(None, None);
    world.pass(10_000);
    assert!(world.is_logged_out());
    assert_eq!(world.phone(), "Offline");
    assert_eq!(
        asked(&mut world),
        [offline()],
        "applied, it is asked for no second time"
    );
}

#[test]
fn cancelling_takes_it_out_of_the_phones_queue() {
    let (mut world, work) = on_the_phone();
    world.request(Target::Offline);
    world.pass(5_000);
    world.cancel();
    assert_eq!(asked(&mut world), [offline(), ("Available".to_owned(), true)]);
    world.hang_up(work);
    world.close(work);
    world.contact(None, None);
    world.pass(10_000);
    assert!(!world.is_logged_out());
    assert_eq!(world.phone(), "Available");
}

#[test]
fn while_it_rings_nothing_is_sent_and_at_connected_it_is_enqueued() {
    let mut world = World::working();
    world.join_phone("Available");
    let work = world.call();
    world.contact(Some(Ringing), Some("key-1"));
    world.request(Target::Offline);
    assert_eq!(asked(&mut world), []);
    world.accept(work);
    world.contact(Some(Connected), Some("key-1"));
    assert_eq!(asked(&mut world), [offline()]);
}

#[test]
fn a_choice_at_the_phone_is_not_fought_over() {
    let (mut world, _) = on_the_phone();
    world.request(Target::Offline);
    world.pass(5_000);
    world.phone_truth().next = Some(crate::phone::state("Break"));
    world.report_phone();
    assert_eq!(asked(&mut world), [offline()]);
    assert!(world.picture().held.is_some(), "the hold stands");
}

#[test]
fn a_phone_that_cannot_queue_is_not_asked() {
    let mut world = World::working();
    world.join_phone("Available");
    world.phone_truth().enqueues = false;
    world.rejoin_phone();
    let work = world.call();
    world.accept(work);
    world.contact(Some(Connected), Some("key-1"));
    world.request_from(Origin::Tray, Target::Offline);
    assert_eq!(asked(&mut world), []);
}
