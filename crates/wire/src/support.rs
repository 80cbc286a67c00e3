//! What Holdline tells about itself: its settings, its health, and the diagnostic file. Window, status API and
//! command line say it in the same words.

use serde::{Deserialize, Serialize};
use ts_rs::TS;

/// Who has set a setting.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize, TS)]
#[serde(rename_all = "snake_case")]
#[ts(export_to = "Support.ts")]
pub enum SetBy {
    /// Nobody: the built-in value stands.
    BuiltIn,
    /// The organisation: the rep can't change it.
    Policy,
    /// The rep.
    User,
}

/// A setting in force.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, TS)]
#[ts(export_to = "Support.ts")]
pub struct Setting {
    /// `section.key`.
    pub key: String,
    /// What it is called.
    pub label: String,
    /// What it is for, as administrators read it.
    pub about: String,
    /// Its value as TOML; `null`: none is set, or Holdline finds out.
    pub value: Option<String>,
    /// Who says so.
    pub set_by: SetBy,
    /// The file (with its line), registry key or preferences that say so.
    pub place: Option<String>,
}

/// How well something is, best first.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize, TS)]
#[serde(rename_all = "snake_case")]
#[ts(export_to = "Support.ts")]
pub enum Health {
    /// As it should be.
    Good,
    /// It could not be looked at; the text says why.
    Unknown,
    /// It works, with a drawback.
    Warning,
    /// It keeps Holdline from its work.
    Error,
}

/// What is looked at.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize, TS)]
#[serde(rename_all = "snake_case")]
#[ts(export_to = "Support.ts")]
pub enum Check {
    /// Sync rules of a phone adapter in the console, beside ours.
    Adapter,
    /// A browser that can show sign-in pages.
    Browser,
    /// This computer's clock, beside Salesforce's.
    Clock,
    /// The console partner.
    Console,
    /// Whether the console's browser runs on this computer.
    ConsoleHost,
    /// The keyring.
    Keyring,
    /// Loopback ports for the sign-in.
    OauthPorts,
    /// The way to Salesforce: name, proxy, certificates.
    Network,
    /// What the rep may read in the org.
    Permissions,
    /// The organisation's policy and the rep's settings.
    Policy,
    /// Loopback ports for consoles and phones.
    Ports,
    /// What Salesforce pushes.
    Streaming,
    /// The web view that draws the window.
    Webview,
}

/// What was found at one check.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, TS)]
#[ts(export_to = "Support.ts")]
pub struct Finding {
    /// What was looked at.
    pub check: Check,
    /// How well it is.
    pub health: Health,
    /// What exactly, stable.
    pub code: String,
    /// What it is called.
    pub title: String,
    /// What was found.
    pub text: String,
    /// What to do; `null` where nothing needs doing.
    pub remedy: Option<String>,
}

/// A file in the diagnostic bundle, as it will be saved.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, TS)]
#[ts(export_to = "Support.ts")]
pub struct BundleFile {
    /// Its name.
    pub name: String,
    /// Its whole text.
    pub text: String,
}

/// The diagnostic bundle.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, TS)]
#[ts(export_to = "Support.ts")]
pub struct Bundle {
    /// The archive's name.
    pub name: String,
    /// What is in it.
    pub files: Vec<BundleFile>,
}

/// What can be asked.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, TS)]
#[serde(tag = "type", rename_all = "snake_case")]
#[ts(export_to = "Support.ts")]
pub enum Ask {
    /// The diagnostic bundle, put together now.
    Bundle,
    /// Have everything looked at.
    Doctor,
    /// Save the bundle that was told last, as it was told.
    SaveBundle,
    /// The settings in force.
    Settings,
}

/// The answer.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, TS)]
#[serde(tag = "type", rename_all = "snake_case")]
#[ts(export_to = "Support.ts")]
pub enum Told {
    /// Put together, not saved.
    Bundle {
        /// What would be saved.
        bundle: Bundle,
    },
    /// Looked at.
    Doctor {
        /// Worst first.
        findings: Vec<Finding>,
    },
    /// It could not be done.
    Refused {
        /// What happened and what to do.
        text: String,
    },
    /// Saved.
    Saved {
        /// Where.
        path: String,
    },
    /// In force.
    Settings {
        /// Every key.
        settings: Vec<Setting>,
        /// Whom to tell when something is wrong, as the organisation says.
        contact: Option<String>,
    },
}
