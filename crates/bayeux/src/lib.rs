//! CometD's Bayeux protocol 1.0 over long polling, with Salesforce's replay extension: what to POST when, and what
//! an answer means.
//!
//! Pure: it opens no socket and reads no clock. The caller asks [`Client::poll`] what to do, does it, and brings
//! what came of it to [`Client::answer`] or [`Client::failed`]. Times are milliseconds on any clock that never
//! goes back. Facts are those of Salesforce's Streaming API guide and of the CometD reference; where servers differ,
//! the code says which.

#![forbid(unsafe_code)]

mod advice;
mod answer;
mod client;
mod incoming;
mod options;
mod outcome;
mod outgoing;
mod pause;
mod refusal;
mod replies;
mod subscription;

pub use client::Client;
pub use options::Options;
pub use outcome::{Output, Poll, Post, RequestId, Stop};
pub use subscription::Replay;
