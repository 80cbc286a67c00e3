//! The client's behaviour, without a server and against a model of one.

mod arbitrary;
mod desk;
mod faults;
mod limits;
mod losses;
mod server;
mod session;
