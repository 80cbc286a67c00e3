//! The engine against a small independent world: scenarios told by hand, and properties over random ones.

mod budget;
mod calls;
mod evidence;
mod holds;
mod life;
mod logouts;
mod ops;
mod org;
mod page;
mod phone;
mod properties;
mod reference;
mod restarts;
mod sync;
mod traces;
mod watch;
mod world;
mod writes;
