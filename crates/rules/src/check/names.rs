//! Names of the file against the org's statuses and the phone's states.

use std::collections::BTreeMap;

use presence::phone::AgentStateKind;
use presence::rules::{Destination, OFFLINE, Operand, RuleEvent};

use super::sense::compared_with;
use crate::finding::{Code, Finding};
use crate::parse::Parsed;
use crate::statuses::{OrgStatus, Statuses};
use crate::words::nearest;

/// One use of a name in the file.
struct Use<'a> {
    name: &'a str,
    line: usize,
    /// A destination; else it is only compared with.
    set: bool,
}

pub(super) fn check(parsed: &Parsed, statuses: &Statuses, findings: &mut Vec<Finding>) {
    let (mut presence, mut phone) = (Vec::new(), Vec::new());
    for (rule, lines) in parsed.set.rules.iter().zip(&parsed.lines) {
        let side = match rule.destination {
            Destination::Connect => &mut phone,
            Destination::Salesforce => &mut presence,
        };
        side.push(Use {
            name: &rule.state,
            line: lines.state,
            set: true,
        });
        for (criterion, line) in rule.criteria.iter().zip(&lines.criteria) {
            let compared = |operand: &Operand| {
                let name = compared_with(criterion, operand)?;
                Some(Use {
                    name,
                    line: *line,
                    set: false,
                })
            };
            // At a logout "Offline" is what the logout is called.
            let status = compared(&Operand::SalesforceAgentNewState);
            presence.extend(status.filter(|_| rule.event != RuleEvent::SalesforceAgentLogout));
            phone.extend(compared(&Operand::ConnectAgentNewState));
            phone.extend(compared(&Operand::ConnectAgentOldState));
        }
    }
    check_presence(&presence, &statuses.presence, findings);
    if !statuses.phone.is_empty() {
        check_phone(&phone, statuses, findings);
    }
}

fn check_presence(uses: &[Use<'_>], statuses: &[OrgStatus], findings: &mut Vec<Finding>) {
    let mut by_name: BTreeMap<&str, Vec<usize>> = BTreeMap::new();
    for (place, status) in statuses.iter().enumerate() {
        for name in status.names() {
            by_name.entry(name).or_default().push(place);
        }
    }
    let mut used_as: BTreeMap<usize, (&str, usize)> = BTreeMap::new();
    for used in uses {
        if used.set && used.name == OFFLINE {
            continue;
        }
        match by_name.get(used.name).map(Vec::as_slice) {
            None => findings.push(unknown_status(used, statuses, &by_name)),
            Some([place]) => {
                let status = &statuses[*place];
                if status.label != used.name {
                    findings.push(developer_name(used, status));
                }
                let (first, line) = *used_as.entry(*place).or_insert((used.name, used.line));
                if first != used.name {
                    findings.push(Finding::warning(
                        used.line,
                        Code::LabelAndDeveloperName,
                        format!(
                            "{:?} and {first:?} (line {line}) are the developer name and the label of one \
                             status.",
                            used.name
                        ),
                        format!("Write {:?} in both places.", status.label),
                    ));
                }
            }
            Some(_) => findings.push(Finding::warning(
                used.line,
                Code::AmbiguousName,
                format!("{:?} is a name of more than one status of the org.", used.name),
                "Write a name that only one status has, or rename one of them in Setup.",
            )),
        }
    }
}

fn unknown_status(used: &Use<'_>, statuses: &[OrgStatus], by_name: &BTreeMap<&str, Vec<usize>>) -> Finding {
    let near = nearest(used.name, by_name.keys().copied());
    let effect = if used.set {
        "it can't be set"
    } else {
        "it is never seen"
    };
    let reason = format!("The org has no status {:?}: {effect}.", used.name);
    let hidden = statuses.iter().any(|status| status.developer_name.is_none());
    let remedy = match near {
        Some(near) => format!("Did you mean {near:?}? Names are compared exactly, case and spaces included."),
        None if hidden => {
            "Write the status' label. (A developer name can't be checked: the list lacks them; \
                           reading them needs View DeveloperName.)"
                .to_owned()
        }
        None => "Write the label of one of the org's statuses, or create this one in Setup.".to_owned(),
    };
    if used.set {
        Finding::error(used.line, Code::UnknownStatus, reason, remedy)
    } else {
        Finding::warning(used.line, Code::UnknownStatus, reason, remedy)
    }
}

fn developer_name(used: &Use<'_>, status: &OrgStatus) -> Finding {
    Finding::warning(
        used.line,
        Code::DeveloperName,
        format!(
            "{:?} is the developer name of the status {:?}: reps without the permission View DeveloperName \
             can't read it, and for them the rule does not work (seed 001).",
            used.name, status.label
        ),
        format!("Write the label {:?}.", status.label),
    )
}

fn check_phone(uses: &[Use<'_>], statuses: &Statuses, findings: &mut Vec<Finding>) {
    for used in uses {
        let known = statuses.phone.iter().find(|state| state.name == used.name);
        match known {
            Some(state) if used.set && state.kind == AgentStateKind::System => {
                findings.push(Finding::error(
                    used.line,
                    Code::SystemState,
                    format!(
                        "The phone system sets {:?} by itself; nobody else can.",
                        used.name
                    ),
                    "Choose a state that a rep can choose at the phone.",
                ));
            }
            Some(_) => {}
            None if used.set && used.name == OFFLINE => {}
            None => {
                let names = statuses.phone.iter().map(|state| state.name.as_str());
                let remedy = match nearest(used.name, names) {
                    Some(near) => format!("Did you mean {near:?}? Names are compared exactly."),
                    None => "Write the name of one of the phone's states.".to_owned(),
                };
                let reason = format!("The phone has no state {:?}.", used.name);
                findings.push(if used.set {
                    Finding::error(used.line, Code::UnknownPhoneState, reason, remedy)
                } else {
                    Finding::warning(used.line, Code::UnknownPhoneState, reason, remedy)
                });
            }
        }
    }
}
