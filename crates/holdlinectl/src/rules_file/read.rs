//! Files, and findings as they are printed.

use std::fs;
use std::path::Path;

use rules::{Finding, Parsed};

use super::Stop;

pub(super) fn text(path: &Path) -> Result<String, Stop> {
    fs::read_to_string(path).map_err(|error| {
        Stop::Unusable(format!(
            "{} can't be read: {error}. Check the path.",
            path.display()
        ))
    })
}

/// A rules file that must be valid.
pub(super) fn rules_file(path: &Path) -> Result<Parsed, Stop> {
    rules::parse(&text(path)?).map_err(|findings| said(path, &findings))
}

/// Tells findings that leave nothing to work with.
pub(super) fn said(path: &Path, findings: &[Finding]) -> Stop {
    for finding in findings {
        eprintln!("{}", in_words(path, finding));
    }
    Stop::Said
}

/// `file:line: severity: reason`, and the remedy below it.
pub(super) fn in_words(path: &Path, finding: &Finding) -> String {
    let severity = finding.severity.name();
    format!(
        "{}:{}: {severity}: {}\n    {}",
        path.display(),
        finding.line,
        finding.reason,
        finding.remedy
    )
}
