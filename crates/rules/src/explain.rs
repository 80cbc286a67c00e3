//! Which rule fires at a happening, and why no earlier one does.

use presence::rules::{Destination, Happening, Operand, Rule, RuleSet, Value};

use crate::parse::in_words;
use crate::words::operand_name;

/// What the rules say for one destination.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Explanation {
    /// Which side.
    pub destination: Destination,
    /// Every rule of that destination and event up to the one that fires.
    pub steps: Vec<Step>,
    /// The place of the rule that fires; `None`: none does.
    pub fires: Option<usize>,
    /// Rules for other events, which were not looked at.
    pub other_events: usize,
}

/// One rule that was looked at.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Step {
    /// Its place in the file, from 0.
    pub place: usize,
    /// Whether it fires.
    pub verdict: Verdict,
}

/// What came of a rule.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Verdict {
    /// This criterion does not hold.
    Fails {
        /// Its place in the rule, from 0.
        criterion: usize,
        /// It with the values it was given, in words.
        words: String,
    },
    /// All criteria hold; each in words.
    Fires(Vec<String>),
    /// A logout rule without the exact "Offline" (seed 001).
    NoOffline,
}

/// Explains one happening, one destination after the other.
pub fn explain(set: &RuleSet, happening: &Happening<'_>) -> [Explanation; 2] {
    [Destination::Connect, Destination::Salesforce].map(|destination| {
        let mut explanation = Explanation {
            destination,
            steps: Vec::new(),
            fires: None,
            other_events: 0,
        };
        for (place, rule) in set.rules.iter().enumerate() {
            if rule.destination != destination {
                continue;
            }
            if rule.event != happening.event {
                explanation.other_events += 1;
                continue;
            }
            if explanation.fires.is_some() {
                continue;
            }
            let verdict = verdict(rule, happening);
            if matches!(verdict, Verdict::Fires(_)) {
                explanation.fires = Some(place);
            }
            explanation.steps.push(Step { place, verdict });
        }
        explanation
    })
}

fn verdict(rule: &Rule, happening: &Happening<'_>) -> Verdict {
    let mut held = Vec::new();
    for (criterion, it) in rule.criteria.iter().enumerate() {
        let values: Vec<String> = [&it.a, &it.b]
            .into_iter()
            .filter_map(|operand| value_in_words(operand, happening))
            .collect();
        let words = format!("{}: {}", in_words(it), values.join(", "));
        if !it.holds(happening) {
            return Verdict::Fails { criterion, words };
        }
        held.push(words);
    }
    if rule.matches(happening) {
        Verdict::Fires(held)
    } else {
        Verdict::NoOffline
    }
}

fn value_in_words(operand: &Operand, happening: &Happening<'_>) -> Option<String> {
    if matches!(operand, Operand::StaticValue(_)) {
        return None;
    }
    let name = operand_name(operand);
    Some(match operand.value(happening) {
        None => format!("{name} has no value"),
        Some(Value::Name(text)) => format!("{name} is {text:?}"),
        Some(Value::Names(names)) => {
            let names: Vec<String> = names.iter().map(|name| format!("{name:?}")).collect();
            format!("{name} is {}", names.join(" alias "))
        }
        Some(Value::Number(milli)) => format!("{name} is {}", decimal(milli)),
    })
}

/// Thousandths as people write them.
pub(crate) fn decimal(milli: i64) -> String {
    let (sign, size) = (if milli < 0 { "-" } else { "" }, milli.unsigned_abs());
    let (whole, fraction) = (size / 1_000, size % 1_000);
    let text = format!("{sign}{whole}.{fraction:03}");
    text.trim_end_matches('0').trim_end_matches('.').to_owned()
}
