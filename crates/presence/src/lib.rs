//! Decides: what the rep's calls are, whether a request to go Offline may go out, what each side is told.
//!
//! Events in, effects out, time as an argument; no I/O, no clock, no randomness. See [`engine::Engine`], and
//! the crate's README for what it must never know.
#![forbid(unsafe_code)]

mod call;
pub mod changed;
pub mod checkpoint;
mod close;
mod console;
pub mod deadline;
mod disk;
pub mod effect;
pub mod engine;
pub mod event;
mod evidence;
mod explain;
pub mod guard;
mod hold_as;
mod identity;
pub mod ids;
mod intent;
mod leave;
mod longest;
pub mod note;
pub mod phone;
pub mod picture;
pub mod problem;
mod project;
mod reading;
pub mod redact;
mod request;
mod restored;
pub mod rules;
pub mod saved;
mod session;
pub mod settings;
pub mod state;
mod status;
mod stray;
mod stream;
mod sync;
pub mod time;
mod worklist;
