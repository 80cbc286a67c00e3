//! What can be typed about the trace.

use std::path::PathBuf;

use clap::{Args, ValueEnum};
use jiff::{SignedDuration, Timestamp, civil, tz::TimeZone};
use presence::rules::Destination;

use crate::arguments::ProfileArgument;

/// What to show of the trace.
#[derive(Debug, Args)]
pub(crate) struct TraceArguments {
    /// Go on and show each new line as it is written
    #[arg(long, short)]
    pub(crate) follow: bool,
    /// Only what happened in the last while: 90s, 10m, 2h
    #[arg(long, value_name = "DURATION", value_parser = duration)]
    pub(crate) since: Option<SignedDuration>,
    /// Only events of this type, as it stands in the JSON: phone_state, request, work …
    #[arg(long, value_name = "TYPE")]
    pub(crate) event: Option<String>,
    /// Only where this rule matched
    #[arg(long, value_name = "NAME")]
    pub(crate) rule: Option<String>,
    /// Only what was written to, confirmed by or wanted of one side
    #[arg(long, value_enum)]
    pub(crate) side: Option<SideArgument>,
    /// As it stands in the files, one JSON line each
    #[arg(long)]
    pub(crate) json: bool,
    #[command(flatten)]
    pub(crate) profile: ProfileArgument,
}

/// The sides of sync, as rules name them.
#[derive(Clone, Copy, Debug, PartialEq, Eq, ValueEnum)]
pub(crate) enum SideArgument {
    /// The phone
    Connect,
    /// Omni-Channel presence
    Salesforce,
}

impl From<SideArgument> for Destination {
    fn from(side: SideArgument) -> Self {
        match side {
            SideArgument::Connect => Self::Connect,
            SideArgument::Salesforce => Self::Salesforce,
        }
    }
}

/// What to explain.
#[derive(Debug, Args)]
pub(crate) struct ExplainArguments {
    /// As it was then: 14:05, 14:05:30 (today), or 2026-11-21T14:05:00Z [default: now]
    #[arg(long, value_name = "TIME", value_parser = time)]
    pub(crate) at: Option<Timestamp>,
    #[command(flatten)]
    pub(crate) profile: ProfileArgument,
}

/// What to decide again.
#[derive(Debug, Args)]
pub(crate) struct ReplayArguments {
    /// Files of a profile's folder `trace`
    #[arg(required = true, value_name = "FILE")]
    pub(crate) files: Vec<PathBuf>,
}

fn duration(text: &str) -> Result<SignedDuration, String> {
    let duration = text.parse::<SignedDuration>().ok();
    duration
        .filter(|duration| !duration.is_negative())
        .ok_or_else(|| "that is no duration: write 90s, 10m or 2h".to_owned())
}

fn time(text: &str) -> Result<Timestamp, String> {
    if let Ok(time) = text.parse::<Timestamp>() {
        return Ok(time);
    }
    let today = jiff::Zoned::now().date();
    let time = text.parse::<civil::Time>().ok();
    time.and_then(|time| today.to_datetime(time).to_zoned(TimeZone::system()).ok())
        .map(|zoned| zoned.timestamp())
        .ok_or_else(|| "that is no time: write 14:05, or 2026-11-21T14:05:00Z".to_owned())
}
