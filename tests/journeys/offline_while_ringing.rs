//! Offline asked for while the call still rings: it is held through the whole call.

use crate::stage::{Stage, Surface};

on_both_surfaces!();

fn play(surface: Surface) {
    let mut stage = Stage::ready(surface);
    let call = stage.org.call("pat", "+1 555 0142");
    stage.sees("the call ringing", |seen| seen.call == "ringing");
    stage.offline_is_held("because a call is ringing");
    stage.org.accept(&call);
    stage.sees("the call", |seen| seen.call == "on_call");
    stage.sees_offline_held("waits until your call ends");
    let pat = stage.pat();
    assert_eq!(
        (&pat["callActive"], &pat["presence"]["status"]),
        (&true.into(), &"Available".into())
    );
    stage.org.hangup(&call);
    stage.org.finish(&call);
    stage.sees_offline_set();
    stage.ends_with_writes(&["Offline"]);
}
