//! P6 and P7 over rule sets made up, contradictory and cyclic ones among them.

use presence::effect::{ConsoleAction, Effect};
use presence::event::{Event, Target};
use presence::note::Note;
use presence::phone::ContactPhase;
use presence::picture::Picture;
use presence::problem::ProblemCode;
use presence::rules::{Destination, RuleEvent};
use presence::settings::{Authority, Settings};
use proptest::prelude::*;

use crate::life::{Life, workload};
use crate::ops::{Kind, Op, ops};
use crate::rule_sets::{crossing_settings, missing, wild_settings};
use crate::world::{AVAILABLE, BREAK, NAMED_OFFLINE, World, status};

/// Asked for in after-call work, Offline is at the phone already when the rep changes their mind, and the phone
/// has joined anew in between.
#[test]
fn p7_a_hold_at_a_phone_that_joins_anew_is_reconciled() {
    let settings = Settings {
        authority: Authority::Last,
        ..Settings::default()
    };
    let (after_call_work, none) = (Op::Contact(1), Op::Contact(0));
    let (offline, available) = (Op::Request(0), Op::Request(3));
    for change_of_mind in [available, Op::Cancel] {
        let mut life = Life::new(Kind::Ordered, settings.clone());
        life.lead(&[after_call_work.clone(), offline.clone(), Op::Settle, none.clone()]);
        assert_eq!(life.world.phone(), "Offline");
        life.lead(&[change_of_mind]);
        life.come_to_rest();
        assert_eq!(life.world.presence, Some(status(AVAILABLE)));
        assert_eq!(life.world.phone(), "Available");
    }
}

/// A rule's wish ends while nobody tells of presence, which then is what it was before.
#[test]
fn p7_what_happened_while_apart_is_reconciled() {
    let settings = Settings {
        authority: Authority::Last,
        ..Settings::default()
    };
    let mut life = Life::new(Kind::Ordered, settings.clone());
    life.lead(&[Op::PhonePick(1), Op::Suspend(40_000), Op::Pick(2), Op::Pick(1)]);
    life.come_to_rest();
    let picture = life.world.picture();
    let apart = missing(&picture, &settings, Destination::Connect).and(missing(
        &picture,
        &settings,
        Destination::Salesforce,
    ));
    assert_eq!(apart, None);
}

/// Something changes outside, with everybody prompt.
#[derive(Clone, Copy, Debug)]
enum Outside {
    Call,
    Email,
    PhonePick(&'static str),
    Pick(Option<u32>),
    Request(Option<u32>),
    Twice,
    Workload(u8),
}

fn outside() -> impl Strategy<Value = Outside> {
    let presence = || prop::sample::select(vec![None, Some(AVAILABLE), Some(BREAK), Some(NAMED_OFFLINE)]);
    let phone = prop::sample::select(vec!["Available", "Break", "Offline", "Busy"]);
    prop_oneof![
        1 => Just(Outside::Call),
        2 => Just(Outside::Email),
        4 => phone.prop_map(Outside::PhonePick),
        4 => presence().prop_map(Outside::Pick),
        2 => presence().prop_map(Outside::Request),
        1 => Just(Outside::Twice),
        2 => any::<u8>().prop_map(Outside::Workload),
    ]
}

impl Outside {
    fn happen(self, world: &mut World) {
        match self {
            Self::Call => {
                let call = world.call();
                world.contact(Some(ContactPhase::Ringing), None);
                world.decline(call);
                world.contact(None, None);
            }
            Self::Email => {
                let email = world.email();
                world.accept(email);
            }
            Self::PhonePick(name) => world.phone_pick(name),
            Self::Pick(to) => world.pick(to.map(status)),
            Self::Request(to) => {
                let target = to.map_or(Target::Offline, |to| Target::Status(status(to)));
                world.request_of(target);
            }
            // The last word of each side is said again.
            Self::Twice => {
                let said: Vec<Event> = world.history.iter().map(|(_, event)| event.clone()).collect();
                let of = |event: &&Event| {
                    matches!(
                        event,
                        Event::Work { .. } | Event::Workload(_) | Event::PhoneState(_)
                    )
                };
                let last: Vec<Event> = said.iter().rev().filter(of).take(1).cloned().collect();
                last.into_iter().for_each(|event| world.tell(event));
            }
            Self::Workload(n) => world.tell(Event::Workload(workload(n))),
        }
    }
}

/// Writes to the phone, and to presence.
fn writes(effects: &[Effect]) -> (usize, usize) {
    let to_phone = |effect: &&Effect| matches!(effect, Effect::Phone { .. });
    let to_presence = |effect: &&Effect| match effect {
        Effect::Console { action, .. } => !matches!(action, ConsoleAction::Snapshot),
        _ => false,
    };
    (
        effects.iter().filter(to_phone).count(),
        effects.iter().filter(to_presence).count(),
    )
}

fn excused(picture: &Picture) -> bool {
    let told = |code| picture.problems.iter().any(|problem| problem.code == code);
    told(ProblemCode::PhoneRefused) || told(ProblemCode::PresenceRefused)
}

/// The side the settings say counts; the test phone does not tell since when it is in its state.
fn side(settings: &Settings) -> Destination {
    match settings.authority {
        Authority::Last | Authority::Omni => Destination::Salesforce,
        Authority::Telephony => Destination::Connect,
    }
}

/// A write to that side begins; trying it again is none.
fn begins(note: &&Note, to: Destination) -> bool {
    matches!(note, Note::Sent { side, attempt: 1, .. } if *side == to)
}

proptest! {
    #![proptest_config(ProptestConfig { failure_persistence: None, ..ProptestConfig::default() })]

    /// One outside change is at most one write to each side, whatever the rules say, and then there is peace.
    #[test]
    fn p6_one_outside_change_is_one_write(
        settings in wild_settings(),
        changes in prop::collection::vec(outside(), 1..12),
    ) {
        let mut world = World::working_with(settings);
        world.join_phone("Available");
        world.pass(120_000);
        for change in changes {
            world.effects.clear();
            world.notes.clear();
            change.happen(&mut world);
            world.pass(120_000);
            let (to_phone, to_presence) = writes(&world.effects);
            let (own, steps) = match change {
                Outside::Request(_) => (1, 1),
                // It rings, is declined, and the phone comes out of it.
                Outside::Call => (0, 2),
                _ => (0, 1),
            };
            prop_assert!(to_phone <= steps, "{change:?}: {:?}", world.notes);
            prop_assert!(to_presence <= steps + own, "{change:?}: {:?}", world.notes);
        }
        prop_assert!(!world.has_problem(ProblemCode::SyncPaused));
    }

    /// Also when everything takes its time, but no more than is known of: no more writes begin than there were
    /// changes from outside.
    #[test]
    fn p6_late_echoes_are_nobodys_wish(
        settings in wild_settings(),
        steps in prop::collection::vec((outside(), 0..4u8, any::<u8>(), 1..300u32), 1..24),
    ) {
        let mut world = World::working_with(settings);
        world.join_phone("Available");
        world.pass(120_000);
        world.prompt = false;
        world.effects.clear();
        world.notes.clear();
        let mut changes = 0;
        for (change, pages, which, ms) in steps {
            let request = matches!(change, Outside::Request(_));
            if !matches!(change, Outside::Call) && !request {
                change.happen(&mut world);
                changes += 1;
            }
            for _ in 0..pages {
                let _ = match which % 4 {
                    0 => world.run_page(),
                    1 => world.run_phone(),
                    2 => world.deliver_page(),
                    _ => world.run_disk(),
                };
            }
            world.heartbeat();
            world.pass(u64::from(ms));
        }
        world.prompt = true;
        world.run_all();
        world.pass(120_000);
        // What was taken back and is carried out all the same is made good, on both sides (P3).
        let taken_back = world.effects.iter().filter(|effect| matches!(effect, Effect::Withdraw { .. })).count();
        for to in [Destination::Connect, Destination::Salesforce] {
            let begun = world.notes.iter().filter(|note| begins(note, to)).count();
            prop_assert!(begun <= changes + taken_back, "{begun} of {changes}: {:#?}", world.notes);
        }
    }

    /// At rest the sides agree with what the rules and the authority say; after a restart with what the side
    /// that counts says. A phone that loses, forgets or refuses requests for a while changes nothing of that. What
    /// was under way when the rep left is nobody's any more.
    #[test]
    fn p7_at_rest_the_sides_agree(settings in crossing_settings(), ops in ops(Kind::Ordered, 60)) {
        let mut life = Life::new(Kind::Ordered, settings.clone());
        life.lead(&ops);
        life.come_to_rest();
        let picture = life.world.picture();
        let of_phone = missing(&picture, &settings, Destination::Connect);
        let of_presence = missing(&picture, &settings, Destination::Salesforce);
        prop_assert!(
            of_phone.is_none() || of_presence.is_none() || excused(&picture) || life.world.watch.left,
            "{of_phone:?}, {of_presence:?}: {:#?}", life.world.notes
        );
        life.world.crash();
        life.world.sign_in();
        life.come_to_rest();
        let picture = life.world.picture();
        prop_assert_eq!(missing(&picture, &settings, side(&settings)), None, "{:#?}", life.world.notes);
        prop_assert!(!picture.sync_paused);
    }

    /// A phone that never does what it is asked is left alone, and the rep is told.
    #[test]
    fn p7_or_the_rep_is_told(settings in crossing_settings(), picks in prop::collection::vec(0..4u32, 1..6)) {
        let mut world = World::working_with(settings.clone());
        world.join_phone("Available");
        world.phone_truth().stubborn = true;
        for pick in picks {
            world.pick(Some(pick).filter(|pick| *pick > 0).map(status));
            world.pass(200_000);
            let picture = world.picture();
            let apart = missing(&picture, &settings, Destination::Salesforce)
                .and(missing(&picture, &settings, Destination::Connect));
            prop_assert!(apart.is_none() || excused(&picture), "{apart:?}");
        }
    }

    /// No rule ever logs a rep in.
    #[test]
    fn p6_rules_never_log_in(settings in wild_settings(), changes in prop::collection::vec(outside(), 1..12)) {
        let mut world = World::working_with(settings);
        world.join_phone("Available");
        world.pick(None);
        for change in changes {
            if !matches!(change, Outside::Pick(_) | Outside::Request(_)) {
                change.happen(&mut world);
                world.pass(120_000);
            }
        }
        prop_assert!(world.is_logged_out());
    }
}

/// The oracle itself can say no.
#[test]
fn the_oracle_sees_sides_that_disagree() {
    let settings = Settings::default();
    let mut world = World::working_with(settings.clone());
    world.join_phone("Available");
    world.phone_truth().stubborn = true;
    world.pick(Some(status(BREAK)));
    let picture = world.picture();
    assert!(missing(&picture, &settings, Destination::Salesforce).is_some());
    assert!(missing(&picture, &settings, Destination::Connect).is_some());
    let fired = |note: &Note| {
        matches!(
            note,
            Note::Rule {
                event: RuleEvent::SalesforceAgentStateChange,
                ..
            }
        )
    };
    assert!(world.notes.iter().any(fired));
}
