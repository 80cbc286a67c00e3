//! One test per rule of "Behaviour of Omni-Channel" (salesforce.md, seeds 000 and 004).

use jiff::{SignedDuration, Timestamp};
use presence::ids::WorkItemId;
use proptest::prelude::*;
use serde_json::json;
use wire::bridge::ConsoleEvent;
use wire::connector::{ContactPhase, Outcome};

use super::*;

const AVAILABLE: usize = 0;
const MESSAGES: usize = 1;
const BREAK: usize = 2;

fn at(seconds: i64) -> Timestamp {
    Timestamp::from_second(1_700_000_000).unwrap() + SignedDuration::from_secs(seconds)
}

struct Scene {
    org: Org,
    pat: RepKey,
}

fn scene() -> Scene {
    let org = Org::new(at(0), 42, Settings::default());
    let pat = org.find_rep("pat").unwrap();
    Scene { org, pat }
}

fn available() -> Scene {
    let mut scene = scene();
    scene
        .org
        .set_presence(at(1), scene.pat, AVAILABLE, Source::Console);
    scene.org.drain();
    scene
}

impl Scene {
    fn call(&mut self, second: i64) -> usize {
        let call = self
            .org
            .start_call(at(second), self.pat, "+1 555 0100", false)
            .unwrap();
        self.org.find_call(&call.call_id).unwrap()
    }

    /// A call that was accepted.
    fn on_call(&mut self, second: i64) -> usize {
        let call = self.call(second);
        let work = self.org.work_of_call(call).unwrap();
        self.org.accept(at(second), work).unwrap();
        call
    }

    fn phase(&self, call: usize) -> CallPhase {
        self.org.call_phase(&self.org.calls()[call])
    }

    fn work_status(&self, call: usize) -> WorkStatus {
        self.org.works()[self.org.calls()[call].work.unwrap()].status
    }

    fn phone(&self) -> String {
        self.org.rep(self.pat).phone.state().state.name
    }

    fn presence(&self) -> &'static str {
        self.org.rep_view(self.pat).presence.status
    }

    fn events(&mut self) -> Vec<ConsoleEvent> {
        let console = |happened| match happened {
            Happened::Console(_, event) => Some(event),
            Happened::Phone(_) => None,
        };
        self.org.drain().into_iter().filter_map(console).collect()
    }

    fn log_out(&mut self, second: i64) {
        self.org
            .log_out(at(second), self.pat, Source::Console, None)
            .unwrap();
    }
}

#[test]
fn a_rep_is_found_by_every_name() {
    let Scene { org, pat } = scene();
    let id = org.rep(pat).user_id.to_string();
    for name in ["pat", "PAT", "pat@practice.example", &id, &id[..15]] {
        assert_eq!(org.find_rep(name), Ok(pat), "{name}");
    }
    assert!(matches!(org.find_rep("joe"), Err(Refusal::UnknownRep(_))));
}

#[test]
fn accepting_changes_no_presence_and_capacity_goes_at_assignment() {
    let mut scene = available();
    let call = scene.call(2);
    assert_eq!(scene.org.workload(scene.pat).current_workload, catalog::CAPACITY);
    let rows = scene.org.presences().len();
    let work = scene.org.work_of_call(call).unwrap();
    scene.org.accept(at(3), work).unwrap();
    assert_eq!(scene.presence(), "Available");
    assert_eq!(scene.org.presences().len(), rows);
    assert_eq!(scene.org.workload(scene.pat).current_workload, catalog::CAPACITY);
    assert_eq!(scene.phase(call), CallPhase::OnCall);
}

#[test]
fn events_come_in_their_order() {
    let mut scene = available();
    let call = scene.on_call(2);
    scene.org.hang_up(at(3), call).unwrap();
    let work = scene.org.work_of_call(call).unwrap();
    scene.org.finish(at(4), work).unwrap();
    let names: Vec<String> = scene
        .events()
        .iter()
        .map(|event| {
            serde_json::to_value(event).unwrap()["type"]
                .as_str()
                .unwrap()
                .to_owned()
        })
        .collect();
    assert_eq!(
        names,
        [
            "workAssigned",
            "workloadChanged",
            "workAccepted",
            "conversationEnded",
            "workClosed",
            "workloadChanged",
        ]
    );
}

#[test]
fn hanging_up_ends_the_conversation_and_begins_wrap_up() {
    let mut scene = available();
    let call = scene.on_call(2);
    scene.org.hang_up(at(3), call).unwrap();
    assert_eq!(scene.org.calls()[call].ended_at, Some(at(3)));
    assert_eq!(scene.work_status(call), WorkStatus::Opened);
    let contacts = scene.org.rep(scene.pat).phone.state().contacts;
    assert_eq!(contacts[0].phase, ContactPhase::AfterCallWork);
    assert!(!scene.org.call_active(scene.pat));
    assert_eq!(scene.org.hang_up(at(4), call), Err(Refusal::ConversationEnded));
}

#[test]
fn wrap_up_closes_by_itself_after_its_time() {
    let mut scene = available();
    let call = scene.on_call(2);
    scene.org.hang_up(at(3), call).unwrap();
    assert_eq!(scene.org.next_deadline(), Some(at(93)));
    scene.org.tick(at(92));
    assert_eq!(scene.phase(call), CallPhase::WrapUp);
    scene.org.tick(at(93));
    assert_eq!(scene.work_status(call), WorkStatus::Closed);
    assert_eq!(scene.org.next_deadline(), None);
    assert!(scene.org.rep(scene.pat).phone.state().contacts.is_empty());
}

#[test]
fn a_status_change_in_wrap_up_closes_the_work() {
    let mut scene = available();
    let call = scene.on_call(2);
    scene.org.hang_up(at(3), call).unwrap();
    scene
        .org
        .set_presence(at(4), scene.pat, AVAILABLE, Source::Console);
    assert_eq!(
        scene.phase(call),
        CallPhase::WrapUp,
        "the same status is no change"
    );
    scene.org.set_presence(at(5), scene.pat, BREAK, Source::Console);
    assert_eq!(scene.work_status(call), WorkStatus::Closed);
}

#[test]
fn a_status_change_in_a_conversation_closes_nothing() {
    let mut scene = available();
    let call = scene.on_call(2);
    scene.org.set_presence(at(3), scene.pat, BREAK, Source::Console);
    assert_eq!(scene.phase(call), CallPhase::OnCall);
}

#[test]
fn logging_out_makes_assigned_work_unavailable_and_leaves_opened_work() {
    let mut scene = available();
    let ringing = scene.call(2);
    scene.log_out(3);
    assert_eq!(scene.work_status(ringing), WorkStatus::Unavailable);
    assert!(scene.org.rep(scene.pat).phone.state().contacts.is_empty());
    assert!(scene.org.dropped().is_empty());

    let mut scene = available();
    let open = scene.on_call(2);
    scene.log_out(3);
    assert_eq!(scene.phase(open), CallPhase::OnCall);
    assert_eq!(scene.presence(), "Offline");
    scene.org.hang_up(at(4), open).unwrap();
    assert_eq!(scene.phase(open), CallPhase::WrapUp);
}

#[test]
fn after_logout_wrap_up_runs_on_for_a_minute_at_most() {
    let mut scene = available();
    let call = scene.on_call(2);
    scene.org.hang_up(at(3), call).unwrap();
    scene.log_out(5);
    assert_eq!(scene.org.next_deadline(), Some(at(65)));
}

#[test]
fn logging_out_twice_is_refused_and_not_recorded() {
    let mut scene = scene();
    let again = scene.org.log_out(at(2), scene.pat, Source::Bridge, None);
    assert!(matches!(again, Err(Refusal::NotLoggedIn { rep: "pat" })));
    assert!(scene.org.log().is_empty());
}

#[test]
fn declining_logs_out_and_the_phone_stays_missed() {
    let mut scene = available();
    let call = scene.call(2);
    let work = scene.org.work_of_call(call).unwrap();
    scene.org.decline(at(3), work, Some("busy".to_owned())).unwrap();
    assert_eq!(scene.work_status(call), WorkStatus::Declined);
    assert_eq!(scene.org.works()[work].decline_reason.as_deref(), Some("busy"));
    assert_eq!(scene.presence(), "Offline");
    assert_eq!(scene.phone(), MISSED);
    let last = scene.org.log().last().unwrap();
    assert_eq!(
        (last.source, last.side, last.call_active),
        (Source::Org, Side::Presence, false)
    );
    // Omni-Channel's own logout has no reason.
    assert!(scene.events().contains(&ConsoleEvent::Logout { reason: None }));
}

#[test]
fn a_push_time_out_declines() {
    let mut scene = available();
    scene
        .org
        .change_settings(&json!({ "pushTimeoutMs": 20_000, "statusOnPushTimeout": "Break" }))
        .unwrap();
    let call = scene.call(2);
    scene.org.tick(at(21));
    assert_eq!(scene.phase(call), CallPhase::Ringing);
    scene.org.tick(at(22));
    assert_eq!(scene.work_status(call), WorkStatus::DeclinedOnPushTimeout);
    assert_eq!(scene.presence(), "Break");
    assert_eq!(scene.phone(), MISSED);
}

#[test]
fn an_accepted_call_has_no_push_time_out() {
    let mut scene = available();
    scene
        .org
        .change_settings(&json!({ "pushTimeoutMs": 20_000 }))
        .unwrap();
    let call = scene.on_call(2);
    assert_eq!(scene.org.next_deadline(), None);
    scene.org.tick(at(1000));
    assert_eq!(scene.phase(call), CallPhase::OnCall);
}

#[test]
fn a_second_call_waits_and_comes_in_the_instant_capacity_frees() {
    let mut scene = available();
    let first = scene.on_call(2);
    let second = scene.call(3);
    assert_eq!(scene.phase(second), CallPhase::Queued);
    assert_eq!(scene.org.work_of_call(second), Err(Refusal::Queued));
    scene.org.hang_up(at(4), first).unwrap();
    assert_eq!(scene.phase(second), CallPhase::Queued, "wrap-up takes capacity");
    scene.org.drain();
    scene.org.tick(at(94));
    assert_eq!(scene.phase(second), CallPhase::Ringing);
    let events = scene.events();
    let closed = events
        .iter()
        .position(|event| matches!(event, ConsoleEvent::WorkClosed { .. }));
    let assigned = events
        .iter()
        .position(|event| matches!(event, ConsoleEvent::WorkAssigned { .. }));
    assert!(closed < assigned);
    assert_eq!(scene.org.works()[1].id, scene.org.calls()[second].work_id);
}

#[test]
fn a_queued_call_waits_through_a_logout_and_can_be_abandoned() {
    let mut scene = available();
    let first = scene.on_call(2);
    let second = scene.call(3);
    let third = scene.call(3);
    scene.log_out(4);
    scene.org.hang_up(at(5), first).unwrap();
    scene.org.tick(at(200));
    assert_eq!(scene.phase(second), CallPhase::Queued);
    scene.org.hang_up(at(201), second).unwrap();
    assert_eq!(scene.phase(second), CallPhase::Over);
    assert_eq!(scene.org.work_of_call(second), Err(Refusal::ConversationEnded));
    scene
        .org
        .set_presence(at(202), scene.pat, AVAILABLE, Source::Console);
    assert_eq!(scene.phase(third), CallPhase::Ringing);
}

#[test]
fn a_forced_call_makes_two_works() {
    let mut scene = available();
    let first = scene.on_call(2);
    let forced = scene.org.start_call(at(3), scene.pat, "x", true).unwrap();
    assert!(!forced.queued);
    let second = scene.org.find_call(&forced.call_id).unwrap();
    assert_eq!(scene.phase(second), CallPhase::Ringing);
    assert_eq!(scene.phase(first), CallPhase::OnCall);
    let work = scene.org.work_of_call(second).unwrap();
    scene.org.decline(at(4), work, None).unwrap();
    assert_ne!(scene.phone(), MISSED, "the phone is on the other contact");
}

#[test]
fn a_caller_who_gives_up_cancels_the_work() {
    let mut scene = available();
    let call = scene.call(2);
    scene.org.hang_up(at(3), call).unwrap();
    assert_eq!(scene.work_status(call), WorkStatus::Canceled);
    assert_eq!(
        (scene.presence(), scene.phone().as_str()),
        ("Available", "Available")
    );
    assert_eq!(scene.org.workload(scene.pat).current_workload, 0);
}

#[test]
fn offline_on_the_phone_drops_the_call_and_is_recorded() {
    let mut scene = available();
    let call = scene.on_call(2);
    let outcome = scene
        .org
        .set_phone(at(3), scene.pat, "Offline", false, Source::Phone)
        .unwrap();
    assert_eq!(outcome, Outcome::Done);
    let dropped = &scene.org.dropped()[0];
    assert_eq!(dropped.call_id, scene.org.calls()[call].key);
    let culprit = &scene.org.log()[usize::try_from(dropped.by).unwrap() - 1];
    assert_eq!((culprit.source, culprit.call_active), (Source::Phone, true));
    assert_eq!(scene.org.calls()[call].ended_at, Some(at(3)));
    assert_eq!(scene.phase(call), CallPhase::WrapUp, "the work is still open");
    assert_eq!(scene.presence(), "Available", "presence does not know");
}

#[test]
fn offline_with_enqueue_lets_the_call_live() {
    let mut scene = available();
    let call = scene.on_call(2);
    let mut set = |state| {
        scene
            .org
            .set_phone(at(3), scene.pat, state, true, Source::Holdline)
            .unwrap()
    };
    assert_eq!(set("Offline"), Outcome::Queued);
    scene.org.hang_up(at(4), call).unwrap();
    assert_eq!(scene.phone(), "Available");
    scene.org.tick(at(94));
    assert_eq!(scene.phone(), "Offline");
    assert!(scene.org.dropped().is_empty());
    let telephony = scene
        .org
        .log()
        .iter()
        .filter(|entry| entry.side == Side::Telephony);
    assert_eq!(
        telephony.filter(|entry| entry.status == "Offline").count(),
        1,
        "being applied is no second write"
    );
}

#[test]
fn the_connector_follows_presence() {
    let mut scene = scene();
    let follows = |scene: &mut Scene, status, phone: &str| {
        scene.org.set_presence(at(1), scene.pat, status, Source::Console);
        assert_eq!(scene.phone(), phone);
    };
    follows(&mut scene, MESSAGES, "Available");
    follows(&mut scene, BREAK, "Break");
    follows(&mut scene, MESSAGES, "Break");
    follows(&mut scene, AVAILABLE, "Available");
    scene.log_out(2);
    assert_eq!(scene.phone(), "Offline");
}

#[test]
fn the_connector_keeps_off_a_joined_phone() {
    let mut scene = scene();
    scene.org.phone_link(scene.pat, true, None);
    scene
        .org
        .set_presence(at(1), scene.pat, AVAILABLE, Source::Bridge);
    assert_eq!(scene.phone(), "Offline");
    assert!(scene.org.log().iter().all(|entry| entry.source == Source::Bridge));
}

#[test]
fn the_teaching_pair() {
    for (connector, dropped) in [(Connector::Naive, 1), (Connector::Honours, 0)] {
        let mut scene = available();
        scene
            .org
            .change_settings(&json!({ "connector": connector }))
            .unwrap();
        let call = scene.on_call(2);
        scene.log_out(3);
        assert_eq!(scene.org.dropped().len(), dropped, "{connector:?}");
        let alive = scene.org.calls()[call].ended_at.is_none();
        assert_eq!(alive, connector == Connector::Honours);
    }
}

#[test]
fn a_naive_offline_while_it_rings_drops_too() {
    let mut scene = available();
    scene
        .org
        .change_settings(&json!({ "connector": "naive" }))
        .unwrap();
    let call = scene.call(2);
    scene.log_out(3);
    assert_eq!(scene.org.dropped().len(), 1);
    assert_eq!(scene.work_status(call), WorkStatus::Unavailable);
}

#[test]
fn presence_history_has_one_current_row_or_none() {
    let mut scene = available();
    scene.org.set_presence(at(5), scene.pat, BREAK, Source::Console);
    scene.log_out(9);
    let ends: Vec<_> = scene.org.presences().iter().map(|row| row.ended_at).collect();
    assert_eq!(ends, [Some(at(5)), Some(at(9))], "a logout only updates");
}

#[test]
fn other_work_takes_its_share_and_is_no_call() {
    let mut scene = available();
    let case = scene.org.start_work(at(2), scene.pat, "case").unwrap();
    assert!(case.work_item_id.0.has_prefix("500"));
    assert_eq!(scene.org.workload(scene.pat).current_workload, 3);
    assert!(!scene.org.call_active(scene.pat));
    let call = scene.call(3);
    assert_eq!(
        scene.phase(call),
        CallPhase::Queued,
        "a call needs all of the capacity"
    );
    let work = scene
        .org
        .find_work(scene.pat, &case.agent_work_id.to_string())
        .unwrap();
    scene.org.accept(at(4), work).unwrap();
    scene.org.flag(at(4), work, Some("help".to_owned())).unwrap();
    scene.org.finish(at(5), work).unwrap();
    assert_eq!(scene.phase(call), CallPhase::Ringing);
    assert!(matches!(
        scene.org.start_work(at(6), scene.pat, "messaging"),
        Err(Refusal::AtCapacity { .. })
    ));
}

#[test]
fn finishing_a_conversation_that_goes_on_ends_it() {
    let mut scene = available();
    let call = scene.on_call(2);
    scene.org.drain();
    let work = scene.org.work_of_call(call).unwrap();
    scene.org.finish(at(3), work).unwrap();
    assert_eq!(scene.org.calls()[call].ended_at, Some(at(3)));
    let item: WorkItemId = scene.org.calls()[call].id;
    assert!(
        scene
            .events()
            .contains(&ConsoleEvent::ConversationEnded { work_item_id: item })
    );
}

#[test]
fn two_seeds_are_two_orgs() {
    let (a, b) = (
        Org::new(at(0), 1, Settings::default()),
        Org::new(at(0), 2, Settings::default()),
    );
    assert_ne!(a.id, b.id);
    assert_ne!(a.catalog.statuses[0].id, b.catalog.statuses[0].id);
}

#[derive(Clone, Debug)]
enum Step {
    Accept(usize),
    Call(bool),
    Decline(usize),
    Finish(usize),
    HangUp(usize),
    LogOut,
    Phone(usize, bool),
    Presence(usize),
    Wait(i64),
}

fn any_step() -> impl Strategy<Value = Step> {
    let call = 0..4_usize;
    prop_oneof![
        call.clone().prop_map(Step::Accept),
        any::<bool>().prop_map(Step::Call),
        call.clone().prop_map(Step::Decline),
        call.clone().prop_map(Step::Finish),
        call.prop_map(Step::HangUp),
        Just(Step::LogOut),
        (0..3_usize, any::<bool>()).prop_map(|(state, enqueue)| Step::Phone(state, enqueue)),
        (0..4_usize).prop_map(Step::Presence),
        (0..200_i64).prop_map(Step::Wait),
    ]
}

proptest! {
    #[test]
    fn whatever_is_done_the_org_stays_whole(steps in proptest::collection::vec(any_step(), 0..40), naive: bool) {
        let Scene { mut org, pat } = available();
        let connector = if naive { "naive" } else { "honours" };
        org.change_settings(&json!({ "connector": connector, "pushTimeoutMs": 50_000 })).unwrap();
        let mut second = 2;
        for step in steps {
            let now = at(second);
            let work = |org: &Org, call: usize| org.calls().get(call).and_then(|call| call.work);
            match step {
                Step::Accept(call) => drop(work(&org, call).map(|work| org.accept(now, work))),
                Step::Call(force) => drop(org.start_call(now, pat, "x", force)),
                Step::Decline(call) => drop(work(&org, call).map(|work| org.decline(now, work, None))),
                Step::Finish(call) => drop(work(&org, call).map(|work| org.finish(now, work))),
                Step::HangUp(call) => {
                    if call < org.calls().len() {
                        drop(org.hang_up(now, call));
                    }
                }
                Step::LogOut => drop(org.log_out(now, pat, Source::Console, None)),
                Step::Phone(state, enqueue) => {
                    drop(org.set_phone(now, pat, Choice::ALL[state].name(), enqueue, Source::Phone));
                }
                Step::Presence(status) => org.set_presence(now, pat, status, Source::Console),
                Step::Wait(seconds) => second += seconds,
            }
            org.tick(at(second));
            whole(&org, pat)?;
        }
    }
}

/// What holds in every state.
fn whole(org: &Org, pat: RepKey) -> Result<(), TestCaseError> {
    let view = org.rep_view(pat);
    let current = org
        .presences()
        .iter()
        .filter(|row| row.ended_at.is_none())
        .count();
    prop_assert_eq!(current, usize::from(org.rep(pat).status.is_some()));
    for call in org.calls() {
        let contact = view
            .phone
            .state
            .contacts
            .iter()
            .find(|contact| contact.id == call.key)
            .map(|contact| contact.phase);
        let expected = match org.call_phase(call) {
            CallPhase::Ringing => Some(ContactPhase::Ringing),
            CallPhase::OnCall => Some(ContactPhase::Connected),
            // An Offline may have torn the contact down; then the work is open without one.
            CallPhase::WrapUp => contact.map(|_| ContactPhase::AfterCallWork),
            CallPhase::Over | CallPhase::Queued => None,
        };
        prop_assert_eq!(contact, expected, "{:?}", call);
    }
    let live = org
        .calls()
        .iter()
        .any(|call| matches!(org.call_phase(call), CallPhase::Ringing | CallPhase::OnCall));
    prop_assert_eq!(org.call_active(pat), live);
    if view.phone.state.contacts.is_empty() {
        prop_assert_eq!(&view.phone.state.next_state, &None);
    }
    for dropped in org.dropped() {
        let by = &org.log()[usize::try_from(dropped.by).unwrap() - 1];
        prop_assert!(by.status == "Offline" && !by.enqueue && by.call_active);
    }
    let rep_may_take = org.rep(pat).status == Some(AVAILABLE);
    if rep_may_take && view.queued > 0 {
        prop_assert!(view.workload.current_workload > 0, "a call waits for a free rep");
    }
    Ok(())
}
