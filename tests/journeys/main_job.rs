//! A call comes, the rep asks for Offline in the middle of it, and it is set when the call is over.

use journeys::wait;

use crate::stage::{Plan, Stage, Surface};

on_both_surfaces!();

fn play(surface: Surface) {
    let mut stage = Stage::set(surface, Plan::default());
    stage.sees("a start", |seen| seen.session != "starting");
    step(&mut stage, "sign-in", "Holdline: signed out");
    stage.sign_in();
    stage.sees("nothing going on", |seen| {
        seen.call == "idle" && seen.presence.as_deref() == Some("Available") && seen.phone.is_some()
    });
    step(&mut stage, "idle", "Holdline: No call · Available");

    let call = stage.org.call("pat", "+1 555 0142");
    stage.sees("the call ringing", |seen| {
        seen.call == "ringing" && seen.presence.as_deref() == Some("Available")
    });
    step(&mut stage, "ringing", "Holdline: Ringing · Available");

    stage.org.accept(&call);
    stage.sees("On call, and still Available", |seen| {
        seen.call == "on_call" && seen.presence.as_deref() == Some("Available")
    });
    step(
        &mut stage,
        "on-call-while-available",
        "Holdline: On call · Available",
    );

    stage.offline_is_held("waits until your call ends");
    step(&mut stage, "held", "Holdline: On call · Available · Offline held");
    assert_eq!(stage.pat()["presence"]["status"], "Available");

    stage.org.hangup(&call);
    stage.sees("wrap-up", |seen| seen.call == "wrap_up");
    stage.sees_offline_held("until your wrap-up ends");
    step(
        &mut stage,
        "wrap-up",
        "Holdline: Wrap-up · Available · Offline held",
    );
    assert_eq!(stage.pat()["presence"]["status"], "Available");

    stage.org.finish(&call);
    stage.sees_offline_set();
    step(&mut stage, "applied", "Holdline: No call · Offline");

    is_notified(&mut stage, &["Offline is held", "Offline is set"]);
    stage.ends_with_writes(&["Offline"]);
    the_phone_followed_once(&stage);
}

/// What a step shows in the window and in the tray, where there are any.
#[track_caller]
fn step(stage: &mut Stage, name: &str, tooltip: &str) {
    let Some(window) = stage.window() else { return };
    window.is_accessible(name);
    let item = window.desktop().tray().wait_for_item();
    wait::until(&format!("the tooltip {tooltip:?}"), || {
        item.texts().iter().any(|text| text == tooltip).then_some(())
    });
    if tooltip.ends_with("held") {
        item.wait_for_entry("Cancel held Offline");
    }
    window.is_pictured(name, &item);
    // The last step looks like the second: no call, nothing held.
    if name != "applied" {
        window.shows_new_icon(&item);
    }
}

#[track_caller]
fn is_notified(stage: &mut Stage, titles: &[&str]) {
    let Some(window) = stage.window() else { return };
    for title in titles {
        window
            .desktop()
            .wait_for_notification(title, |notification| notification.summary == *title);
    }
    let all = window.desktop().notifications();
    assert_eq!(
        all.len(),
        titles.len(),
        "the rep was told more than once: {all:#?}"
    );
}

/// The phone was told once, and only to go after a contact.
#[track_caller]
fn the_phone_followed_once(stage: &Stage) {
    let log = stage.org.log();
    let phone: Vec<_> = log
        .iter()
        .filter(|write| write.side == "telephony" && write.source == "holdline")
        .map(|write| (write.status.as_str(), write.enqueue))
        .collect();
    assert_eq!(phone, [("Offline", Some(true))], "in {log:#?}");
}
