//! Phones' frames and what comes of them.

mod amazon_connect;
mod bindings;
