//! The engine against a small independent world: scenarios told by hand, and properties over random ones.

mod budget;
mod calls;
mod closing;
mod evidence;
mod guard_table;
mod hold_as;
mod holds;
mod life;
mod logouts;
mod longest;
mod observing;
mod ops;
mod org;
mod origins;
mod page;
mod phone;
mod properties;
mod races;
mod reference;
mod restarts;
mod sync;
mod traces;
mod watch;
mod world;
mod writes;
