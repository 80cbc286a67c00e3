//! Requests to the phone on their way: a newer wish, one that comes again, and one that comes late.

use presence::phone::ContactPhase;
use presence::settings::Settings;

use crate::world::{AVAILABLE, BREAK, World, status};

/// With a phone, and from now on nothing arrives by itself.
fn slow() -> World {
    let mut world = World::working_with(Settings::default());
    world.join_phone("Available");
    world.pass(1_000);
    assert_eq!(world.phone_truth().log, []);
    world.prompt = false;
    world
}

fn requests(world: &mut World) -> Vec<String> {
    let requests = &world.phone_truth().requests;
    requests.iter().map(|(_, state, _)| state.clone()).collect()
}

/// What is queued at the phone.
fn next(world: &mut World) -> Option<String> {
    world.phone_truth().next.clone().map(|next| next.name)
}

#[test]
fn what_the_phone_told_before_a_request_under_way_is_no_agreement_with_a_newer_wish() {
    let mut world = slow();
    world.contact(Some(ContactPhase::Connected), None);
    world.prompt = true;
    world.pick(None);
    assert_eq!(next(&mut world).as_deref(), Some("Offline"));
    world.prompt = false;
    world.pick(Some(status(AVAILABLE)));
    while world.deliver_page() {}
    assert_eq!(requests(&mut world), ["Available"]);
    // The phone has not told of it yet, so that Offline still seems to be queued.
    world.pick(None);
    while world.deliver_page() {}
    world.prompt = true;
    world.pass(1_000);
    assert_eq!(next(&mut world).as_deref(), Some("Offline"));
    world.contact(None, None);
    world.pass(60_000);
    assert_eq!(world.phone(), "Offline");
}

#[test]
fn a_newer_wish_waits_until_the_phone_shows_the_request_under_way() {
    let mut world = slow();
    world.pick(Some(status(BREAK)));
    world.pick(None);
    while world.deliver_page() {}
    assert_eq!(requests(&mut world), ["Break"], "two could overtake each other");
    assert!(world.run_phone());
    assert_eq!(requests(&mut world), ["Offline"]);
    world.prompt = true;
    world.pass(60_000);
    assert_eq!(world.phone(), "Offline");
}

#[test]
fn a_request_of_which_nothing_is_seen_does_not_hold_up_a_newer_wish() {
    let mut world = slow();
    world.pick(Some(status(BREAK)));
    world.pick(None);
    while world.deliver_page() {}
    world.phone_truth().requests.clear();
    world.pass(3_000);
    assert_eq!(requests(&mut world), ["Offline"]);
}

#[test]
fn a_refused_request_does_not_hold_up_a_newer_wish() {
    let mut world = slow();
    world.pick(Some(status(BREAK)));
    world.pick(None);
    while world.deliver_page() {}
    world.phone_truth().faults.push_back(crate::phone::Fault::Refused);
    assert!(world.run_phone());
    assert_eq!(requests(&mut world), ["Offline"]);
}

#[test]
fn a_wish_that_comes_again_while_its_request_is_under_way_is_not_sent_again() {
    let mut world = slow();
    world.pick(Some(status(BREAK)));
    world.pick(None);
    world.pick(Some(status(BREAK)));
    while world.deliver_page() {}
    world.prompt = true;
    world.pass(60_000);
    assert_eq!(world.phone_truth().log, [("Break".to_owned(), false)]);
}

/// Of two requests the older one comes last, and is queued behind a contact that lasts for minutes.
#[test]
fn a_late_request_that_was_queued_is_nobodys_choice() {
    let mut world = slow();
    world.contact(Some(ContactPhase::Connected), None);
    world.pick(None);
    world.pick(Some(status(BREAK)));
    while world.deliver_page() {}
    let late = world.phone_truth().requests.pop_front();
    world.pass(3_000);
    assert_eq!(requests(&mut world), ["Break"]);
    assert!(world.run_phone());
    world.phone_truth().requests.extend(late);
    assert!(world.run_phone());
    assert_eq!(next(&mut world).as_deref(), Some("Offline"));
    world.prompt = true;
    world.pass(120_000);
    assert_eq!(next(&mut world).as_deref(), Some("Break"));
    world.contact(None, None);
    world.pass(60_000);
    assert_eq!(world.phone(), "Break");
    assert_eq!(world.presence, Some(status(BREAK)));
}
