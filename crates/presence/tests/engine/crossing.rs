//! Presence and phone changed at once, or one while the other could not follow: in the end they agree.

use presence::effect::Answer;
use presence::event::Target;
use presence::phone::ContactPhase;
use presence::settings::{Authority, Settings};

use crate::phone::state;
use crate::world::{AVAILABLE, BREAK, By, World, status};

fn with_phone(settings: Settings) -> World {
    let mut world = World::working_with(settings);
    world.join_phone("Available");
    world.pass(1_000);
    assert_eq!(world.phone_truth().log, []);
    world
}

/// The rep queues a state at the phone.
fn queue(world: &mut World, name: &str) {
    world.phone_truth().next = Some(state(name));
    world.report_phone();
}

#[test]
fn omni_channels_own_status_after_a_miss_does_not_overrule_the_phones_wish() {
    let mut world = with_phone(Settings::default());
    world.call();
    world.contact(Some(ContactPhase::Ringing), None);
    queue(&mut world, "Offline");
    // Missed: the phone goes Offline, and presence to the org's status for that, at once.
    world.prompt = false;
    world.contact(None, None);
    world.decline_nth(0);
    world.set_presence(By::Omni, Some(status(BREAK)), None);
    world.prompt = true;
    world.pass(60_000);
    assert!(world.is_logged_out());
    assert_eq!(world.phone(), "Offline");
    assert_eq!(
        world.phone_truth().log,
        [],
        "the phone was right from the beginning"
    );
}

#[test]
fn a_wish_of_the_phones_that_comes_to_nothing_after_a_miss_is_reconciled() {
    let mut world = with_phone(Settings::default());
    world.page.refuses = true;
    world.call();
    world.contact(Some(ContactPhase::Ringing), None);
    queue(&mut world, "Offline");
    world.prompt = false;
    world.contact(None, None);
    world.decline_nth(0);
    world.set_presence(By::Omni, Some(status(BREAK)), None);
    world.prompt = true;
    world.pass(600_000);
    assert_eq!(world.presence, Some(status(BREAK)));
    assert_eq!(world.phone(), "Break");
}

#[test]
fn offline_chosen_in_after_call_work_is_a_choice() {
    let mut world = with_phone(Settings::default());
    let work = world.call();
    world.accept(work);
    world.contact(Some(ContactPhase::Connected), None);
    world.contact(Some(ContactPhase::AfterCallWork), None);
    world.hang_up(work);
    // A status change in wrap-up closes the contact (telephony.md).
    world.phone_truth().state = state("Offline");
    world.contact(None, None);
    assert_eq!(
        world.picture().held.map(|held| held.target),
        Some(Target::Offline)
    );
    world.close(work);
    world.pass(10_000);
    assert!(world.is_logged_out());
    assert_eq!(world.phone(), "Offline");
}

#[test]
fn a_phone_that_comes_back_to_what_it_was_before_the_contact_has_chosen_nothing() {
    let mut world = with_phone(Settings::default());
    world.phone_pick("Break");
    world.pass(1_000);
    assert_eq!(world.presence, Some(status(BREAK)));
    world.contact(Some(ContactPhase::Connected), None);
    world.phone_pick("Busy");
    assert_eq!(world.request(Target::Status(status(AVAILABLE))), Answer::Applying);
    // It was taken to come back routable by itself, and does not.
    world.phone_truth().next = None;
    world.phone_truth().state = state("Break");
    world.contact(None, None);
    world.pass(60_000);
    assert_eq!(world.presence, Some(status(AVAILABLE)));
    assert_eq!(world.phone(), "Available");
}

#[test]
fn a_state_queued_before_presence_changed_is_no_newer_choice() {
    let mut world = with_phone(Settings::default());
    world.lose_phone();
    world.phone_truth().enqueues = false;
    world.rejoin_phone();
    world.contact(Some(ContactPhase::Connected), None);
    queue(&mut world, "Break");
    world.pick(None);
    world.contact(None, None);
    world.pass(60_000);
    assert!(world.is_logged_out());
    assert_eq!(world.phone(), "Offline");
}

#[test]
fn the_phone_follows_a_holds_status_once_the_rep_asks_for_it() {
    let mut world = with_phone(Settings {
        hold_as: Some("Break".to_owned()),
        ..Settings::default()
    });
    let work = world.call();
    world.accept(work);
    world.request(Target::Offline);
    assert_eq!(world.presence, Some(status(BREAK)));
    assert_eq!(world.phone(), "Available", "the hold's status is no wish");
    world.request(Target::Status(status(BREAK)));
    world.close(work);
    world.pass(10_000);
    assert_eq!(world.presence, Some(status(BREAK)));
    assert_eq!(world.phone(), "Break");
}

/// Seen only when nobody had told anything for a while: then it was no change that rules could have deferred.
#[test]
fn the_phone_follows_a_holds_status_that_was_not_seen_at_once() {
    let mut world = with_phone(Settings {
        hold_as: Some("Break".to_owned()),
        authority: Authority::Telephony,
        ..Settings::default()
    });
    let work = world.call();
    world.accept(work);
    world.org_down = true;
    world.prompt = false;
    world.request_of(Target::Offline);
    while world.run_disk() {}
    while world.run_page() {}
    assert_eq!(world.presence, Some(status(BREAK)));
    world.page.outbox.clear();
    world.lose_console();
    world.pass(60_000);
    world.prompt = true;
    world.connect_console();
    world.pass(5_000);
    assert_eq!(world.phone(), "Available", "the hold's status is no wish");
    world.request(Target::Status(status(BREAK)));
    world.close(work);
    world.pass(60_000);
    assert_eq!(world.presence, Some(status(BREAK)));
    assert_eq!(world.phone(), "Break");
}

/// `setServicePresenceStatus` logs in: written in the moment of a logout, it would undo it, so the page looks
/// once more.
#[test]
fn a_holds_status_that_crosses_a_logout_does_not_log_the_rep_in() {
    for authority in [Authority::Omni, Authority::Telephony] {
        let mut world = with_phone(Settings {
            hold_as: Some("Break".to_owned()),
            authority,
            ..Settings::default()
        });
        let work = world.call();
        world.accept(work);
        world.prompt = false;
        world.request_of(Target::Offline);
        while world.run_disk() {}
        world.pick(None);
        while world.run_page() {}
        assert!(world.is_logged_out());
        world.prompt = true;
        world.pass(1_000);
        world.close(work);
        world.pass(60_000);
        assert!(world.is_logged_out());
        assert_eq!(world.phone(), "Offline");
    }
}

/// Rules log nobody in, so that phone and presence were rightly apart; but then the rep has logged in and out.
#[test]
fn a_login_and_a_logout_while_the_phone_was_away_are_no_unchanged_side() {
    let mut world = with_phone(Settings::default());
    world.pick(None);
    world.pass(1_000);
    assert_eq!(world.phone(), "Offline");
    world.phone_pick("Available");
    world.pass(60_000);
    assert_eq!(world.phone(), "Available");
    world.lose_phone();
    world.pick(Some(status(AVAILABLE)));
    world.pick(None);
    world.rejoin_phone();
    world.pass(10_000);
    assert!(world.is_logged_out());
    assert_eq!(world.phone(), "Offline");
}

/// A rule's write, taken back too late, was carried to the phone as if somebody had chosen it.
#[test]
fn what_makes_a_late_write_good_leads_the_phone_back_too() {
    let mut world = with_phone(Settings {
        authority: Authority::Telephony,
        ..Settings::default()
    });
    world.prompt = false;
    world.pick(Some(status(BREAK)));
    while world.deliver_page() {}
    while world.run_phone() {}
    world.phone_pick("Available");
    while world.run_page() {}
    // Carried out and not told yet, when the phone is set back.
    world.phone_pick("Break");
    world.pass(9_000);
    assert!(
        world.deliver_page(),
        "the status, as if it were somebody's choice"
    );
    while world.run_phone() {}
    world.prompt = true;
    world.pass(60_000);
    assert_eq!(
        (world.presence, world.phone().as_str()),
        (Some(status(BREAK)), "Break")
    );
}
