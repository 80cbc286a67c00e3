//! Rules that never fire, proven: their criteria contradict each other, or earlier rules for the same event and
//! destination match whenever they do.

use std::collections::{BTreeMap, BTreeSet};

use presence::rules::Rule;

use super::domain::Values;
use super::region::Region;
use crate::finding::{Code, Finding, Severity};
use crate::parse::{Parsed, in_words};

/// Parts into which one rule's region may fall before the proof is given up.
const PARTS: usize = 256;
/// Subtractions in all, so that a file made to be hard is still answered in well under a second.
const SUBTRACTIONS: usize = 200_000;
/// Up to this many earlier rules are tried one by one for whether they are needed.
const NAMED_RULES: usize = 12;

/// A rule that can match, with its place.
struct Placed<'a> {
    place: usize,
    region: Region<'a>,
}

pub(super) fn check(parsed: &Parsed, findings: &mut Vec<Finding>) {
    let mut groups: BTreeMap<_, Vec<Placed<'_>>> = BTreeMap::new();
    for (place, rule) in parsed.set.rules.iter().enumerate() {
        match Region::of(rule) {
            Some(region) => {
                let group = groups.entry((rule.event, rule.destination)).or_default();
                group.push(Placed { place, region });
            }
            None => contradiction(parsed, place, findings),
        }
    }
    let mut budget = SUBTRACTIONS;
    let mut open = Vec::new();
    for group in groups.values() {
        let mut forbidden = BTreeSet::new();
        for (nth, rule) in group.iter().enumerate() {
            forbidden.extend(forbidden_by(&rule.region));
            match covered(&rule.region, &group[..nth], &forbidden, &mut budget) {
                Covered::By(by) => findings.push(never_fires(parsed, rule.place, &by)),
                Covered::No => {}
                Covered::NotKnown => open.push(rule.place),
            }
        }
    }
    if let Some(first) = open.first() {
        findings.push(Finding::info(
            parsed.lines[*first].rule,
            Code::NotAllChecked,
            format!(
                "For {} rules, from {:?} on, it was not worked out whether earlier rules together leave \
                 anything to them.",
                open.len(),
                parsed.set.rules[*first].name
            ),
            "Nothing to do. Fewer \"not equal\" criteria would make it possible to tell.",
        ));
    }
}

enum Covered {
    By(Vec<usize>),
    No,
    NotKnown,
}

fn covered(
    region: &Region<'_>,
    earlier: &[Placed<'_>],
    forbidden: &BTreeSet<&str>,
    budget: &mut usize,
) -> Covered {
    let relevant: Vec<&Placed<'_>> = earlier
        .iter()
        .filter(|other| other.region.meets(region) && matters(&other.region, region, forbidden))
        .collect();
    if let Some(one) = relevant.iter().find(|other| region.is_within(&other.region)) {
        return Covered::By(vec![one.place]);
    }
    match is_covered(region, &relevant, budget) {
        Some(true) => Covered::By(needed(region, relevant, budget)),
        Some(false) => Covered::No,
        None => Covered::NotKnown,
    }
}

/// Whether a rule can help to cover `region`. One that asks for a name which `region` does not ask for covers
/// only values with that name; if no rule forbids it, whoever covers the others covers those too.
fn matters(other: &Region<'_>, region: &Region<'_>, forbidden: &BTreeSet<&str>) -> bool {
    other
        .sets()
        .all(|(variable, values)| match (values, region.set(variable)) {
            (Values::Names(wanted), Values::Names(own)) => wanted
                .required
                .difference(&own.required)
                .all(|name| forbidden.contains(name)),
            _ => true,
        })
}

fn forbidden_by<'a>(region: &Region<'a>) -> BTreeSet<&'a str> {
    let sets = region.sets().filter_map(|(_, values)| match values {
        Values::Names(names) => Some(names.forbidden.iter().copied()),
        _ => None,
    });
    sets.flatten().collect()
}

/// `None`: not worked out within the bounds.
fn is_covered(region: &Region<'_>, by: &[&Placed<'_>], budget: &mut usize) -> Option<bool> {
    let mut parts = vec![region.clone()];
    for other in by {
        *budget = budget.checked_sub(parts.len())?;
        parts = parts
            .iter()
            .flat_map(|part| part.without(&other.region))
            .collect();
        if parts.is_empty() {
            return Some(true);
        }
        if parts.len() > PARTS {
            return None;
        }
    }
    Some(false)
}

/// Leaves out earlier rules that are not needed for covering the region.
fn needed(region: &Region<'_>, mut by: Vec<&Placed<'_>>, budget: &mut usize) -> Vec<usize> {
    let mut at = 0;
    while by.len() <= NAMED_RULES && at < by.len() {
        let left_out = by.remove(at);
        if is_covered(region, &by, budget) != Some(true) {
            by.insert(at, left_out);
            at += 1;
        }
    }
    by.iter().map(|placed| placed.place).collect()
}

fn never_fires(parsed: &Parsed, place: usize, by: &[usize]) -> Finding {
    let named = |place: &usize| {
        let (rule, lines) = (&parsed.set.rules[*place], &parsed.lines[*place]);
        format!("{:?} (line {})", rule.name, lines.rule)
    };
    let name = &parsed.set.rules[place].name;
    let line = parsed.lines[place].rule;
    match by {
        [one] => Finding::warning(
            line,
            Code::Shadowed,
            format!(
                "The rule {name:?} never fires: {} comes first and matches whenever it does.",
                named(one)
            ),
            "Put the more special rule first, or delete this one.",
        ),
        many => {
            let mut names: Vec<String> = many.iter().take(NAMED_RULES).map(named).collect();
            if many.len() > NAMED_RULES {
                names.push(format!("{} more", many.len() - NAMED_RULES));
            }
            let last = names.pop().unwrap_or_default();
            Finding::warning(
                line,
                Code::Unreachable,
                format!(
                    "The rule {name:?} never fires: {} and {last} come first, and one of them matches \
                     whenever it does.",
                    names.join(", ")
                ),
                "Put it before them, narrow them, or delete it.",
            )
        }
    }
}

/// Told once: if another finding says already why the rule never fires, that is enough.
fn contradiction(parsed: &Parsed, place: usize, findings: &mut Vec<Finding>) {
    let (rule, lines) = (&parsed.set.rules[place], &parsed.lines[place]);
    let told = |finding: &Finding| {
        finding.severity == Severity::Error
            && (finding.line == lines.rule || lines.criteria.contains(&finding.line))
    };
    if findings.iter().any(told) {
        return;
    }
    let only = |places: &[usize]| Rule {
        criteria: places.iter().map(|at| rule.criteria[*at].clone()).collect(),
        ..rule.clone()
    };
    let never = |places: &[usize]| Region::of(&only(places)).is_none();
    let count = rule.criteria.len();
    let pairs = (0..count).flat_map(|b| (0..b).map(move |a| [a, b]));
    let single = (0..count).find(|at| never(&[*at]));
    let (line, reason) = match (single, pairs.into_iter().find(|pair| never(pair))) {
        (Some(at), _) => (
            lines.criteria[at],
            format!("{} never holds.", in_words(&rule.criteria[at])),
        ),
        (None, Some([a, b])) => (
            lines.criteria[b],
            format!(
                "{} can't hold together with {} (line {}).",
                in_words(&rule.criteria[b]),
                in_words(&rule.criteria[a]),
                lines.criteria[a]
            ),
        ),
        (None, None) => (lines.rule, "Its criteria can't all hold.".to_owned()),
    };
    findings.push(Finding::error(
        line,
        Code::Contradiction,
        format!("The rule {:?} never fires: {reason}", rule.name),
        "All criteria of a rule must hold at once. For \"or\", write one rule for each.",
    ));
}
