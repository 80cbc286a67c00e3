//! Several tabs and several reps in one browser: one page of a rep leads, the next takes over at once.

use journeys::process::Guard;
use journeys::wait;
use serde_json::json;

use crate::stage::{ConsolePage, Headless, Plan, Seen, Stage, Surface};

fn plan() -> Plan {
    Plan {
        no_console: true,
        ..Plan::default()
    }
}

#[test]
fn two_tabs_headless() {
    let mut stage = Stage::set(Surface::Headless, plan());
    let Some(console) = ConsolePage::browser(&stage, "two tabs of the console in Chromium") else {
        return;
    };
    console.opens("pat");
    stage.sign_in();
    console.item("the console joined", |item| item.state == "connected");
    console.chooses("Available");
    stage.sees("Available", |seen| seen.presence.as_deref() == Some("Available"));
    let first = console.browser.tab();

    // The newer one leads. The older one, looked at by nobody, steps back and says so.
    let second = console.browser.open_tab(&console.address("pat"));
    console.item("the second tab joined", |item| item.state == "connected");
    let call = stage.on_a_call();
    stage.offline_is_held("waits until your call ends");
    console.item("the logout armed in the page that leads", |item| item.armed);

    // Closed in the middle of the call: the other takes over, and carries out what was held.
    console.browser.close_tab(&first);
    console.item("the first tab joined", |item| {
        item.state == "connected" && item.armed
    });
    assert_ne!(first, second);
    stage.org.hangup(&call);
    stage.org.finish(&call);
    stage.sees_offline_set();
    stage.ends_with_writes(&["Offline"]);

    // A second login elsewhere.
    console.chooses("Available");
    stage.sees("Available", |seen| seen.presence.as_deref() == Some("Available"));
    let reason = json!({ "reason": "DuplicateLogin" });
    stage
        .org
        .ask(reqwest::Method::POST, "reps/pat/logout", Some(reason));
    let told = stage.sees("that Omni-Channel has logged the rep out", |seen| {
        !seen.problems.is_empty() && seen.presence.as_deref() == Some("Offline")
    });
    assert!(
        told.problems
            .iter()
            .any(|problem| problem.text.contains("somewhere else")),
        "{:?}",
        told.problems
    );
}

/// A page that nobody looks at takes over, too, when the one that leads is closed.
#[test]
fn two_browsers_headless() {
    let mut stage = Stage::set(Surface::Headless, plan());
    let Some(one) = ConsolePage::browser(&stage, "two browsers with the console") else {
        return;
    };
    one.opens("pat");
    stage.sign_in();
    one.item("the first browser joined", |item| item.state == "connected");
    one.chooses("Available");
    let other = ConsolePage::browser(&stage, "two browsers with the console").expect("there was one before");
    other.opens("pat");
    other.item("the second browser paired and joined", |item| {
        item.state == "connected"
    });
    let replaced = one.item("the first browser replaced", |item| item.state == "refused");
    assert!(replaced.text.contains("Another console page"), "{replaced:?}");

    let call = stage.on_a_call();
    drop(other);
    one.item("the first browser leads again", |item| item.state == "connected");
    stage.offline_is_held("waits until your call ends");
    stage.org.hangup(&call);
    stage.org.finish(&call);
    stage.sees_offline_set();
    stage.ends_with_writes(&["Offline"]);
}

#[test]
fn two_reps_headless() {
    let mut stage = Stage::set(Surface::Headless, plan());
    let Some(console) = ConsolePage::browser(&stage, "two reps on one desktop") else {
        return;
    };
    console.opens("pat");
    stage.sign_in();
    console.item("pat's console joined", |item| item.state == "connected");

    // Sam's Holdline on the same computer, on the next port of the same list.
    let place = stage.place.beside("sams-profile");
    let mut run = Headless::command(
        &place,
        &[
            "run",
            "--json",
            "--keyring",
            "session",
            "--sign-in-as",
            "sam",
            "--org",
            stage.org.url(),
        ],
    );
    let mut sams = Guard::start("sams-holdline", &mut run, &place.logs);
    let signed_in = |picture: &serde_json::Value| picture["session"]["state"] == "signed_in";
    sams.wait_for("sam signed in", signed_in);
    let pats = console.browser.tab();
    let sams_tab = console.browser.open_tab(&console.address("sam"));
    console.item("sam's console joined", |item| item.state == "connected");
    sams.wait_for("sam's console", |picture| picture["console"]["connected"] == true);

    console.chooses("Available");
    let available = |picture: &serde_json::Value| picture["presence"]["status"] == "Available";
    sams.wait_for("sam Available", available);
    console.browser.look_at(&pats);
    let pat = console.item("pat's console, still joined", |item| item.state == "connected");
    assert_eq!(pat.presence, "Offline", "sam's choice is not pat's");
    console.chooses("Break");
    stage.sees("pat's own choice", |seen| {
        seen.presence.as_deref() == Some("Break")
    });

    console.browser.look_at(&sams_tab);
    let asked = Headless::ask(&place, &["request", "Offline"]);
    assert!(asked.status.success(), "{asked:?}");
    console.item("sam logged out by sam's Holdline", |item| {
        item.presence == "Offline"
    });
    let seen = wait::until("pat as before", || {
        let status = Headless::ask(&stage.place, &["status", "--json"]);
        let picture = serde_json::from_slice(&status.stdout).ok()?;
        Some(Seen::of_picture(&picture, None))
    });
    assert_eq!((seen.presence.as_deref(), seen.console), (Some("Break"), true));
}
