//! A second call arrives at the moment the first ends: the held Offline waits for its end too.

use crate::stage::{Stage, Surface};

on_both_surfaces!();

fn play(surface: Surface) {
    let mut stage = Stage::ready(surface);
    let first = stage.on_a_call();
    stage.offline_is_held("waits until your call ends");
    // It waits for capacity, and is routed in the very moment in which the first one's work closes.
    let second = stage.org.call("pat", "+1 555 0143");
    stage.org.hangup(&first);
    stage.org.finish(&first);
    stage.sees("the second call ringing", |seen| seen.call == "ringing");
    stage.sees_offline_held("because a call is ringing");
    stage.sees("word of the other call", |seen| {
        seen.problem("another_call").is_some()
    });
    stage.org.accept(&second);
    stage.sees("the second call", |seen| seen.call == "on_call");
    stage.sees_offline_held("waits until your call ends");
    let pat = stage.pat();
    assert_eq!(
        (&pat["callActive"], &pat["presence"]["status"]),
        (&true.into(), &"Available".into())
    );
    stage.org.hangup(&second);
    stage.org.finish(&second);
    stage.sees_offline_set();
    stage.ends_with_writes(&["Offline"]);
}
