//! What the model check and the simulated shifts have shown.

use crate::example::{number, ran};
use crate::figure::{Bench, Figure, Missing, Target};

/// Seeds; each is an eight-hour shift.
const SHIFTS: &str = "0..10000";

/// What the simulation tells, in the order in which the figures take it.
const SHIFTS_TELL: [&str; 4] = ["simulated", "seconds", "broken_promises", "dropped_calls"];

/// What the model check of the large worlds tells, likewise.
const MODEL_TELLS: [&str; 3] = ["unique_states", "seconds", "broken_promises"];

pub(crate) const FIGURES: &[Figure] = &[
    Figure {
        name: "model.unique_states",
        unit: "",
        target: Target::AtLeast(5_000_000.0),
        measure: |bench| model(bench, 0),
    },
    Figure {
        name: "model.seconds",
        unit: "s",
        target: Target::None,
        measure: |bench| model(bench, 1),
    },
    Figure {
        name: "model.broken_promises",
        unit: "",
        target: Target::AtMost(0.0),
        measure: |bench| model(bench, 2),
    },
    Figure {
        name: "shifts.simulated",
        unit: "",
        target: Target::AtLeast(10_000.0),
        measure: |bench| shifts(bench, 0),
    },
    Figure {
        name: "shifts.seconds",
        unit: "s",
        target: Target::None,
        measure: |bench| shifts(bench, 1),
    },
    Figure {
        name: "shifts.broken_promises",
        unit: "",
        target: Target::AtMost(0.0),
        measure: |bench| shifts(bench, 2),
    },
    Figure {
        name: "shifts.dropped_calls",
        unit: "",
        target: Target::AtMost(0.0),
        measure: |bench| shifts(bench, 3),
    },
];

fn shifts(bench: &mut Bench, which: usize) -> Result<f64, Missing> {
    let told = bench.once("shifts", || Ok(told_by("shift", &[SHIFTS], &SHIFTS_TELL)))?;
    Ok(told[which])
}

fn model(bench: &mut Bench, which: usize) -> Result<f64, Missing> {
    let told = bench.once("model", || Ok(told_by("model", &[], &MODEL_TELLS)))?;
    Ok(told[which])
}

/// Run once for all of its figures. It fails for a broken promise, which a figure tells, too.
fn told_by(example: &str, arguments: &[&str], keys: &[&str]) -> Vec<f64> {
    let (sums, _) = ran("proof", example, arguments);
    keys.iter().map(|key| number(&sums, key)).collect()
}
