//! How many events the engine decides in a second, on one core.

use std::process::Command;

use journeys::programs;
use serde_json::Value;

use crate::figure::{Bench, Figure, Missing, Target};

pub(crate) const FIGURES: &[Figure] = &[Figure {
    name: "engine.events_per_second",
    unit: "1/s",
    target: Target::AtLeast(1_000_000.0),
    measure: events_per_second,
}];

/// The program states its mix of events; it is pure, so it is measured in its own process, in release.
fn events_per_second(_: &mut Bench) -> Result<f64, Missing> {
    let mut cargo = Command::new(std::env::var_os("CARGO").unwrap_or_else(|| "cargo".into()));
    cargo.current_dir(programs::root());
    cargo.args([
        "run",
        "--quiet",
        "--release",
        "--package",
        "presence",
        "--example",
        "events_per_second",
    ]);
    let ran = cargo.output().expect("cargo is there");
    assert!(
        ran.status.success(),
        "events_per_second failed: {}",
        String::from_utf8_lossy(&ran.stderr)
    );
    let text = String::from_utf8_lossy(&ran.stdout);
    let last = text.lines().last().unwrap_or_default();
    let value = serde_json::from_str::<Value>(last)
        .ok()
        .and_then(|value| value.get("events_per_second")?.as_f64());
    Ok(value.unwrap_or_else(|| panic!("events_per_second printed no number: {last:?}")))
}
