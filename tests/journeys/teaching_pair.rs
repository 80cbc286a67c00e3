//! The teaching pair: with a connector that ignores `enqueueNextState`, Offline in the middle of a call drops
//! the call; with Holdline joined the same Offline does not.

use serde_json::json;

use crate::stage::{Plan, Stage, Surface};

on_both_surfaces!();

fn play(surface: Surface) {
    let plan = Plan {
        practice: &["--connector", "naive"],
        ..Plan::default()
    };
    let mut stage = Stage::empty(surface, plan);

    let lost = stage.org.call("pat", "+1 555 0142");
    stage.org.accept(&lost);
    stage.in_the_console("logout", json!({}));
    let dropped = stage.org.dropped();
    assert_eq!(dropped.len(), 1, "{dropped:?}");
    assert_eq!(dropped[0]["callId"], lost.call_id);
    stage.org.finish(&lost);
    stage.logs_in_in_the_console();

    stage.rep.starts();
    stage.sign_in();
    let saved = stage.on_a_call();
    stage.in_the_console("logout", json!({}));
    stage.sees("the phone's Offline enqueued", |seen| {
        seen.call == "on_call" && seen.next_state.as_deref() == Some("Offline")
    });
    assert_eq!(stage.pat()["callActive"], true);
    stage.org.hangup(&saved);
    stage.org.finish(&saved);
    stage.sees_offline_set();
    stage.holdline_did_no_harm();
    assert_eq!(
        stage.org.dropped(),
        dropped,
        "a call was dropped while Holdline guarded it"
    );
}
