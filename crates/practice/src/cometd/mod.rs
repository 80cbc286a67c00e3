//! Streaming as Salesforce offers it to CometD clients: sessions, subscriptions to PushTopics, retained
//! events and their replay, limits (salesforce.md "Push").
//!
//! Pure: time, ids and what is allowed are arguments. [`Broker`] decides who gets what; the HTTP is in
//! `server/cometd.rs`.

mod announce;
mod broker;
mod event;
mod message;
mod reason;
mod session;
mod subscription;

pub(crate) use announce::announce;
pub(crate) use broker::{Broker, Connect, Limits};
pub(crate) use event::Event;
pub(crate) use message::{Incoming, batch};
pub(crate) use reason::Reason;
pub(crate) use session::ClientId;
pub(crate) use subscription::Wanted;

#[cfg(test)]
mod tests;
