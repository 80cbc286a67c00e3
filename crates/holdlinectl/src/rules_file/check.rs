//! `rules check`.

use std::process::ExitCode;

use rules::{Finding, Severity};

use super::arguments::CheckArguments;
use super::{FINDINGS, Stop, read};
use crate::output;

pub(super) fn check(arguments: &CheckArguments) -> Result<ExitCode, Stop> {
    let text = read::text(&arguments.file)?;
    let statuses = match &arguments.statuses {
        None => None,
        Some(path) => {
            let read = rules::parse_statuses(&read::text(path)?);
            Some(read.map_err(|finding| read::said(path, &[finding]))?)
        }
    };
    let (count, findings) = match rules::parse(&text) {
        Ok(parsed) => (
            Some(parsed.set.rules.len()),
            rules::check(&parsed, statuses.as_ref()),
        ),
        Err(findings) => (None, findings),
    };
    for finding in &findings {
        if arguments.json {
            let mut json = serde_json::json!(finding);
            json["file"] = serde_json::json!(arguments.file);
            output::line(&json.to_string())?;
        } else {
            output::line(&read::in_words(&arguments.file, finding))?;
        }
    }
    if !arguments.json {
        output::line(&summary(count, &findings))?;
    }
    let clean = findings.iter().all(|finding| finding.severity == Severity::Info);
    Ok(if clean {
        ExitCode::SUCCESS
    } else {
        ExitCode::from(FINDINGS)
    })
}

fn summary(rules: Option<usize>, findings: &[Finding]) -> String {
    let count = |severity| {
        findings
            .iter()
            .filter(|finding| finding.severity == severity)
            .count()
    };
    let counted = |count: usize, word: &str| match count {
        1 => format!("1 {word}"),
        count => format!("{count} {word}s"),
    };
    let rules = match rules {
        Some(rules) => counted(rules, "rule"),
        None => "The file is not valid and would not be used".to_owned(),
    };
    let errors = counted(count(Severity::Error), "error");
    let warnings = counted(count(Severity::Warning), "warning");
    format!("{rules}: {errors}, {warnings}.")
}
