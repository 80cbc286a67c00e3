//! The practice org over real sockets, one file per part of its HTTP.

mod control;
mod oauth;
mod phone;
mod rest;
mod support;
