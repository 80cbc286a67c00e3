//! Loopback over real sockets, one file per behaviour.

mod ccp;
mod guard;
mod harness;
mod hello;
mod phone;
mod phone_tokens;
mod polling;
mod redirect;
mod reporting;
mod rest_phone;
mod sessions;
mod shutdown;
mod status_api;
