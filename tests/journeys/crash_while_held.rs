//! Holdline is killed while Offline is held: it is still held afterwards, and set once, at the call's end.

use std::process::Child;
use std::time::{Duration, Instant};

use crate::stage::{Headless, Stage, Surface};

on_both_surfaces!();

fn play(surface: Surface) {
    let mut stage = Stage::ready(surface);
    let call = stage.on_a_call();
    stage.offline_is_held("waits until your call ends");
    stage.rep.kill_9();

    restart(&mut stage);
    stage.sees("the call", |seen| {
        seen.call == "on_call" && seen.presence.as_deref() == Some("Available")
    });
    stage.sees_offline_held("waits until your call ends");
    stage.org.hangup(&call);
    stage.org.finish(&call);
    stage.sees_offline_set();

    // Never a second time: not after another crash, and not in a later call.
    stage.forgets_the_wish();
    stage.rep.kill_9();
    stage.logs_in_in_the_console();
    restart(&mut stage);
    let next = stage.on_a_call();
    stage.org.hangup(&next);
    stage.org.finish(&next);
    stage.sees("no call, and still Available", |seen| {
        seen.call == "idle" && seen.presence.as_deref() == Some("Available") && seen.held.is_none()
    });
    stage.ends_with_writes(&["Offline"]);
}

#[track_caller]
fn restart(stage: &mut Stage) {
    stage.rep.starts();
    stage.comes_back();
}

/// Points in the life of a request, in percent of the time that one takes; the first half is the start of
/// `holdlinectl` itself.
const POINTS: [u32; 6] = [60, 70, 80, 90, 100, 110];

/// `kill -9` at points spread over the life of a request: what was accepted (exit 0) is applied at the end of
/// its call; what was not accepted may be held or gone; and neither shows up in the next call.
#[test]
fn killed_between_request_and_answer() {
    let mut stage = Stage::ready(Surface::Headless);
    let mut expected = Vec::new();
    // One request that is left alone says how long one takes here and now.
    let call = stage.on_a_call();
    let started = Instant::now();
    assert!(request(&stage).wait().expect("our own child").success());
    let whole = started.elapsed();
    for percent in [0].into_iter().chain(POINTS) {
        let call = if percent == 0 {
            call.clone()
        } else {
            stage.on_a_call()
        };
        let accepted = percent == 0 || {
            let delay = whole * percent / 100;
            let mut request = request(&stage);
            // No condition to wait for: the point in time is what is tried out.
            spin(delay);
            stage.rep.kill_9();
            let accepted = request.wait().expect("our own child").success();
            eprintln!("killed {delay:?} into a request of about {whole:?}: accepted: {accepted}");
            restart(&mut stage);
            accepted
        };
        let seen = stage.sees("the call", |seen| {
            seen.call == "on_call" && (seen.held.is_some() || !accepted)
        });
        let held = seen.held.is_some();
        eprintln!("found held: {held}");
        stage.org.hangup(&call);
        stage.org.finish(&call);
        if held {
            expected.push("Offline");
            stage.sees_offline_set();
            stage.logs_in_in_the_console();
        }
        stage.sees("the rep Available, without a call", |seen| {
            seen.call == "idle"
                && seen.presence.as_deref() == Some("Available")
                && seen.phone.as_deref() == Some("Available")
                && seen.held.is_none()
                && seen.pending.is_none()
        });
    }
    stage.ends_with_writes(&expected);
}

fn request(stage: &Stage) -> Child {
    let mut request = Headless::command(&stage.place, &["request", "Offline"]);
    let quiet = request
        .stdout(std::process::Stdio::null())
        .stderr(std::process::Stdio::null());
    quiet.spawn().expect("holdlinectl runs")
}

fn spin(time: Duration) {
    let end = Instant::now() + time;
    while Instant::now() < end {
        std::hint::spin_loop();
    }
}
