//! The suite that every phone adapter of Holdline passes, whatever its vendor and transport (docs/adapters.md).
//!
//! An adapter implements [`Adapter`] for tests: a phone that can be rung and used, and that joins the Holdline it
//! is given. [`run`] plays every case on it and looks only at what reaches the engine and at the calls that were
//! dropped.
#![forbid(unsafe_code)]

mod adapter;
mod cases;
mod holdline;
mod other_phone;
mod picture;

pub use adapter::{Abilities, Adapter};
pub use cases::{CASES, run, run_on};
pub use holdline::{Holdline, PATIENCE};

/// The state that gets contacts; every phone under test has it.
pub const AVAILABLE: &str = "Available";
/// A state that gets none.
pub const BREAK: &str = "Break";
/// The state in which the phone's backend sees nobody.
pub const OFFLINE: &str = "Offline";
