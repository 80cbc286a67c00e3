//! What a caller decides about a Holdline.

use std::path::PathBuf;
use std::sync::Arc;

use companion::ports::DesktopPort;

use crate::browser::{Browser, SystemBrowser};

/// How to start a Holdline.
pub struct Options {
    /// Where a sign-in goes.
    pub browser: Arc<dyn Browser>,
    /// Notifications and pictures go there.
    pub desktop: Box<dyn DesktopPort>,
    /// Where tokens are kept.
    pub keyring: KeyringChoice,
    /// The org's address; else the settings say it, or the rep is asked.
    pub org: Option<String>,
    /// A policy file, on machines that have none of their own.
    pub policy: Option<PathBuf>,
    /// The profile's folder; else the platform's place for user data.
    pub profile: Option<PathBuf>,
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
            desktop,
            keyring: KeyringChoice::default(),
            org: None,
            policy: None,
            profile: None,
        }
    }
}
