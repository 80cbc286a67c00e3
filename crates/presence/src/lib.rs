//! Decides. See the crate's README for what it must never know.
#![forbid(unsafe_code)]

pub mod effect;
pub mod event;
pub mod ids;
pub mod phone;
pub mod picture;
pub mod problem;
pub mod settings;
pub mod time;
