//! What can be typed.

use std::path::PathBuf;

use clap::{Args, Parser, Subcommand, ValueEnum};
use presence::ids::WorkId;

use crate::diagnose::DiagnoseArguments;
use crate::doctor::DoctorArguments;
use crate::phone_token::PhoneCommand;
use crate::policy::PolicyCommand;
use crate::rules_file::RulesCommand;
use crate::trace_arguments::{ExplainArguments, ReplayArguments, TraceArguments};

/// Holdline keeps a rep's phone and Omni-Channel presence in sync and holds every Offline until the call is
/// over.
#[derive(Debug, Parser)]
#[command(name = "holdlinectl", version)]
pub(crate) struct Arguments {
    #[command(subcommand)]
    pub(crate) command: Command,
}

/// What to do with a work; `list` shows their ids.
#[derive(Debug, Subcommand)]
pub(crate) enum WorkCommand {
    /// Accept an offered work
    Accept {
        /// The AgentWork's id
        id: WorkId,
    },
    /// Close a work; a call only in wrap-up
    Close {
        /// The AgentWork's id
        id: WorkId,
    },
    /// Decline an offered work
    Decline {
        /// The AgentWork's id
        id: WorkId,
        /// One of your presence configuration's reasons, where it asks for one
        #[arg(long)]
        reason: Option<String>,
    },
    /// Ask your supervisor for help with a work
    Flag {
        /// The AgentWork's id
        id: WorkId,
        /// What about
        #[arg(long, default_value = "")]
        message: String,
    },
    /// List your works and what may be done with each
    List,
    /// Take the request for help back
    Unflag {
        /// The AgentWork's id
        id: WorkId,
    },
}

/// What to do.
#[derive(Debug, Subcommand)]
pub(crate) enum Command {
    /// Cancel the held request of the running Holdline
    Cancel {
        #[command(flatten)]
        profile: ProfileArgument,
    },
    /// Show what a diagnostic file would hold, or save it
    ///
    /// Versions, settings, what doctor finds, and the newest lines of log and trace, without tokens and personal
    /// data. Of the running Holdline, if one runs.
    Diagnose(DiagnoseArguments),
    /// Look at everything that can keep Holdline from its work, and say what to do
    ///
    /// Asks the running Holdline, if one runs. Exits 0 if all is well, 1 at a warning, 2 at an error.
    Doctor(DoctorArguments),
    /// All done: close the work in wrap-up, as the running Holdline's rep would
    EndWrapUp {
        #[command(flatten)]
        profile: ProfileArgument,
    },
    /// Say why your status is what it is, from the trace
    Explain(ExplainArguments),
    /// Keep a request waiting that has been held for very long
    KeepHolding {
        #[command(flatten)]
        profile: ProfileArgument,
    },
    /// Write man pages and shell completions into a folder, for packages
    #[command(hide = true)]
    Manual {
        /// Where: it gets the folders man1 and completions
        folder: PathBuf,
    },
    /// List the orgs the running Holdline is signed in to
    Orgs {
        #[command(flatten)]
        profile: ProfileArgument,
    },
    /// Let softphones join through the connector API (docs/connector/)
    #[command(subcommand)]
    Phone(PhoneCommand),
    /// Check, show and describe what an organisation sets (docs/settings.md)
    #[command(subcommand)]
    Policy(PolicyCommand),
    /// Serve a practice org: Omni-Channel, a console and a phone that need no Salesforce
    Practice(PracticeArguments),
    /// Quit the running Holdline; held while a call is active
    Quit {
        #[command(flatten)]
        profile: ProfileArgument,
    },
    /// Feed traces to a fresh engine: exits 0 if it decides the same, 1 if not, 2 if a file can't be read
    Replay(ReplayArguments),
    /// List, accept, decline, close or flag the work you have open in the console
    Work {
        #[command(subcommand)]
        what: WorkCommand,
        #[command(flatten)]
        profile: ProfileArgument,
    },
    /// Ask the running Holdline for a status; exits 0 once it is durably accepted
    Request {
        /// A status' label, or Offline for logging out of Omni-Channel
        status: String,
        #[command(flatten)]
        profile: ProfileArgument,
    },
    /// Restart the running Holdline, for new settings say; held while a call is active
    Restart {
        #[command(flatten)]
        profile: ProfileArgument,
    },
    /// Let sync go on after too many automatic changes have paused it
    ResumeSync {
        #[command(flatten)]
        profile: ProfileArgument,
    },
    /// Check, explain and try a rules file (docs/rules.md)
    #[command(subcommand)]
    Rules(RulesCommand),
    /// Run Holdline without a window
    Run(RunArguments),
    /// Sign out of the running Holdline; held while a call is active
    SignOut {
        #[command(flatten)]
        profile: ProfileArgument,
    },
    /// Show what the running Holdline sees
    Status {
        /// As JSON (docs/picture.md)
        #[arg(long)]
        json: bool,
        #[command(flatten)]
        profile: ProfileArgument,
    },
    /// Show what Holdline has written down: what happened, what it decided and why
    Trace(TraceArguments),
    /// Have the running Holdline use another org it is signed in to; held while a call is active
    Use {
        /// As `orgs` lists it: its address (up to the first dot is enough) or its id
        org: String,
        #[command(flatten)]
        profile: ProfileArgument,
    },
}

/// Which Holdline.
#[derive(Debug, Args)]
pub(crate) struct ProfileArgument {
    /// The profile's folder [default: the platform's place for user data]
    #[arg(long, global = true, value_name = "DIR")]
    pub(crate) profile: Option<PathBuf>,
}

/// How to serve a practice org.
#[derive(Debug, Args)]
pub(crate) struct PracticeArguments {
    /// Port to listen on [default: 47800, or any free one]
    #[arg(long, value_name = "N")]
    pub(crate) port: Option<u16>,
    /// Keep a console session open for this rep (pat, sam, kim or alex)
    #[arg(long, value_name = "USER")]
    pub(crate) console: Vec<String>,
    /// How the practice connector passes an Offline on to the phone
    #[arg(long, value_enum, default_value_t = ConnectorArgument::Honours)]
    pub(crate) connector: ConnectorArgument,
    /// How a Holdline reaches the practice phones
    #[arg(long, value_enum, default_value_t = PhoneArgument::Connector)]
    pub(crate) phone: PhoneArgument,
    /// Loopback ports where a Holdline may listen
    #[arg(long, value_name = "PORT,…", value_delimiter = ',')]
    pub(crate) holdline_ports: Vec<u16>,
    /// Seconds of after-conversation work
    #[arg(long, value_name = "SECONDS")]
    pub(crate) wrap_up: Option<u64>,
    /// Say what happens as JSON lines
    #[arg(long)]
    pub(crate) json: bool,
}

/// Ways to a practice phone.
#[derive(Clone, Copy, Debug, ValueEnum)]
pub(crate) enum PhoneArgument {
    /// Through a simulated Contact Control Panel of Amazon Connect
    AmazonConnect,
    /// It joins by itself
    Connector,
}

/// Kinds of practice connector.
#[derive(Clone, Copy, Debug, ValueEnum)]
pub(crate) enum ConnectorArgument {
    /// Passes enqueueNextState on
    Honours,
    /// Ignores it, as the public demo connectors do: an Offline mid-call drops the call
    Naive,
}

/// How to run a Holdline without a window.
#[derive(Debug, Args)]
pub(crate) struct RunArguments {
    /// The org: a My Domain host, login.salesforce.com, test.salesforce.com or a practice org's address
    #[arg(long, value_name = "URL")]
    pub(crate) org: Option<String>,
    #[command(flatten)]
    pub(crate) profile: ProfileArgument,
    /// Sign in as this rep of a practice org, without a browser, and confirm its console's and phone's pairing
    #[arg(long, value_name = "USER", requires = "org")]
    pub(crate) sign_in_as: Option<String>,
    /// A policy file, on machines that have no policy of their own
    #[arg(long, value_name = "FILE")]
    pub(crate) policy: Option<PathBuf>,
    /// Where tokens are kept
    #[arg(long, value_enum, default_value_t = KeyringArgument::System)]
    pub(crate) keyring: KeyringArgument,
    /// Print each new picture as one JSON line
    #[arg(long)]
    pub(crate) json: bool,
}

/// Places for tokens.
#[derive(Clone, Copy, Debug, PartialEq, Eq, ValueEnum)]
pub(crate) enum KeyringArgument {
    /// In memory: signed out when Holdline ends
    Session,
    /// In the system's keyring
    System,
}
