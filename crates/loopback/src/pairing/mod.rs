//! Getting to know a partner: a code on both sides, the rep's word, a key for next time. Phones may also be
//! handed a token.

mod attempts;
mod store;
mod token;

pub(crate) use attempts::{Outcome, Pairings};
pub use store::{IssueError, PairingStore, PairingStoreError};
pub(crate) use token::Grant;
pub use token::{PhoneToken, PolicyToken, TokenSource};
