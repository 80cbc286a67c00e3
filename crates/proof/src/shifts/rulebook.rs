//! The rules a shift runs under.

use presence::rules::{Comparator, Criterion, Destination, OFFLINE, Operand, Rule, RuleEvent, RuleSet};

use super::dice::Dice;

/// By name, none at all, or a set of an administrator's.
pub(crate) fn rules(dice: &mut Dice) -> RuleSet {
    match dice.below(10) {
        0..=5 => RuleSet::default(),
        6 => RuleSet {
            rules: Vec::new(),
            by_name: false,
        },
        _ => RuleSet {
            rules: administrators(),
            by_name: dice.chance(500),
        },
    }
}

fn administrators() -> Vec<Rule> {
    let equal = |a, text: &str| Criterion {
        a,
        comparator: Comparator::Equal,
        b: Operand::StaticValue(text.to_owned()),
    };
    let rule = |name: &str, event, criteria, destination, state: &str| Rule {
        name: name.to_owned(),
        event,
        criteria,
        destination,
        state: state.to_owned(),
    };
    use RuleEvent::{ConnectAgentStateChange, SalesforceAgentLogout, SalesforceAgentStateChange};
    vec![
        rule(
            "Logged out",
            SalesforceAgentLogout,
            vec![equal(Operand::SalesforceAgentNewState, OFFLINE)],
            Destination::Connect,
            OFFLINE,
        ),
        rule(
            "Lunch is a break on the phone",
            SalesforceAgentStateChange,
            vec![equal(Operand::SalesforceAgentNewState, "Lunch")],
            Destination::Connect,
            "Break",
        ),
        rule(
            "Messages only",
            SalesforceAgentStateChange,
            vec![equal(Operand::SalesforceAgentNewState, "Messages only")],
            Destination::Connect,
            "Break",
        ),
        rule(
            "Available",
            SalesforceAgentStateChange,
            vec![equal(Operand::SalesforceAgentNewState, "Available")],
            Destination::Connect,
            "Available",
        ),
        rule(
            "Phone offline",
            ConnectAgentStateChange,
            vec![equal(Operand::ConnectAgentNewState, OFFLINE)],
            Destination::Salesforce,
            OFFLINE,
        ),
        rule(
            "Phone on lunch",
            ConnectAgentStateChange,
            vec![equal(Operand::ConnectAgentNewState, "Lunch")],
            Destination::Salesforce,
            "Lunch",
        ),
    ]
}
