//! Rules as a rules file.

use std::fmt::Write as _;

use presence::rules::{Operand, Rule};
use toml::Value;

use crate::words;

pub(super) fn file<'a>(rules: impl Iterator<Item = (&'a Rule, usize)>) -> String {
    let mut text = "# Imported from Amazon's CTI adapter. docs/rules.md says what every word means.\n\
                    # Of several rules that match, the first one for each side counts: check their order.\n\
                    schema = 1\n"
        .to_owned();
    for (rule, line) in rules {
        // Writing to a text can't fail.
        let _ = write!(text, "\n# Line {line} of the export.\n[[rule]]\n");
        let _ = writeln!(text, "name = {}", quoted(&rule.name));
        let _ = writeln!(text, "event = {}", quoted(words::event_name(rule.event)));
        if !rule.criteria.is_empty() {
            text.push_str("when = [\n");
            for criterion in &rule.criteria {
                let (a, b) = (
                    words::operand_name(&criterion.a),
                    words::operand_name(&criterion.b),
                );
                let comparator = words::comparator_name(criterion.comparator);
                let _ = write!(
                    text,
                    "  {{ a = {}, comparator = {}, b = {}",
                    quoted(a),
                    quoted(comparator),
                    quoted(b)
                );
                for operand in [&criterion.a, &criterion.b] {
                    if let Operand::StaticValue(value) = operand {
                        let _ = write!(text, ", value = {}", quoted(value));
                    }
                }
                text.push_str(" },\n");
            }
            text.push_str("]\n");
        }
        let destination = words::destination_name(rule.destination);
        let _ = writeln!(text, "destination = {}", quoted(destination));
        let _ = writeln!(text, "state = {}", quoted(&rule.state));
    }
    text
}

fn quoted(text: &str) -> String {
    Value::String(text.to_owned()).to_string()
}
