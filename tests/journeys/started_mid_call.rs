//! Holdline is started in the middle of a call: it sees the call, and guards it from the first moment.

use crate::stage::{Plan, Stage, Surface};

on_both_surfaces!();

fn play(surface: Surface) {
    let mut stage = Stage::empty(surface, Plan::default());
    let call = stage.org.call("pat", "+1 555 0142");
    stage.org.accept(&call);
    stage.rep.starts();
    let org = stage.org.url().to_owned();
    stage.rep.signs_in(&org);
    stage.sees("the call", |seen| {
        seen.call == "on_call" && seen.presence.as_deref() == Some("Available")
    });
    // Neither console nor phone has joined yet.
    stage.offline_is_held("waits until your call ends");
    stage.rep.pairs(&mut stage.org);
    stage.sees_offline_held("waits until your call ends");
    stage.org.hangup(&call);
    stage.sees("wrap-up", |seen| seen.call == "wrap_up");
    stage.org.finish(&call);
    stage.sees_offline_set();
    stage.ends_with_writes(&["Offline"]);
}
