//! `rules test`.

use std::path::{Path, PathBuf};
use std::process::ExitCode;

use rules::{Failure, Parsed};

use super::arguments::TestArguments;
use super::{FINDINGS, Stop, explain, read};
use crate::output;

pub(super) fn test(arguments: &TestArguments) -> Result<ExitCode, Stop> {
    let parsed = read::rules_file(&arguments.file)?;
    let path = match &arguments.examples {
        Some(path) => path.clone(),
        None => beside(&arguments.file),
    };
    if !path.exists() {
        return Err(Stop::Unusable(format!(
            "There are no examples: {} does not exist. Write some (docs/rules.md says how), or name a file with \
             --examples.",
            path.display()
        )));
    }
    let examples = rules::parse_examples(&read::text(&path)?);
    let examples = examples.map_err(|findings| read::said(&path, &findings))?;
    let failures = rules::run_examples(&parsed, &examples);
    for failure in &failures {
        output::line(&in_words(&path, &parsed, failure))?;
    }
    // One example may fail for both destinations.
    let mut failed: Vec<usize> = failures.iter().map(|failure| failure.example.line).collect();
    failed.dedup();
    let true_ones = examples.len() - failed.len();
    output::line(&format!("{true_ones} of {} examples come true.", examples.len()))?;
    Ok(if failures.is_empty() {
        ExitCode::SUCCESS
    } else {
        ExitCode::from(FINDINGS)
    })
}

/// `rules.test.toml` for `rules.toml`.
fn beside(rules: &Path) -> PathBuf {
    rules.with_extension("test.toml")
}

fn in_words(path: &Path, parsed: &Parsed, failure: &Failure<'_>) -> String {
    let state = |state: Option<&str>| match state {
        Some(state) => format!("{state:?}"),
        None => "nothing".to_owned(),
    };
    let explanation = explain::in_words(parsed, &failure.explanation).replace('\n', "\n    ");
    format!(
        "{}:{}: error: {:?} does not come true: {} for {:?} was expected, {} came.\n    {explanation}",
        path.display(),
        failure.example.line,
        failure.example.name,
        state(failure.expected),
        failure.explanation.destination,
        state(failure.got)
    )
}
