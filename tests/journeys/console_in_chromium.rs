//! The main job with the console in a real Chromium: another origin than Holdline's, the policy that Lightning
//! sends, and the public address space, from which the browser lets a page reach this computer only when allowed.

use crate::stage::{ConsolePage, Plan, Stage, Surface};

#[test]
fn headless() {
    let mut stage = Stage::empty(
        Surface::Headless,
        Plan {
            no_console: true,
            ..Plan::default()
        },
    );
    let Some(console) = ConsolePage::browser(&stage, "the console in Chromium") else {
        return;
    };
    console.opens("pat");
    stage.rep.starts();
    stage.sign_in();
    console.item("the console joined", |item| item.state == "connected");
    console.is_pictured("console-connected");
    console.chooses("Available");
    stage.sees("Available, and no call", |seen| {
        seen.call == "idle" && seen.presence.as_deref() == Some("Available")
    });
    assert!(!console.asks_before_it_closes());

    let call = stage.on_a_call();
    assert!(
        console.asks_before_it_closes(),
        "a page with a call closes unasked"
    );
    stage.offline_is_held("waits until your call ends");
    console.item("the logout armed", |item| item.armed);
    console.is_pictured("console-armed");
    stage.org.hangup(&call);
    stage.sees("wrap-up", |seen| seen.call == "wrap_up");
    stage.org.finish(&call);
    stage.sees_offline_set();
    console.item("nothing armed", |item| !item.armed && item.presence == "Offline");
    assert!(!console.asks_before_it_closes());
    stage.ends_with_writes(&["Offline"]);

    // Paired once: a page that is loaded anew is let in by what the browser keeps.
    console.browser.go(&console.address("pat"));
    console.item("the console joined again", |item| item.state == "connected");
}
