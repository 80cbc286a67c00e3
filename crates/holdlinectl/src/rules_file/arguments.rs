//! What can be typed after `rules`.

use std::path::PathBuf;

use clap::{Args, Subcommand};
use presence::rules::{RuleEvent, parse_milli};

/// What to do with a rules file (docs/rules.md).
#[derive(Debug, Subcommand)]
pub(crate) enum RulesCommand {
    /// Say what is wrong with a rules file
    ///
    /// Exits 0 if there is nothing worse than info, 1 if there is an error or a warning, 2 if a file can't be
    /// read.
    Check(CheckArguments),
    /// Say which rule fires at an event, why, and why no earlier one does
    ///
    /// Exits 0 whether a rule fires or not, 2 if the file is not valid.
    Explain(ExplainArguments),
    /// Make a rules file of rules exported from Amazon's CTI adapter (CSV or JSON of its rule records)
    ///
    /// Exits 0 if all is carried over and the rules pass the check, 1 if something is to be looked at, 2 if a
    /// file can't be read or written.
    Import(ImportArguments),
    /// Try the examples that stand beside a rules file (rules.test.toml for rules.toml)
    ///
    /// Exits 0 if all come true, 1 if one does not, 2 if a file is not valid.
    Test(TestArguments),
}

#[derive(Debug, Args)]
pub(crate) struct CheckArguments {
    /// The rules file
    pub(super) file: PathBuf,
    /// The org's statuses and the phone's states: the output of `holdlinectl status --json`, or a list in TOML
    /// or JSON
    #[arg(long, value_name = "FILE")]
    pub(super) statuses: Option<PathBuf>,
    /// Print each finding as one JSON line
    #[arg(long)]
    pub(super) json: bool,
}

#[derive(Debug, Args)]
pub(crate) struct ExplainArguments {
    /// The rules file
    pub(super) file: PathBuf,
    /// The event, such as "Connect Agent State Change"
    #[arg(long, value_parser = event)]
    pub(super) event: RuleEvent,
    /// The phone's state (Connect Agent New State)
    #[arg(long, value_name = "STATE")]
    pub(super) phone_state: Option<String>,
    /// The phone's state before (Connect Agent Old State)
    #[arg(long, value_name = "STATE")]
    pub(super) phone_was: Option<String>,
    /// The presence status (Salesforce Agent New State); once more for its developer name
    #[arg(long, value_name = "STATUS")]
    pub(super) status: Vec<String>,
    /// The channel of the accepted work (Salesforce Service Channel)
    #[arg(long, value_name = "CHANNEL")]
    pub(super) channel: Option<String>,
    /// The workload (Salesforce New Workload)
    #[arg(long, value_name = "N", value_parser = number, requires = "capacity")]
    pub(super) workload: Option<i64>,
    /// The workload before (Salesforce Previous Workload) [default: 0]
    #[arg(long, value_name = "N", value_parser = number, requires = "workload")]
    pub(super) previous_workload: Option<i64>,
    /// The capacity (Salesforce Configured Capacity)
    #[arg(long, value_name = "N", value_parser = number, requires = "workload")]
    pub(super) capacity: Option<i64>,
}

#[derive(Debug, Args)]
pub(crate) struct TestArguments {
    /// The rules file
    pub(super) file: PathBuf,
    /// The examples [default: beside the rules file, rules.test.toml for rules.toml]
    #[arg(long, value_name = "FILE")]
    pub(super) examples: Option<PathBuf>,
}

#[derive(Debug, Args)]
pub(crate) struct ImportArguments {
    /// The export: .csv or .json
    pub(super) file: PathBuf,
    /// The rules file to write
    #[arg(long, value_name = "FILE", default_value = "rules.toml")]
    pub(super) out: PathBuf,
    /// Write over a rules file that is there
    #[arg(long)]
    pub(super) force: bool,
    /// A column of the export that is called otherwise, such as "Trigger Event=source"; may be given several times
    #[arg(long, value_name = "COLUMN=FIELD", value_parser = rename)]
    pub(super) map: Vec<(String, String)>,
}

fn rename(text: &str) -> Result<(String, String), String> {
    match text.rsplit_once('=') {
        Some((theirs, ours)) if !theirs.trim().is_empty() => Ok((theirs.to_owned(), ours.to_owned())),
        _ => Err("Write COLUMN=FIELD, such as \"Trigger Event=source\".".to_owned()),
    }
}

fn event(name: &str) -> Result<RuleEvent, String> {
    rules::event_from(name)
}

fn number(text: &str) -> Result<i64, String> {
    parse_milli(text).ok_or_else(|| "Write a plain number with at most three decimals.".to_owned())
}
