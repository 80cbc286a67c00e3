//! Who asks: the rep's own word, and what is not.

use presence::effect::{Answer, Effect, HoldReason, NoticeCode, RefusalReason};
use presence::event::{Event, Origin, Target};
use presence::picture::HeldView;

use crate::world::{AVAILABLE, BACKUP, BREAK, World, status};

const REPS_OWN: [Origin; 4] = [Origin::Shortcut, Origin::StatusApi, Origin::Tray, Origin::Window];
const OTHERS: [Origin; 4] = [
    Origin::Idle,
    Origin::ScreenLock,
    Origin::Shutdown,
    Origin::Updater,
];

fn blind() -> World {
    let mut world = World::working();
    world.org_down = true;
    world.lose_console();
    world.pass(120_000);
    world
}

#[test]
fn only_the_reps_second_word_forces_leaving_without_evidence() {
    for target in [Target::Quit, Target::Restart, Target::SignOut] {
        for origin in REPS_OWN {
            let mut world = blind();
            assert_eq!(
                world.request_by(origin, target),
                Answer::Held(HoldReason::NoEvidence)
            );
            assert_eq!(world.request_by(origin, target), Answer::Applying, "{origin:?}");
        }
        for origin in OTHERS {
            let mut world = blind();
            for _ in 0..3 {
                assert_eq!(
                    world.request_by(origin, target),
                    Answer::Held(HoldReason::NoEvidence)
                );
            }
            // The rep has said it once then, not twice.
            assert_eq!(
                world.request(target),
                Answer::Held(HoldReason::NoEvidence),
                "{origin:?}"
            );
            assert_eq!(world.request(target), Answer::Applying);
        }
    }
}

#[test]
fn nothing_replaces_the_reps_own_standing_wish_but_the_reps_own() {
    for origin in OTHERS {
        for target in [
            Target::Offline,
            Target::Quit,
            Target::Restart,
            Target::Status(status(BREAK)),
        ] {
            let mut world = World::working();
            let work = world.call();
            world.accept(work);
            world.request(Target::Offline);
            let held: HeldView = world.picture().held.unwrap();
            let answer = world.request_by(origin, target);
            assert_eq!(answer, Answer::Refused(RefusalReason::RepHasSpoken), "{origin:?}");
            assert_eq!(world.picture().held, Some(held));
            world.close(work);
            assert!(world.is_logged_out());
            assert!(!world.effects.contains(&Effect::Quit) && !world.effects.contains(&Effect::Restart));
        }
    }
}

#[test]
fn a_newer_one_of_the_rep_or_of_the_machine_replaces_a_machines() {
    let mut world = World::working();
    let work = world.call();
    world.accept(work);
    assert_eq!(
        world.request_by(Origin::ScreenLock, Target::Offline),
        Answer::Held(HoldReason::CallActive)
    );
    assert_eq!(
        world.request_by(Origin::Updater, Target::Restart),
        Answer::Held(HoldReason::CallActive)
    );
    assert_eq!(world.request(Target::Status(status(AVAILABLE))), Answer::Applying);
    world.close(work);
    world.pass(10_000);
    assert_eq!(world.presence, Some(status(AVAILABLE)));
    assert!(!world.effects.contains(&Effect::Restart));
}

#[test]
fn who_is_away_already_is_not_sent_away() {
    for origin in [Origin::Idle, Origin::ScreenLock] {
        for presence in [Some(BREAK), None] {
            let mut world = World::working();
            world.pick(presence.map(status));
            world.effects.clear();
            for target in [Target::Offline, Target::Status(status(AVAILABLE))] {
                assert_eq!(world.request_by(origin, target), Answer::Nothing);
            }
            world.pass(60_000);
            assert_eq!(world.presence, presence.map(status));
        }
        let mut world = World::working();
        assert_eq!(world.request_by(origin, Target::Offline), Answer::Applying);
        assert!(world.is_logged_out());
    }
}

#[test]
fn before_anything_is_known_an_idle_timer_is_not_believed() {
    let mut world = World::new(presence::settings::Settings::default());
    world.sign_in();
    world.prompt = false;
    for origin in [Origin::Idle, Origin::ScreenLock] {
        let mut blind = World::new(presence::settings::Settings::default());
        blind.org_down = true;
        blind.sign_in();
        assert_eq!(
            blind.request_by(origin, Target::Offline),
            Answer::Refused(RefusalReason::Blocked(HoldReason::NoEvidence))
        );
    }
}

#[test]
fn only_the_rep_logs_in() {
    for origin in OTHERS {
        let mut world = World::working();
        world.pick(None);
        assert_eq!(
            world.request_by(origin, Target::Status(status(BACKUP))),
            Answer::Nothing
        );
        world.pass(60_000);
        assert!(world.is_logged_out());
    }
}

#[test]
fn starting_again_leaves_the_reps_wish_on_the_disk() {
    for (origin, target) in [
        (Origin::Window, Target::Restart),
        (Origin::Updater, Target::Restart),
        (Origin::Shutdown, Target::Quit),
    ] {
        let mut world = World::working();
        world.page.refuses = true;
        world.request(Target::Status(status(BREAK)));
        assert_eq!(world.request_by(origin, target), Answer::Applying);
        assert!(world.stored.intent.is_some(), "{origin:?}");
        world.crash();
        world.page.refuses = false;
        world.sign_in();
        world.connect_console();
        world.pass(10_000);
        assert_eq!(world.presence, Some(status(BREAK)));
    }
    let mut world = World::working();
    world.page.refuses = true;
    world.request(Target::Status(status(BREAK)));
    world.request(Target::Quit);
    assert_eq!(world.stored.intent, None, "the rep's own last wish is to leave");
}

#[test]
fn a_restart_that_was_held_is_not_taken_up_again() {
    let mut world = World::working();
    let work = world.call();
    world.accept(work);
    world.request_by(Origin::Updater, Target::Restart);
    world.crash();
    assert_eq!(world.picture().held, None);
}

/// What an absent rep's screen has asked for, held or not yet on disk, ends with the absence, and nothing else.
#[test]
fn a_rep_who_is_back_has_nothing_held_by_their_absence() {
    for origin in REPS_OWN.into_iter().chain(OTHERS) {
        for from in [Origin::Idle, Origin::ScreenLock, Origin::Window] {
            for on_disk in [true, false] {
                let mut world = World::working();
                let work = world.call();
                world.accept(work);
                world.prompt = on_disk;
                let ticket = world.request_from(origin, Target::Offline);
                world.tell(Event::RepIsBack { from });
                world.prompt = true;
                world.pass(1_000);
                let ends = origin == Origin::Idle && from != Origin::Window
                    || (origin, from) == (Origin::ScreenLock, Origin::ScreenLock);
                assert_eq!(world.picture().held.is_none(), ends, "{origin:?}, {from:?}");
                assert_eq!(world.stored.intent.is_none(), ends);
                let told = world.notices.contains(&NoticeCode::Cancelled);
                assert_eq!(told, ends && on_disk, "{origin:?}, {from:?}");
                assert_eq!(world.answers[&ticket].len(), 1);
                world.close(work);
                assert_eq!(world.is_logged_out(), !ends);
            }
        }
    }
}
