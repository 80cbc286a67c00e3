//! The promises of DESIGN as properties over random lives. `PROPTEST_CASES` makes them longer.

use presence::effect::{ConsoleAction, Effect};
use presence::engine::Engine;
use presence::event::{Event, Target};
use presence::settings::{GuardedStatuses, Mode, Policy, Settings};
use proptest::prelude::*;

use crate::life::Life;
use crate::ops::{Kind, Op, ops, policies};
use crate::world::{AVAILABLE, BREAK, FINISHING, World, status};

fn is_write(effect: &Effect) -> bool {
    match effect {
        Effect::Console { action, .. } => *action != ConsoleAction::Snapshot,
        Effect::Phone { .. } => true,
        _ => false,
    }
}

proptest! {
    #![proptest_config(ProptestConfig { failure_persistence: None, ..ProptestConfig::default() })]

    /// Nothing that makes the rep Offline is sent, or really happens, in a call: whatever comes late, twice,
    /// out of order or from nowhere, whatever crashes, sleeps or is lost. And the phase is what the evidence
    /// says (P5), and no acknowledged hold is lost silently (P2): `World::check` at every step.
    #[test]
    fn p1_nothing_makes_the_rep_offline_in_a_call(ops in ops(Kind::Hostile, 60), settings in policies()) {
        let mut life = Life::new(Kind::Hostile, settings);
        life.world.hostile = true;
        life.lead(&ops);
    }

    /// A hold is on disk before it is acknowledged; it is never lost silently and never applied twice.
    #[test]
    fn p2_a_hold_survives_and_is_applied_once(ops in ops(Kind::Ordered, 60), settings in policies()) {
        let mut life = Life::new(Kind::Ordered, settings);
        life.lead(&ops);
        life.come_to_rest();
        prop_assert_eq!(life.world.watch.standing, None);
        prop_assert_eq!(life.world.stored.intent.clone(), None);
        prop_assert_eq!(life.world.stored.held_as, None);
    }

    /// Whatever happens, an observing Holdline writes nothing; and nothing waits for ever.
    #[test]
    fn observing_it_writes_nothing(ops in ops(Kind::Hostile, 60), settings in policies()) {
        let settings = Settings { mode: Mode::Observe, ..settings };
        let mut life = Life::new(Kind::Hostile, settings);
        life.world.hostile = true;
        life.lead(&ops);
        let picture = life.world.picture();
        prop_assert_eq!((picture.held, picture.pending), (None, None));
        prop_assert_eq!(life.world.effects.iter().filter(|effect| is_write(effect)).count(), 0);
    }

    /// Presence that is no longer wanted never stays: after the last cancel the Busy status of `hold_as` is
    /// gone. Whoever leaves leaves presence as it is.
    #[test]
    fn hold_as_never_outlives_its_hold(ops in ops(Kind::Steady, 60), settings in policies()) {
        let settings = Settings { hold_as: Some("Finishing".to_owned()), ..settings };
        let mut life = Life::new(Kind::Steady, settings);
        life.lead(&ops);
        life.world.ask(|ticket| Event::Cancel { ticket });
        life.come_to_rest();
        if !life.world.watch.left {
            prop_assert_ne!(life.world.presence, Some(status(FINISHING)));
        }
    }

    /// The last wish is what presence ends at, whichever way it was made.
    #[test]
    fn p3_the_last_wish_wins(ops in ops(Kind::Steady, 60), settings in policies()) {
        let mut life = Life::new(Kind::Steady, settings);
        life.lead(&ops);
        life.come_to_rest();
        if let Some(wish) = life.world.watch.last_wish {
            prop_assert_eq!(life.world.presence, wish);
        }
    }

    /// A hold is armed as soon as everybody has done what is due, fires at the close of the last voice work,
    /// and is confirmed.
    #[test]
    fn p4_a_hold_is_applied_at_the_end_of_the_last_voice_work(ops in ops(Kind::Steady, 40)) {
        let mut life = Life::new(Kind::Steady, Settings::default());
        life.lead(&ops);
        life.come_to_rest();
        let world = &mut life.world;
        world.set_presence(crate::world::By::Rep, Some(crate::world::status(1)), None);
        let works: Vec<_> = (0..3).map(|_| world.call()).collect();
        world.accept(works[0]);
        world.request(Target::Offline);
        world.accept(works[1]);
        prop_assert_eq!(world.page.arms.len(), 1);
        for work in &works {
            prop_assert!(!world.is_logged_out());
            world.close(*work);
        }
        prop_assert!(world.is_logged_out());
        prop_assert_eq!(world.picture().pending, None);
        prop_assert_eq!(world.watch.standing, None);
    }

    /// The indicator is what AgentWork evidence says, also under what the phone does. The reference knows
    /// neither guard nor hold; it is compared at every step.
    #[test]
    fn p5_the_indicator_is_the_evidence(ops in ops(Kind::Ordered, 120)) {
        let mut life = Life::new(Kind::Ordered, Settings::default());
        life.lead(&ops);
    }

    /// One outside change causes at most one write to the other side: at rest nothing swings.
    #[test]
    fn p6_at_rest_nothing_is_written(ops in ops(Kind::Ordered, 60)) {
        let mut life = Life::new(Kind::Ordered, Settings::default());
        life.lead(&ops);
        life.come_to_rest();
        life.world.effects.clear();
        life.world.pass(3_600_000);
        prop_assert_eq!(life.world.effects.iter().filter(|effect| is_write(effect)).count(), 0);
    }

    /// The same word said twice does nothing the second time.
    #[test]
    fn p9_a_word_said_again_does_nothing(ops in ops(Kind::Hostile, 50), which in any::<prop::sample::Index>()) {
        let mut life = Life::new(Kind::Hostile, Settings::default());
        life.world.hostile = true;
        life.lead(&ops);
        let said: Vec<Event> = life.world.history.iter().map(|(_, event)| event.clone()).collect();
        let said: Vec<Event> = said.into_iter().filter(can_be_repeated).collect();
        if !said.is_empty() {
            let mut engine = life.world.engine.clone();
            let now = life.world.now;
            let event = which.get(&said).clone();
            engine.handle(now, event.clone());
            while engine.poll_effect().is_some() {}
            let (state, picture) = (engine.state().clone(), engine.picture());
            engine.handle(now, event);
            prop_assert_eq!(engine.poll_effect(), None);
            prop_assert_eq!(engine.state(), &state);
            prop_assert_eq!(engine.picture(), picture);
        }
    }

    /// Same events at the same times: same effects and state, to the byte.
    #[test]
    fn the_same_life_twice_is_the_same(ops in ops(Kind::Steady, 80)) {
        let mut life = Life::new(Kind::Steady, Settings::default());
        life.lead(&ops);
        let first = World::new(Settings::default()).now;
        let mut again = Engine::new(Settings::default(), 1, first);
        let mut effects = Vec::new();
        for (now, event) in &life.world.history {
            again.handle(*now, event.clone());
            effects.extend(std::iter::from_fn(|| again.poll_effect()));
        }
        prop_assert_eq!(&effects, &life.world.effects);
        prop_assert_eq!(again.state(), life.world.engine.state());
    }

    /// A Tick at each deadline, and nothing else, comes to rest: deadlines move on, and there are not many.
    #[test]
    fn deadlines_make_progress(ops in ops(Kind::Hostile, 60)) {
        let mut life = Life::new(Kind::Hostile, Settings::default());
        life.world.hostile = true;
        life.lead(&ops);
        let mut engine = life.world.engine.clone();
        let mut now = life.world.now;
        engine.handle(now, Event::Tick);
        let end = now.plus(3_600_000);
        let mut ticks = 0;
        while let Some((at, why)) = engine.poll_deadline() {
            prop_assert!(!now.reached(at), "{why:?} has already come");
            if at.mono_ms > end.mono_ms {
                break;
            }
            now = now.plus(at.mono_ms - now.mono_ms);
            engine.handle(now, Event::Tick);
            while engine.poll_effect().is_some() {}
            ticks += 1;
            // Without any answer: reads time out every 15 s, and few other things are due beside them.
            prop_assert!(ticks <= 1_000, "{ticks} ticks in an hour, the last for {why:?}");
        }
    }
}

/// A stray logout's answer comes after the sight of it: the rep's own logout after that is theirs.
#[test]
fn p3_a_stray_command_seen_already_excuses_no_later_choice() {
    let mut life = Life::new(Kind::Steady, Settings::default());
    let ops = [
        Op::Request(0),
        Op::Disk,
        Op::Page,
        Op::Page,
        Op::Request(4),
        Op::Disk,
        Op::Pick(2),
        Op::Pick(0),
    ];
    life.lead(&ops);
    life.come_to_rest();
    assert_eq!(life.world.presence, None);
}

/// Nothing is written again before the console was heard: the first logout has been carried out, and the rep's
/// own login since then is on its way.
#[test]
fn p3_a_write_is_not_repeated_unheard() {
    let mut life = Life::new(Kind::Steady, Settings::default());
    let ops = [Op::Request(0), Op::Disk, Op::Page, Op::Pass(4_000), Op::Pick(1)];
    life.lead(&ops);
    life.lead(&[Op::Pass(30_000), Op::Settle]);
    life.come_to_rest();
    assert_eq!(life.world.presence, Some(status(AVAILABLE)));
}

/// Logged out by a command of ours that a newer wish has taken back, the rep is logged in again for it, whoever
/// asked.
#[test]
fn p3_a_newer_wish_of_nobodys_own_survives_our_own_logout() {
    let mut life = Life::new(Kind::Steady, Settings::default());
    let (idle_offline, updater_break) = (Op::Request(4 * 8), Op::Request(7 * 8 + 4));
    life.lead(&[idle_offline, Op::Disk, Op::Page, updater_break, Op::Deliver]);
    life.come_to_rest();
    assert_eq!(life.world.presence, Some(status(BREAK)));
}

/// The rep's own logout was taken for the armed one's, which comes after they have logged in again.
#[test]
fn p3_an_armed_logout_after_the_reps_own_is_made_good() {
    let mut life = Life::new(Kind::Steady, Settings::default());
    let (offline, log_out, available) = (Op::Request(0), Op::Pick(0), Op::Pick(1));
    life.lead(&[Op::Call, Op::Accept(0), Op::Deliver, offline, Op::Settle]);
    assert_eq!(life.world.page.arms.len(), 1);
    life.lead(&[log_out, available, Op::Close(0)]);
    assert!(life.world.is_logged_out());
    life.come_to_rest();
    assert_eq!(life.world.presence, Some(status(AVAILABLE)));
}

/// A hold waits for the disk behind two requests, while the logout it was before its hold is made good.
#[test]
fn p2_a_hold_that_is_made_good_is_told() {
    let mut life = Life::new(Kind::Ordered, Settings::default());
    let (phone_offline, after_call_work) = (Op::PhonePick(2), Op::Contact(1));
    let (offline, sign_out) = (Op::Request(0), Op::Request(5));
    life.lead(&[
        phone_offline,
        Op::Page,
        after_call_work,
        Op::Deliver,
        Op::DiskFull(true),
    ]);
    life.lead(&[
        offline,
        Op::Deliver,
        Op::Cancel,
        Op::Deliver,
        sign_out,
        Op::Settle,
    ]);
    assert_eq!(life.world.watch.standing, None);
}

/// What a request was to replace has given way to the rep's own choice before the disk refuses the request.
#[test]
fn p3_a_hold_does_not_stand_again_after_a_choice() {
    let policy = Policy {
        guarded: GuardedStatuses::NonRoutable,
        ..Policy::default()
    };
    let settings = Settings {
        policy,
        ..Settings::default()
    };
    let mut life = Life::new(Kind::Steady, settings);
    let (offline, to_break) = (Op::Request(0), Op::Request(4));
    life.lead(&[
        offline,
        Op::Call,
        Op::Settle,
        Op::DiskFull(true),
        Op::Pick(2),
        to_break,
    ]);
    life.lead(&[Op::Deliver, Op::Disk]);
    life.come_to_rest();
    assert_eq!(life.world.presence, Some(status(BREAK)));
}

/// While the call goes on, what is armed has done nothing: the logout is the rep's own.
#[test]
fn p3_a_logout_before_the_end_of_the_call_is_not_the_armed_one() {
    let mut life = Life::new(Kind::Steady, Settings::default());
    let (offline, to_break, log_out) = (Op::Request(0), Op::Pick(2), Op::Pick(0));
    life.lead(&[
        Op::Call,
        Op::Accept(0),
        offline,
        Op::Settle,
        to_break,
        log_out,
        Op::Close(0),
    ]);
    life.come_to_rest();
    assert_eq!(life.world.presence, None);
}

/// A logout of ours that comes late takes nothing from what a request was to replace.
#[test]
fn p3_what_was_to_be_replaced_outlives_our_own_logout() {
    let mut life = Life::new(Kind::Steady, Settings::default());
    let (offline, available) = (Op::Request(0), Op::Request(3));
    life.lead(&[
        offline.clone(),
        Op::Disk,
        Op::Page,
        available,
        Op::DiskFull(true),
        Op::Disk,
        offline,
    ]);
    life.lead(&[Op::Deliver, Op::Deliver, Op::Settle]);
    life.come_to_rest();
    assert_eq!(life.world.presence, Some(status(AVAILABLE)));
}

/// Cancelling is not for what makes good a Busy status that was set against the rep's own login.
#[test]
fn hold_as_is_made_good_whatever_is_cancelled() {
    let settings = Settings {
        hold_as: Some("Finishing".to_owned()),
        ..Settings::default()
    };
    let mut life = Life::new(Kind::Steady, settings);
    let (offline, log_out, available) = (Op::Request(0), Op::Pick(0), Op::Pick(1));
    life.lead(&[
        Op::OtherCall,
        Op::Settle,
        Op::Accept(0),
        offline,
        log_out,
        Op::Disk,
        Op::Deliver,
    ]);
    life.lead(&[
        available,
        Op::Page,
        Op::Page,
        Op::ConnectConsole,
        Op::Pass(29_000),
        Op::Settle,
    ]);
    life.world.ask(|ticket| Event::Cancel { ticket });
    life.come_to_rest();
    assert_ne!(life.world.presence, Some(status(FINISHING)));
}

/// A rule's wish that is given up is settled with all that follows from it, at once.
#[test]
fn p9_the_end_of_a_rules_wish_leaves_nothing_for_the_next_event() {
    let mut life = Life::new(Kind::Ordered, Settings::default());
    let (after_call_work, offline, to_break) = (Op::Contact(1), Op::PhonePick(2), Op::PhonePick(1));
    life.lead(&[
        after_call_work,
        offline,
        Op::LoseConsole,
        to_break,
        Op::Suspend(120_000),
    ]);
    let mut engine = life.world.engine.clone();
    engine.handle(life.world.now, Event::Tick);
    while engine.poll_effect().is_some() {}
    let state = engine.state().clone();
    engine.handle(life.world.now, Event::Tick);
    assert_eq!(engine.poll_effect(), None);
    assert_eq!(engine.state(), &state);
}

/// Requests have answers, a phone that joins anew is a new phone, and a sign-in asks the org again.
fn can_be_repeated(event: &Event) -> bool {
    !matches!(
        event,
        Event::Cancel { .. }
            | Event::PhoneJoined(_)
            | Event::Request { .. }
            | Event::Return { .. }
            | Event::SignedIn { .. }
    )
}
