//! The figures as a table and as JSON.

use std::fmt::Write as _;

use serde_json::{Value, json};

use crate::figure::{Figure, Outcome, Target};

pub(crate) fn table(measured: &[(Figure, Outcome)]) -> String {
    let width = measured
        .iter()
        .map(|(figure, _)| figure.name.len())
        .max()
        .unwrap_or(0);
    let mut table = String::new();
    for (figure, outcome) in measured {
        let target = match figure.target {
            Target::AtLeast(target) => format!(">= {target}"),
            Target::AtMost(target) => format!("<= {target}"),
            Target::None => String::new(),
        };
        let (value, verdict) = match outcome {
            Outcome::Failed(why) => ("-".to_owned(), format!("failed: {why}")),
            Outcome::Skipped(why) => ("-".to_owned(), format!("skipped: {why}")),
            Outcome::Value(value) => {
                let verdict = match figure.target.holds(*value) {
                    Some(true) => "holds",
                    Some(false) => "MISSES",
                    None => "",
                };
                (rounded(*value).to_string(), verdict.to_owned())
            }
        };
        let _ = writeln!(
            table,
            "{:width$}  {value:>12} {:8} {target:>10}  {verdict}",
            figure.name, figure.unit
        );
    }
    table
}

/// `{"figures":[{"name","value","unit","target","holds"}]}`; `holds` is null where there is no target, `value`
/// also where it could not be measured, and then `reason` says why.
pub(crate) fn json(measured: &[(Figure, Outcome)]) -> Value {
    let figures: Vec<_> = measured
        .iter()
        .map(|(figure, outcome)| entry(*figure, outcome))
        .collect();
    json!({ "figures": figures })
}

fn entry(figure: Figure, outcome: &Outcome) -> Value {
    let target = match figure.target {
        Target::AtLeast(target) | Target::AtMost(target) => Some(target),
        Target::None => None,
    };
    let (value, holds, reason) = match outcome {
        Outcome::Value(value) => (Some(rounded(*value)), figure.target.holds(*value), None),
        Outcome::Skipped(why) => (None, None, Some(why)),
        Outcome::Failed(why) => (None, Some(false), Some(why)),
    };
    let mut entry =
        json!({ "name": figure.name, "value": value, "unit": figure.unit, "target": target, "holds": holds });
    if let Some(reason) = reason {
        entry["reason"] = json!(reason);
    }
    entry
}

/// Three significant places at most after the point; more would only be noise.
fn rounded(value: f64) -> f64 {
    if value >= 100.0 {
        value.round()
    } else {
        (value * 1000.0).round() / 1000.0
    }
}
