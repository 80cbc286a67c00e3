//! What Holdline's two processes say to each other: see [`protocol`].
//!
//! `holdline` (`main.rs`) guards: the companion, the tray and notifications, without any window library.
//! `holdline-window` (`window/main.rs`) shows: one web view that draws the picture it is sent. It is started
//! when the rep wants to see it and is gone when it is closed, so that Holdline in the tray stays small, and
//! a web view that dies takes no guard with it.

pub mod protocol;
