//! How many calls are dropped when Offline is asked for at random moments, by random paths. Prints one JSON
//! object, `{"calls", "asked", "held", "dropped_calls", "dropped_calls_ignoring_flag"}`.
//!
//! The engine and the adapter for Amazon Connect are the real ones; org, console partner, page and phone are
//! around them in virtual time, each answering after a while of its own. The same calls are played twice: with
//! a phone that honours `enqueueNextState`, and with one that ignores it, as the public demo connectors do.

mod phone;
mod world;

use rand::SeedableRng as _;
use rand_pcg::Pcg64;
use world::World;

/// Calls.
const CALLS: u32 = 10_000;

fn main() {
    let (honours, ignores) = (played(true), played(false));
    println!(
        "{{\"calls\": {CALLS}, \"asked\": {}, \"held\": {}, \"dropped_calls\": {}, \"dropped_calls_ignoring_flag\": {}}}",
        honours.asked, honours.held, honours.dropped, ignores.dropped
    );
    if honours.dropped > 0 {
        std::process::exit(1);
    }
}

fn played(honours: bool) -> world::Sums {
    let mut world = World::new(Pcg64::seed_from_u64(2026), honours);
    for _ in 0..CALLS {
        world.call();
    }
    world.sums
}
