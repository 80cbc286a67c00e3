//! The OAuth redirect: the browser comes back here with the answer to a sign-in.

mod listener;
mod page;

pub use crate::bind::PortsTaken;
pub use listener::{Callback, Listener, NoCallback, Reply};
