//! Phones, the practice connector, and what an Offline drops.

use super::*;

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
fn a_ringing_call_that_offline_drops_makes_room_for_the_next() {
    let mut scene = available();
    let first = scene.call(2);
    let second = scene.call(3);
    scene
        .org
        .set_phone(at(4), scene.pat, "Offline", false, Source::Phone)
        .unwrap();
    assert_eq!(scene.work_status(first), WorkStatus::Canceled);
    assert_eq!(scene.phase(second), CallPhase::Ringing);
}
