//! Holdline without a window: assembles companion, loopback and salesforce into one running program.
#![forbid(unsafe_code)]

mod autostart;
mod browser;
mod catalogue;
mod cloud;
pub mod diagnose;
mod dispatch;
pub mod doctor;
mod options;
mod origins;
mod pace;
mod page_setup;
mod phone_page;
mod remedy;
mod resume;
mod rows;
mod running;
mod sign_in;
mod signing_in;
mod start;
mod start_again;
pub mod status_client;
mod stream;
mod support;
mod telemetry;

pub use autostart::autostarts;
pub use browser::{Browser, SystemBrowser};
pub use companion::settings::PhonePlace;
pub use loopback::{PairingStore, PolicyToken};
pub use options::{Interpose, KeyringChoice, Options};
pub use phone_page::{PhonePage, PhoneWatch};
pub use running::Running;
pub use start::{StartError, start};
pub use start_again::{program, start_again};
pub use telephony::page::Step as PhoneStep;
