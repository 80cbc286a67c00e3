//! The model check: a small rep, every order of everything, until nothing new is found.
//!
//! The engine is the real one, cloned into every state. Around it are an org, a console page, a phone, a
//! network and a disk ([`world`]) with rules of their own; a watcher that sees only what goes in and out of
//! the engine and what really happens ([`watch`], [`told`]) says which promise is broken. [`scope`] says how
//! large each world is, [`run`] exhausts it. See the crate's README for what is modelled and what is not.

mod action;
mod actions;
mod disk;
mod ending;
mod names;
mod org;
mod page;
mod phone;
mod promise;
pub mod run;
pub mod scope;
mod told;
mod watch;
mod world;
pub mod worlds;

pub use action::Action;
pub use names::{PhoneChoice, Status};
pub use promise::Promise;
pub use world::World;
