//! How long a start takes: to the first picture, and to the first paint of the window.

use std::process::Command;
use std::time::Instant;

use journeys::desktop::Desktop;
use journeys::http::PracticeOrg;
use journeys::process::Guard;
use journeys::{programs, wait};
use rustix::process::Signal;

use crate::figure::{Bench, Figure, Missing, Target, percentile};
use crate::memory::Stage;
use crate::peer;

/// Starts of each kind; the first of them only warms the machine's caches.
const RUNS: usize = 8;

pub(crate) const FIGURES: &[Figure] = &[
    Figure {
        name: "start.first_picture_ms",
        unit: "ms",
        target: Target::AtMost(500.0),
        measure: |bench| median(bench.once("first picture", first_picture)),
    },
    Figure {
        name: "start.painted_ms",
        unit: "ms",
        target: Target::None,
        measure: |bench| median(bench.once("painted", painted)),
    },
    Figure {
        name: "start.painted_vs_chromium",
        unit: "ratio",
        target: Target::AtMost(0.5),
        measure: painted_vs_chromium,
    },
];

fn median(samples: Result<Vec<f64>, Missing>) -> Result<f64, Missing> {
    samples.map(|samples| percentile(&samples, 0.5))
}

/// `holdlinectl run` from its start to its first picture, before sign-in.
fn first_picture() -> Result<Vec<f64>, Missing> {
    let scratch = tempfile::tempdir().expect("a temporary folder");
    let org = PracticeOrg::start(&[], scratch.path());
    Ok(runs(|| {
        let mut command = Command::new(programs::holdlinectl());
        command.args([
            "run",
            "--json",
            "--keyring",
            "session",
            "--org",
            org.url(),
            "--profile",
        ]);
        command.arg(scratch.path().join("profile"));
        let started = Instant::now();
        let mut holdline = Guard::start("holdlinectl", &mut command, scratch.path());
        let picture = holdline.wait_within(wait::PATIENCE, "the first picture", |line| {
            line["schema"].is_number()
        });
        holdline.terminate();
        milliseconds(started, picture.at)
    }))
}

/// Holdline from its start to text in its window.
fn painted() -> Result<Vec<f64>, Missing> {
    let stage = Stage::set();
    Ok(runs(|| timed(&stage.desktop, || stage.holdline(&[]))))
}

/// The same run's Chromium, from its start to text in its page.
fn painted_vs_chromium(bench: &mut Bench) -> Result<f64, Missing> {
    let ours = median(bench.once("painted", painted))?;
    let theirs = median(bench.once("chromium painted", || {
        programs::chromium().map_err(Missing)?;
        let desktop = Desktop::start();
        let start = || peer::start(&desktop).unwrap_or_else(|Missing(why)| panic!("{why}"));
        Ok(runs(|| timed(&desktop, start)))
    }))?;
    Ok(ours / theirs)
}

fn runs(mut run: impl FnMut() -> f64) -> Vec<f64> {
    (0..RUNS).map(|_| run()).collect::<Vec<_>>().split_off(1)
}

fn timed(desktop: &Desktop, start: impl FnOnce() -> Guard) -> f64 {
    let started = Instant::now();
    let mut program = start();
    desktop.screen().wait_until_painted();
    let painted = Instant::now();
    program.signal(Signal::TERM);
    program.exit();
    desktop.screen().wait_until_empty();
    milliseconds(started, painted)
}

fn milliseconds(from: Instant, to: Instant) -> f64 {
    to.saturating_duration_since(from).as_secs_f64() * 1e3
}
