//! The engine.
pub mod ids;
