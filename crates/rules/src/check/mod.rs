//! Static analysis: what a rules file does that nobody can have meant.

mod cycle;
mod domain;
mod names;
mod reach;
mod region;
mod sense;
mod world;

use presence::rules::OFFLINE;

use crate::finding::{Code, Finding};
use crate::parse::Parsed;
use crate::statuses::Statuses;
use crate::words::destination_name;

/// Everything there is to say about a rules file, in the order of lines. `statuses`: what the org and the
/// phone have, where it is known.
///
/// "Shadowed", "unreachable" and "contradiction" are proven; a cycle is an example that was run.
pub fn check(parsed: &Parsed, statuses: Option<&Statuses>) -> Vec<Finding> {
    let mut findings = Vec::new();
    whole(parsed, &mut findings);
    sense::check(parsed, &mut findings);
    if let Some(statuses) = statuses {
        names::check(parsed, statuses, &mut findings);
    }
    reach::check(parsed, &mut findings);
    cycle::check(parsed, statuses, &mut findings);
    findings.sort();
    findings.dedup();
    findings
}

fn whole(parsed: &Parsed, findings: &mut Vec<Finding>) {
    if parsed.set.rules.is_empty() && !parsed.set.by_name {
        findings.push(Finding::warning(
            1,
            Code::NothingToDo,
            "The file has no rule: nothing will ever be written.".to_owned(),
            "Add rules, or write by_name = true to let states of the same name follow each other.",
        ));
    }
    let mut names = std::collections::BTreeMap::new();
    for (rule, lines) in parsed.set.rules.iter().zip(&parsed.lines) {
        if let Some(first) = names.insert(rule.name.as_str(), lines.rule) {
            findings.push(Finding::warning(
                lines.rule,
                Code::DuplicateName,
                format!("The rule of line {first} is named {:?} too.", rule.name),
                "Give each rule a name of its own: traces and explanations tell rules by their names.",
            ));
            names.insert(&rule.name, first);
        }
        if rule.state == OFFLINE {
            findings.push(Finding::info(
                lines.state,
                Code::ReachesOffline,
                format!(
                    "The rule {:?} sets {} to Offline. It is guarded: while a call is active it is held.",
                    rule.name,
                    destination_name(rule.destination)
                ),
                "Nothing to do.",
            ));
        }
    }
}
