//! Cycles between the two sides: found by letting a phone and a presence follow the rules from every state the
//! file names. What is reported was run; a loop that rests (phone Lunch, presence Lunch) is none.

use std::collections::{BTreeMap, BTreeSet};

use presence::event::Workload;
use presence::rules::{Destination, Operand, RuleEvent, parse_milli};

use super::sense::compared_with;
use super::world::{Change, Laws, Name, World, Write};
use crate::finding::{Code, Finding};
use crate::parse::Parsed;
use crate::statuses::Statuses;

/// Worlds looked at before the search is given up.
const WORLDS: usize = 60_000;
/// Workloads under which everything is tried.
const WORKLOADS: usize = 48;

pub(super) fn check(parsed: &Parsed, statuses: Option<&Statuses>, findings: &mut Vec<Finding>) {
    let laws = Laws::new(&parsed.set, statuses);
    let (loops, complete) = loops(parsed, &laws);
    for (rules, example) in &loops {
        findings.push(told(parsed, rules, example));
    }
    if !complete {
        findings.push(Finding::info(
            1,
            Code::NotAllChecked,
            "There are too many combinations of states and workloads to search them all for cycles."
                .to_owned(),
            "Nothing to do. Fewer criteria about old states, the other side and workload would make it \
             possible.",
        ));
    }
}

/// The rules of a loop, and its shortest example.
type Loops = BTreeMap<BTreeSet<Option<usize>>, Vec<Write>>;

fn loops(parsed: &Parsed, laws: &Laws<'_>) -> (Loops, bool) {
    let mut found = Loops::new();
    let mut looked_at = 0;
    let (workloads, mut complete) = workloads(parsed);
    for workload in workloads {
        let mut seen = BTreeSet::new();
        for start in starts(parsed, laws) {
            if looked_at + seen.len() > WORLDS {
                complete = false;
                break;
            }
            follow(laws, workload, start, &mut seen, &mut found);
        }
        looked_at += seen.len();
    }
    (found, complete)
}

fn follow(
    laws: &Laws<'_>,
    workload: Option<Workload>,
    start: World,
    seen: &mut BTreeSet<World>,
    found: &mut Loops,
) {
    let mut path: Vec<(World, Vec<Write>)> = Vec::new();
    let mut places: BTreeMap<World, usize> = BTreeMap::new();
    let mut world = start;
    while !world.unseen.is_empty() {
        if let Some(place) = places.get(&world) {
            let mut example: Vec<Write> = path.drain(*place..).flat_map(|(_, writes)| writes).collect();
            // Told from the first of its rules on.
            let order = |write: &Write| (write.rule.is_none(), write.rule);
            let first = (0..example.len()).min_by_key(|at| order(&example[*at]));
            example.rotate_left(first.unwrap_or(0));
            let rules = example.iter().map(|write| write.rule).collect();
            let kept = found.entry(rules).or_insert_with(|| example.clone());
            if example.len() < kept.len() {
                *kept = example;
            }
            return;
        }
        if !seen.insert(world.clone()) {
            return;
        }
        places.insert(world.clone(), path.len());
        let (next, writes) = laws.step(&world, workload);
        path.push((std::mem::replace(&mut world, next), writes));
    }
}

/// One outside change of either side, in every combination that the rules tell apart.
fn starts<'a>(parsed: &'a Parsed, laws: &'a Laws<'_>) -> impl Iterator<Item = World> + 'a {
    const ANOTHER: Name = 0;
    // Which values of an operand rules tell apart at these events: those it is compared with; all, where it is
    // compared with another operand.
    let told_apart = |events: &[RuleEvent], operand: &Operand, all: &[Name]| -> Vec<Name> {
        let rules = parsed
            .set
            .rules
            .iter()
            .filter(|rule| events.contains(&rule.event));
        let mut names = BTreeSet::from([ANOTHER]);
        for criterion in rules.flat_map(|rule| &rule.criteria) {
            match compared_with(criterion, operand) {
                Some(name) => names.extend(laws.number_of(name)),
                None if criterion.a == *operand || criterion.b == *operand => names.extend(all),
                None => {}
            }
        }
        names.into_iter().collect()
    };
    let phone_change = [RuleEvent::ConnectAgentStateChange];
    let presence_change = [
        RuleEvent::SalesforceAgentStateChange,
        RuleEvent::SalesforceAgentLogout,
    ];
    let phones: Vec<Name> = [ANOTHER].into_iter().chain(laws.phones()).collect();
    let presences: Vec<Name> = [ANOTHER].into_iter().chain(laws.presences()).collect();
    let olds = told_apart(&phone_change, &Operand::ConnectAgentOldState, &phones);
    let beside_phone = told_apart(&phone_change, &Operand::SalesforceAgentNewState, &presences);
    let beside_presence = told_apart(&presence_change, &Operand::ConnectAgentNewState, &phones);
    let by_phone = phones.into_iter().flat_map(move |phone| {
        let besides = beside_phone.clone();
        let olds = olds.clone();
        besides.into_iter().flat_map(move |presence| {
            let olds = olds.clone();
            olds.into_iter().map(move |old| World {
                phone,
                presence,
                unseen: vec![Change::Phone(old)],
            })
        })
    });
    let by_presence = presences.into_iter().flat_map(move |presence| {
        let besides = beside_presence.clone();
        besides.into_iter().map(move |phone| World {
            phone,
            presence,
            unseen: vec![Change::Presence],
        })
    });
    by_phone.chain(by_presence)
}

/// No workload, and one on either side of every number that rules about states compare with.
fn workloads(parsed: &Parsed) -> (Vec<Option<Workload>>, bool) {
    const PERCENT: i64 = 1_000;
    let about_states = parsed.set.rules.iter().filter(|rule| {
        !matches!(
            rule.event,
            RuleEvent::SalesforceWorkAccepted | RuleEvent::SalesforceWorkloadChanged
        )
    });
    let criteria: Vec<_> = about_states.flat_map(|rule| &rule.criteria).collect();
    let around = |operand: Operand| {
        let numbers = criteria
            .iter()
            .filter_map(|criterion| compared_with(criterion, &operand));
        let numbers = numbers.filter_map(parse_milli);
        let each = numbers.flat_map(|n| [n.saturating_sub(PERCENT), n, n.saturating_add(PERCENT)]);
        each.collect::<BTreeSet<i64>>()
    };
    // With a capacity of 100 a percent is a unit, so that either kind of threshold makes a workload.
    let either = |raw: Operand, percent: Operand| {
        let values = &around(raw) | &around(percent);
        if values.is_empty() {
            BTreeSet::from([0])
        } else {
            values
        }
    };
    let mut capacities = around(Operand::SalesforceConfiguredCapacity);
    capacities.insert(100_000);
    let news = either(Operand::SalesforceNewWorkload, Operand::SalesforceNewWorkloadPct);
    let previous = either(
        Operand::SalesforcePreviousWorkload,
        Operand::SalesforcePreviousWorkloadPct,
    );
    let mut all = vec![None];
    for &configured_milli in &capacities {
        for &new_milli in &news {
            for &previous_milli in &previous {
                all.push(Some(Workload {
                    configured_milli,
                    previous_milli,
                    new_milli,
                }));
            }
        }
    }
    let asked = criteria.iter().any(|criterion| {
        let number = |operand: &Operand| {
            use Operand as O;
            matches!(
                operand,
                O::SalesforceConfiguredCapacity
                    | O::SalesforceNewWorkload
                    | O::SalesforceNewWorkloadPct
                    | O::SalesforcePreviousWorkload
                    | O::SalesforcePreviousWorkloadPct
            )
        };
        number(&criterion.a) || number(&criterion.b)
    });
    if !asked {
        all.truncate(1);
    }
    let complete = all.len() <= WORKLOADS;
    all.truncate(WORKLOADS);
    (all, complete)
}

fn told(parsed: &Parsed, rules: &BTreeSet<Option<usize>>, example: &[Write]) -> Finding {
    let side = |(destination, state): &(Destination, String)| match destination {
        Destination::Connect => format!("phone {state}"),
        Destination::Salesforce => format!("presence {state}"),
    };
    let mut words = example.first().map(|write| side(&write.from)).unwrap_or_default();
    for write in example {
        let by = match write.rule {
            Some(place) => {
                let (rule, lines) = (&parsed.set.rules[place], &parsed.lines[place]);
                format!("{:?} (line {})", rule.name, lines.rule)
            }
            None => "by name".to_owned(),
        };
        words.push_str(&format!(" -> {by} -> {}", side(&write.to)));
    }
    let first = rules.iter().flatten().next();
    Finding::warning(
        first.map_or(1, |place| parsed.lines[*place].rule),
        Code::Cycle,
        format!("These rules chase each other for ever: {words} -> and so on."),
        "Let the way back lead to the state it came from, or delete one of the rules. (Holdline stops after \
         one write, but the two sides would not stay as anybody chose.)",
    )
}
