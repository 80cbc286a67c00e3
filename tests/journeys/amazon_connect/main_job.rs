//! A call comes, the rep asks for Offline in the middle of it, and it is set when the call is over.

use reqwest::Method;
use serde_json::json;

use super::Floor;
use super::floor::settings;
use crate::stage::{Plan, Stage, Surface};

#[test]
fn in_a_browser_tab_headless() {
    let Some(mut floor) = Floor::ready("main job") else {
        return;
    };
    let call = floor.stage.on_a_call();
    floor.sees("the phone on the call", |seen| {
        seen.phone.as_deref() == Some("Busy")
    });

    floor.stage.offline_is_held("waits until your call ends");
    floor.sees("Offline enqueued at the phone", |seen| {
        seen.next_state.as_deref() == Some("Offline") && seen.held.is_some()
    });
    floor.waits_for_phone("Offline enqueued in Amazon Connect", |phone| {
        phone["nextState"] == "Offline"
    });

    floor.stage.org.hangup(&call);
    floor.stage.sees_offline_held("until your wrap-up ends");
    floor.stage.org.finish(&call);
    floor.stage.sees_offline_set();
    floor.stage.ends_with_writes(&["Offline"]);
    assert_eq!(floor.written(), [("Offline".to_owned(), true)]);
}

#[test]
fn in_a_window_of_its_own_windowed() {
    let plan = Plan {
        practice: &["--phone", "amazon-connect"],
        ..Plan::default()
    };
    let mut stage = Stage::empty(Surface::Windowed, plan);
    settings(&stage, "window");
    // The rep's single sign-on is alive, so that the hidden window needs nobody.
    let signs_in = json!({ "ccpSignsIn": "pat" });
    stage.org.ask(Method::PUT, "settings", Some(signs_in));
    stage.rep.starts();
    stage.sign_in();
    stage.sees("the phone, through its hidden window", |seen| {
        seen.call == "idle" && seen.phone.as_deref() == Some("Available")
    });
    let call = stage.on_a_call();
    stage.offline_is_held("waits until your call ends");
    stage.sees("Offline enqueued at the phone", |seen| {
        seen.next_state.as_deref() == Some("Offline")
    });
    let window = stage.window().expect("there is one");
    window.shows_the_phone();
    stage.org.hangup(&call);
    stage.org.finish(&call);
    stage.sees_offline_set();
    stage.ends_with_writes(&["Offline"]);
}
