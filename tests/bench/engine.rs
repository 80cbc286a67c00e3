//! What is pure is measured in its own process, in release: each program states its own load.

use std::process::Command;

use journeys::programs;
use serde_json::Value;

use crate::figure::{Bench, Figure, Missing, Target};

pub(crate) const FIGURES: &[Figure] = &[
    Figure {
        name: "engine.events_per_second",
        unit: "1/s",
        target: Target::AtLeast(1_000_000.0),
        measure: events_per_second,
    },
    Figure {
        name: "rules.check_1000_seconds",
        unit: "s",
        target: Target::AtMost(1.0),
        measure: check_1000_seconds,
    },
];

/// How many events the engine decides in a second, on one core.
fn events_per_second(_: &mut Bench) -> Result<f64, Missing> {
    Ok(printed("presence", "events_per_second", "events_per_second"))
}

/// How long a file of 1,000 rules takes to be read and checked.
fn check_1000_seconds(_: &mut Bench) -> Result<f64, Missing> {
    Ok(printed("rules", "check_1000", "check_1000_seconds"))
}

/// The number that an example of a package prints as JSON on its last line.
fn printed(package: &str, example: &str, key: &str) -> f64 {
    let mut cargo = Command::new(std::env::var_os("CARGO").unwrap_or_else(|| "cargo".into()));
    cargo.current_dir(programs::root());
    cargo.args([
        "run",
        "--quiet",
        "--release",
        "--package",
        package,
        "--example",
        example,
    ]);
    let ran = cargo.output().expect("cargo is there");
    assert!(
        ran.status.success(),
        "{example} failed: {}",
        String::from_utf8_lossy(&ran.stderr)
    );
    let text = String::from_utf8_lossy(&ran.stdout);
    let last = text.lines().last().unwrap_or_default();
    let value = serde_json::from_str::<Value>(last)
        .ok()
        .and_then(|value| value.get(key)?.as_f64());
    value.unwrap_or_else(|| panic!("{example} printed no {key}: {last:?}"))
}
