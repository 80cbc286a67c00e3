//! The engine against a small independent world: scenarios told by hand, and properties over random ones.

mod budget;
mod calls;
mod evidence;
mod holds;
mod logouts;
mod ops;
mod phone;
mod properties;
mod reference;
mod restarts;
mod sync;
mod watch;
mod world;
