//! The engine against a small independent world: scenarios told by hand, and properties over random ones.

mod calls;
mod evidence;
mod holds;
mod logouts;
mod phone;
mod restarts;
mod sync;
mod world;
