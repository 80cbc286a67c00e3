//! The organisation's policy is `block`: during a call Offline is refused, with the reason, and not held.

use crate::stage::{Plan, Stage, Surface};

on_both_surfaces!();

fn play(surface: Surface) {
    let plan = Plan {
        policy: Some("[guard]\npolicy = \"block\"\n"),
        // The user's own file does not weaken it.
        settings: "[guard]\npolicy = \"queue\"\n",
        ..Plan::default()
    };
    let mut stage = Stage::ready_with(surface, plan);
    let call = stage.on_a_call();
    stage.rep.asks_for("Offline");
    let seen = stage.sees("the refusal", |seen| seen.refusal.is_some());
    let refusal = seen.refusal.expect("just seen");
    for words in [
        "Offline was refused",
        "policy",
        "Your call is not affected",
        "Ask again",
    ] {
        assert!(refusal.contains(words), "{refusal}");
    }
    assert_eq!((seen.held, seen.pending), (None, None));

    stage.org.hangup(&call);
    stage.org.finish(&call);
    stage.sees("no call, and still Available", |seen| {
        seen.call == "idle" && seen.presence.as_deref() == Some("Available")
    });
    stage.rep.asks_for("Offline");
    stage.sees_offline_set();
    stage.ends_with_writes(&["Offline"]);
}
