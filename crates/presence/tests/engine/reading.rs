//! When the org is asked: often while it matters, seldom otherwise, and never by all desktops together.

use presence::effect::{ConsoleAction, Effect};
use presence::engine::Engine;
use presence::event::{Event, PresenceRow, StreamStop, Target};
use presence::phone::ContactPhase;
use presence::picture::CallPhase;
use presence::problem::ProblemCode;
use presence::settings::{Settings, Timings};
use presence::time::Now;

use crate::world::{AVAILABLE, BREAK, By, World, id, status};

const SECOND: u64 = 1_000;
const MINUTE: u64 = 60 * SECOND;
const HOUR: u64 = 60 * MINUTE;

/// Between two polls of a console.
const POLL_MS: u64 = 20 * SECOND;

/// Sign-in and an hourly look at the org's set-up: two API calls each (`headless::catalogue`).
const SET_UP_CALLS: usize = 2 * 9;

impl World {
    fn reads(&self) -> usize {
        let is_read = |effect: &&Effect| matches!(effect, Effect::Read { .. });
        self.effects.iter().filter(is_read).count()
    }

    /// Time passes, and a console polls as often as it does.
    fn go_on(&mut self, ms: u64) {
        for _ in 0..ms / POLL_MS {
            self.pass(POLL_MS);
        }
        self.pass(ms % POLL_MS);
    }

    /// Reads made while so much time passes.
    fn reads_in(&mut self, ms: u64) -> usize {
        let before = self.reads();
        self.go_on(ms);
        self.reads() - before
    }

    /// A call of eight minutes with its wrap-up, twelve minutes in all; the phone tells of it too, first.
    fn busy_quarter(&mut self, page_reads_ends: bool) {
        self.go_on(2 * MINUTE - 10 * SECOND);
        let call = self.call();
        self.contact(Some(ContactPhase::Ringing), None);
        self.go_on(10 * SECOND);
        self.accept(call);
        self.contact(Some(ContactPhase::Connected), None);
        self.go_on(8 * MINUTE);
        self.contact(None, None);
        self.go_on(SECOND);
        if page_reads_ends {
            self.hang_up(call);
        } else {
            self.works.get_mut(&call).expect("a work").conversation_ended = true;
        }
        self.go_on(2 * MINUTE - SECOND);
        self.close(call);
    }

    /// Eight hours of calls; every two hours the rep asks for Offline during a call and comes back after it.
    fn shift(&mut self) {
        self.join_phone("Available");
        for quarter in 0..40 {
            if quarter % 10 == 9 {
                let call = self.call();
                self.accept(call);
                self.request(Target::Offline);
                self.go_on(MINUTE);
                self.hang_up(call);
                self.close(call);
                self.go_on(10 * SECOND);
                self.set_presence(By::Rep, Some(status(AVAILABLE)), None);
            }
            self.busy_quarter(true);
        }
    }
}

#[test]
fn a_shift_with_the_bridge_makes_at_most_100_api_calls() {
    let mut world = World::working();
    world.shift();
    // The page is reloaded four times, too.
    for _ in 0..4 {
        world.lose_console();
        world.pass(10 * SECOND);
        world.connect_console();
        world.pass(SECOND);
    }
    let calls = world.reads() + SET_UP_CALLS;
    assert!((20..=100).contains(&calls), "{calls}");
}

#[test]
fn a_shift_without_the_bridge_makes_at_most_1500_api_calls() {
    let mut world = World::new(Settings::default());
    world.sign_in();
    world.shift();
    let calls = world.reads() + SET_UP_CALLS;
    assert!((500..=1_500).contains(&calls), "{calls}");

    // One call all day long is the most there can be.
    let mut world = World::new(Settings::default());
    world.sign_in();
    let call = world.call();
    world.accept(call);
    let calls = world.reads_in(8 * HOUR) + SET_UP_CALLS;
    assert!((1_000..=1_500).contains(&calls), "{calls}");
}

#[test]
fn without_a_console_a_call_a_contact_or_a_wish_is_followed_closely_and_nothing_else() {
    let Timings {
        read_fast_ms,
        read_idle_ms,
        ..
    } = Timings::default();
    let mut world = World::new(Settings::default());
    world.sign_in();
    let span = 20 * MINUTE;
    let within = |reads: usize, every_ms: u64| {
        let (most, least) = (span / every_ms, span * 8 / (every_ms * 9));
        (least.saturating_sub(1)..=most + 1).contains(&(reads as u64))
    };
    let reads = world.reads_in(span);
    assert!(within(reads, read_idle_ms), "idle: {reads}");

    world.join_phone("Available");
    world.contact(Some(ContactPhase::Connected), None);
    let reads = world.reads_in(span);
    assert!(within(reads, read_fast_ms), "a contact: {reads}");
    world.request(Target::Offline);
    world.contact(None, None);
    let reads = world.reads_in(span);
    assert!(within(reads, read_fast_ms), "a wish: {reads}");
    world.cancel();

    let call = world.call();
    world.pass(MINUTE);
    let reads = world.reads_in(span);
    assert!(within(reads, read_fast_ms), "a call: {reads}");
    world.close(call);
    world.pass(MINUTE);
    let reads = world.reads_in(span);
    assert!(within(reads, read_idle_ms), "idle again: {reads}");
}

#[test]
fn the_idle_pause_never_lets_the_answer_grow_stale() {
    for run in 0..200 {
        let mut now = Now {
            mono_ms: 5,
            wall_ms: 1_700_000_000_000,
        };
        let mut engine = Engine::new(Settings::default(), run, now);
        engine.handle(now, signed_in());
        for _ in 0..20 {
            let asked = now;
            now = now.plus(5_000);
            engine.handle(now, empty(asked));
            assert_eq!(engine.picture().call.phase, CallPhase::Idle);
            while !std::iter::from_fn(|| engine.poll_effect())
                .any(|effect| matches!(effect, Effect::Read { .. }))
            {
                let (at, why) = engine.poll_deadline().expect("a next read");
                now = at;
                engine.handle(now, Event::Tick);
                assert_eq!(engine.picture().call.phase, CallPhase::Idle, "run {run}, {why:?}");
            }
        }
    }
}

#[test]
fn desktops_that_start_together_do_not_read_together() {
    let next_read_of = |run| {
        let began = Now {
            mono_ms: 5,
            wall_ms: 1_700_000_000_000,
        };
        let mut engine = Engine::new(Settings::default(), run, began);
        let mut now = began;
        let asks = |engine: &mut Engine| {
            std::iter::from_fn(|| engine.poll_effect())
                .filter(|effect| matches!(effect, Effect::Read { .. }))
                .count()
        };
        engine.handle(now, signed_in());
        assert_eq!(asks(&mut engine), 1, "at the sign-in");
        engine.handle(now, empty(began));
        while asks(&mut engine) == 0 {
            now = engine.poll_deadline().expect("a next read").0;
            engine.handle(now, Event::Tick);
        }
        now.mono_ms
    };
    let times: std::collections::BTreeSet<u64> = (0..100).map(next_read_of).collect();
    assert!(times.len() > 90, "{times:?}");
    assert_eq!(next_read_of(7), next_read_of(7), "the same run, the same time");
}

#[test]
fn a_page_that_tells_the_ends_of_conversations_spares_the_question() {
    let mut world = World::working();
    world.join_phone("Available");
    let before = world.reads();
    world.busy_quarter(true);
    world.busy_quarter(true);
    assert!(world.reads() - before <= 2, "only the usual ones");

    // Where it does not, the org is asked: once.
    let before = world.reads();
    world.busy_quarter(false);
    assert!((1..=2).contains(&(world.reads() - before)));
    assert_eq!(world.phase(), CallPhase::Idle);
}

#[test]
fn the_end_that_the_page_does_not_tell_is_known_from_the_org_a_moment_later() {
    let mut world = World::working();
    world.join_phone("Available");
    let call = world.call();
    world.accept(call);
    world.contact(Some(ContactPhase::Connected), None);
    world.pass(MINUTE);
    world.works.get_mut(&call).expect("a work").conversation_ended = true;
    let before = world.reads();
    world.contact(None, None);
    assert_eq!(world.reads(), before, "the page has a moment to tell");
    world.pass(Timings::default().confirm_ms + 1);
    assert_eq!(world.reads(), before + 1);
    assert_eq!(world.phase(), CallPhase::WrapUp);
}

#[test]
fn after_sleep_the_org_is_asked_at_once() {
    for with_console in [false, true] {
        let mut world = World::new(Settings::default());
        world.sign_in();
        if with_console {
            world.connect_console();
        }
        world.pass(MINUTE);
        let before = world.reads();
        world.prompt = false;
        world.suspend(3_600_000);
        world.tell(Event::Tick);
        assert_eq!(world.reads(), before + 1, "with a console: {with_console}");
        assert_eq!(world.phase(), CallPhase::Unknown, "until it has answered");
    }
}

#[test]
fn what_a_stream_may_have_left_out_is_asked_of_the_page_or_else_of_the_org() {
    let mut world = World::working();
    world.pick(Some(status(BREAK)));
    world.page.outbox.clear();
    let before = world.reads();
    world.prompt = false;
    world.tell(Event::StreamGap);
    world.prompt = true;
    world.pass(1);
    assert_eq!(world.reads(), before, "the page costs no API call");
    assert_eq!(
        world.effects.iter().filter(|effect| is_snapshot(effect)).count(),
        2,
        "at the beginning, and now"
    );

    let mut world = World::new(Settings::default());
    world.tell(Event::StreamGap);
    assert_eq!(world.reads(), 0, "nobody is signed in");
    world.sign_in();
    world.pass(SECOND);
    let before = world.reads();
    world.tell(Event::StreamGap);
    assert_eq!(world.reads(), before + 1);
}

#[test]
fn that_nothing_is_pushed_is_said_and_changes_nothing_else() {
    let mut world = World::new(Settings::default());
    let stopped = Event::StreamStopped {
        why: StreamStop::Limit,
    };
    let told = |world: &World| {
        let problems = world.engine.picture().problems;
        let mut told = problems
            .into_iter()
            .filter(|problem| problem.code == ProblemCode::StreamStopped);
        told.next().map(|problem| problem.about)
    };
    world.tell(stopped.clone());
    assert_eq!(told(&world), None, "nobody is signed in");
    world.sign_in();
    world.pass(SECOND);
    let (reads, phase) = (world.reads(), world.phase());
    world.tell(stopped);
    assert_eq!(told(&world).as_deref(), Some("limit"));
    assert_eq!((world.reads(), world.phase()), (reads, phase));
    world.tell(Event::SignedOut);
    assert_eq!(told(&world), None);
}

fn is_snapshot(effect: &Effect) -> bool {
    let action = ConsoleAction::Snapshot;
    matches!(effect, Effect::Console { action: asked, .. } if *asked == action)
}

fn signed_in() -> Event {
    Event::SignedIn {
        org: id("00D", 1),
        user: id("005", 1),
        name: "Rep".to_owned(),
        org_url: "https://org.example/".to_owned(),
    }
}

fn empty(asked: Now) -> Event {
    Event::Rows {
        asked,
        works: Vec::new(),
        presence: PresenceRow {
            row: None,
            status: None,
            since_ms: None,
            modstamp_ms: None,
        },
    }
}
