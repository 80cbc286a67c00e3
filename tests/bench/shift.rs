//! How many API calls a rep's shift costs, and how soon a stream is back after a cut.

use std::process::Command;

use journeys::programs;
use serde_json::Value;

use crate::example::{number, ran};
use crate::figure::{Bench, Figure, Missing, Target};

const TOLD: [&str; 2] = [
    "api_calls_per_shift_with_bridge",
    "api_calls_per_shift_without_bridge",
];

pub(crate) const FIGURES: &[Figure] = &[
    Figure {
        name: "salesforce.api_calls_per_shift_with_bridge",
        unit: "",
        target: Target::AtMost(100.0),
        measure: |bench| calls(bench, 0),
    },
    Figure {
        name: "salesforce.api_calls_per_shift_without_bridge",
        unit: "",
        target: Target::AtMost(1_500.0),
        measure: |bench| calls(bench, 1),
    },
    Figure {
        name: "salesforce.recovery_after_cut_ms",
        unit: "ms",
        target: Target::None,
        measure: recovery,
    },
];

/// The engine and the real client against the practice org, eight hours in virtual time: a test of `headless`, which
/// prints what it has counted.
fn calls(bench: &mut Bench, place: usize) -> Result<f64, Missing> {
    let told = bench.once("shift", || {
        let mut cargo = Command::new(std::env::var_os("CARGO").unwrap_or_else(|| "cargo".into()));
        cargo.current_dir(programs::root());
        cargo.args([
            "test",
            "--quiet",
            "--package",
            "headless",
            "--lib",
            "shift",
            "--",
            "--nocapture",
        ]);
        let ran = cargo.output().expect("cargo is there");
        eprint!("{}", String::from_utf8_lossy(&ran.stderr));
        let text = String::from_utf8_lossy(&ran.stdout);
        let mut printed = text
            .lines()
            // Another test's dot may stand before it.
            .filter_map(|line| serde_json::from_str::<Value>(&line[line.find('{')?..]).ok());
        let told = printed.rfind(Value::is_object);
        let told = told.unwrap_or_else(|| panic!("the shift printed no figures: {text}"));
        Ok(TOLD.iter().map(|key| number(&told, key)).collect())
    })?;
    Ok(told[place])
}

/// From when the way is open again until what was missed meanwhile is heard; the worst of five cuts of ten seconds.
fn recovery(_: &mut Bench) -> Result<f64, Missing> {
    let (told, succeeded) = ran("salesforce", "recovery_after_cut", &[]);
    assert!(succeeded, "the measurement failed");
    Ok(number(&told, "recovery_after_cut_ms"))
}
