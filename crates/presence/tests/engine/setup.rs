//! What the org has set up: which work is calls, how long wrap-up lasts, and in which data centre it is.

use presence::effect::{Answer, ConsoleAction, Effect, HoldReason};
use presence::event::{Event, ServiceChannel, Target};
use presence::phone::ContactPhase::{AfterCallWork, Connected};
use presence::picture::{CallPhase, PresenceView};
use presence::problem::ProblemCode;

use crate::world::{AVAILABLE, OTHER_CALLS, World, status};

fn with_two_voice_channels() -> World {
    let mut world = World::working();
    world.tell_second_channel();
    world.pass(1_000);
    world
}

#[test]
fn every_voice_channels_work_is_a_call_and_no_others() {
    let mut world = with_two_voice_channels();
    let message = world.new_work("0Mw", false);
    world.accept(message);
    assert_eq!(world.phase(), CallPhase::Idle);
    let work = world.new_work(OTHER_CALLS, true);
    assert_eq!(world.phase(), CallPhase::Ringing);
    world.accept(work);
    world.request(Target::Offline);
    let both = ["0LQ".to_owned(), OTHER_CALLS.to_owned()];
    let armed = world.effects.iter().find_map(|effect| match effect {
        Effect::Console {
            action: ConsoleAction::Arm { voice_prefixes },
            ..
        } => Some(voice_prefixes.clone()),
        _ => None,
    });
    assert_eq!(armed.unwrap(), both);
    world.close(work);
    assert!(world.is_logged_out());
}

#[test]
fn a_call_that_only_a_row_tells_is_a_call_for_the_page_too() {
    let mut world = World::working();
    let work = world.new_work("0zz", true);
    assert_eq!(
        world.phase(),
        CallPhase::Idle,
        "the page's key prefix says nothing"
    );
    world.pass(1);
    let rows = world.rows(world.now, &[]);
    world.tell(rows);
    assert_eq!(world.phase(), CallPhase::Ringing);
    world.accept(work);
    assert_eq!(world.phase(), CallPhase::OnCall);
    world.request(Target::Offline);
    let told = world.effects.iter().any(|effect| {
        matches!(effect, Effect::Console { action: ConsoleAction::Arm { voice_prefixes }, .. }
            if voice_prefixes.contains(&"0zz".to_owned()))
    });
    assert!(told);
}

#[test]
fn an_org_without_voice_channels_says_so() {
    let mut world = World::new(presence::settings::Settings::default());
    assert_eq!(world.picture().call.voice_routed, None);
    world.sign_in();
    assert_eq!(world.picture().call.voice_routed, Some(true));
    let mut catalogue = world.catalogue.clone();
    catalogue.channels = vec![ServiceChannel {
        name: "sfdc_livemessage".to_owned(),
        item_prefix: "0Mw".to_owned(),
        voice: false,
    }];
    world.tell(Event::Catalogue(catalogue));
    assert_eq!(world.picture().call.voice_routed, Some(false));
}

#[test]
fn wrap_up_counts_down_from_the_end_of_the_conversation() {
    let mut world = with_two_voice_channels();
    let ends = |world: &World| world.picture().call.wrap_up_ends_ms;
    let work = world.call();
    world.accept(work);
    assert_eq!(ends(&world), None);
    // The page tells 700 ms after the org has noted it.
    world.pass(60_000);
    let truly_ended_ms = world.now.wall_ms;
    world.works.get_mut(&work).unwrap().conversation_ended_ms = Some(truly_ended_ms);
    world.pass(700);
    world.hang_up(work);
    assert_eq!(ends(&world), Some(world.now.wall_ms + 60_000));
    let rows = world.rows(world.now, &[]);
    world.pass(1);
    let asked_later = world.rows(world.now, &[]);
    world.tell(rows);
    world.tell(asked_later);
    assert_eq!(ends(&world), Some(truly_ended_ms + 60_000));
    world.close(work);
    assert_eq!(ends(&world), None);
}

#[test]
fn extensions_only_grow_and_are_asked_for_when_the_time_is_over() {
    let mut world = with_two_voice_channels();
    let work = world.call();
    world.accept(work);
    world.hang_up(work);
    let ended_ms = world.now.wall_ms;
    world.extend(work);
    assert_eq!(world.picture().call.wrap_up_ends_ms, Some(ended_ms + 60_000));
    // Nothing tells of the extension but the org, which is asked a moment after the time is over.
    world.pass(65_000);
    assert_eq!(world.picture().call.wrap_up_ends_ms, Some(ended_ms + 90_000));
    let reads = |world: &World| {
        let reads = world
            .effects
            .iter()
            .filter(|effect| matches!(effect, Effect::Read { .. }));
        reads.count()
    };
    let before = reads(&world);
    world.pass(20_000);
    assert_eq!(reads(&world), before, "once");
    world.works.get_mut(&work).unwrap().extensions = 0;
    world.pass(60_000);
    assert_eq!(world.picture().call.wrap_up_ends_ms, Some(ended_ms + 90_000));
    assert_eq!(world.phase(), CallPhase::WrapUp, "the work's end decides");
}

#[test]
fn the_phones_word_starts_the_countdown_where_nobody_else_tells() {
    let mut world = with_two_voice_channels();
    world.join_phone("Available");
    let work = world.call();
    world.accept(work);
    world.contact(Some(Connected), Some("key-1"));
    let rows = world.rows(world.now, &[]);
    world.pass(1);
    world.tell(rows);
    world.pass(40_000);
    let rows = world.rows(world.now, &[]);
    world.pass(1);
    world.tell(rows);
    world.contact(Some(AfterCallWork), Some("key-1"));
    let ended_ms = world.now.wall_ms;
    world.pass(5_000);
    world.contact(Some(AfterCallWork), Some("key-1"));
    assert_eq!(world.picture().call.wrap_up_ends_ms, Some(ended_ms + 60_000));
}

#[test]
fn a_data_centre_switch_shows_logged_out_and_drives_nothing() {
    let mut world = with_two_voice_channels();
    world.join_phone("Available");
    let work = world.call();
    world.accept(work);
    world.tell(Event::Streamed {
        works: Vec::new(),
        presence: None,
        replay: Some(5),
    });
    assert_eq!(
        world.request(Target::Offline),
        Answer::Held(HoldReason::CallActive)
    );
    world.prompt = false;
    world.effects.clear();
    world.move_org();
    let picture = world.picture();
    assert!(matches!(picture.presence, PresenceView::LoggedOut { .. }));
    assert_eq!(picture.call.phase, CallPhase::Unknown);
    assert!(picture.guarding && picture.held.is_some());
    assert!(world.has_problem(ProblemCode::OrgMoved));
    assert_eq!(world.engine.saved().session.as_ref().unwrap().replay, None);
    world.pass(600);
    while world.run_phone() {}
    assert_eq!(world.phone_truth().log, [], "nobody has seen a logout");

    // The rep logs in again, the call still lives.
    world.prompt = true;
    world.pick(Some(status(AVAILABLE)));
    world.pass(60_000);
    assert!(!world.has_problem(ProblemCode::OrgMoved));
    assert_eq!(world.phase(), CallPhase::OnCall);
    assert_eq!(world.phone_truth().log, []);
}

#[test]
fn after_a_switch_an_observed_logout_is_one() {
    let mut world = with_two_voice_channels();
    world.join_phone("Available");
    world.move_org();
    world.pass(60_000);
    assert!(matches!(world.picture().presence, PresenceView::LoggedOut { .. }));
    assert_eq!(world.phase(), CallPhase::Idle);
    assert!(world.has_problem(ProblemCode::OrgMoved), "until the rep logs in");
    assert_eq!(world.phone_truth().state.name, "Offline");
}

#[test]
fn after_a_switch_the_org_is_read_although_the_last_read_had_failed() {
    let mut world = with_two_voice_channels();
    world.prompt = false;
    world.lose_console();
    world.pass(60_000);
    assert!(!world.reads.is_empty(), "asked, and never answered");
    world.reads.clear();
    world.move_org();
    world.pass(1);
    while world.run_read() {}
    assert_eq!(world.phase(), CallPhase::Idle);
}

#[test]
fn a_switch_while_holdline_was_down_is_noticed() {
    let mut world = with_two_voice_channels();
    world.crash();
    world.sign_in();
    assert!(!world.has_problem(ProblemCode::OrgMoved));
    world.pass(1_000);
    world.crash();
    world.catalogue.instance = Some("CS2".to_owned());
    world.presence = None;
    world.sign_in();
    assert!(world.has_problem(ProblemCode::OrgMoved));
}
