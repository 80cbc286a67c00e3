//! `rules import`.

use std::fs;
use std::path::Path;
use std::process::ExitCode;

use rules::{Finding, Format, Severity};

use super::arguments::ImportArguments;
use super::{FINDINGS, Stop, read};
use crate::output;

pub(super) fn import(arguments: &ImportArguments) -> Result<ExitCode, Stop> {
    let format = format_of(&arguments.file)?;
    let text = read::text(&arguments.file)?;
    let imported = rules::import(&text, format, &arguments.map)
        .map_err(|findings| read::said(&arguments.file, &findings))?;
    write(arguments, &imported.text)?;
    for finding in &imported.findings {
        output::line(&read::in_words(&arguments.file, finding))?;
    }
    // What the rules themselves are worth, as `rules check` says it.
    let findings = match rules::parse(&imported.text) {
        Ok(parsed) => rules::check(&parsed, None),
        Err(findings) => findings,
    };
    for finding in &findings {
        output::line(&read::in_words(&arguments.out, finding))?;
    }
    let lost = imported
        .findings
        .iter()
        .filter(|finding| finding.severity == Severity::Error)
        .count();
    output::line(&format!(
        "{}: {} carried over, {lost} not. Next: holdlinectl rules check {} --statuses FILE",
        arguments.out.display(),
        match imported.set.rules.len() {
            1 => "1 rule".to_owned(),
            count => format!("{count} rules"),
        },
        arguments.out.display()
    ))?;
    let fine = |finding: &Finding| finding.severity == Severity::Info;
    Ok(if imported.findings.iter().chain(&findings).all(fine) {
        ExitCode::SUCCESS
    } else {
        ExitCode::from(FINDINGS)
    })
}

fn format_of(path: &Path) -> Result<Format, Stop> {
    let ending = path.extension().map(|ending| ending.to_ascii_lowercase());
    match ending.as_deref().and_then(|ending| ending.to_str()) {
        Some("csv") => Ok(Format::Csv),
        Some("json") => Ok(Format::Json),
        _ => Err(Stop::Unusable(format!(
            "{} is neither .csv nor .json. Export the rule records as one of them.",
            path.display()
        ))),
    }
}

fn write(arguments: &ImportArguments, text: &str) -> Result<(), Stop> {
    let out = &arguments.out;
    if out.exists() && !arguments.force {
        return Err(Stop::Unusable(format!(
            "{} is there already. Name another file with --out, or write over it with --force.",
            out.display()
        )));
    }
    fs::write(out, text).map_err(|error| {
        Stop::Unusable(format!(
            "{} can't be written: {error}. Check the path.",
            out.display()
        ))
    })
}
