//! What a caller decides about a Holdline.

use std::path::PathBuf;
use std::sync::Arc;

use companion::clock::Clock;
use companion::inbox::Inbox;
use companion::logging::Logging;
use companion::ports::DesktopPort;
use companion::run::Ports;
use salesforce::TokenStore;

use crate::browser::{Browser, SystemBrowser};

/// Puts something of the caller's between the loop and its ports; what it has to say goes to the inbox.
pub type Interpose = Box<dyn FnOnce(Ports, Inbox) -> Ports + Send>;

/// How to start a Holdline.
pub struct Options {
    /// Where a sign-in goes.
    pub browser: Arc<dyn Browser>,
    /// What time it is.
    pub clock: Clock,
    /// Notifications and pictures go there.
    pub desktop: Box<dyn DesktopPort>,
    /// Between the loop and its ports: how a caller rehearses faults, such as a full disk.
    pub interpose: Option<Interpose>,
    /// Where tokens are kept.
    pub keyring: KeyringChoice,
    /// Opens its files in the profile, as the settings say; ends with the Holdline.
    pub logging: Option<Logging>,
    /// The org's address; else the settings say it, or the rep is asked.
    pub org: Option<String>,
    /// Where the phone's own page goes.
    pub phone_browser: Arc<dyn Browser>,
    /// A policy file, on machines that have none of their own.
    pub policy: Option<PathBuf>,
    /// The profile's folder; else the platform's place for user data.
    pub profile: Option<PathBuf>,
    /// A store of the caller's for tokens, instead of the one that `keyring` names.
    pub tokens: Option<TokenStore>,
}

/// Where tokens are kept.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum KeyringChoice {
    /// In memory: signed out when the process ends. Only ever chosen by name, never as a fallback.
    Session,
    /// In the system's keyring.
    #[default]
    System,
}

impl Options {
    /// The built-in choices around a desktop.
    pub fn new(desktop: Box<dyn DesktopPort>) -> Self {
        Self {
            browser: Arc::new(SystemBrowser),
            clock: Clock::start(),
            desktop,
            interpose: None,
            keyring: KeyringChoice::default(),
            logging: None,
            org: None,
            phone_browser: Arc::new(SystemBrowser),
            policy: None,
            profile: None,
            tokens: None,
        }
    }
}
