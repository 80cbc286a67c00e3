//! Requests to go Offline during a call.

use presence::effect::{Answer, ConsoleAction, Effect, HoldReason, NoticeCode, RefusalReason};
use presence::event::{Event, Target};
use presence::phone::ContactPhase;
use presence::picture::CallPhase;
use presence::problem::ProblemCode;
use presence::settings::{GuardPolicy, Policy, Settings, WrapUpPolicy};

use crate::world::{AVAILABLE, BREAK, World, status};

pub(crate) fn on_call() -> (World, presence::ids::WorkId) {
    let mut world = World::working();
    let work = world.call();
    world.accept(work);
    (world, work)
}

pub(crate) fn sent(world: &World, wanted: impl Fn(&ConsoleAction) -> bool) -> usize {
    let is_wanted = |effect: &&Effect| matches!(effect, Effect::Console { action, .. } if wanted(action));
    world.effects.iter().filter(is_wanted).count()
}

#[test]
fn without_a_call_offline_is_applied_and_confirmed_at_once() {
    let mut world = World::working();
    assert_eq!(world.request(Target::Offline), Answer::Applying);
    assert!(world.is_logged_out());
    let picture = world.picture();
    assert_eq!((picture.held, picture.pending), (None, None));
    assert_eq!(world.stored.intent, None);
}

#[test]
fn held_armed_applied_and_confirmed() {
    let (mut world, work) = on_call();
    assert_eq!(
        world.request(Target::Offline),
        Answer::Held(HoldReason::CallActive)
    );
    assert!(
        world
            .stored
            .intent
            .as_ref()
            .is_some_and(|intent| intent.held && intent.works == [work])
    );
    assert_eq!(world.page.arms.len(), 1);
    world.pass(30_000);
    assert!(!world.is_logged_out());
    world.hang_up(work);
    assert_eq!(world.picture().held.unwrap().reason, HoldReason::WrapUp);
    world.close(work);
    assert!(
        world.is_logged_out(),
        "the armed partner logs out at the close itself"
    );
    assert_eq!(world.notices, [NoticeCode::Held, NoticeCode::Applied]);
    world.pass(600_000);
    assert_eq!(world.logouts(), 1);
    assert_eq!(
        sent(&world, |action| matches!(action, ConsoleAction::Logout { .. })),
        0
    );
}

#[test]
fn a_hold_while_ringing_goes_out_after_a_miss() {
    let mut world = World::working();
    let work = world.call();
    assert_eq!(
        world.request(Target::Offline),
        Answer::Held(HoldReason::CallRinging)
    );
    world.decline(work);
    world.pass(2_000);
    assert!(world.is_logged_out());
    assert_eq!(world.logouts(), 1);
}

#[test]
fn arming_that_never_fires_is_followed_by_a_logout() {
    let (mut world, work) = on_call();
    world.request(Target::Offline);
    world.page.arms.clear();
    world.close(work);
    assert!(!world.is_logged_out());
    world.pass(world.settings.timings.armed_grace_ms);
    assert!(world.is_logged_out());
    assert_eq!(world.logouts(), 1);
}

#[test]
fn cancel_disarms() {
    let (mut world, work) = on_call();
    world.request(Target::Offline);
    assert_eq!(world.cancel(), Answer::Cancelled);
    assert_eq!(world.page.arms, []);
    assert_eq!(world.stored.intent, None);
    world.close(work);
    world.pass(60_000);
    assert!(!world.is_logged_out());
    assert_eq!(world.cancel(), Answer::Nothing);
}

#[test]
fn available_cancels_and_a_newer_hold_replaces() {
    let (mut world, work) = on_call();
    world.request(Target::Offline);
    world.request(Target::Status(status(AVAILABLE)));
    assert_eq!((world.picture().held, world.stored.intent.clone()), (None, None));
    world.request(Target::Offline);
    world.request(Target::Quit);
    assert_eq!(world.picture().held.unwrap().target, Target::Quit);
    world.close(work);
    world.pass(2_000);
    assert!(!world.is_logged_out());
    assert!(world.effects.contains(&Effect::Quit));
}

#[test]
fn a_status_is_no_offline_and_needs_no_guard() {
    let (mut world, _) = on_call();
    assert_eq!(world.request(Target::Status(status(BREAK))), Answer::Applying);
    assert_eq!(world.presence, Some(status(BREAK)));
}

#[test]
fn a_status_chosen_in_the_widget_is_the_newer_wish() {
    let (mut world, work) = on_call();
    world.request(Target::Offline);
    world.pick(Some(status(BREAK)));
    assert_eq!(world.picture().held, None);
    world.close(work);
    world.pass(60_000);
    assert_eq!(world.presence, Some(status(BREAK)));
}

#[test]
fn policy_block_refuses_and_says_why() {
    let mut world = World::working_with(Settings {
        policy: Policy {
            guard: GuardPolicy::Block,
            ..Policy::default()
        },
        ..Settings::default()
    });
    let work = world.call();
    let blocked = |reason| Answer::Refused(RefusalReason::Blocked(reason));
    assert_eq!(world.request(Target::Offline), blocked(HoldReason::CallRinging));
    world.accept(work);
    assert_eq!(world.request(Target::SignOut), blocked(HoldReason::CallActive));
    assert_eq!(world.request(Target::Status(status(BREAK))), Answer::Applying);
    world.close(work);
    assert_eq!(world.request(Target::Offline), Answer::Applying);
}

#[test]
fn policy_block_looks_at_the_time_of_the_request() {
    let mut world = World::working_with(Settings {
        policy: Policy {
            guard: GuardPolicy::Block,
            ..Policy::default()
        },
        ..Settings::default()
    });
    world.org_down = true;
    world.suspend(3_600_000);
    assert_eq!(
        world.request(Target::Offline),
        Answer::Refused(RefusalReason::Blocked(HoldReason::NoEvidence))
    );
}

#[test]
fn wrap_up_follows_policy() {
    let (mut world, work) = on_call();
    world.hang_up(work);
    assert_eq!(world.request(Target::Offline), Answer::Held(HoldReason::WrapUp));

    let mut world = World::working_with(Settings {
        policy: Policy {
            wrap_up: WrapUpPolicy::Allow,
            ..Policy::default()
        },
        ..Settings::default()
    });
    let work = world.call();
    world.accept(work);
    assert_eq!(
        world.request(Target::Offline),
        Answer::Held(HoldReason::CallActive)
    );
    world.hang_up(work);
    assert!(world.is_logged_out(), "applied at the end of the conversation");
    world.close(work);
    assert_eq!(world.logouts(), 1);
}

#[test]
fn two_works_hold_until_the_last() {
    let (mut world, first) = on_call();
    let second = world.call();
    world.accept(second);
    world.request(Target::Offline);
    world.close(first);
    world.pass(5_000);
    assert!(!world.is_logged_out());
    world.close(second);
    assert!(world.is_logged_out());
}

#[test]
fn a_second_call_as_the_first_ends_is_safe_and_told() {
    let (mut world, first) = on_call();
    world.request(Target::Offline);
    // The page is asked for a logout just when the next call has been assigned and not yet reported.
    world.page.arms.clear();
    world.close(first);
    world.prompt = false;
    let second = world.call();
    let (late, _) = world.page.outbox.pop_back().unwrap();
    world.prompt = true;
    world.pass(2_000);
    assert!(world.notices.contains(&NoticeCode::AnotherCall));
    assert!(!world.is_logged_out());
    assert_eq!(world.phase(), CallPhase::Ringing);
    assert!(world.has_problem(ProblemCode::AnotherCall));
    world.tell(late);
    world.accept(second);
    world.close(second);
    world.pass(2_000);
    assert!(world.is_logged_out());
    assert!(!world.has_problem(ProblemCode::AnotherCall));
    assert_eq!(
        world
            .notices
            .iter()
            .filter(|code| **code == NoticeCode::AnotherCall)
            .count(),
        1
    );
}

#[test]
fn a_call_that_begins_while_the_logout_is_under_way_takes_it_back() {
    let mut world = World::working();
    world.page.frozen = true;
    world.request(Target::Offline);
    let command = world.page.queue.front().unwrap().0;
    let seen = presence::event::WorkSeen {
        work: crate::world::id("0Bz", 99),
        item: crate::world::id("0LQ", 99),
        stage: presence::event::WorkStage::Assigned,
    };
    world.tell(Event::Work {
        seen,
        declined: false,
    });
    assert!(world.effects.contains(&Effect::Withdraw { command }));
    assert_eq!(world.picture().held.unwrap().reason, HoldReason::CallRinging);
}

#[test]
fn unknown_statuses_and_signed_out_reps_are_refused() {
    let mut world = World::working();
    assert_eq!(
        world.request(Target::Status(status(77))),
        Answer::Refused(RefusalReason::UnknownStatus)
    );
    assert_eq!(world.request(Target::Status(status(AVAILABLE))), Answer::Nothing);
    world.tell(Event::SignedOut);
    assert_eq!(
        world.request(Target::Offline),
        Answer::Refused(RefusalReason::NotSignedIn)
    );
}

#[test]
fn leaving_is_guarded() {
    for target in [Target::Quit, Target::SignOut] {
        let leaves = if target == Target::Quit {
            Effect::Quit
        } else {
            Effect::SignOut
        };
        let (mut world, work) = on_call();
        assert_eq!(world.request(target), Answer::Held(HoldReason::CallActive));
        assert!(!world.effects.contains(&leaves));
        world.close(work);
        assert!(world.effects.contains(&leaves));
        assert!(!world.is_logged_out());
    }
}

#[test]
fn leaving_needs_no_disk_without_a_call_and_a_second_word_without_evidence() {
    let mut world = World::working();
    world.disk_full = true;
    assert_eq!(world.request(Target::Quit), Answer::Applying);
    assert!(world.effects.contains(&Effect::Quit));

    let mut world = World::working();
    world.org_down = true;
    world.lose_console();
    world.pass(120_000);
    assert_eq!(
        world.request(Target::SignOut),
        Answer::Held(HoldReason::NoEvidence)
    );
    assert_eq!(world.request(Target::SignOut), Answer::Applying);
    assert!(world.effects.contains(&Effect::SignOut));
}

#[test]
fn who_talks_is_not_of_a_work_that_is_only_offered() {
    let mut world = World::working();
    world.join_phone("Available");
    let offered = world.call();
    world.contact(Some(ContactPhase::Ringing), None);
    world.request(Target::Offline);
    assert_eq!(world.page.arms.len(), 1);
    // Accepted, or another call: the page would log out when the offered one is over.
    world.contact(Some(ContactPhase::Connected), None);
    assert_eq!(world.page.arms, []);
    world.accept(offered);
    assert_eq!(world.page.arms.len(), 1);
}

#[test]
fn a_phone_contact_without_work_holds_and_is_never_armed_for() {
    let (mut world, work) = on_call();
    world.join_phone("Available");
    world.contact(Some(ContactPhase::Connected), Some("key-1"));
    world.request(Target::Offline);
    assert_eq!(world.page.arms.len(), 1);
    // A second contact without any AgentWork: the page cannot see it.
    let mut report = presence::phone::PhoneState {
        state: crate::phone::state("Available"),
        next_state: None,
        contacts: Vec::new(),
        since_ms: None,
    };
    for name in ["a", "b"] {
        report.contacts.push(presence::phone::Contact {
            id: name.to_owned(),
            phase: ContactPhase::Connected,
            vendor_call_key: None,
        });
    }
    world.tell(Event::PhoneState(report));
    assert_eq!(world.page.arms, []);
    world.close(work);
    world.pass(10_000);
    assert!(!world.is_logged_out());
    assert_eq!(world.picture().held.unwrap().reason, HoldReason::PhoneContact);
    world.contact(None, None);
    world.pass(2_000);
    assert!(world.is_logged_out());
}

#[test]
fn a_call_in_wrap_up_does_not_account_for_another_contact() {
    let (mut world, work) = on_call();
    world.join_phone("Available");
    world.contact(Some(ContactPhase::Connected), Some("key-1"));
    world.request(Target::Offline);
    assert_eq!(world.page.arms.len(), 1);
    // The caller leaves, and the rep is already on a call of their own, which has no AgentWork.
    world.hang_up(work);
    world.contact(Some(ContactPhase::Connected), Some("key-9"));
    assert_eq!(world.page.arms, []);
    world.close(work);
    world.pass(10_000);
    assert!(!world.is_logged_out());
    assert_eq!(world.picture().held.unwrap().reason, HoldReason::PhoneContact);
    world.contact(None, None);
    world.pass(2_000);
    assert!(world.is_logged_out());
}

#[test]
fn a_phone_that_drops_its_connection_in_mid_contact_still_guards() {
    let mut world = World::working();
    world.join_phone("Available");
    world.contact(Some(ContactPhase::Connected), None);
    assert_eq!(
        world.request(Target::Offline),
        Answer::Held(HoldReason::PhoneContact)
    );
    world.lose_phone();
    world.pass(10_000);
    assert!(!world.is_logged_out());
    world.rejoin_phone();
    world.contact(None, None);
    world.pass(2_000);
    assert!(world.is_logged_out());
}
