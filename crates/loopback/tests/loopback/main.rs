//! Loopback over real sockets, one file per behaviour.

mod guard;
mod harness;
mod hello;
mod phone;
mod polling;
mod redirect;
mod reporting;
mod sessions;
mod shutdown;
mod status_api;
