//! The rules file: read, checked, explained and tried. See `docs/rules.md` for the file itself.
//!
//! Pure: text in, findings out. It opens no file, knows no clock and never decides what the engine does: what a
//! rule means is `presence::rules`, and this crate asks it.

#![forbid(unsafe_code)]

mod check;
mod document;
mod examples;
mod explain;
mod finding;
mod import;
mod parse;
mod statuses;
mod words;

pub use check::check;
pub use examples::{Example, Expected, Failure, parse_examples, run_examples};
pub use explain::{Explanation, Step, Verdict, explain};
pub use finding::{Code, Finding, Severity};
pub use import::{Format, Imported, import};
pub use parse::{Parsed, RuleLines, parse};
pub use statuses::{Kind, OrgStatus, PhoneState, Statuses, parse_statuses};
pub use words::{event_from, event_name, operand_name};

/// The newest `schema` of rules and example files that is understood.
pub const SCHEMA: i64 = 1;
