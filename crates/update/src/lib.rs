//! Updates: found, checked and installed. `README.md` says what is decided here and what is not.
#![forbid(unsafe_code)]

mod decide;
mod fetch;
mod install;
mod offer;
mod signature;
mod source;
mod target;

pub use decide::{Decision, Refusal, decide};
pub use fetch::{Fetch, FetchError, Ready};
pub use install::{InstallError, Next, install};
pub use offer::{BadOffer, Offer};
pub use signature::{BadKey, BadSignature, Key};
pub use source::{BadSource, Source};
pub use target::{Kind, Target};
