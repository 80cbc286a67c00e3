//! What the rep may not read by REST comes from the console's own page, through the package's Apex class: statuses
//! with their kinds, decline reasons, wrap-up's time, and the end of a conversation.

use journeys::wait;
use reqwest::Method;
use serde_json::{Value, json};

use crate::stage::{ConsolePage, Headless, Plan, Stage, Surface};

#[test]
fn headless() {
    let mut stage = Stage::empty(
        Surface::Headless,
        Plan {
            no_console: true,
            ..Plan::default()
        },
    );
    let hidden = [
        "PresenceConfigDeclineReason",
        "PresenceDeclineReason",
        "PresenceUserConfig",
        "PresenceUserConfigProfile",
        "PresenceUserConfigUser",
        "ServiceChannel",
        "ServiceChannelStatus",
        "VoiceCall",
    ];
    let settings = json!({
        "hidden": hidden, "viewDeveloperName": false, "declineReasons": ["Busy", "Wrong skill"],
        "statusOnDecline": "Break",
    });
    stage.org.ask(Method::PUT, "settings", Some(settings));
    let Some(console) = ConsolePage::browser(&stage, "the console's set-up in Chromium") else {
        return;
    };
    stage.rep.starts();
    stage.sees("what the rep may not read", |seen| {
        seen.session == "signed_in" && seen.problem("permission_missing").is_some()
    });
    let before = picture(&stage);
    assert_eq!(before["decline_reasons"], json!([]));
    assert_eq!(
        kind_of(&before, "Break"),
        json!("online"),
        "nothing says otherwise"
    );

    console.opens("pat");
    stage.sign_in();
    console.item("the console joined", |item| item.state == "connected");
    console.chooses("Available");
    wait::until("the set-up that the page has told", || {
        let picture = picture(&stage);
        let told = picture["decline_reasons"] == json!(["Busy", "Wrong skill"]);
        (told && kind_of(&picture, "Break") == "busy").then_some(())
    });
    stage.sees("Available, and nothing lacking", |seen| {
        seen.presence.as_deref() == Some("Available") && seen.problem("permission_missing").is_none()
    });

    // The end of the conversation is read in the page, and wrap-up runs for the time that it has told.
    let call = stage.on_a_call();
    stage.org.hangup(&call);
    stage.sees("wrap-up", |seen| seen.call == "wrap_up");
    assert!(picture(&stage)["call"]["wrap_up_ends_at"].is_string());
    stage.org.finish(&call);
    stage.sees("no call", |seen| seen.call == "idle");

    // Declined in the widget, with a reason of the presence configuration's.
    stage.org.call("pat", "+1 555 0142");
    stage.sees("the call ringing", |seen| seen.call == "ringing");
    console.declines_because("Wrong skill");
    stage.sees("the call declined", |seen| {
        seen.call == "idle" && seen.presence.as_deref() == Some("Break")
    });
    stage.ends_with_writes(&[]);
}

#[track_caller]
fn picture(stage: &Stage) -> Value {
    let status = Headless::ask(&stage.place, &["status", "--json"]);
    let error = String::from_utf8_lossy(&status.stderr);
    assert!(status.status.success(), "{}: {error}", status.status);
    serde_json::from_slice(&status.stdout).expect("the picture")
}

fn kind_of(picture: &Value, label: &str) -> Value {
    let statuses = picture["statuses"].as_array().expect("statuses");
    let status = statuses.iter().find(|status| status["label"] == label);
    status.map_or(Value::Null, |status| status["kind"].clone())
}
