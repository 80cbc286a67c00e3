//! Every listener Holdline opens on 127.0.0.1 and ::1. It carries words between partners and the inbox and
//! decides only who may speak; the crate's README says what it must never know.
#![forbid(unsafe_code)]

mod bind;
mod bridge;
mod ccp;
mod connector;
mod doors;
mod guard;
mod identity;
mod json;
mod options;
mod pairing;
mod phone_tokens;
mod problem;
pub mod redirect;
mod secret;
mod signed_in;
mod status_api;
mod stop;

pub use bind::{PortsTaken, free_port};
pub use bridge::Consoles;
pub use ccp::AmazonConnect;
pub use connector::Phones;
pub use doors::{DoorError, Doors};
pub use options::{ConnectorOptions, Options, Timings};
pub use pairing::{IssueError, PairingStore, PairingStoreError, PhoneToken, PolicyToken, TokenSource};
pub use signed_in::SignedInAs;
pub use status_api::Requests;
