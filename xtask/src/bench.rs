//! Builds what is measured in release, then lets the package `journeys` measure it: it has the virtual desktop.

use anyhow::Result;

use crate::build::{self, locked};
use crate::command::{cargo, run};
use crate::package;
use crate::setup::{self, Purpose};
use crate::verify;

/// Beginnings of the figures that no program of ours is needed for: examples and tests of single crates measure them.
const OF_CRATES: [&str; 7] = [
    "bayeux.",
    "engine.",
    "model.",
    "org.",
    "rules.",
    "salesforce.",
    "shifts.",
];

/// Measures the figures whose name begins with one of these; all when there are none.
pub(crate) fn bench(names: &[String], json: bool) -> Result<()> {
    let ready = setup::ready(Purpose::Test)?;
    let of_crates = |name: &String| {
        let name = format!("{}.", name.trim_end_matches('.'));
        OF_CRATES.iter().any(|begins| name.starts_with(begins))
    };
    let programs = match names.is_empty() || !names.iter().all(of_crates) {
        true => Some(build::released()?),
        false => None,
    };
    // The instrument itself is a development build: it is compiled for the tests anyway, and all it does
    // while the clock runs is to write and read a few bytes.
    let mut bench = cargo();
    bench.args(["run", "--quiet", "--package", "journeys", "--bin", "bench"]);
    locked(&mut bench).arg("--").args(names);
    if json {
        bench.arg("--json");
    }
    if let Some(programs) = &programs {
        programs.name(&mut bench);
    }
    let wanted =
        |figure: &str| names.is_empty() || names.iter().any(|name| figure.starts_with(name.as_str()));
    if cfg!(target_os = "linux")
        && [
            "package.deb_mb",
            "package.install_seconds",
            "start.tray_ms",
            "update.apply_seconds",
        ]
        .into_iter()
        .any(wanted)
    {
        let made = package::make(&package::packages(), &package::version())?;
        bench.env("HOLDLINE_PACKAGE", &made.deb);
        if wanted("update.apply_seconds") && verify::updates_can_be_tried() {
            bench.env("HOLDLINE_UPDATE_SECONDS", verify::update_seconds()?.to_string());
        }
    }
    if let Some(reason) = &ready.no_chromium {
        bench.env("HOLDLINE_NO_CHROMIUM", reason);
    }
    run(&mut bench)
}
