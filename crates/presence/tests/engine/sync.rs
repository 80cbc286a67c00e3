//! Presence and phone, kept the same.

use presence::effect::{ConsoleAction, Effect};
use presence::event::Target;
use presence::phone::ContactPhase;
use presence::problem::ProblemCode;

use crate::world::{AVAILABLE, BREAK, NAMED_OFFLINE, World, status};

fn with_phone() -> World {
    let mut world = World::working();
    world.join_phone("Available");
    world.pass(1_000);
    assert_eq!(world.phone_truth().log, []);
    world.effects.clear();
    world
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
fn the_phone_follows_presence_with_one_write() {
    let mut world = with_phone();
    world.pick(Some(status(BREAK)));
    assert_eq!(world.phone_truth().state.name, "Break");
    world.pass(600_000);
    assert_eq!(writes(&world), 1);
}

#[test]
fn presence_follows_the_phone_with_one_write() {
    let mut world = with_phone();
    world.phone_pick("Break");
    assert_eq!(world.presence, Some(status(BREAK)));
    world.pass(600_000);
    assert_eq!(writes(&world), 1);
}

#[test]
fn a_phone_that_joins_gets_the_presence_state() {
    let mut world = World::working();
    world.pick(Some(status(BREAK)));
    world.join_phone("Available");
    assert_eq!(world.phone_truth().state.name, "Break");
}

#[test]
fn a_phone_is_in_step_also_when_the_statuses_become_known_last() {
    let mut world = World::new(presence::settings::Settings::default());
    world.presence = Some(status(BREAK));
    world.join_phone("Available");
    world.sign_in();
    world.connect_console();
    assert_eq!(world.phone_truth().state.name, "Break");
}

#[test]
fn changed_on_both_sides_at_once_presence_wins_and_nothing_swings() {
    let mut world = with_phone();
    world.prompt = false;
    world.pick(Some(status(NAMED_OFFLINE)));
    world.pick(Some(status(AVAILABLE)));
    world.pick(Some(status(BREAK)));
    world.phone_pick("Offline");
    world.prompt = true;
    world.pass(600_000);
    assert_eq!(world.phone_truth().state.name, "Break");
    assert_eq!(world.presence, Some(status(BREAK)));
    assert!(writes(&world) <= 3, "{:?}", world.effects);
}

#[test]
fn offline_always_carries_enqueue_and_a_busy_status_named_offline_is_none() {
    let mut world = with_phone();
    world.pick(Some(status(NAMED_OFFLINE)));
    assert_eq!(world.phone_truth().log, []);
    world.pick(None);
    assert_eq!(world.phone_truth().log, [("Offline".to_owned(), true)]);
}

#[test]
fn while_the_phone_rings_nothing_is_sent_and_at_connected_it_is_enqueued() {
    let mut world = with_phone();
    world.contact(Some(ContactPhase::Ringing), None);
    world.pick(None);
    world.pass(5_000);
    assert_eq!(world.phone_truth().log, []);
    world.contact(Some(ContactPhase::Connected), None);
    assert_eq!(world.phone_truth().log, [("Offline".to_owned(), true)]);
    assert_eq!(world.phone_truth().dropped, 0);
    world.contact(None, None);
    assert_eq!(world.phone_truth().state.name, "Offline");
}

#[test]
fn after_a_miss_it_is_decided_afresh() {
    let mut world = with_phone();
    world.contact(Some(ContactPhase::Ringing), None);
    world.pick(None);
    world.pick(Some(status(AVAILABLE)));
    world.contact(None, None);
    world.pass(60_000);
    assert_eq!(world.phone_truth().log, []);
    assert_eq!(world.phone_truth().state.name, "Available");
}

#[test]
fn a_phone_that_cannot_enqueue_waits_for_the_end_of_the_contact() {
    let mut world = with_phone();
    world.lose_phone();
    world.phone_truth().enqueues = false;
    world.rejoin_phone();
    world.contact(Some(ContactPhase::Connected), None);
    world.pick(None);
    world.pass(5_000);
    assert_eq!(world.phone_truth().log, []);
    world.contact(None, None);
    assert_eq!(world.phone_truth().state.name, "Offline");
    assert_eq!(world.phone_truth().dropped, 0);
}

#[test]
fn what_a_phone_does_by_itself_after_a_contact_is_no_wish() {
    let mut world = with_phone();
    world.pick(Some(status(BREAK)));
    // An unanswered outbound call turns Break into Available.
    world.contact(Some(ContactPhase::Connected), None);
    world.phone_pick("Busy");
    world.contact(None, None);
    world.phone_pick("Available");
    world.pass(10_000);
    assert_eq!(world.presence, Some(status(BREAK)));
    assert_eq!(world.phone_truth().state.name, "Break");
}

#[test]
fn a_rule_never_logs_the_rep_in() {
    let mut world = with_phone();
    world.pick(None);
    world.phone_pick("Available");
    world.pass(60_000);
    assert!(world.is_logged_out());
}

#[test]
fn offline_chosen_at_the_phone_in_mid_call_is_held_for_presence() {
    let mut world = with_phone();
    let work = world.call();
    world.accept(work);
    world.phone_pick("Offline");
    assert!(!world.is_logged_out());
    assert!(world.picture().held.is_some());
    assert_eq!(
        world.stored.intent, None,
        "a rule's wish is not replayed after a restart"
    );
    world.close(work);
    assert!(world.is_logged_out());
}

#[test]
fn a_rules_wish_gives_way_to_the_reps() {
    let mut world = with_phone();
    let work = world.call();
    world.accept(work);
    world.request(Target::Offline);
    world.phone_pick("Break");
    assert_eq!(world.picture().held.unwrap().target, Target::Offline);
    assert_eq!(world.presence, Some(status(AVAILABLE)));
}

#[test]
fn a_stubborn_phone_is_left_alone_and_told() {
    let mut world = with_phone();
    world.phone_truth().stubborn = true;
    world.pick(Some(status(BREAK)));
    world.pass(3_600_000);
    assert!(world.has_problem(ProblemCode::PhoneRefused));
    assert!(world.phone_truth().log.len() <= 6);
}

#[test]
fn a_phone_busy_with_a_call_is_in_step_with_available_and_not_with_break() {
    let mut world = World::working();
    world.join_phone("Busy");
    world.lose_phone();
    world.phone_truth().contact = Some(ContactPhase::Connected);
    world.phone_truth().state = crate::phone::state("Busy");
    world.phone_truth().log.clear();
    world.rejoin_phone();
    world.pass(10_000);
    assert_eq!(world.phone_truth().log, []);
    world.pick(Some(status(BREAK)));
    assert_eq!(world.phone_truth().log, [("Break".to_owned(), true)]);
}

#[test]
fn a_late_echo_of_our_own_request_is_no_choice() {
    let mut world = with_phone();
    world.prompt = false;
    // Logged out and in again before the phone has done anything.
    world.pick(None);
    world.pick(Some(status(AVAILABLE)));
    while world.deliver_page() {}
    assert_eq!(world.phone_truth().requests.len(), 1);
    world.prompt = true;
    world.pass(60_000);
    assert_eq!(world.presence, Some(status(AVAILABLE)));
    assert_eq!(world.phone_truth().state.name, "Available");
}

fn sets(world: &World) -> Vec<bool> {
    let log_in = |effect: &Effect| match effect {
        Effect::Console {
            action: ConsoleAction::SetStatus { log_in, .. },
            ..
        } => Some(*log_in),
        _ => None,
    };
    world.effects.iter().filter_map(log_in).collect()
}

/// P6: what a rule has sent arrives after the rep has logged out.
#[test]
fn a_rules_status_that_crosses_a_logout_logs_nobody_in_and_is_not_repeated() {
    let mut world = with_phone();
    world.prompt = false;
    world.phone_pick("Break");
    assert_eq!(sets(&world), [false]);
    world.pick(None);
    // The page's answer comes before its word of the logout.
    assert!(world.run_page());
    world.page.outbox.rotate_right(1);
    assert!(world.deliver_page());
    assert_eq!(world.picture().pending, None);
    world.prompt = true;
    world.pass(600_000);
    assert!(world.is_logged_out());
    assert_eq!(sets(&world), [false]);
}

#[test]
fn the_reps_own_word_may_log_in() {
    let mut world = with_phone();
    world.request(Target::Status(status(BREAK)));
    assert_eq!(sets(&world), [true]);
}
