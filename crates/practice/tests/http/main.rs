//! The practice org over real sockets, one file per part of its HTTP.

mod cometd;
mod control;
mod faults;
mod oauth;
mod phone;
mod rest;
mod support;
