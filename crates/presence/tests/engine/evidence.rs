//! Which word counts, and for how long.

use presence::effect::{Answer, Effect, HoldReason};
use presence::event::{Event, Target};
use presence::picture::{CallPhase, PresenceView};
use presence::problem::{Problem, ProblemCode};

use crate::world::{AVAILABLE, World, id, status};

#[test]
fn until_the_first_word_nothing_is_known_and_offline_is_held() {
    let mut world = World::new(presence::settings::Settings::default());
    world.org_down = true;
    world.sign_in();
    assert_eq!(world.phase(), CallPhase::Unknown);
    assert_eq!(
        world.request(Target::Offline),
        Answer::Held(HoldReason::NoEvidence)
    );
    world.pass(600_000);
    assert!(!world.is_logged_out());
    world.connect_console();
    world.pass(1_000);
    assert!(world.is_logged_out());
}

#[test]
fn an_hour_of_sleep_makes_all_evidence_stale_at_once() {
    let mut world = World::working();
    world.org_down = true;
    world.page.frozen = true;
    world.suspend(3_600_000);
    // The very first event after it is the console's poll.
    let console = world.page.session.unwrap();
    world.tell(Event::ConsoleHeard { console });
    assert_eq!(world.phase(), CallPhase::Unknown);
    assert_eq!(
        world.request(Target::Offline),
        Answer::Held(HoldReason::NoEvidence)
    );
    world.page.frozen = false;
    world.pass(10_000);
    assert!(world.is_logged_out(), "a new snapshot says Idle");
}

#[test]
fn a_wall_clock_set_back_changes_nothing() {
    let mut world = World::working();
    world.suspend(-7_200_000);
    world.pass(30_000);
    assert_eq!(world.phase(), CallPhase::Idle);
    world.page.frozen = true;
    world.org_down = true;
    world.pass(700_000);
    assert_eq!(world.phase(), CallPhase::Unknown);
}

#[test]
fn a_silent_console_and_an_old_answer_are_unknown_since_the_last_word() {
    let mut world = World::working();
    world.org_down = true;
    world.pass(60_000);
    world.page.frozen = true;
    let last_word_ms = world.now.wall_ms;
    world.pass(60_000);
    let call = world.picture().call;
    assert_eq!((call.phase, call.since_ms), (CallPhase::Unknown, last_word_ms));
}

#[test]
fn an_answer_asked_before_an_event_yields_to_it() {
    let mut world = World::working();
    let asked = world.now;
    let stale = world.rows(asked, &[]);
    world.pass(1_000);
    let work = world.call();
    world.tell(stale);
    assert_eq!(world.phase(), CallPhase::Ringing);
    world.accept(work);
    world.lose_console();
    // The answer still has the call; it was asked before the close.
    let stale = world.rows(world.now, &[]);
    world.pass(1);
    world.close(work);
    world.page.outbox.clear();
    world.pass(30_000);
    assert_eq!(world.phase(), CallPhase::Idle);
    world.tell(stale);
    assert_eq!(world.phase(), CallPhase::Idle);
}

#[test]
fn the_org_alone_does_not_end_a_call_the_console_shows() {
    let mut world = World::working();
    let work = world.call();
    world.accept(work);
    world.pass(1_000);
    // The org's answer lags behind.
    let truth = world.works.clone();
    world.works.clear();
    let lagging = world.rows(world.now, &[]);
    world.works = truth;
    world.pass(1);
    world.tell(lagging);
    assert_eq!(world.phase(), CallPhase::OnCall);
}

#[test]
fn a_logged_out_console_does_not_end_a_call() {
    let mut world = World::working();
    let work = world.call();
    world.accept(work);
    world.pick(None);
    // Logged out, the toolkit shows no works; the org cannot be asked.
    world.org_down = true;
    world.works.clear();
    world.pass(300_000);
    assert_eq!(world.phase(), CallPhase::OnCall);
    world.org_down = false;
    world.pass(60_000);
    assert_eq!(world.phase(), CallPhase::Idle, "the org says so");
}

#[test]
fn an_invalid_sign_in_stops_reading_until_the_next() {
    let mut world = World::working();
    world.lose_console();
    world.prompt = false;
    world.pass(30_000);
    world.reads.clear();
    world.tell(Event::ReadFailed {
        problem: Problem {
            code: ProblemCode::SignInAgain,
            about: String::new(),
        },
        retry_after_ms: None,
    });
    world.pass(3_600_000);
    assert_eq!(world.reads.len(), 0);
    world.sign_in();
    assert_eq!(world.reads.len(), 1);
}

#[test]
fn a_limit_is_waited_out() {
    let mut world = World::working();
    world.prompt = false;
    world.reads.clear();
    world.tell(Event::ReadFailed {
        problem: Problem {
            code: ProblemCode::RequestLimit,
            about: String::new(),
        },
        retry_after_ms: Some(900_000),
    });
    world.lose_console();
    world.tell(Event::ConnectionError);
    world.pass(899_000);
    assert_eq!(world.reads.len(), 0);
    // Not every desktop at the same moment, but each within an eighth more.
    let mut later_ms = 0;
    while world.reads.is_empty() {
        world.pass(1_000);
        later_ms += 1_000;
    }
    assert!(later_ms <= 2_000 + 900_000 / 8, "{later_ms}");
}

#[test]
fn what_a_console_had_kept_is_not_taken_for_news_for_long() {
    let mut world = World::working();
    world.lose_console();
    world.prompt = false;
    let work = world.call();
    world.accept(work);
    world.pick(None);
    // The page loses Omni-Channel, and with it the news that all of this is over.
    world.works.clear();
    let kept = std::mem::take(&mut world.page.outbox);
    world.pick(Some(status(AVAILABLE)));
    world.page.outbox = kept;
    world.connect_console();
    // Holdline asks; the answer comes behind what the page had kept.
    world.now = world.now.plus(5);
    while world.deliver_page() {}
    assert_eq!(world.phase(), CallPhase::OnCall);
    while world.run_page() {}
    world.now = world.now.plus(5);
    world.prompt = true;
    world.deliver_if_prompt();
    assert_eq!(world.phase(), CallPhase::Idle);
    let shown = world.picture().presence;
    assert!(
        matches!(shown, PresenceView::Status { online: true, .. }),
        "{shown:?}"
    );
}

#[test]
fn another_rep_sees_nothing_of_the_first() {
    let mut world = World::working();
    let work = world.call();
    world.accept(work);
    world.request(Target::Offline);
    world.prompt = false;
    let old_answer = world.rows(world.now, &[]);
    world.pass(1_000);
    world.tell(Event::SignedIn {
        org: id("00D", 1),
        user: id("005", 2),
        name: "Sam".to_owned(),
        org_url: "https://practice.example".to_owned(),
    });
    world.tell(old_answer);
    let picture = world.picture();
    assert_eq!((picture.call.phase, picture.held), (CallPhase::Unknown, None));
}

#[test]
fn a_toolkit_that_refuses_snapshots_is_not_asked_in_a_storm() {
    let mut world = World::new(presence::settings::Settings::default());
    world.page.refuses = true;
    world.sign_in();
    world.connect_console();
    world.pass(60_000);
    let asked = world.effects.iter().filter(|effect| {
        matches!(
            effect,
            Effect::Console {
                action: presence::effect::ConsoleAction::Snapshot,
                ..
            }
        )
    });
    let asked = asked.count();
    assert!((3..12).contains(&asked), "{asked} in a minute");
}
