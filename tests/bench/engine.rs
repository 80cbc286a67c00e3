//! What is pure is measured in its own process, in release: each program states its own load.

use crate::example::{number, ran};
use crate::figure::{Bench, Figure, Missing, Target};

pub(crate) const FIGURES: &[Figure] = &[
    Figure {
        name: "engine.events_per_second",
        unit: "1/s",
        target: Target::AtLeast(1_000_000.0),
        measure: events_per_second,
    },
    Figure {
        name: "engine.heap_growth_bytes",
        unit: "B",
        target: Target::AtMost(0.0),
        measure: heap_growth_bytes,
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

/// How much more the engine holds on the heap after 10,000,000 events.
fn heap_growth_bytes(_: &mut Bench) -> Result<f64, Missing> {
    Ok(printed("presence", "heap_growth", "heap_growth_bytes"))
}

/// How long a file of 1,000 rules takes to be read and checked.
fn check_1000_seconds(_: &mut Bench) -> Result<f64, Missing> {
    Ok(printed("rules", "check_1000", "check_1000_seconds"))
}

/// The number that an example of a package prints.
fn printed(package: &str, example: &str, key: &str) -> f64 {
    let (value, succeeded) = ran(package, example, &[]);
    assert!(succeeded, "{example} failed");
    number(&value, key)
}
