//! The rep's work from Holdline: offered work is accepted and declined, flagged and closed, as the presence
//! configuration allows.

use journeys::wait;
use reqwest::Method;
use serde_json::{Value, json};

use crate::stage::{Headless, Stage, Surface};

#[test]
fn headless() {
    let mut stage = Stage::ready(Surface::Headless);
    let wanted = json!({ "rep": "pat", "channel": "messaging" });
    stage.org.ask(Method::POST, "works", Some(wanted));

    let message = a_work(&stage, "the message", |work| work["voice"] == false);
    work(&stage, &["accept", &message], true);
    a_work(&stage, "it accepted", |work| {
        work["offered"] == false && work["may_flag"] == true
    });
    work(&stage, &["flag", &message, "--message", "a refund"], true);
    a_work(&stage, "its flag", |work| work["flagged"] == true);
    work(&stage, &["unflag", &message], true);
    a_work(&stage, "it without a flag", |work| work["flagged"] == false);
    work(&stage, &["close", &message], true);
    wait::until("no work", || works(&stage).is_empty().then_some(()));

    let call = stage.org.call("pat", "+1 555 0142");
    stage.sees("the call ringing", |seen| seen.call == "ringing");
    work(&stage, &["accept", &call.agent_work_id], true);
    stage.sees("the call", |seen| seen.call == "on_call");
    // What goes on is not closed, whoever asks.
    let refused = work(&stage, &["close", &call.agent_work_id], false);
    assert!(refused.contains("call"), "{refused}");
    stage.org.hangup(&call);
    stage.sees("wrap-up", |seen| seen.call == "wrap_up");
    work(&stage, &["close", &call.agent_work_id], true);
    stage.sees("the end of the call", |seen| seen.call == "idle");
    stage.ends_with_writes(&[]);
}

/// `holdlinectl work …`, and what it said.
#[track_caller]
fn work(stage: &Stage, arguments: &[&str], accepted: bool) -> String {
    let mut all = vec!["work"];
    all.extend(arguments);
    let output = Headless::ask(&stage.place, &all);
    assert_eq!(output.status.success(), accepted, "{output:?}");
    String::from_utf8_lossy(if accepted { &output.stdout } else { &output.stderr }).into_owned()
}

#[track_caller]
fn works(stage: &Stage) -> Vec<Value> {
    let status = Headless::ask(&stage.place, &["status", "--json"]);
    let picture: Value = serde_json::from_slice(&status.stdout).expect("the picture");
    picture["works"].as_array().expect("works").clone()
}

/// Waits for such a work; its id.
#[track_caller]
fn a_work(stage: &Stage, what: &str, holds: impl Fn(&Value) -> bool) -> String {
    wait::until(what, || {
        let found = works(stage).into_iter().find(|work| holds(work))?;
        found["id"].as_str().map(str::to_owned)
    })
}

#[test]
fn declined_with_a_reason_headless() {
    let mut stage = Stage::empty(Surface::Headless, crate::stage::Plan::default());
    // Before the console tells its set-up, which it does once a session.
    let settings = json!({ "declineReasons": ["Busy", "Wrong skill"], "statusOnDecline": "Break" });
    stage.org.ask(Method::PUT, "settings", Some(settings));
    stage.org.ask(
        Method::POST,
        "reps/pat/logout",
        Some(json!({ "reason": "MaintenanceLogout" })),
    );
    stage.rep.starts();
    stage.sign_in();
    stage.rep.asks_for("Available");
    stage.sees("Available", |seen| seen.presence.as_deref() == Some("Available"));
    let call = stage.org.call("pat", "+1 555 0142");
    stage.sees("the call ringing", |seen| seen.call == "ringing");
    let offered = &call.agent_work_id;
    for refused in [
        &["decline", offered][..],
        &["decline", offered, "--reason", "Tired"],
    ] {
        let why = work(&stage, refused, false);
        assert!(why.contains("one of its reasons"), "{why}");
    }
    work(&stage, &["decline", offered, "--reason", "Wrong skill"], true);
    stage.sees("the call declined", |seen| {
        seen.call == "idle" && seen.presence.as_deref() == Some("Break")
    });
    stage.ends_with_writes(&["Available"]);
}
