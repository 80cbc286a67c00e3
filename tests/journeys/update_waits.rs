//! An update is offered in the middle of a call: it waits, says so, and is installed when the call is over.
//!
//! It replaces an installed Holdline, so it needs one: `cargo xtask verify` installs a package in a system of its own,
//! serves the next version, and names both here.

use std::path::PathBuf;
use std::time::Instant;

use journeys::{skip, wait};

use crate::stage::{Headless, Plan, Stage, Surface};

/// How often this Holdline looks for updates.
const EVERY: &str = "3s";

#[test]
fn windowed() {
    let [Ok(url), Ok(key), Ok(folder)] = [
        "HOLDLINE_UPDATE_URL",
        "HOLDLINE_UPDATE_KEY",
        "HOLDLINE_UPDATE_FOLDER",
    ]
    .map(std::env::var) else {
        return skip(
            "update_waits: an installed package is updated",
            "`cargo xtask verify` plays it, with packages and a system of their own",
        );
    };
    let policy =
        format!("[updates]\nenabled = true\nurl = {url:?}\npublic_key = {key:?}\nevery = {EVERY:?}\n");
    let plan = Plan {
        policy: Some(policy.leak()),
        ..Plan::default()
    };
    let mut stage = Stage::ready_with(Surface::Windowed, plan);
    let access = stage.place.profile.join("status-api.json");
    let before = std::fs::read(&access).expect("a running Holdline has a status API");
    let call = stage.on_a_call();

    // Only now is there a newer one.
    let offer = PathBuf::from(folder).join("stable");
    std::fs::rename(offer.join("updates.json.later"), offer.join("updates.json")).expect("our own folder");
    stage.sees("the update held", |seen| {
        let held = seen.held.as_ref();
        held.is_some_and(|held| held.status == "Update" && held.text.contains("until your call"))
    });
    let window = stage.window().expect("a window");
    window
        .desktop()
        .wait_for_notification("that an update waits", |notification| {
            notification.summary.ends_with("is ready") && notification.body.contains("when your call")
        });
    assert_eq!(std::fs::read(&access).expect("it still runs"), before);
    assert_eq!(stage.pat()["presence"]["status"], "Available");

    stage.org.hangup(&call);
    stage.sees("wrap-up, and the update still held", |seen| {
        seen.call == "wrap_up" && seen.held.is_some()
    });
    stage.org.finish(&call);
    let ended = Instant::now();
    wait::until("another run of Holdline, after the update", || {
        std::fs::read(&access).ok().filter(|now| *now != before)
    });
    wait::until("the rep signed in as before", || {
        let status = Headless::ask(&stage.place, &["status", "--json"]);
        let picture: serde_json::Value = serde_json::from_slice(&status.stdout).ok()?;
        (picture["session"]["state"] == "signed_in" && picture["held"].is_null()).then_some(())
    });
    if let Some(file) = std::env::var_os("HOLDLINE_UPDATE_SECONDS_FILE") {
        std::fs::write(file, ended.elapsed().as_secs_f64().to_string()).expect("our own folder");
    }
    stage.ends_with_writes(&[]);
}
