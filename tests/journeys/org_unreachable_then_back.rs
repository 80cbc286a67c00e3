//! The org goes silent in the middle of a call and comes back: Holdline does not guess, holds, and goes on.

use rustix::process::Signal;

use crate::stage::{Plan, Stage, Surface};

on_both_surfaces!();

fn play(surface: Surface) {
    let plan = Plan {
        // What takes minutes at work takes seconds here.
        settings: "[timings]\npercent = 15\n",
        ..Plan::default()
    };
    let mut stage = Stage::ready_with(surface, plan);
    let call = stage.on_a_call();

    practice_is(&mut stage, Signal::STOP);
    stage.sees("no guess about the call, and why", |seen| {
        seen.call == "unknown" && seen.problem("org_unreachable").is_some()
    });
    stage.is_accessible("an unknown call");
    stage.offline_is_held("cannot see whether you are on a call");

    practice_is(&mut stage, Signal::CONT);
    stage.sees("the call again", |seen| {
        seen.call == "on_call" && seen.console && seen.problem("org_unreachable").is_none()
    });
    stage.sees_offline_held("waits until your call ends");
    assert_eq!(stage.pat()["presence"]["status"], "Available");
    stage.org.hangup(&call);
    stage.org.finish(&call);
    stage.sees_offline_set();
    stage.ends_with_writes(&["Offline"]);
}

/// Stopped, the practice org keeps its connections and answers nothing, as an org behind a broken network.
#[track_caller]
fn practice_is(stage: &mut Stage, signal: Signal) {
    stage
        .org
        .process()
        .expect("the journey started it")
        .signal(signal);
}
