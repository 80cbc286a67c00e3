//! The practice org: a small Salesforce with Omni-Channel, a practice console and practice phones, over real
//! HTTP on loopback.
//!
//! [`org`] decides, as one pure value; [`Server`] translates it to HTTP. It speaks Salesforce's documented
//! behaviour and knows nothing of Holdline's engine, so that Holdline has somebody to disagree with.

mod auth;
mod ccp;
mod cometd;
pub mod console;
mod faults;
pub mod org;
mod phone_link;
mod records;
mod server;
mod soql;

pub use org::{Connector, PhoneBy};
pub use server::{Options, Server, StartError, Timings};
