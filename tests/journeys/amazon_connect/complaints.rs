//! What reps complain about in such phones (telephony.md, "Known field complaints to design for"), one by one.

use reqwest::Method;
use serde_json::json;

use super::Floor;

#[test]
fn queued_state_cancelled_headless() {
    let Some(mut floor) = Floor::ready("queued state cancelled") else {
        return;
    };
    let call = floor.stage.on_a_call();
    floor.stage.offline_is_held("waits until your call ends");
    floor.waits_for_phone("Offline enqueued", |phone| phone["nextState"] == "Offline");

    floor.stage.rep.cancels();
    floor.sees("nothing held", |seen| seen.held.is_none());
    floor.waits_for_phone("Offline not enqueued any more", |phone| {
        phone["nextState"] != "Offline"
    });

    floor.stage.org.hangup(&call);
    floor.stage.org.finish(&call);
    floor.sees("still Available, on both sides", |seen| {
        seen.call == "idle"
            && seen.phone.as_deref() == Some("Available")
            && seen.presence.as_deref() == Some("Available")
            && seen.next_state.is_none()
    });
    floor.stage.ends_with_writes(&[]);
}

#[test]
fn available_clears_lunch_headless() {
    let Some(mut floor) = Floor::ready("Available clears Lunch") else {
        return;
    };
    let call = floor.stage.on_a_call();
    floor.stage.rep.asks_for("Lunch");
    floor.sees("Lunch, and enqueued at the phone", |seen| {
        seen.presence.as_deref() == Some("Lunch") && seen.next_state.as_deref() == Some("Lunch")
    });
    floor.waits_for_phone("Lunch enqueued in Amazon Connect", |phone| {
        phone["nextState"] == "Lunch"
    });
    floor.stage.rep.asks_for("Available");
    floor.sees("Available, and Lunch not enqueued any more", |seen| {
        seen.presence.as_deref() == Some("Available") && seen.next_state.as_deref() != Some("Lunch")
    });
    floor.waits_for_phone("Lunch not enqueued in Amazon Connect any more", |phone| {
        phone["nextState"] != "Lunch"
    });

    floor.stage.org.hangup(&call);
    floor.stage.org.finish(&call);
    floor.sees("Available on both sides", |seen| {
        seen.call == "idle"
            && seen.presence.as_deref() == Some("Available")
            && seen.phone.as_deref() == Some("Available")
    });
    assert!(
        floor.written().iter().all(|(_, enqueue)| *enqueue),
        "on a contact everything is enqueued: {:?}",
        floor.written()
    );
    floor.stage.ends_with_writes(&["Lunch", "Available"]);
}

#[test]
fn set_state_that_reports_success_and_does_nothing_headless() {
    let Some(mut floor) = Floor::ready("success without effect") else {
        return;
    };
    // Amazon Connect says yes and does nothing, twice.
    let lie = json!({
        "where": "ccp", "path": "/ccp-v2/api/putAgentState", "times": 2, "what": { "kind": "status", "status": 200 },
    });
    floor.stage.org.ask(Method::POST, "faults", Some(lie));
    floor.stage.rep.asks_for("Break");
    floor.sees("Break on both sides in the end", |seen| {
        seen.presence.as_deref() == Some("Break") && seen.phone.as_deref() == Some("Break")
    });
    assert_eq!(
        floor.written(),
        [("Break".to_owned(), false)],
        "only what took effect is in the phone's log"
    );
    floor.stage.ends_with_writes(&["Break"]);
}

#[test]
fn throttling_is_waited_out_headless() {
    let Some(mut floor) = Floor::ready("throttling") else {
        return;
    };
    let throttled = json!({
        "where": "ccp", "path": "/ccp-v2/api/putAgentState", "times": 2,
        "what": { "kind": "status", "status": 429, "errorCode": "TooManyRequestsException" },
    });
    floor.stage.org.ask(Method::POST, "faults", Some(throttled));
    floor.stage.rep.asks_for("Break");
    floor.sees("Break on both sides in the end", |seen| {
        seen.presence.as_deref() == Some("Break")
            && seen.phone.as_deref() == Some("Break")
            && seen.problem("phone_refused").is_none()
    });
    floor.stage.ends_with_writes(&["Break"]);
}

#[test]
fn unanswered_outbound_call_must_not_turn_break_into_available_headless() {
    let Some(mut floor) = Floor::ready("unanswered outbound call") else {
        return;
    };
    floor.practice(json!({ "unansweredToAvailable": true }));
    floor.stage.rep.asks_for("Break");
    floor.sees("Break on both sides", |seen| {
        seen.presence.as_deref() == Some("Break") && seen.phone.as_deref() == Some("Break")
    });
    let dialed = floor.stage.org.ask(Method::POST, "phones/pat/contacts", None);
    floor.sees("the phone dialing", |seen| {
        seen.phone.as_deref() == Some("CallingCustomer")
    });
    let contact = dialed["contactId"].as_str().expect("an id");
    floor.stage.org.ask(
        Method::POST,
        &format!("phones/pat/contacts/{contact}/hangup"),
        None,
    );
    floor.sees("Break again", |seen| seen.phone.as_deref() == Some("Break"));
    floor.waits_for_phone("Break again", |phone| phone["state"]["name"] == "Break");
    floor.sees("still Break", |seen| seen.presence.as_deref() == Some("Break"));
    floor.stage.ends_with_writes(&["Break"]);
}

#[test]
fn status_change_in_wrap_up_headless() {
    let Some(mut floor) = Floor::ready("status change in wrap-up") else {
        return;
    };
    let call = floor.stage.on_a_call();
    floor.stage.org.hangup(&call);
    floor.sees("wrap-up", |seen| {
        seen.call == "wrap_up" && seen.phone.as_deref() == Some("AfterCallWork")
    });
    floor.stage.rep.asks_for("Offline");
    floor.stage.sees_offline_held("until your wrap-up ends");
    floor.waits_for_phone("the wrap-up open, Offline enqueued", |phone| {
        phone["contacts"][0]["phase"] == "after_call_work" && phone["nextState"] == "Offline"
    });
    floor.stage.org.finish(&call);
    floor.stage.sees_offline_set();
    floor.stage.ends_with_writes(&["Offline"]);
}

#[test]
fn a_second_ccp_open_elsewhere_headless() {
    let Some(mut floor) = Floor::ready("a second panel") else {
        return;
    };
    // The rep presses Break in the panel of another tab.
    floor.chooses_at_the_phone("Break", false);
    floor.sees("Break on both sides", |seen| {
        seen.presence.as_deref() == Some("Break") && seen.phone.as_deref() == Some("Break")
    });
    floor.chooses_at_the_phone("Available", false);
    floor.sees("Available on both sides", |seen| {
        seen.presence.as_deref() == Some("Available") && seen.phone.as_deref() == Some("Available")
    });
    assert_eq!(
        floor.written(),
        [],
        "what the rep chose there is not written back"
    );
    floor.stage.ends_with_writes(&["Break", "Available"]);
}

#[test]
fn a_queued_offline_is_decided_afresh_after_a_missed_call_headless() {
    let Some(mut floor) = Floor::ready("missed call") else {
        return;
    };
    floor.practice(json!({ "statusOnDecline": null }));
    let call = floor.stage.org.call("pat", "+1 555 0142");
    floor.sees("the call ringing, on the phone too", |seen| {
        seen.call == "ringing" && seen.phone.as_deref() == Some("PendingBusy")
    });
    floor.stage.offline_is_held("because a call is ringing");
    assert_eq!(floor.written(), [], "while a contact rings nothing is sent");
    floor.stage.rep.asks_for("Available");
    floor.sees("nothing held", |seen| seen.held.is_none());
    floor.stage.org.decline(&call);
    floor.sees("no call", |seen| seen.call == "idle");
    // What was asked last counts: the phone comes out of its missed call, and not to Offline.
    floor.waits_for_phone("the phone not Offline", |phone| {
        phone["state"]["name"] != "Offline" && phone["nextState"] != "Offline"
    });
    assert!(
        floor.written().iter().all(|(state, _)| state != "Offline"),
        "{:?}",
        floor.written()
    );
    floor.stage.ends_with_writes(&[]);
}

/// Amazon Connect applies what is queued when a missed call was the last contact, whatever was wanted since.
#[test]
fn an_offline_queued_before_a_missed_call_does_not_beat_available_headless() {
    let Some(mut floor) = Floor::ready("Offline queued before a missed call") else {
        return;
    };
    floor.practice(json!({ "statusOnDecline": null }));
    let first = floor.stage.on_a_call();
    floor.stage.offline_is_held("waits until your call ends");
    floor.waits_for_phone("Offline enqueued", |phone| phone["nextState"] == "Offline");

    let second = json!({ "rep": "pat", "from": "+1 555 0143", "force": true });
    let second = floor.stage.org.ask(Method::POST, "calls", Some(second));
    let second = second["callId"].as_str().expect("an id").to_owned();
    floor.waits_for_phone("the second contact ringing", |phone| {
        phone["contacts"]
            .as_array()
            .is_some_and(|contacts| contacts.len() == 2)
    });
    floor.stage.org.hangup(&first);
    floor.stage.org.finish(&first);
    floor.sees("only the ringing call", |seen| {
        seen.call == "ringing" && seen.phone.as_deref() == Some("PendingBusy")
    });
    floor.stage.rep.asks_for("Available");
    floor.sees("nothing held", |seen| seen.held.is_none());
    assert_eq!(
        floor.written(),
        [("Offline".to_owned(), true)],
        "while a contact rings nothing is sent"
    );
    floor
        .stage
        .org
        .ask(Method::POST, &format!("calls/{second}/decline"), None);
    // The panel has carried out what was queued; what was asked last counts.
    floor.waits_for_phone("the phone Available in the end", |phone| {
        phone["state"]["name"] == "Available" && phone["nextState"].is_null()
    });
    floor.sees("Available on both sides", |seen| {
        seen.call == "idle"
            && seen.held.is_none()
            && seen.presence.as_deref() == Some("Available")
            && seen.phone.as_deref() == Some("Available")
    });
    floor.stage.ends_with_writes(&[]);
}
