//! `hold_as` when its answer is late or lost, and when Holdline starts again in between: it is nobody's choice
//! however late it shows, and nobody is left in it.

use presence::effect::Effect;
use presence::event::{Event, Target};
use presence::ids::WorkId;
use presence::settings::{Authority, Settings};

use crate::world::{AVAILABLE, BREAK, FINISHING, World, status};

/// Offline is held, and the page has set the Busy status and told nothing of it yet.
fn set_and_not_told(settings: Settings) -> (World, WorkId) {
    let mut world = World::working_with(settings);
    let work = world.call();
    world.accept(work);
    world.prompt = false;
    world.request_of(Target::Offline);
    while world.run_disk() {}
    while world.run_page() {}
    assert_eq!(world.presence, Some(status(FINISHING)));
    (world, work)
}

fn finishing() -> Settings {
    Settings {
        hold_as: Some("Finishing_Call".to_owned()),
        ..Settings::default()
    }
}

/// The page is loaded anew: what it has not told is lost.
fn reload(world: &mut World) {
    world.page.outbox.clear();
    world.page.arms.clear();
    world.lose_console();
    world.prompt = true;
    world.connect_console();
}

fn writes(world: &World) -> usize {
    let is_write = |effect: &&Effect| match effect {
        Effect::Console { action, .. } => *action != presence::effect::ConsoleAction::Snapshot,
        _ => false,
    };
    world.effects.iter().filter(is_write).count()
}

#[test]
fn taken_back_and_lost_with_the_page_it_cancels_nothing() {
    let (mut world, work) = set_and_not_told(finishing());
    // In wrap-up it must not be set any more, and is taken back.
    world.console_event(Event::ConversationEnded {
        item: world.works[&work].item,
    });
    world.page.outbox.rotate_right(1);
    assert!(world.deliver_page());
    reload(&mut world);
    world.pass(20_000);
    assert_eq!(
        world.picture().held.map(|held| held.target),
        Some(Target::Offline)
    );
    world.close(work);
    world.pass(10_000);
    assert!(world.is_logged_out());
}

#[test]
fn cancelled_and_its_answer_lost_with_the_page_it_comes_back_too() {
    let (mut world, _) = set_and_not_told(finishing());
    world.ask(|ticket| Event::Cancel { ticket });
    while world.run_disk() {}
    reload(&mut world);
    world.pass(20_000);
    assert_eq!(world.presence, Some(status(AVAILABLE)));
    assert_eq!(world.stored.held_as, None);
}

#[test]
fn cancelled_before_it_arrived_nothing_is_written_for_the_way_back() {
    let mut world = World::working_with(finishing());
    let work = world.call();
    world.accept(work);
    world.prompt = false;
    world.request_of(Target::Offline);
    while world.run_disk() {}
    world.effects.clear();
    world.ask(|ticket| Event::Cancel { ticket });
    while world.run_disk() {}
    reload(&mut world);
    world.pass(120_000);
    assert_eq!(world.presence, Some(status(AVAILABLE)));
    assert_eq!(writes(&world), 0, "{:?}", world.effects);
    assert_eq!(world.stored.held_as, None);
}

#[test]
fn cancelled_while_it_is_being_set_and_a_crash_leave_nobody_in_it() {
    let (mut world, _) = set_and_not_told(finishing());
    world.ask(|ticket| Event::Cancel { ticket });
    while world.run_disk() {}
    // Its being set is told, its answer not yet.
    assert!(world.deliver_page());
    while world.run_disk() {}
    world.crash();
    world.prompt = true;
    world.sign_in();
    world.connect_console();
    world.pass(20_000);
    assert_eq!(world.presence, Some(status(AVAILABLE)));
}

/// The org has told already that the armed page logged the rep out; what the page did before that is no choice.
#[test]
fn what_a_page_has_kept_from_before_a_crash_is_no_choice() {
    let (mut world, work) = set_and_not_told(finishing());
    world.crash();
    world.sign_in();
    world.close(work);
    assert!(world.is_logged_out(), "the armed page");
    while world.run_read() {}
    world.prompt = true;
    world.connect_console();
    world.pass(60_000);
    assert!(world.is_logged_out());
    assert_eq!(world.stored.held_as, None);
}

#[test]
fn chosen_by_the_rep_while_it_is_taken_back_it_is_their_wish() {
    let mut world = World::working_with(finishing());
    let work = world.call();
    world.accept(work);
    world.prompt = false;
    world.request_of(Target::Offline);
    while world.run_disk() {}
    world.console_event(Event::ConversationEnded {
        item: world.works[&work].item,
    });
    assert!(world.deliver_page());
    world.pick(Some(status(FINISHING)));
    world.prompt = true;
    world.pass(10_000);
    assert_eq!(world.picture().held, None);
    world.close(work);
    world.pass(60_000);
    assert_eq!(world.presence, Some(status(FINISHING)));
}

#[test]
fn a_way_back_that_was_seen_is_not_written_again_for_want_of_its_answer() {
    let mut world = World::working();
    world.prompt = false;
    world.request_of(Target::Status(status(BREAK)));
    while world.run_disk() {}
    while world.run_page() {}
    world.ask(|ticket| Event::Cancel { ticket });
    while world.run_disk() {}
    while world.deliver_page() {}
    while world.run_page() {}
    assert_eq!(world.presence, Some(status(AVAILABLE)));
    world.effects.clear();
    // The change is told, and then the page is gone with the answer.
    while world.engine.picture().pending.is_some() && world.deliver_page() {}
    reload(&mut world);
    world.pass(60_000);
    assert_eq!(world.presence, Some(status(AVAILABLE)));
    assert_eq!(writes(&world), 0, "{:?}", world.effects);
}

/// Seen only when nobody had told anything for a while: no change that rules could have put off.
#[test]
fn the_phone_follows_a_status_that_was_seen_late_once_it_is_the_reps_own() {
    let mut world = World::working_with(Settings {
        hold_as: Some("Break".to_owned()),
        authority: Authority::Telephony,
        ..Settings::default()
    });
    world.join_phone("Available");
    world.pass(1_000);
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
    assert_eq!(
        (world.presence, world.phone().as_str()),
        (Some(status(BREAK)), "Available"),
        "the hold's status is no wish"
    );
    world.request(Target::Status(status(BREAK)));
    world.close(work);
    world.pass(60_000);
    assert_eq!(
        (world.presence, world.phone().as_str()),
        (Some(status(BREAK)), "Break")
    );
}
