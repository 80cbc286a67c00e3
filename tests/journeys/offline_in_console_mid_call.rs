//! The rep logs out in the console's own widget in the middle of a call: the phone gets its Offline for after
//! the call, the call lives, and the rep is told and offered the way back.

use serde_json::json;

use crate::stage::{Stage, Surface};

on_both_surfaces!();

fn play(surface: Surface) {
    let mut stage = Stage::ready(surface);
    let call = stage.on_a_call();
    stage.in_the_console("logout", json!({}));
    let seen = stage.sees(
        "the call alive, the phone's Offline enqueued, and the way back",
        |seen| {
            seen.problem("logged_out_during_call").is_some()
                && seen.presence.as_deref() == Some("Offline")
                && seen.next_state.as_deref() == Some("Offline")
                && seen.call == "on_call"
        },
    );
    stage.is_accessible("a problem with its way back");
    assert_eq!(seen.phone.as_deref(), Some("Available"));
    let problem = seen.problem("logged_out_during_call").expect("just seen");
    assert!(
        problem.text.contains("still connected") && problem.remedy.contains("go back online"),
        "{problem:?}"
    );
    assert_eq!(stage.pat()["callActive"], true);
    stage
        .org
        .wait_for_write("the phone's Offline, enqueued", |write| {
            write.source == "holdline" && write.status == "Offline" && write.enqueue == Some(true)
        });

    stage.rep.goes_back_online();
    stage.sees("Available again, and nothing queued at the phone", |seen| {
        seen.presence.as_deref() == Some("Available")
            && seen
                .next_state
                .as_deref()
                .is_none_or(|state| state == "Available")
            && seen.problem("logged_out_during_call").is_none()
            && seen.call == "on_call"
    });
    stage.org.hangup(&call);
    stage.org.finish(&call);
    stage.sees("no call, Available on both sides", |seen| {
        seen.call == "idle"
            && seen.presence.as_deref() == Some("Available")
            && seen.phone.as_deref() == Some("Available")
    });
    stage.ends_with_writes(&["Available"]);
}
