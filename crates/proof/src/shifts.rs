//! Whole shifts in virtual time, with faults: one seed is one shift of eight hours, the same on every machine.
//!
//! The org routes, the phone rings and the rep behaves by rules of their own, which know nothing of the engine;
//! small adapters stand between them, with the clauses of `docs/console-bridge.md`. A watcher sees what goes in
//! and out and what really happens, and says which promise was not kept. The crate's README has the faults and
//! their rates.

mod agenda;
mod armed;
mod bridge;
mod calm;
mod dice;
mod dispatch;
mod due;
mod edges;
mod faults;
mod holdline;
mod judge;
mod omni;
mod oracle;
mod page;
mod partner;
mod phone_link;
mod plan;
mod rep;
mod reports;
mod routing;
mod rulebook;
mod session;
mod status;
mod telephony;
mod verdict;
mod watcher;
mod world;

pub use verdict::Broken;
pub use world::{Damage, Tampering};

use world::World;

/// How a shift went.
#[derive(Clone, Debug)]
pub struct Shift {
    /// Its seed.
    pub seed: u64,
    /// Promises not kept, the first first; at most 20 are taken down.
    pub broken: Vec<Broken>,
    /// Calls that Holdline has dropped.
    pub dropped_calls: u64,
    /// Calls that somebody else has dropped, which no program can control (docs/limits.md).
    pub dropped_by_others: u64,
    /// Logouts that crossed a call of which nobody could have told Holdline in time.
    pub crossed: u64,
    /// Calls there were.
    pub calls: u64,
    /// Holds that were acknowledged.
    pub holds: u64,
    /// Logouts that Holdline has carried out.
    pub logouts: u64,
    /// Runs of Holdline: one more than it crashed, quit and restarted.
    pub runs: u64,
    /// Events the engine was told.
    pub events: u64,
}

/// Simulates one shift.
pub fn simulate(seed: u64, tampering: Tampering) -> Shift {
    lead(seed, tampering, false).0
}

/// The same, with the story of it: everything that happened, one line each.
pub fn tell(seed: u64, tampering: Tampering) -> (Shift, Vec<String>) {
    lead(seed, tampering, true)
}

fn lead(seed: u64, tampering: Tampering, listen: bool) -> (Shift, Vec<String>) {
    let mut world = World::new(seed, tampering, listen);
    world.run();
    let story = world.story.take().unwrap_or_default();
    let shift = Shift {
        seed,
        broken: world.verdict.broken,
        dropped_calls: world.verdict.dropped,
        dropped_by_others: world.verdict.dropped_by_others,
        crossed: world.verdict.crossed,
        calls: world.omni.calls.len() as u64,
        holds: world.verdict.holds,
        logouts: world.verdict.logouts,
        runs: world.runs,
        events: world.events,
    };
    (shift, story)
}
