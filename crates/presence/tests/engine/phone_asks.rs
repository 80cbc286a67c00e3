//! A phone without a queue of its own uses Holdline's; one that may only report is never written.

use presence::event::Event;
use presence::phone::ContactPhase;
use presence::settings::{Mode, Profile, Settings};

use crate::world::{BREAK, World, status};

fn with_phone(change: impl Fn(&mut crate::phone::Phone)) -> World {
    with_phone_and(Settings::default(), change)
}

fn with_phone_and(settings: Settings, change: impl Fn(&mut crate::phone::Phone)) -> World {
    let mut world = World::working_with(settings);
    world.join_phone("Available");
    world.lose_phone();
    change(world.phone_truth());
    world.rejoin_phone();
    world
}

fn without_queue() -> World {
    with_phone(|phone| {
        phone.enqueues = false;
        phone.profile = Profile::SalesforceVoice;
    })
}

fn asks(world: &mut World, state: Option<&str>) {
    world.tell(Event::PhoneAsks {
        state: state.map(str::to_owned),
    });
}

#[test]
fn what_it_asks_for_is_set_when_the_contact_is_over() {
    let mut world = without_queue();
    world.contact(Some(ContactPhase::Connected), None);
    asks(&mut world, Some("Offline"));
    world.contact(Some(ContactPhase::AfterCallWork), None);
    world.pass(5_000);
    assert_eq!(world.phone_truth().log, [], "not while the contact is there");
    world.contact(None, None);
    assert_eq!(world.phone(), "Offline");
    assert_eq!(world.phone_truth().dropped, 0);
    assert_eq!(world.phone_truth().log.len(), 1);
}

#[test]
fn its_last_wish_counts_and_can_be_taken_back() {
    let mut world = without_queue();
    world.contact(Some(ContactPhase::Connected), None);
    asks(&mut world, Some("Offline"));
    asks(&mut world, Some("Break"));
    world.contact(None, None);
    assert_eq!(world.phone(), "Break");

    world.contact(Some(ContactPhase::Connected), None);
    asks(&mut world, Some("Offline"));
    asks(&mut world, None);
    world.contact(None, None);
    world.pass(60_000);
    assert_eq!(world.phone(), "Break");
    assert_eq!(world.phone_truth().log.len(), 1);
}

#[test]
fn that_it_shows_what_it_asked_for_is_no_queue_of_its_own() {
    let mut world = without_queue();
    world.contact(Some(ContactPhase::Connected), None);
    asks(&mut world, Some("Offline"));
    world.phone_truth().next = Some(crate::phone::state("Offline"));
    world.report_phone();
    world.phone_truth().next = None;
    world.contact(None, None);
    world.pass(5_000);
    assert_eq!(world.phone(), "Offline");
    assert_eq!(world.phone_truth().log.len(), 1);
}

#[test]
fn a_state_it_does_not_have_is_no_wish() {
    let mut world = without_queue();
    for state in ["Nonsense", "Busy", "AfterCallWork"] {
        asks(&mut world, Some(state));
        world.pass(60_000);
        assert_eq!(world.phone_truth().log, [], "{state}");
    }
}

#[test]
fn who_only_observes_queues_nothing() {
    let settings = Settings {
        mode: Mode::Observe,
        ..Settings::default()
    };
    let mut world = with_phone_and(settings, |phone| phone.enqueues = false);
    asks(&mut world, Some("Break"));
    world.pass(60_000);
    assert_eq!(world.phone_truth().log, []);
}

#[test]
fn a_phone_that_may_only_report_is_never_written() {
    let mut world = with_phone(|phone| phone.writable = false);
    world.pick(Some(status(BREAK)));
    world.pass(60_000);
    asks(&mut world, Some("Break"));
    world.pick(None);
    world.pass(60_000);
    assert_eq!(world.phone_truth().log, []);
    assert_eq!(world.phone(), "Available");
}

#[test]
fn what_such_a_phone_reports_still_counts() {
    let mut world = with_phone(|phone| phone.writable = false);
    world.phone_pick("Break");
    assert_eq!(world.presence, Some(status(BREAK)));
}
