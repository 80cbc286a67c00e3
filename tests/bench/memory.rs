//! Memory: the proportional set size (PSS) of all processes of a program, its web processes included.

use std::fs;
use std::process::Command;
use std::thread;
use std::time::Duration;

use journeys::desktop::{Desktop, tree};
use journeys::http::PracticeOrg;
use journeys::process::Guard;
use journeys::{programs, wait};

use crate::figure::{Bench, Figure, Missing, Target};
use crate::peer;

pub(crate) const FIGURES: &[Figure] = &[
    Figure {
        name: "memory.headless_pss_mb",
        unit: "MB",
        target: Target::None,
        measure: |bench| first(bench.once("headless", headless)),
    },
    Figure {
        name: "memory.tray_pss_mb",
        unit: "MB",
        target: Target::AtMost(60.0),
        measure: |bench| first(bench.once("tray", tray)),
    },
    Figure {
        name: "memory.tray_after_close_pss_mb",
        unit: "MB",
        target: Target::AtMost(60.0),
        measure: |bench| first(bench.once("tray after close", tray_after_close)),
    },
    Figure {
        name: "memory.window_pss_mb",
        unit: "MB",
        target: Target::None,
        measure: |bench| first(bench.once("window", window)),
    },
    Figure {
        name: "memory.window_vs_chromium",
        unit: "ratio",
        target: Target::AtMost(0.65),
        measure: window_vs_chromium,
    },
];

fn first(samples: Result<Vec<f64>, Missing>) -> Result<f64, Missing> {
    samples.map(|samples| samples[0])
}

/// Signed in, joined with a console, no call.
fn headless() -> Result<Vec<f64>, Missing> {
    let scratch = tempfile::tempdir().expect("a temporary folder");
    let org = PracticeOrg::start(&["--console", "pat"], scratch.path());
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
    holdline.wait_for("no call, with evidence", |picture| {
        picture["call"]["phase"] == "idle"
    });
    Ok(vec![settled(&holdline)])
}

/// The tray icon alone; no window was ever shown.
fn tray() -> Result<Vec<f64>, Missing> {
    let stage = Stage::set();
    let holdline = stage.holdline(&["--hidden"]);
    stage.desktop.tray().wait_for_item();
    Ok(vec![settled(&holdline)])
}

/// The tray icon, after the window was shown and closed again.
fn tray_after_close() -> Result<Vec<f64>, Missing> {
    let stage = Stage::set();
    let holdline = stage.holdline(&[]);
    let window = stage.desktop.screen().wait_until_painted();
    stage.desktop.screen().close(window);
    wait::until("the end of the window's web process", || {
        let web = tree(holdline.id())
            .into_iter()
            .any(|id| name(id).starts_with("WebKitWebProces"));
        (!web).then_some(())
    });
    Ok(vec![settled(&holdline)])
}

/// The tray icon and the window.
fn window() -> Result<Vec<f64>, Missing> {
    let stage = Stage::set();
    let holdline = stage.holdline(&[]);
    stage.desktop.screen().wait_until_painted();
    Ok(vec![settled(&holdline)])
}

/// The same run's Chromium with a similar page.
fn window_vs_chromium(bench: &mut Bench) -> Result<f64, Missing> {
    let ours = first(bench.once("window", window))?;
    let theirs = first(bench.once("chromium window", || {
        let desktop = Desktop::start();
        let chromium = peer::start(&desktop)?;
        desktop.screen().wait_until_painted();
        Ok(vec![settled(&chromium)])
    }))?;
    Ok(ours / theirs)
}

/// A desktop with a practice org.
pub(crate) struct Stage {
    pub(crate) desktop: Desktop,
    org: PracticeOrg,
}

impl Stage {
    pub(crate) fn set() -> Self {
        let desktop = Desktop::start();
        let org = PracticeOrg::start(&[], &desktop.logs());
        Self { desktop, org }
    }

    /// Holdline on the practice org, not signed in.
    pub(crate) fn holdline(&self, arguments: &[&str]) -> Guard {
        let mut command = Command::new(programs::holdline());
        command
            .args(["--org", self.org.url(), "--profile"])
            .arg(self.desktop.folder().join("profile"));
        self.desktop.spawn("holdline", command.args(arguments))
    }
}

/// The PSS of a process and its descendants, MB (10^6 bytes), once five samples in two seconds lie within
/// half a MB of each other; the last one after 30 seconds, however restless.
fn settled(root: &Guard) -> f64 {
    let mut samples: Vec<f64> = Vec::new();
    for _ in 0..75 {
        samples.push(tree(root.id()).into_iter().map(pss).sum());
        let last = &samples[samples.len().saturating_sub(5)..];
        let spread =
            last.iter().copied().fold(f64::MIN, f64::max) - last.iter().copied().fold(f64::MAX, f64::min);
        if last.len() == 5 && spread <= 0.5 {
            break;
        }
        thread::sleep(Duration::from_millis(400));
    }
    let pss = samples.last().copied().unwrap_or(0.0);
    assert!(pss > 0.0, "the program is not running any more");
    pss
}

fn pss(id: u32) -> f64 {
    let text = fs::read_to_string(format!("/proc/{id}/smaps_rollup")).unwrap_or_default();
    let line = text.lines().find_map(|line| line.strip_prefix("Pss:"));
    let kib = line.and_then(|line| line.trim().strip_suffix("kB")?.trim().parse::<f64>().ok());
    kib.unwrap_or(0.0) * 1024.0 / 1e6
}

fn name(id: u32) -> String {
    fs::read_to_string(format!("/proc/{id}/comm")).unwrap_or_default()
}
