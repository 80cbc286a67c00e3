//! How many streaming clients the practice org carries, and how soon they hear.

use crate::example::{number, ran};
use crate::figure::{Bench, Figure, Missing, Target};

/// What the load tells, in the order in which the figures take it.
const TOLD: [&str; 2] = ["cometd_clients", "delivery_p99_ms"];

pub(crate) const FIGURES: &[Figure] = &[
    Figure {
        name: "org.cometd_clients",
        unit: "",
        target: Target::AtLeast(2_000.0),
        measure: |bench| load(bench, 0),
    },
    Figure {
        name: "org.delivery_p99_ms",
        unit: "ms",
        target: Target::AtMost(250.0),
        measure: |bench| load(bench, 1),
    },
];

/// Clients at one event each per second, clients and org in one process.
fn load(bench: &mut Bench, place: usize) -> Result<f64, Missing> {
    let told = bench.once("org", || {
        let (told, succeeded) = ran("practice", "cometd_clients", &[]);
        assert!(succeeded, "not every client got its events");
        Ok(TOLD.iter().map(|key| number(&told, key)).collect())
    })?;
    Ok(told[place])
}
