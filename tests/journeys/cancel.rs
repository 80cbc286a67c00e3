//! The rep thinks better of it: the held Offline is cancelled, and the end of the call changes nothing.

use crate::stage::{Stage, Surface};

on_both_surfaces!();

fn play(surface: Surface) {
    let mut stage = Stage::ready(surface);
    let call = stage.on_a_call();
    stage.offline_is_held("waits until your call ends");
    stage.rep.cancels();
    stage.sees("nothing held", |seen| {
        seen.held.is_none() && seen.call == "on_call"
    });
    stage.org.hangup(&call);
    stage.org.finish(&call);
    stage.sees("no call, and still Available", |seen| {
        seen.call == "idle" && seen.presence.as_deref() == Some("Available")
    });
    // The next call finds the rep as before: nothing of the cancelled request is left.
    let next = stage.on_a_call();
    stage.org.hangup(&next);
    stage.org.finish(&next);
    stage.sees("no call, and still Available", |seen| {
        seen.call == "idle" && seen.presence.as_deref() == Some("Available") && seen.held.is_none()
    });
    stage.ends_with_writes(&[]);
}
