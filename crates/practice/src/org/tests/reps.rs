//! Reps, presence, declining.

use super::*;

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
fn presence_history_has_one_current_row_or_none() {
    let mut scene = available();
    scene.org.set_presence(at(5), scene.pat, BREAK, Source::Console);
    scene.log_out(9);
    let ends: Vec<_> = scene.org.presences().iter().map(|row| row.ended_at).collect();
    assert_eq!(ends, [Some(at(5)), Some(at(9))], "a logout only updates");
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

#[test]
fn a_data_centre_switch_logs_everybody_out_and_loses_works_but_no_line() {
    let mut scene = available();
    let sam = scene.org.find_rep("sam").unwrap();
    scene.org.set_presence(at(2), sam, AVAILABLE, Source::Console);
    scene.org.start_call(at(3), sam, "x", false).unwrap();
    let live = scene.on_call(3);
    let waiting = scene.call(4);
    scene.org.drain();

    scene.org.switch_instance(at(5), "PRACTICE2").unwrap();
    for key in [scene.pat, sam] {
        let view = scene.org.rep_view(key);
        assert_eq!(
            (view.presence.status, view.works.len(), view.queued),
            ("Offline", 0, 0)
        );
    }
    let wanted = [
        ConsoleEvent::ConnectionError {
            error: "Omni-Channel lost the connection".to_owned(),
        },
        ConsoleEvent::Logout { reason: None },
    ];
    let events = scene.events();
    assert_eq!(
        events,
        [wanted.clone(), wanted].concat(),
        "no work is said to be closed"
    );
    assert!(
        scene.org.rep(sam).phone.state().contacts.is_empty(),
        "who rang is turned away"
    );
    assert!(scene.org.calls()[waiting].ended_at.is_some());

    assert!(
        scene.org.call_active(scene.pat),
        "the phone system knows nothing of it"
    );
    assert!(scene.org.dropped().is_empty());
    scene.org.hang_up(at(6), live).unwrap();
    assert!(!scene.org.call_active(scene.pat));
    assert!(scene.org.rep(scene.pat).phone.state().contacts.is_empty());
    assert_eq!(
        scene.org.switch_instance(at(7), "PRACTICE2"),
        Err(Refusal::SameInstance("PRACTICE2".to_owned()))
    );
}
