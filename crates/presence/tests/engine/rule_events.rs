//! The five events, what rules may do at them, and what stops them.

use presence::effect::NoticeCode;
use presence::event::{Event, Target, WorkStage, Workload};
use presence::note::{Note, RuleOutcome};
use presence::phone::ContactPhase;
use presence::problem::ProblemCode;
use presence::rules::{Comparator, Criterion, Destination, OFFLINE, Operand, Rule, RuleEvent, RuleSet};
use presence::settings::{Authority, Mode, Profile, Settings};

use crate::rule_sets::{equal, rule};
use crate::world::{AVAILABLE, BREAK, NAMED_OFFLINE, World, status};

use Destination::{Connect, Salesforce};

fn only(rules: Vec<Rule>) -> Settings {
    Settings {
        rules: RuleSet {
            rules,
            by_name: false,
        },
        ..Settings::default()
    }
}

fn with(settings: Settings) -> World {
    let mut world = World::working_with(settings);
    world.join_phone("Available");
    world.pass(1_000);
    world.notes.clear();
    world
}

fn outcomes(world: &World) -> Vec<RuleOutcome> {
    let outcome = |note: &Note| match note {
        Note::Rule { outcome, .. } => Some(*outcome),
        _ => None,
    };
    world.notes.iter().filter_map(outcome).collect()
}

fn on_phone(criteria: Vec<Criterion>, to: Destination, state: &str) -> Rule {
    rule(RuleEvent::ConnectAgentStateChange, criteria, to, state)
}

fn load(previous: i64, new: i64) -> Event {
    Event::Workload(Workload {
        configured_milli: 4_000,
        previous_milli: previous * 1_000,
        new_milli: new * 1_000,
    })
}

#[test]
fn a_phone_rule_sees_the_new_state_and_the_old_system_states_too() {
    let from_busy = vec![
        equal(Operand::ConnectAgentOldState, "Busy"),
        equal(Operand::ConnectAgentNewState, "Available"),
    ];
    let to_busy = vec![equal(Operand::ConnectAgentNewState, "Busy")];
    let mut world = with(only(vec![
        on_phone(to_busy, Salesforce, "Busy_Offline"),
        on_phone(from_busy, Salesforce, "Available"),
    ]));
    world.phone_pick("Busy");
    assert_eq!(world.presence, Some(status(NAMED_OFFLINE)));
    world.phone_pick("Available");
    assert_eq!(world.presence, Some(status(AVAILABLE)));
    world.phone_pick("Break");
    assert_eq!(outcomes(&world), [RuleOutcome::Fired, RuleOutcome::Fired]);
}

#[test]
fn the_first_match_per_destination_wins_and_names_come_last() {
    let to_break = vec![equal(Operand::SalesforceAgentNewState, "Break")];
    let event = RuleEvent::SalesforceAgentStateChange;
    let mut settings = only(vec![
        rule(event, to_break.clone(), Connect, "Available"),
        rule(event, to_break, Connect, "Offline"),
    ]);
    settings.rules.by_name = true;
    let mut world = with(settings);
    world.pick(Some(status(BREAK)));
    assert_eq!(world.phone_truth().log, []);
    assert_eq!(outcomes(&world), [RuleOutcome::AlreadySo]);
    // No rule of the file speaks of a logout.
    world.pick(None);
    assert_eq!(world.phone_truth().log, [("Offline".to_owned(), true)]);
}

#[test]
fn a_status_named_offline_is_no_logout_and_reached_by_its_developer_name_only() {
    let offline = || vec![equal(Operand::SalesforceAgentNewState, OFFLINE)];
    let mut world = with(only(vec![
        rule(RuleEvent::SalesforceAgentLogout, offline(), Connect, OFFLINE),
        rule(RuleEvent::SalesforceAgentStateChange, offline(), Connect, "Break"),
        on_phone(Vec::new(), Salesforce, OFFLINE),
    ]));
    world.pick(Some(status(NAMED_OFFLINE)));
    assert_eq!(world.phone_truth().log, [("Break".to_owned(), false)]);
    world.phone_pick("Available");
    assert!(world.is_logged_out(), "the label means a logout");
    // Logged out by a rule: its echo fires none.
    assert_eq!(world.phone_truth().state.name, "Available");
    world.pick(Some(status(AVAILABLE)));
    world.pick(None);
    assert_eq!(world.phone_truth().state.name, "Offline");
}

#[test]
fn system_states_are_never_a_destination() {
    let mut world = with(only(vec![rule(
        RuleEvent::SalesforceAgentStateChange,
        Vec::new(),
        Connect,
        "Busy",
    )]));
    world.pick(Some(status(BREAK)));
    assert_eq!(world.phone_truth().log, []);
    assert_eq!(outcomes(&world), [RuleOutcome::NoSuchState]);
}

#[test]
fn accepted_work_of_any_channel_is_told_once_by_whatever_evidence() {
    let email = vec![equal(Operand::SalesforceServiceChannel, "sfdc_email")];
    let accepted = RuleEvent::SalesforceWorkAccepted;
    let mut world = with(only(vec![rule(accepted, email, Connect, "Break")]));
    let call = world.call();
    world.accept(call);
    world.close(call);
    assert_eq!(outcomes(&world), []);
    let work = world.email();
    assert_eq!(outcomes(&world), []);
    world.accept(work);
    assert_eq!(outcomes(&world), [RuleOutcome::Fired]);
    assert_eq!(world.phone(), "Break");
    assert_eq!(world.phase(), presence::picture::CallPhase::Idle);
    // Snapshots and rows show it for ten more minutes, and the rep goes back by hand.
    world.phone_pick("Available");
    world.pass(1_300_000);
    assert_eq!(world.phone(), "Available");

    // This one the page is too busy to report; a snapshot shows it.
    let work = world.email();
    world.works.get_mut(&work).unwrap().stage = WorkStage::Opened;
    world.pass(61_000);
    assert_eq!(world.phone(), "Break");
}

#[test]
fn work_accepted_before_anybody_looked_is_no_news() {
    let settings = only(vec![rule(
        RuleEvent::SalesforceWorkAccepted,
        Vec::new(),
        Connect,
        "Break",
    )]);
    let mut world = World::new(settings);
    let work = world.email();
    world.accept(work);
    world.page.outbox.clear();
    world.join_phone("Available");
    world.sign_in();
    world.connect_console();
    world.pass(120_000);
    assert_eq!(outcomes(&world), []);
}

#[test]
fn workload_rules_compare_numbers_and_duplicates_fire_nothing() {
    let full = Criterion {
        a: Operand::SalesforceNewWorkloadPct,
        comparator: Comparator::GreaterOrEqual,
        b: Operand::StaticValue("75".to_owned()),
    };
    let changed = RuleEvent::SalesforceWorkloadChanged;
    let mut world = with(only(vec![rule(changed, vec![full], Connect, "Break")]));
    world.tell(load(1, 2));
    assert_eq!(outcomes(&world), []);
    world.tell(load(2, 3));
    assert_eq!(world.phone(), "Break");
    world.phone_pick("Available");
    world.tell(load(2, 3));
    assert_eq!(world.phone(), "Available");
    assert_eq!(outcomes(&world), [RuleOutcome::Fired]);
}

#[test]
fn contradictory_rules_never_ping_pong() {
    let new = || Operand::SalesforceAgentNewState;
    let phone = || Operand::ConnectAgentNewState;
    let changed = RuleEvent::SalesforceAgentStateChange;
    let mut world = with(only(vec![
        rule(changed, vec![equal(new(), "Available")], Connect, "Break"),
        rule(changed, vec![equal(new(), "Break")], Connect, "Available"),
        on_phone(vec![equal(phone(), "Break")], Salesforce, "Break"),
        on_phone(vec![equal(phone(), "Available")], Salesforce, "Available"),
    ]));
    world.pick(Some(status(BREAK)));
    world.pass(3_600_000);
    // It was put into Break at the start, by authority.
    assert_eq!(world.phone_truth().log.len(), 2);
    assert_eq!(world.presence, Some(status(BREAK)));
    world.phone_pick("Break");
    world.pass(3_600_000);
    assert_eq!(world.presence, Some(status(BREAK)));
    assert_eq!(world.phone(), "Break");
}

#[test]
fn the_reps_wish_at_holdline_is_followed_by_the_phone() {
    let mut world = with(Settings::default());
    world.request(Target::Status(status(BREAK)));
    assert_eq!(world.phone(), "Break");
    assert_eq!(outcomes(&world), [RuleOutcome::Fired]);
}

#[test]
fn a_wish_that_salesforce_keeps_refusing_ends_and_is_told() {
    let mut world = with(Settings::default());
    world.page.refuses = true;
    world.phone_pick("Break");
    world.pass(600_000);
    assert_eq!(world.picture().pending, None);
    assert!(world.has_problem(ProblemCode::PresenceRefused));
    assert!(!world.has_problem(ProblemCode::WriteNotConfirmed));
    let sent = |note: &&Note| matches!(note, Note::Sent { side: Salesforce, .. });
    assert_eq!(world.notes.iter().filter(sent).count(), 6);
    world.page.refuses = false;
    // The page answers the next question for its state.
    world.pass(60_000);
    world.phone_pick("Available");
    world.phone_pick("Break");
    assert_eq!(world.presence, Some(status(BREAK)));
    assert!(!world.has_problem(ProblemCode::PresenceRefused));
}

#[test]
fn a_wish_without_a_console_does_not_wait_for_hours() {
    for (authority, phone, presence) in [
        (Authority::Omni, "Available", AVAILABLE),
        (Authority::Telephony, "Break", BREAK),
    ] {
        let mut world = with(Settings {
            authority,
            ..Settings::default()
        });
        world.lose_console();
        world.phone_pick("Break");
        world.pass(7_200_000);
        assert_eq!(world.picture().pending, None);
        assert!(world.has_problem(ProblemCode::PresenceRefused));
        world.connect_console();
        world.pass(10_000);
        assert_eq!(world.phone(), phone, "{authority:?}");
        assert_eq!(world.presence, Some(status(presence)), "{authority:?}");
    }
}

#[test]
fn sides_that_were_apart_are_reconciled_by_authority() {
    let since_phone = |world: &World, later: bool| world.now.wall_ms + if later { -10_000 } else { -900_000 };
    for (authority, later, expected) in [
        (Authority::Omni, true, "Available"),
        (Authority::Telephony, false, "Break"),
        (Authority::Last, true, "Break"),
        (Authority::Last, false, "Available"),
    ] {
        // Available for a minute when Holdline starts.
        let mut world = World::new(Settings {
            authority,
            ..Settings::default()
        });
        world.presence_since_ms = world.now.wall_ms - 60_000;
        world.join_phone("Available");
        world.lose_phone();
        let since = since_phone(&world, later);
        world.phone_truth().since_ms = Some(since);
        world.phone_truth().state = crate::phone::state("Break");
        world.rejoin_phone();
        world.sign_in();
        world.connect_console();
        world.pass(10_000);
        assert_eq!(world.phone(), expected, "{authority:?} {later}");
        let label = ["Available", "Break"][usize::from(world.presence == Some(status(BREAK)))];
        assert_eq!(label, expected, "{authority:?} {later}");
    }
}

#[test]
fn the_phone_counts_also_when_the_org_has_not_told_its_statuses_yet() {
    let mut world = World::new(Settings {
        authority: Authority::Telephony,
        ..Settings::default()
    });
    world.join_phone("Break");
    let catalogue = std::mem::take(&mut world.catalogue);
    world.sign_in();
    world.connect_console();
    world.pass(1_000);
    world.tell(Event::Catalogue(catalogue));
    world.pass(10_000);
    assert_eq!(world.phone(), "Break");
    assert_eq!(world.presence, Some(status(BREAK)));
}

#[test]
fn the_org_tells_since_when_also_where_the_console_was_quicker() {
    for before_sign_in in [false, true] {
        let mut world = World::new(Settings {
            authority: Authority::Last,
            ..Settings::default()
        });
        let since_ms = world.now.wall_ms - 10_000;
        world.join_phone("Break");
        world.lose_phone();
        world.phone_truth().since_ms = Some(since_ms);
        world.rejoin_phone();
        world.prompt = false;
        if before_sign_in {
            world.connect_console();
            while world.run_page() || world.deliver_page() {}
        }
        world.sign_in();
        world.connect_console();
        while world.run_page() || world.deliver_page() {}
        world.prompt = true;
        world.pass(100);
        world.pass(10_000);
        assert_eq!(world.presence, Some(status(BREAK)), "{before_sign_in}");
        assert_eq!(world.phone(), "Break");
    }
}

#[test]
fn a_blink_of_console_or_phone_undoes_nothing() {
    let accepted = RuleEvent::SalesforceWorkAccepted;
    let mut settings = only(vec![rule(accepted, Vec::new(), Connect, "Break")]);
    settings.rules.by_name = true;
    let mut world = with(settings);
    let work = world.email();
    world.accept(work);
    assert_eq!(world.phone(), "Break");
    world.lose_console();
    world.connect_console();
    world.lose_phone();
    world.rejoin_phone();
    world.pass(600_000);
    assert_eq!(world.phone(), "Break");
}

#[test]
fn telephony_counts_and_yet_logs_nobody_in_nor_out() {
    let mut world = World::new(Settings {
        authority: Authority::Telephony,
        ..Settings::default()
    });
    world.presence = None;
    world.join_phone("Available");
    world.sign_in();
    world.connect_console();
    world.pass(60_000);
    assert!(world.is_logged_out());
    assert_eq!(world.phone(), "Available");
    assert_eq!(outcomes(&world), [RuleOutcome::LoggedOut]);
}

fn storm(world: &mut World) {
    for turn in 0..9u32 {
        world.pick(Some(status(if turn % 2 == 0 { BREAK } else { AVAILABLE })));
        world.pass(1_000);
    }
}

#[test]
fn a_storm_opens_the_breaker_and_the_rep_lets_sync_go_on() {
    let mut world = with(Settings::default());
    storm(&mut world);
    assert!(world.picture().sync_paused);
    assert!(world.has_problem(ProblemCode::SyncPaused));
    assert!(world.notices.contains(&NoticeCode::SyncPaused));
    assert_eq!(world.phone_truth().log.len(), 8);
    assert!(world.notes.contains(&Note::Breaker { open: true }));
    // The guard is not paused.
    let call = world.call();
    world.accept(call);
    assert!(matches!(
        world.request(Target::Offline),
        presence::effect::Answer::Held(_)
    ));
    world.cancel();
    world.close(call);
    assert_eq!(world.phone(), "Available");
    world.tell(Event::ResumeSync);
    assert!(!world.picture().sync_paused);
    assert!(!world.has_problem(ProblemCode::SyncPaused));
    assert_eq!(world.phone(), "Break", "reconciled by authority");
}

#[test]
fn the_breaker_closes_by_itself_when_no_rule_has_wanted_to_write_for_ten_minutes() {
    let mut world = with(Settings::default());
    storm(&mut world);
    world.pass(500_000);
    world.pick(Some(status(AVAILABLE)));
    world.pick(Some(status(BREAK)));
    world.pass(590_000);
    assert!(world.picture().sync_paused);
    assert_eq!(outcomes(&world).last(), Some(&RuleOutcome::BreakerOpen));
    world.pass(11_000);
    assert!(!world.picture().sync_paused);
    assert_eq!(world.phone(), "Break");
    assert!(world.notes.contains(&Note::Breaker { open: false }));
}

#[test]
fn a_rep_who_tries_statuses_out_slowly_opens_nothing() {
    let mut world = with(Settings::default());
    for _ in 0..20 {
        world.pick(Some(status(BREAK)));
        world.pass(8_000);
        world.pick(Some(status(AVAILABLE)));
        world.pass(8_000);
    }
    assert!(!world.picture().sync_paused);
}

#[test]
fn where_another_syncs_the_phone_rules_do_not_write_it_and_names_say_nothing() {
    for profile in [Profile::CtiAdapter, Profile::SalesforceVoice] {
        let to_break = || vec![equal(Operand::SalesforceAgentNewState, "Break")];
        let changed = RuleEvent::SalesforceAgentStateChange;
        let mut settings = only(vec![
            rule(changed, to_break(), Connect, "Break"),
            on_phone(
                vec![equal(Operand::ConnectAgentNewState, "Offline")],
                Salesforce,
                OFFLINE,
            ),
        ]);
        settings.rules.by_name = true;
        settings.profile = Some(profile);
        for write_phone in [None, Some(false), Some(true)] {
            settings.write_phone = write_phone;
            let mut world = with(settings.clone());
            world.pick(Some(status(BREAK)));
            let expected = if write_phone == Some(true) {
                ("Break", RuleOutcome::Fired)
            } else {
                ("Available", RuleOutcome::NotOurs)
            };
            assert_eq!(
                (world.phone(), outcomes(&world)[0]),
                (expected.0.to_owned(), expected.1)
            );
            // By name it would be Available.
            world.phone_pick("Busy");
            world.phone_pick("Available");
            assert_eq!(world.presence, Some(status(BREAK)));
            // A rule of the file for presence runs; contacts guard.
            world.contact(Some(ContactPhase::Connected), None);
            world.phone_pick("Offline");
            assert!(!world.is_logged_out());
            world.contact(None, None);
            assert!(world.is_logged_out(), "{profile:?} {write_phone:?}");
        }
    }
}

#[test]
fn observing_says_what_would_be_and_writes_nothing() {
    let mut world = with(Settings {
        mode: Mode::Observe,
        ..Settings::default()
    });
    world.pick(Some(status(BREAK)));
    world.phone_pick("Offline");
    world.pass(600_000);
    assert_eq!(outcomes(&world), [RuleOutcome::WouldFire, RuleOutcome::WouldFire]);
    assert_eq!(world.phone_truth().log, []);
    assert_eq!(world.presence, Some(status(BREAK)));
}

#[test]
fn under_policy_block_a_rules_offline_is_refused_in_a_call_and_made_good_afterwards() {
    let mut settings = Settings {
        authority: Authority::Telephony,
        ..Settings::default()
    };
    settings.policy.guard = presence::settings::GuardPolicy::Block;
    let mut world = with(settings);
    let call = world.call();
    world.accept(call);
    world.phone_pick("Offline");
    assert_eq!(outcomes(&world), [RuleOutcome::Blocked]);
    assert_eq!(world.picture().held, None);
    assert!(!world.is_logged_out());
    world.close(call);
    assert!(world.is_logged_out());
}

#[test]
fn a_choice_at_the_phone_that_crosses_one_in_salesforce_counts_if_the_phone_does() {
    for (authority, expected) in [(Authority::Omni, "Break"), (Authority::Telephony, "Available")] {
        let mut world = with(Settings {
            authority,
            ..Settings::default()
        });
        world.phone_pick("Offline");
        world.pick(Some(status(AVAILABLE)));
        world.pass(1_000);
        world.prompt = false;
        world.pick(Some(status(BREAK)));
        world.deliver_page();
        // Ours for Break is on its way.
        world.phone_truth().requests.clear();
        world.phone_pick("Offline");
        world.phone_pick("Available");
        world.prompt = true;
        world.pass(60_000);
        assert_eq!(world.phone(), expected, "{authority:?}");
        let label = ["Available", "Break"][usize::from(world.presence == Some(status(BREAK)))];
        assert_eq!(label, expected, "{authority:?}");
    }
}
