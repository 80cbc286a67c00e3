//! The state file is damaged: it is set aside and said so, and everything goes on.

use crate::stage::{Stage, Surface};

on_both_surfaces!();

const DAMAGED: &str = "{\"schema\": 1, \"hold\": {\"sta";

fn play(surface: Surface) {
    let mut stage = Stage::ready(surface);
    stage.rep.kill_9();
    let state = stage.place.profile.join("state.json");
    assert!(state.is_file(), "a Holdline that was signed in has a state file");
    std::fs::write(&state, DAMAGED).expect("our own profile");

    stage.rep.starts();
    let seen = stage.sees("word of the damaged file", |seen| {
        seen.problem("state_corrupt").is_some()
    });
    let problem = seen.problem("state_corrupt").expect("just seen");
    assert!(problem.text.contains("state.json.damaged-1"), "{problem:?}");
    assert!(!problem.remedy.is_empty(), "{problem:?}");
    let aside = std::fs::read_to_string(stage.place.profile.join("state.json.damaged-1"));
    assert_eq!(aside.expect("it was set aside"), DAMAGED);

    stage.sign_in();
    let call = stage.on_a_call();
    stage.offline_is_held("waits until your call ends");
    stage.org.hangup(&call);
    stage.org.finish(&call);
    stage.sees_offline_set();
    stage.ends_with_writes(&["Offline"]);
}
