//! The longest hold: the rep is asked, and nothing ends by itself.

use presence::effect::NoticeCode;
use presence::event::{Event, Target};
use presence::problem::ProblemCode;
use presence::settings::Settings;

use crate::world::World;

const LONGEST_MS: u64 = 600_000;

fn held() -> (World, presence::ids::WorkId) {
    let mut world = World::working_with(Settings {
        longest_hold_ms: Some(LONGEST_MS),
        ..Settings::default()
    });
    let work = world.call();
    world.accept(work);
    world.request(Target::Offline);
    (world, work)
}

fn asked(world: &World) -> (bool, usize) {
    let times = world
        .notices
        .iter()
        .filter(|code| **code == NoticeCode::HoldLasts);
    let shown = world.picture().held.is_some_and(|held| held.lasts_long);
    assert_eq!(shown, world.has_problem(ProblemCode::HoldLasts));
    (shown, times.count())
}

#[test]
fn the_rep_is_asked_once_and_the_hold_goes_on() {
    let (mut world, work) = held();
    world.pass(LONGEST_MS - 1_000);
    assert_eq!(asked(&world), (false, 0));
    world.pass(2_000);
    assert_eq!(asked(&world), (true, 1));
    world.pass(3 * LONGEST_MS);
    assert_eq!(asked(&world), (true, 1));
    world.close(work);
    assert!(world.is_logged_out());
    assert_eq!(asked(&world), (false, 1));
}

#[test]
fn keeping_it_asks_again_after_as_long_again() {
    let (mut world, _) = held();
    world.pass(LONGEST_MS + 60_000);
    let code = ProblemCode::HoldLasts;
    world.tell(Event::Dismiss { code });
    assert_eq!(asked(&world), (false, 1));
    world.pass(LONGEST_MS - 1_000);
    assert_eq!(asked(&world), (false, 1));
    world.pass(2_000);
    assert_eq!(asked(&world), (true, 2));
    world.cancel();
    assert_eq!(asked(&world), (false, 2));
}

#[test]
fn sleep_and_a_restart_count() {
    let (mut world, _) = held();
    world.suspend(i64::try_from(LONGEST_MS).unwrap());
    world.pass(1);
    assert!(asked(&world).0);

    let (mut world, _) = held();
    world.pass(LONGEST_MS / 2);
    world.crash();
    world.page.outbox.clear();
    world.page.arms.clear();
    world.sign_in();
    world.connect_console();
    world.pass(LONGEST_MS / 2 - 10_000);
    assert!(!asked(&world).0);
    world.pass(11_000);
    assert!(asked(&world).0);
}

#[test]
fn without_a_longest_hold_nobody_asks() {
    let mut world = World::working();
    let work = world.call();
    world.accept(work);
    world.request(Target::Offline);
    world.pass(36_000_000);
    assert_eq!(asked(&world), (false, 0));
    assert!(world.picture().held.is_some());
}
