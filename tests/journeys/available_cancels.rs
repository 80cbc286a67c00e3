//! The last wish wins: Available takes the place of the held Offline.

use crate::stage::{Stage, Surface};

on_both_surfaces!();

fn play(surface: Surface) {
    let mut stage = Stage::ready(surface);
    let call = stage.on_a_call();
    stage.offline_is_held("waits until your call ends");
    stage.rep.asks_for("Available");
    stage.sees("nothing held", |seen| {
        seen.held.is_none() && seen.pending.is_none() && seen.presence.as_deref() == Some("Available")
    });
    stage.org.hangup(&call);
    stage.org.finish(&call);
    stage.sees("no call, and still Available", |seen| {
        seen.call == "idle" && seen.presence.as_deref() == Some("Available")
    });
    // Available it was all along: there was nothing to write.
    stage.ends_with_writes(&[]);
}
