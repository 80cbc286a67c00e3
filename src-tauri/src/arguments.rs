//! The command line of the app.

use std::path::PathBuf;

use clap::Parser;

/// This program's version. A build may be given another than the checkout's, to try an update from one to the next.
pub(crate) const VERSION: &str = match option_env!("HOLDLINE_VERSION") {
    Some(version) => version,
    None => env!("CARGO_PKG_VERSION"),
};

/// Desktop companion for Salesforce Omni-Channel service reps.
#[derive(Debug, Parser)]
#[command(name = "holdline", version = VERSION)]
pub(crate) struct Arguments {
    /// The org's address, e.g. https://mycompany.my.salesforce.com; signing in then asks for none.
    #[arg(long, value_name = "URL")]
    pub(crate) org: Option<String>,

    /// Where settings and state are kept. One Holdline runs per profile.
    #[arg(long, value_name = "DIR")]
    pub(crate) profile: Option<PathBuf>,

    /// A policy file for testing; refused on a machine that has its own.
    #[arg(long, value_name = "FILE")]
    pub(crate) policy: Option<PathBuf>,

    /// Start in the tray, without opening the window.
    #[arg(long)]
    pub(crate) hidden: bool,

    /// Start in the tray if settings or policy say `desktop.autostart = true`, else end at once.
    #[arg(long, conflicts_with = "hidden")]
    pub(crate) autostart: bool,
}
