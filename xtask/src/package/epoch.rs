//! The one time stamp of everything in a package.

use anyhow::{Context, Result};

use crate::command::{command, output};

/// `SOURCE_DATE_EPOCH`, or when the commit was made: seconds since 1970. The same commit gives the same package.
pub(crate) fn epoch() -> Result<u64> {
    if let Ok(set) = std::env::var("SOURCE_DATE_EPOCH") {
        return set
            .parse()
            .with_context(|| format!("SOURCE_DATE_EPOCH is {set:?}, not seconds since 1970"));
    }
    output(command("git").args(["log", "-1", "--format=%ct"]))
        .and_then(|text| text.parse().ok())
        .context("this is no git checkout: set SOURCE_DATE_EPOCH to seconds since 1970")
}

/// In the words of `date`, in UTC.
pub(super) fn date(epoch: u64, format: &str) -> Result<String> {
    output(command("date").env("LC_ALL", "C").args([
        "--utc",
        &format!("--date=@{epoch}"),
        &format!("+{format}"),
    ]))
    .context("`date` failed")
}
