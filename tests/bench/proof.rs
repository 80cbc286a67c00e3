//! What simulated shifts have shown. The program that simulates them prints one JSON object on its last line.

use crate::example::{number, ran};
use crate::figure::{Bench, Figure, Missing, Target};

/// Seeds; each is an eight-hour shift.
const SHIFTS: &str = "0..10000";

/// What the program tells, in the order in which the figures take it.
const TOLD: [&str; 4] = ["simulated", "seconds", "broken_promises", "dropped_calls"];

pub(crate) const FIGURES: &[Figure] = &[
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

/// One of [`TOLD`]; simulated once for all of them.
fn shifts(bench: &mut Bench, which: usize) -> Result<f64, Missing> {
    let told = bench.once("shifts", || Ok(simulate()))?;
    Ok(told[which])
}

fn simulate() -> Vec<f64> {
    // It fails for a broken promise, which the figures tell, too.
    let (sums, _) = ran("proof", "shift", &[SHIFTS]);
    TOLD.map(|key| number(&sums, key)).to_vec()
}
