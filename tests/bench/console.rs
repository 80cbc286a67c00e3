//! The whole way: the console in a real Chromium, Holdline, and its window on a screen without a monitor.
//!
//! All times are the machine's clock, which pages and this program read alike, to the millisecond in pages.

mod idle;
mod scene;

use std::thread;
use std::time::{Duration, SystemTime, UNIX_EPOCH};

use serde_json::json;

use crate::figure::{Bench, Figure, Missing, Target, percentile};
use crate::requests::Requests;
use scene::{Scene, milliseconds};

/// Calls that come, are answered and end: three events each.
const CALLS: usize = 100;
/// In life a call's steps are seconds apart: what one of them sets off is over before the next.
const BETWEEN: Duration = Duration::from_millis(150);
/// Statuses that are asked for.
const REQUESTS: usize = 200;
/// Leading tabs that are closed.
const TABS: usize = 25;

pub(crate) const FIGURES: &[Figure] = &[
    Figure {
        name: "console.event_to_drawn_p50_ms",
        unit: "ms",
        target: Target::None,
        measure: |bench| Ok(percentile(&latencies(bench)?[..3 * CALLS], 0.5)),
    },
    Figure {
        name: "console.event_to_drawn_p99_ms",
        unit: "ms",
        target: Target::AtMost(33.0),
        measure: |bench| Ok(percentile(&latencies(bench)?[..3 * CALLS], 0.99)),
    },
    Figure {
        name: "console.request_to_toolkit_p99_ms",
        unit: "ms",
        target: Target::AtMost(33.0),
        measure: |bench| Ok(percentile(&latencies(bench)?[3 * CALLS..], 0.99)),
    },
    Figure {
        name: "console.idle_cpu_percent",
        unit: "%",
        target: Target::AtMost(0.1),
        measure: |bench| bench.once("console idle", idle::cpu).map(|shares| shares[0]),
    },
    Figure {
        name: "console.tab_handover_ms",
        unit: "ms",
        target: Target::None,
        measure: |bench| Ok(percentile(&bench.once("console tabs", handovers)?, 0.5)),
    },
];

/// First the events' latencies, then the requests'.
fn latencies(bench: &mut Bench) -> Result<Vec<f64>, Missing> {
    bench.once("console", || {
        let scene = Scene::set()?;
        let mut samples = events(&scene);
        samples.extend(requests(&scene));
        Ok(samples)
    })
}

/// From the page's hearing of an Omni event to the end of the frame in which the window has drawn the phase.
fn events(scene: &Scene) -> Vec<f64> {
    let mut samples = Vec::new();
    let mut heard = scene.notes("heard");
    let mut measure = |event: &str, heading: &str| {
        thread::sleep(BETWEEN);
        let drawn = scene.drawn(heading);
        let at = loop {
            let (name, at) = scene.noted("heard", heard);
            heard += 1;
            if name == event {
                break at;
            }
        };
        samples.push(drawn - at);
    };
    for _ in 0..CALLS {
        let call = scene.org.call("pat", "+1 555 0142");
        measure("workAssigned", "Ringing");
        scene.org.accept(&call);
        measure("workAccepted", "On call");
        scene.org.hangup(&call);
        measure("workClosed", "No call");
    }
    samples
}

/// From before a request is written to Holdline's socket to the toolkit's method being called for it in the page.
fn requests(scene: &Scene) -> Vec<f64> {
    let api = Requests::of(&scene.profile);
    let mut samples = Vec::new();
    let mut called = scene.notes("called");
    for round in 0..REQUESTS {
        let status = if round % 2 == 0 { "Break" } else { "Available" };
        let sent = now();
        api.post("requests", json!({ "status": status }));
        let at = loop {
            let (name, at) = scene.noted("called", called);
            called += 1;
            if name == "setServicePresenceStatus" {
                break at;
            }
        };
        samples.push(at - sent);
        scene.shows_presence(status);
    }
    samples
}

/// From the `pagehide` of the leading tab, which is closed, until the one beside it has joined.
fn handovers() -> Result<Vec<f64>, Missing> {
    let scene = Scene::set()?;
    let first = scene.console.tab();
    let samples = (0..TABS).map(|_| {
        let joined = scene.notes("joined");
        scene.console.open_tab("about:blank");
        scene.opens_console();
        scene
            .console
            .wait_for_text(&journeys::webdriver::Find::Css("#holdline-short"), "connected");
        scene.console.close_tab(&first);
        let mut next = joined;
        let at = loop {
            let (state, at) = scene.noted("joined", next);
            next += 1;
            if state == "connected" {
                break at;
            }
        };
        let left = scene
            .console
            .script("return Number(localStorage.getItem('bench-left'))", Vec::new());
        at - milliseconds(&left)
    });
    Ok(samples.collect())
}

fn now() -> f64 {
    let since = SystemTime::now().duration_since(UNIX_EPOCH);
    since.expect("the clock is set").as_secs_f64() * 1e3
}
