//! The loop and its ports.

pub mod inbox;
