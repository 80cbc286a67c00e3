//! Calls and other work, from their beginning to their end.

use super::*;

#[test]
fn accepting_changes_no_presence_and_capacity_goes_at_assignment() {
    let mut scene = available();
    let call = scene.call(2);
    assert_eq!(
        scene.org.workload(scene.pat).current_workload,
        catalog::CAPACITY.into()
    );
    let rows = scene.org.presences().len();
    let work = scene.org.work_of_call(call).unwrap();
    scene.org.accept(at(3), work).unwrap();
    assert_eq!(scene.presence(), "Available");
    assert_eq!(scene.org.presences().len(), rows);
    assert_eq!(
        scene.org.workload(scene.pat).current_workload,
        catalog::CAPACITY.into()
    );
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
    assert_eq!(scene.org.workload(scene.pat).current_workload, 0.into());
}

#[test]
fn other_work_takes_its_share_and_is_no_call() {
    let mut scene = available();
    let case = scene.org.start_work(at(2), scene.pat, "case").unwrap();
    assert!(case.work_item_id.0.has_prefix("500"));
    assert_eq!(scene.org.workload(scene.pat).current_workload, 3.into());
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
fn wrap_up_is_extended_as_often_as_the_configuration_says() {
    let mut scene = available();
    let settings = json!({ "wrapUpMs": 30_000, "wrapUpExtensionMs": 15_000, "mostExtensions": 2 });
    scene.org.change_settings(&settings).unwrap();
    let call = scene.on_call(2);
    let work = scene.org.work_of_call(call).unwrap();
    assert_eq!(scene.org.extend_wrap_up(at(3), work), Err(Refusal::NoWrapUp));
    scene.org.hang_up(at(10), call).unwrap();
    scene.org.extend_wrap_up(at(11), work).unwrap();
    scene.org.extend_wrap_up(at(12), work).unwrap();
    assert_eq!(
        scene.org.extend_wrap_up(at(13), work),
        Err(Refusal::NoExtension { rep: "pat", most: 2 })
    );
    let extended = &scene.org.works()[work];
    assert_eq!((extended.extensions, extended.extended_ms), (2, 30_000));
    scene.org.tick(at(69));
    assert_eq!(scene.phase(call), CallPhase::WrapUp);
    scene.org.tick(at(70));
    assert_eq!(scene.work_status(call), WorkStatus::Closed);
}

#[test]
fn wrap_up_is_not_extended_where_the_configuration_does_not_have_it() {
    let mut scene = available();
    let call = scene.on_call(2);
    scene.org.hang_up(at(3), call).unwrap();
    let work = scene.org.work_of_call(call).unwrap();
    assert!(matches!(
        scene.org.extend_wrap_up(at(4), work),
        Err(Refusal::NoExtension { .. })
    ));
}
