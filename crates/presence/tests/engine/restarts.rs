//! What a new process makes of what the last one left.

use presence::effect::{Answer, NoticeCode};
use presence::event::{Event, Target};
use presence::ids::WorkId;
use presence::phone::ContactPhase;
use presence::picture::{CallPhase, SessionView};
use presence::problem::ProblemCode;

use crate::world::{AVAILABLE, BREAK, World, id, status};

/// Offline is held in a call, and the process dies.
fn crashed() -> (World, WorkId) {
    let mut world = World::working();
    let work = world.call();
    world.accept(work);
    world.pass(10_000);
    world.request(Target::Offline);
    world.pass(1_000);
    world.crash();
    world.page.outbox.clear();
    world.page.arms.clear();
    assert_eq!(world.picture().held.unwrap().target, Target::Offline);
    (world, work)
}

fn start_again(world: &mut World) {
    world.sign_in();
    world.connect_console();
    world.page.outbox.clear();
    world.pass(2_000);
}

#[test]
fn in_mid_call_it_is_still_held_and_applied_at_the_end() {
    let (mut world, work) = crashed();
    world.pass(3_600_000);
    start_again(&mut world);
    assert!(world.picture().held.is_some());
    assert_eq!(world.page.arms.len(), 1);
    world.close(work);
    world.pass(2_000);
    assert!(world.is_logged_out());
    assert_eq!(world.logouts(), 1);
    assert!(world.notices.contains(&NoticeCode::Applied));
}

#[test]
fn a_call_that_ended_a_moment_ago_lets_it_be_applied() {
    let (mut world, work) = crashed();
    world.pass(1_200_000);
    world.close(work);
    world.page.outbox.clear();
    world.pass(240_000);
    start_again(&mut world);
    assert!(world.is_logged_out());
    assert_eq!(world.logouts(), 1);
}

#[test]
fn a_call_that_ended_long_ago_makes_it_lapse_and_says_so() {
    let (mut world, work) = crashed();
    world.close(work);
    world.page.outbox.clear();
    world.pass(301_000);
    start_again(&mut world);
    world.pass(600_000);
    assert!(!world.is_logged_out());
    assert!(world.has_problem(ProblemCode::HoldLapsed));
    assert!(world.notices.contains(&NoticeCode::Lapsed));
    assert_eq!(world.stored.intent, None);
}

#[test]
fn a_status_chosen_meanwhile_is_the_newer_wish() {
    let (mut world, work) = crashed();
    world.pass(10_000);
    world.pick(Some(status(BREAK)));
    world.close(work);
    world.page.outbox.clear();
    start_again(&mut world);
    world.pass(60_000);
    assert_eq!(world.presence, Some(status(BREAK)));
    assert!(world.has_problem(ProblemCode::HoldLapsed));
}

#[test]
fn a_status_whose_time_is_off_by_a_second_is_not_newer() {
    let (mut world, _) = crashed();
    let wish_ms = world.stored.intent.as_ref().unwrap().since_ms;
    world.presence_since_ms = wish_ms + 900;
    start_again(&mut world);
    assert!(world.picture().held.is_some());
}

#[test]
fn a_new_login_meanwhile_makes_it_lapse() {
    let (mut world, work) = crashed();
    world.pass(10_000);
    world.pick(None);
    world.pass(10_000);
    world.pick(Some(status(AVAILABLE)));
    world.close(work);
    world.page.outbox.clear();
    start_again(&mut world);
    world.pass(60_000);
    assert_eq!(world.presence, Some(status(AVAILABLE)));
    assert!(world.has_problem(ProblemCode::HoldLapsed));
}

#[test]
fn a_new_login_within_the_clocks_margin_is_another_row() {
    let (mut world, work) = crashed();
    let wish_ms = world.stored.intent.as_ref().unwrap().since_ms;
    world.pick(None);
    world.pick(Some(status(AVAILABLE)));
    world.presence_since_ms = wish_ms + 900;
    world.close(work);
    world.page.outbox.clear();
    start_again(&mut world);
    world.pass(60_000);
    assert_eq!(world.presence, Some(status(AVAILABLE)));
    assert_eq!(world.logouts(), 0);
    assert!(world.has_problem(ProblemCode::HoldLapsed));
}

#[test]
fn it_waits_for_the_org_even_if_the_console_was_faster() {
    let (mut world, work) = crashed();
    world.close(work);
    world.page.outbox.clear();
    world.pass(301_000);
    world.prompt = false;
    world.sign_in();
    world.connect_console();
    while world.run_page() {}
    while world.deliver_page() {}
    assert_eq!(world.phase(), CallPhase::Idle);
    assert!(!world.is_logged_out());
    assert!(world.picture().held.is_some());
    while world.run_read() {}
    assert!(world.picture().held.is_none());
    assert!(world.has_problem(ProblemCode::HoldLapsed));
}

#[test]
fn with_the_console_alone_its_word_must_do() {
    let (mut world, work) = crashed();
    world.org_down = true;
    world.pass(600_000);
    start_again(&mut world);
    assert!(world.picture().held.is_some());
    world.close(work);
    world.pass(2_000);
    assert!(
        world.is_logged_out(),
        "its own call was still open when the console was asked"
    );

    let (mut world, work) = crashed();
    world.org_down = true;
    world.close(work);
    world.page.outbox.clear();
    world.pass(600_000);
    start_again(&mut world);
    assert!(!world.is_logged_out());
    assert!(world.has_problem(ProblemCode::HoldLapsed));
}

#[test]
fn a_presence_that_is_already_right_fulfils_it() {
    let (mut world, _) = crashed();
    world.pick(None);
    world.page.outbox.clear();
    start_again(&mut world);
    assert!(world.picture().held.is_none());
    assert_eq!(world.logouts(), 0);
    assert_eq!(world.stored.intent, None);
}

#[test]
fn another_reps_sign_in_ends_it() {
    let (mut world, _) = crashed();
    world.tell(Event::SignedIn {
        org: id("00D", 1),
        user: id("005", 2),
        name: "Sam".to_owned(),
        org_url: "https://practice.example".to_owned(),
    });
    assert!(world.picture().held.is_none());
    assert!(world.has_problem(ProblemCode::HoldLapsed));
}

#[test]
fn a_newer_request_replaces_it_and_it_can_be_cancelled() {
    let (mut world, _) = crashed();
    assert_eq!(world.cancel(), Answer::Cancelled);
    assert_eq!(world.stored.intent, None);

    let (mut world, _) = crashed();
    start_again(&mut world);
    world.request(Target::Status(status(AVAILABLE)));
    assert_eq!(world.stored.intent, None);
}

#[test]
fn quitting_before_the_sign_in_loses_neither_wish_nor_session() {
    let (mut world, _) = crashed();
    world.tell(Event::SignInStarted);
    world.tell(Event::SignedOut);
    assert_eq!(world.request(Target::Quit), Answer::Applying);
    assert!(world.stored.intent.is_some());
    assert!(world.stored.session.is_some());
}

#[test]
fn the_session_is_kept_until_a_sign_out() {
    let mut world = World::working();
    world.crash();
    world.tell(Event::Tick);
    assert!(world.stored.session.is_some());
    world.tell(Event::SignedOut);
    assert!(world.stored.session.is_some());
    world.sign_in();
    world.tell(Event::SignedOut);
    assert_eq!(world.stored.session, None);
    assert_eq!(world.picture().session, SessionView::SignedOut);
}

#[test]
fn a_quit_is_not_taken_up_again() {
    let mut world = World::working();
    let work = world.call();
    world.accept(work);
    world.request(Target::Quit);
    world.crash();
    assert_eq!(world.picture().held, None);
}

/// The page was armed by the run that died, and fires before it hears of the next.
#[test]
fn a_newer_wish_is_not_undone_by_what_an_earlier_run_had_armed() {
    let mut world = World::working();
    let work = world.call();
    world.accept(work);
    world.request(Target::Offline);
    world.crash();
    world.sign_in();
    assert_eq!(world.request(Target::Status(status(BREAK))), Answer::Applying);
    world.close(work);
    assert!(
        world.is_logged_out(),
        "nobody could tell the page of the newer wish"
    );
    let console = presence::event::ConsoleId(world.page.last_session + 1);
    (world.page.last_session, world.page.session) = (console.0, Some(console));
    world.tell(Event::ConsoleConnected { console });
    world.pass(10_000);
    assert_eq!(world.presence, Some(status(BREAK)));
    assert!(world.page.arms.is_empty());
}

/// Offline is held in a call, the process dies, and the call ends meanwhile; somebody else is on the line, on a
/// phone that has not joined the new run yet, and has no AgentWork.
fn back_before_the_phone() -> World {
    let mut world = World::working();
    world.join_phone("Available");
    let work = world.call();
    world.accept(work);
    world.contact(Some(ContactPhase::Connected), None);
    world.request(Target::Offline);
    world.crash();
    world.page.arms.clear();
    world.close(work);
    start_again(&mut world);
    assert_eq!(world.picture().call.phase, CallPhase::Idle);
    world
}

#[test]
fn it_waits_for_the_phone_that_was_joined_and_then_for_its_contact() {
    let mut world = back_before_the_phone();
    world.pass(20_000);
    assert!(!world.is_logged_out(), "nobody has asked the phone");
    assert!(world.page.arms.is_empty());
    world.rejoin_phone();
    world.pass(300_000);
    assert!(!world.is_logged_out());
    world.contact(None, None);
    world.pass(10_000);
    assert!(world.is_logged_out());
    assert_eq!(world.logouts(), 1);
}

#[test]
fn a_second_crash_does_not_make_it_forget_the_phone() {
    let mut world = back_before_the_phone();
    world.crash();
    start_again(&mut world);
    world.pass(20_000);
    assert!(!world.is_logged_out());
}

#[test]
fn a_phone_that_does_not_come_back_is_waited_for_a_minute() {
    let mut world = back_before_the_phone();
    world.pass(57_000);
    assert!(!world.is_logged_out());
    world.pass(2_000);
    assert!(world.is_logged_out());
    world.crash();
    assert!(!world.stored.phone, "nothing is known of it any more");
}
