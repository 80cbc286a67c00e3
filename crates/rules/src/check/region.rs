//! The happenings at which a rule matches, as a product of sets: one set per operand or comparison, seen as
//! if they were independent of each other. That is more than can happen, never less, so what is proven empty
//! is empty.

use std::collections::BTreeMap;

use presence::rules::{Comparator, Criterion, Given, OFFLINE, Operand, Rule, RuleEvent, parse_milli};

use super::domain::{Names, Numbers, Values};

/// What a set is about.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub(super) enum Variable<'a> {
    /// An operand's value.
    Of(&'a Operand),
    /// How two operands compare, the lesser named first.
    Pair(&'a Operand, &'a Operand),
    /// Whether a comparison holds about which nothing more is known.
    Alone(&'a Operand, Comparator, &'a Operand),
}

/// A product of sets at one event; what is not named is free.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct Region<'a> {
    event: RuleEvent,
    sets: BTreeMap<Variable<'a>, Values<'a>>,
}

const LESS: u8 = 1;
const EQUAL: u8 = 2;
const GREATER: u8 = 4;
/// One of the two has no value, or (of a lone comparison) it does not hold.
const NOT: u8 = 8;

impl<'a> Region<'a> {
    /// Where a rule matches; `None`: nowhere.
    pub(super) fn of(rule: &'a Rule) -> Option<Self> {
        if rule.event == RuleEvent::SalesforceAgentLogout && !rule.asks_for_offline() {
            return None;
        }
        let mut region = Self {
            event: rule.event,
            sets: BTreeMap::new(),
        };
        for criterion in &rule.criteria {
            for (variable, values) in constraints(criterion, rule.event)? {
                let set = region.set(&variable).and(&values);
                if set.is_empty() {
                    return None;
                }
                region.sets.insert(variable, set);
            }
        }
        Some(region)
    }

    pub(super) fn set(&self, variable: &Variable<'a>) -> Values<'a> {
        let set = self.sets.get(variable).cloned();
        set.unwrap_or_else(|| everything(variable, self.event))
    }

    pub(super) fn sets(&self) -> impl Iterator<Item = (&Variable<'a>, &Values<'a>)> {
        self.sets.iter()
    }

    pub(super) fn meets(&self, other: &Self) -> bool {
        let common = self
            .sets
            .iter()
            .filter_map(|(variable, values)| Some((values, other.sets.get(variable)?)));
        common.into_iter().all(|(a, b)| !a.and(b).is_empty())
    }

    pub(super) fn is_within(&self, other: &Self) -> bool {
        other
            .sets
            .iter()
            .all(|(variable, values)| self.set(variable).without(values).is_empty())
    }

    /// What is left of it, in parts that do not overlap.
    pub(super) fn without(&self, other: &Self) -> Vec<Self> {
        if !self.meets(other) {
            return vec![self.clone()];
        }
        let mut parts = Vec::new();
        let mut rest = self.clone();
        for (variable, values) in &other.sets {
            let own = rest.set(variable);
            for part in own.without(values) {
                let mut outside = rest.clone();
                outside.sets.insert(variable.clone(), part);
                parts.push(outside);
            }
            rest.sets.insert(variable.clone(), own.and(values));
        }
        parts
    }
}

/// Every value that a variable can have at an event.
fn everything<'a>(variable: &Variable<'a>, event: RuleEvent) -> Values<'a> {
    match variable {
        Variable::Of(operand) => {
            let given = operand.given_at(event);
            let absent = given != Given::Always;
            match operand {
                Operand::SalesforceAgentNewState if event == RuleEvent::SalesforceAgentLogout => {
                    Values::Names(Names::all(1, false).require(OFFLINE))
                }
                Operand::SalesforceAgentNewState => Values::Names(Names::all(2, absent)),
                Operand::ConnectAgentNewState
                | Operand::ConnectAgentOldState
                | Operand::SalesforceServiceChannel
                | Operand::StaticValue(_) => Values::Names(Names::all(1, absent)),
                _ => Values::Numbers(Numbers::all(absent)),
            }
        }
        Variable::Pair(..) => Values::Outcomes(LESS | EQUAL | GREATER | NOT),
        Variable::Alone(..) => Values::Outcomes(EQUAL | NOT),
    }
}

/// What a criterion asks of each variable; `None`: it never holds.
fn constraints<'a>(criterion: &'a Criterion, event: RuleEvent) -> Option<Vec<(Variable<'a>, Values<'a>)>> {
    let Criterion { a, comparator, b } = criterion;
    if [a, b]
        .iter()
        .any(|operand| operand.given_at(event) == Given::Never)
    {
        return None;
    }
    match (a, b) {
        (Operand::StaticValue(first), Operand::StaticValue(second)) => {
            two_texts(first, *comparator, second).then(Vec::new)
        }
        (operand, Operand::StaticValue(text)) => with_text(criterion, operand, *comparator, text, event),
        (Operand::StaticValue(text), operand) => {
            with_text(criterion, operand, flipped(*comparator), text, event)
        }
        (a, b) => with_operand(criterion, a, b, event),
    }
}

fn two_texts(a: &str, comparator: Comparator, b: &str) -> bool {
    let numbers = parse_milli(a).zip(parse_milli(b));
    match comparator {
        Comparator::Equal => a == b,
        Comparator::NotEqual => a != b,
        comparator => numbers.is_some_and(|(a, b)| outcomes(comparator) & outcome(a.cmp(&b)) != 0),
    }
}

fn with_text<'a>(
    criterion: &'a Criterion,
    operand: &'a Operand,
    comparator: Comparator,
    text: &'a str,
    event: RuleEvent,
) -> Option<Vec<(Variable<'a>, Values<'a>)>> {
    let variable = Variable::Of(operand);
    let present = everything(&variable, event).present();
    let values = match (present, comparator, parse_milli(text)) {
        (Values::Names(names), Comparator::Equal, _) => Values::Names(names.require(text)),
        (Values::Names(names), Comparator::NotEqual, _) => Values::Names(names.forbid(text)),
        (Values::Names(_), _, None) => return None,
        (present @ Values::Names(_), _, Some(_)) => return alone(criterion, [(variable, present)]),
        (present, Comparator::NotEqual, None) => present,
        (_, _, None) => return None,
        (_, comparator, Some(number)) => Values::Numbers(match comparator {
            Comparator::Equal => Numbers::within(number, number),
            Comparator::NotEqual => Numbers::all(false).without(&Numbers::within(number, number)),
            Comparator::Greater => Numbers::within(number.checked_add(1)?, i64::MAX),
            Comparator::GreaterOrEqual => Numbers::within(number, i64::MAX),
            Comparator::Less => Numbers::within(i64::MIN, number.checked_sub(1)?),
            Comparator::LessOrEqual => Numbers::within(i64::MIN, number),
        }),
    };
    Some(vec![(variable, values)])
}

fn with_operand<'a>(
    criterion: &'a Criterion,
    a: &'a Operand,
    b: &'a Operand,
    event: RuleEvent,
) -> Option<Vec<(Variable<'a>, Values<'a>)>> {
    let comparator = criterion.comparator;
    let present = |operand| {
        let variable = Variable::Of(operand);
        let values = everything(&variable, event).present();
        (variable, values)
    };
    let ordered = !matches!(comparator, Comparator::Equal | Comparator::NotEqual);
    let is_status = |operand: &Operand| *operand == Operand::SalesforceAgentNewState;
    let text = |values: &Values<'_>| matches!(values, Values::Names(_));
    let (first, second) = (present(a), present(b));
    let texts = text(&first.1) || text(&second.1);
    if ordered && (is_status(a) || is_status(b)) {
        return None;
    }
    if ordered && texts {
        return alone(criterion, [first, second]);
    }
    if a == b {
        return (outcomes(comparator) & EQUAL != 0).then(|| vec![first]);
    }
    let (variable, comparator) = if a < b {
        (Variable::Pair(a, b), comparator)
    } else {
        (Variable::Pair(b, a), flipped(comparator))
    };
    // A status is never equal to a number, whatever it is named.
    let statuses = is_status(a) || is_status(b);
    if statuses && text(&first.1) != text(&second.1) && comparator == Comparator::Equal {
        return None;
    }
    let holds = Values::Outcomes(outcomes(comparator));
    Some(vec![first, second, (variable, holds)])
}

fn alone<'a, const N: usize>(
    criterion: &'a Criterion,
    present: [(Variable<'a>, Values<'a>); N],
) -> Option<Vec<(Variable<'a>, Values<'a>)>> {
    let variable = Variable::Alone(&criterion.a, criterion.comparator, &criterion.b);
    let holds = (variable, Values::Outcomes(EQUAL));
    Some(present.into_iter().chain([holds]).collect())
}

fn outcome(order: std::cmp::Ordering) -> u8 {
    match order {
        std::cmp::Ordering::Less => LESS,
        std::cmp::Ordering::Equal => EQUAL,
        std::cmp::Ordering::Greater => GREATER,
    }
}

fn outcomes(comparator: Comparator) -> u8 {
    match comparator {
        Comparator::Equal => EQUAL,
        Comparator::Greater => GREATER,
        Comparator::GreaterOrEqual => GREATER | EQUAL,
        Comparator::Less => LESS,
        Comparator::LessOrEqual => LESS | EQUAL,
        Comparator::NotEqual => LESS | GREATER,
    }
}

fn flipped(comparator: Comparator) -> Comparator {
    match comparator {
        Comparator::Greater => Comparator::Less,
        Comparator::GreaterOrEqual => Comparator::LessOrEqual,
        Comparator::Less => Comparator::Greater,
        Comparator::LessOrEqual => Comparator::GreaterOrEqual,
        same => same,
    }
}
