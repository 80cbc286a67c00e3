//! Rules exported from Amazon's CTI adapter (its rule records, as CSV or JSON) become a rules file. What can't be
//! carried over is told with its line and a remedy, never guessed. `docs/rules.md` has the table of field names.

mod fields;
mod record;
mod table;
mod write;

use presence::rules::{Rule, RuleSet};

use crate::finding::{Code, Finding};
use record::Reading;

/// How the records are written.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Format {
    /// With a line of column names; commas or semicolons.
    Csv,
    /// A list of objects, or an answer of Salesforce's with `records`.
    Json,
}

/// What has been carried over.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Imported {
    /// The rules, in their order.
    pub set: RuleSet,
    /// The same as a rules file.
    pub text: String,
    /// What was not carried over, by line of the export.
    pub findings: Vec<Finding>,
}

/// One rule and where it stood.
struct Placed {
    order: Option<i64>,
    line: usize,
    rule: Rule,
}

/// Reads an export. `renames` says of further column names which known one they stand for.
///
/// # Errors
/// What makes the whole export unusable.
pub fn import(text: &str, format: Format, renames: &[(String, String)]) -> Result<Imported, Vec<Finding>> {
    let text = text.strip_prefix('\u{feff}').unwrap_or(text);
    let records = match format {
        Format::Csv => table::from_csv(text),
        Format::Json => table::from_json(text),
    };
    let records = records.map_err(|finding| vec![finding])?;
    if records.is_empty() {
        let remedy = "Export the adapter's presence sync rules, one record a rule.";
        let reason = "There is no rule in it.".to_owned();
        return Err(vec![Finding::error(1, Code::NothingToDo, reason, remedy)]);
    }
    let mut reading = Reading::new(renames)?;
    let mut placed: Vec<Placed> = Vec::new();
    for record in &records {
        placed.extend(reading.rule(record));
    }
    // Stable: rules of the same order, or of none, stay as they were exported.
    placed.sort_by_key(|placed| placed.order.unwrap_or(i64::MAX));
    let mut findings = reading.findings;
    findings.sort();
    let text = write::file(placed.iter().map(|placed| (&placed.rule, placed.line)));
    let rules = placed.into_iter().map(|placed| placed.rule).collect();
    Ok(Imported {
        set: RuleSet {
            rules,
            by_name: false,
        },
        text,
        findings,
    })
}
