//! The trace: one line for each thing that happened, with everything the engine made of it.
//!
//! This crate knows what a line is, replaces what must not be told, decides again what was decided, and finds
//! out why things are as they are. It reads no file and no clock.
#![forbid(unsafe_code)]

pub mod labels;
pub mod line;
pub mod pseudonym;
pub mod reading;
pub mod replay;
pub mod story;
