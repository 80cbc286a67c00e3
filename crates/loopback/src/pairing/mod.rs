//! Getting to know a partner: a code on both sides, the rep's word, a key for next time.

mod attempts;
mod store;

pub(crate) use attempts::{Outcome, Pairings};
pub use store::{PairingStore, PairingStoreError};
