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

/// Those that are measured of the package: the programs in it are then the ones that are measured in all.
const OF_THE_PACKAGE: [&str; 3] = ["package.deb_mb", "package.install_seconds", "start.tray_ms"];

/// The figure for which a package of the next version is made too.
const UPDATE: &str = "update.apply_seconds";

/// Measures the figures whose name begins with one of these; all when there are none.
pub(crate) fn bench(names: &[String], json: bool) -> Result<()> {
    let ready = setup::ready(Purpose::Test)?;
    let of_crates = |name: &String| {
        let name = format!("{}.", name.trim_end_matches('.'));
        OF_CRATES.iter().any(|begins| name.starts_with(begins))
    };
    let wanted =
        |figure: &str| names.is_empty() || names.iter().any(|name| figure.starts_with(name.as_str()));
    // First of all: the next version's programs take the place of this one's.
    let update = match wanted(UPDATE) && verify::updates_can_be_tried() {
        true => Some(verify::update_seconds()?),
        false => None,
    };
    let packaged = cfg!(target_os = "linux") && OF_THE_PACKAGE.into_iter().any(wanted);
    let package = match packaged {
        true => Some(package::make(&package::packages(), &package::version())?),
        false => None,
    };
    let programs = match package {
        Some(_) => Some(build::Programs::released()?),
        None if names.is_empty() || !names.iter().all(of_crates) => Some(build::released()?),
        None => None,
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
    if let Some(made) = &package {
        bench.env("HOLDLINE_PACKAGE", &made.deb);
    }
    if let Some(seconds) = update {
        bench.env("HOLDLINE_UPDATE_SECONDS", seconds.to_string());
    }
    if let Some(reason) = &ready.no_chromium {
        bench.env("HOLDLINE_NO_CHROMIUM", reason);
    }
    run(&mut bench)
}
