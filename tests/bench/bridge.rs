//! How long after an event in the console there is a new picture.

mod partner;

use std::process::Command;
use std::time::{Duration, Instant};

use journeys::http::PracticeOrg;
use journeys::process::Guard;
use journeys::programs;
use wire::bridge::ConsoleEvent;

use crate::figure::{Bench, Figure, Missing, Target, percentile};
pub(crate) use partner::Partner;
use partner::work;

/// Calls that come, are answered and end: three events each.
const CALLS: usize = 200;

pub(crate) const FIGURES: &[Figure] = &[
    Figure {
        name: "bridge.event_to_picture_p50_ms",
        unit: "ms",
        target: Target::None,
        measure: |bench| Ok(percentile(&latencies(bench)?, 0.5)),
    },
    Figure {
        name: "bridge.event_to_picture_p99_ms",
        unit: "ms",
        target: Target::AtMost(33.0),
        measure: |bench| Ok(percentile(&latencies(bench)?, 0.99)),
    },
];

fn latencies(bench: &mut Bench) -> Result<Vec<f64>, Missing> {
    bench.once("bridge", event_to_picture)
}

/// From just before the report is written to the loopback socket until the picture's line has been read.
fn event_to_picture() -> Result<Vec<f64>, Missing> {
    let scratch = tempfile::tempdir().expect("a temporary folder");
    let org = PracticeOrg::start(&[], scratch.path());
    let mut command = Command::new(programs::holdlinectl());
    command.args([
        "run",
        "--json",
        "--keyring",
        "session",
        "--sign-in-as",
        "pat",
        "--org",
        org.url(),
        "--profile",
    ]);
    command.arg(scratch.path().join("profile"));
    let mut holdline = Guard::start("holdlinectl", &mut command, scratch.path());
    let picture = holdline.wait_for("a signed-in rep", |picture| {
        picture["session"]["state"] == "signed_in"
    });

    let mut partner = Partner::join(org.url(), &picture["session"]);
    holdline.wait_for("the joined console", |picture| {
        picture["console"]["connected"] == true
    });
    partner.login();
    holdline.wait_for("no call", |picture| picture["call"]["phase"] == "idle");

    let mut samples = Vec::new();
    for call in 1..=CALLS {
        let (work_id, work_item_id) = work(call);
        let steps = [
            (
                "ringing",
                ConsoleEvent::WorkAssigned {
                    work_id,
                    work_item_id,
                },
            ),
            (
                "on_call",
                ConsoleEvent::WorkAccepted {
                    work_id,
                    work_item_id,
                },
            ),
            (
                "idle",
                ConsoleEvent::WorkClosed {
                    work_id,
                    work_item_id,
                },
            ),
        ];
        for (phase, event) in steps {
            let sent = Instant::now();
            partner.report(event);
            let what = format!(
                "{phase} after the console's event {} of {}",
                samples.len() + 1,
                CALLS * 3
            );
            let line = holdline.wait_after(sent, Duration::from_secs(10), &what, |picture| {
                picture["call"]["phase"] == phase
            });
            samples.push(line.at.duration_since(sent).as_secs_f64() * 1e3);
        }
    }
    Ok(samples)
}
