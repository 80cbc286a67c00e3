//! Rule sets made up by proptest, and their text.

use presence::rules::{Comparator, Criterion, Destination, Operand, Rule, RuleEvent, RuleSet};
use proptest::prelude::*;
use proptest::sample::select;

pub(crate) const EVENTS: [RuleEvent; 5] = [
    RuleEvent::ConnectAgentStateChange,
    RuleEvent::SalesforceAgentLogout,
    RuleEvent::SalesforceAgentStateChange,
    RuleEvent::SalesforceWorkAccepted,
    RuleEvent::SalesforceWorkloadChanged,
];

pub(crate) const COMPARATORS: [(Comparator, &str); 6] = [
    (Comparator::Equal, "equal"),
    (Comparator::NotEqual, "not equal"),
    (Comparator::Greater, "greater"),
    (Comparator::GreaterOrEqual, "greater or equal"),
    (Comparator::Less, "less"),
    (Comparator::LessOrEqual, "less or equal"),
];

pub(crate) const OPERANDS: [Operand; 9] = [
    Operand::ConnectAgentNewState,
    Operand::ConnectAgentOldState,
    Operand::SalesforceAgentNewState,
    Operand::SalesforceConfiguredCapacity,
    Operand::SalesforceNewWorkload,
    Operand::SalesforceNewWorkloadPct,
    Operand::SalesforcePreviousWorkload,
    Operand::SalesforcePreviousWorkloadPct,
    Operand::SalesforceServiceChannel,
];

/// Few names and numbers, so that rules meet each other.
pub(crate) const TEXTS: [&str; 6] = ["A", "B", "Offline", "1", "2", "50"];

pub(crate) fn criterion() -> impl Strategy<Value = Criterion> {
    let one = (
        select(&OPERANDS[..]),
        select(&COMPARATORS[..]),
        select(&TEXTS[..]),
        any::<bool>(),
    );
    let with_text = one.prop_map(|(operand, (comparator, _), text, first)| {
        let text = Operand::StaticValue(text.to_owned());
        let (a, b) = if first { (text, operand) } else { (operand, text) };
        Criterion { a, comparator, b }
    });
    let two = (
        select(&OPERANDS[..]),
        select(&COMPARATORS[..]),
        select(&OPERANDS[..]),
    );
    let with_operand = two.prop_map(|(a, (comparator, _), b)| Criterion { a, comparator, b });
    prop_oneof![4 => with_text, 1 => with_operand]
}

pub(crate) fn rule(names: impl Strategy<Value = String>) -> impl Strategy<Value = Rule> {
    (
        names,
        select(&EVENTS[..]),
        proptest::collection::vec(criterion(), 0..4),
        select(&[Destination::Connect, Destination::Salesforce][..]),
        select(&["A", "B", "C", "Offline"][..]),
    )
        .prop_map(|(name, event, criteria, destination, state)| Rule {
            name,
            event,
            criteria,
            destination,
            state: state.to_owned(),
        })
}

/// Simple rules of one kind, about which everything can be told.
pub(crate) fn plain_rule(event: RuleEvent, destination: Destination) -> impl Strategy<Value = Rule> {
    let operand = match event {
        RuleEvent::ConnectAgentStateChange => Operand::ConnectAgentNewState,
        RuleEvent::SalesforceWorkloadChanged => Operand::SalesforceNewWorkload,
        _ => Operand::SalesforceAgentNewState,
    };
    let numbers = event == RuleEvent::SalesforceWorkloadChanged;
    let comparators = if numbers {
        &COMPARATORS[..]
    } else {
        &COMPARATORS[..2]
    };
    let texts: &[&str] = if numbers { &["1", "2", "50"] } else { &TEXTS[..3] };
    let criterion = (select(comparators), select(texts)).prop_map(move |((comparator, _), text)| Criterion {
        a: operand.clone(),
        comparator,
        b: Operand::StaticValue(text.to_owned()),
    });
    (
        proptest::collection::vec(criterion, 0..3),
        select(&["A", "B", "C"][..]),
    )
        .prop_map(move |(criteria, state)| Rule {
            name: "rule".to_owned(),
            event,
            criteria,
            destination,
            state: state.to_owned(),
        })
}

pub(crate) fn set(rule: impl Strategy<Value = Rule>, most: usize) -> impl Strategy<Value = RuleSet> {
    (proptest::collection::vec(rule, 0..most), any::<bool>()).prop_map(|(mut rules, by_name)| {
        for (place, rule) in rules.iter_mut().enumerate() {
            rule.name = format!("{place} {}", rule.name);
        }
        RuleSet { rules, by_name }
    })
}

/// The file that says this.
pub(crate) fn print(set: &RuleSet) -> String {
    let quoted = |text: &str| toml::Value::from(text).to_string();
    let mut text = format!("schema = 1\nby_name = {}\n", set.by_name);
    for rule in &set.rules {
        text.push_str(&format!(
            "\n[[rule]]\nname = {}\nevent = {:?}\nwhen = [\n",
            quoted(&rule.name),
            rules::event_name(rule.event)
        ));
        for Criterion { a, comparator, b } in &rule.criteria {
            let comparator = COMPARATORS.iter().find(|(it, _)| it == comparator).unwrap().1;
            let value = [a, b].into_iter().find_map(|operand| match operand {
                Operand::StaticValue(text) => Some(format!(", value = {}", quoted(text))),
                _ => None,
            });
            text.push_str(&format!(
                "  {{ a = {:?}, comparator = {comparator:?}, b = {:?}{} }},\n",
                rules::operand_name(a),
                rules::operand_name(b),
                value.unwrap_or_default()
            ));
        }
        text.push_str(&format!(
            "]\ndestination = \"{:?}\"\nstate = {}\n",
            rule.destination,
            quoted(&rule.state)
        ));
    }
    text
}
