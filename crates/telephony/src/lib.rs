//! Phones that are no partners of the connector API: one vendor a file, frames to events and requests to
//! frames. No socket, no clock.
#![forbid(unsafe_code)]

pub mod amazon_connect;
pub mod page;
