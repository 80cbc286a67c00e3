//! Seed 001's words for events, operands, comparators and destinations, and the nearest one to a typo.

use presence::rules::{Comparator, Destination, Operand, RuleEvent};

/// The operand with a value of the rule's own.
pub(crate) const STATIC_VALUE: &str = "Static Value";

/// Every event, by its name.
pub(crate) const EVENTS: [(&str, RuleEvent); 5] = [
    ("Connect Agent State Change", RuleEvent::ConnectAgentStateChange),
    ("Salesforce Agent Logout", RuleEvent::SalesforceAgentLogout),
    (
        "Salesforce Agent State Change",
        RuleEvent::SalesforceAgentStateChange,
    ),
    ("Salesforce Work Accepted", RuleEvent::SalesforceWorkAccepted),
    (
        "Salesforce Workload Changed",
        RuleEvent::SalesforceWorkloadChanged,
    ),
];

/// Every operand but the static one, by its name.
pub(crate) const OPERANDS: [(&str, Operand); 9] = [
    ("Connect Agent New State", Operand::ConnectAgentNewState),
    ("Connect Agent Old State", Operand::ConnectAgentOldState),
    ("Salesforce Agent New State", Operand::SalesforceAgentNewState),
    (
        "Salesforce Configured Capacity",
        Operand::SalesforceConfiguredCapacity,
    ),
    ("Salesforce New Workload", Operand::SalesforceNewWorkload),
    ("Salesforce New Workload Pct", Operand::SalesforceNewWorkloadPct),
    (
        "Salesforce Previous Workload",
        Operand::SalesforcePreviousWorkload,
    ),
    (
        "Salesforce Previous Workload Pct",
        Operand::SalesforcePreviousWorkloadPct,
    ),
    ("Salesforce Service Channel", Operand::SalesforceServiceChannel),
];

/// Every comparator, by its name and by the longer one of Amazon's adapter.
const COMPARATORS: [(&str, &str, Comparator); 6] = [
    ("equal", "Equal to", Comparator::Equal),
    ("greater", "Greater than", Comparator::Greater),
    (
        "greater or equal",
        "Greater than or equal to",
        Comparator::GreaterOrEqual,
    ),
    ("less", "Less than", Comparator::Less),
    ("less or equal", "Less than or equal to", Comparator::LessOrEqual),
    ("not equal", "Not equal to", Comparator::NotEqual),
];

const DESTINATIONS: [(&str, Destination); 2] = [
    ("Connect", Destination::Connect),
    ("Salesforce", Destination::Salesforce),
];

/// The event of this name.
///
/// # Errors
/// There is none; the text says which there are, the nearest first.
pub fn event_from(name: &str) -> Result<RuleEvent, String> {
    find(name, EVENTS.iter().map(|(known, event)| (*known, *event)))
}

/// An event's name.
pub fn event_name(event: RuleEvent) -> &'static str {
    named(&EVENTS, &event)
}

/// An operand's name.
pub fn operand_name(operand: &Operand) -> &'static str {
    match operand {
        Operand::StaticValue(_) => STATIC_VALUE,
        operand => named(&OPERANDS, operand),
    }
}

pub(crate) fn operand_from(name: &str) -> Result<Operand, String> {
    let fixed = (STATIC_VALUE, Operand::StaticValue(String::new()));
    find(name, OPERANDS.iter().cloned().chain([fixed]))
}

pub(crate) fn comparator_from(name: &str) -> Result<Comparator, String> {
    let long = COMPARATORS.iter().find(|(_, long, _)| *long == name);
    match long {
        Some((_, _, comparator)) => Ok(*comparator),
        None => find(name, COMPARATORS.iter().map(|(short, _, it)| (*short, *it))),
    }
}

pub(crate) fn comparator_name(comparator: Comparator) -> &'static str {
    let known = COMPARATORS.iter().find(|(_, _, it)| *it == comparator);
    known.map_or("", |(short, _, _)| short)
}

pub(crate) fn destination_from(name: &str) -> Result<Destination, String> {
    find(name, DESTINATIONS.iter().copied())
}

pub(crate) fn destination_name(destination: Destination) -> &'static str {
    named(&DESTINATIONS, &destination)
}

fn named<T: PartialEq>(known: &[(&'static str, T)], wanted: &T) -> &'static str {
    let found = known.iter().find(|(_, it)| it == wanted);
    found.map_or("", |(name, _)| name)
}

fn find<T>(name: &str, known: impl Iterator<Item = (&'static str, T)>) -> Result<T, String> {
    let mut names = Vec::new();
    for (known, value) in known {
        if known == name {
            return Ok(value);
        }
        names.push(known);
    }
    Err(one_of(name, &names))
}

/// What to write instead of `name`.
pub(crate) fn one_of(name: &str, known: &[&str]) -> String {
    match nearest(name, known.iter().copied()) {
        Some(near) => format!("Did you mean {near:?}? Possible are: {}.", known.join(", ")),
        None => format!("Possible are: {}.", known.join(", ")),
    }
}

/// The known name most like this one, if any is much like it. Case, spaces and underscores hardly count.
pub(crate) fn nearest<'a>(name: &str, known: impl Iterator<Item = &'a str>) -> Option<&'a str> {
    let plain = |text: &str| {
        let letters = text.chars().filter(|c| c.is_alphanumeric());
        letters.flat_map(char::to_lowercase).take(80).collect::<String>()
    };
    let wanted = plain(name);
    let mut best: Option<(usize, &str)> = None;
    for candidate in known {
        let plain = plain(candidate);
        let distance = strsim::damerau_levenshtein(&wanted, &plain);
        let near = distance * 3 <= wanted.chars().count().max(plain.chars().count());
        if near && best.is_none_or(|(least, _)| distance < least) {
            best = Some((distance, candidate));
        }
    }
    best.map(|(_, candidate)| candidate)
}
