//! The rules file: read, checked, explained and tried.

mod arbitrary;
mod cycles;
mod examples;
mod explain;
mod findings;
mod generate;
mod import;
mod parse;
mod reach;
mod statuses;

use rules::{Code, Finding, Parsed};

fn parsed(text: &str) -> Parsed {
    rules::parse(text).unwrap_or_else(|findings| panic!("{findings:#?}"))
}

fn checked(text: &str) -> Vec<Finding> {
    rules::check(&parsed(text), None)
}

fn codes(findings: &[Finding]) -> Vec<(usize, Code)> {
    findings
        .iter()
        .map(|finding| (finding.line, finding.code))
        .collect()
}
