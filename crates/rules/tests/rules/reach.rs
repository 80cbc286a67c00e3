//! "Never fires" against trying every happening.

use std::collections::BTreeSet;

use presence::event::Workload;
use presence::rules::{Destination, Given, Happening, Operand, RuleEvent, RuleSet};
use proptest::prelude::*;
use rules::{Code, Parsed};

use crate::generate::{plain_rule, print, rule, set};
use crate::{checked, codes, parsed};

/// Places of rules that are said never to fire.
fn never_fires(parsed: &Parsed) -> BTreeSet<usize> {
    let findings = rules::check(parsed, None);
    let found = |lines: &rules::RuleLines| {
        findings.iter().any(|finding| match finding.code {
            Code::Shadowed | Code::Unreachable => finding.line == lines.rule,
            Code::Contradiction | Code::LogoutWithoutOffline | Code::NeverGiven => {
                finding.line == lines.rule || lines.criteria.contains(&finding.line)
            }
            _ => false,
        })
    };
    let places = parsed.lines.iter().enumerate().filter(|(_, lines)| found(lines));
    places.map(|(place, _)| place).collect()
}

/// Places of rules that are the first match of some happening, of all that can be told apart.
fn fires(set: &RuleSet, event: RuleEvent) -> BTreeSet<usize> {
    let asked: BTreeSet<&Operand> = set
        .rules
        .iter()
        .filter(|rule| rule.event == event)
        .flat_map(|rule| &rule.criteria)
        .flat_map(|criterion| [&criterion.a, &criterion.b])
        .collect();
    let texts = |operand: Operand| -> Vec<Option<&'static str>> {
        let mut values = Vec::new();
        if operand.given_at(event) != Given::Always {
            values.push(None);
        }
        if operand.given_at(event) != Given::Never {
            values.push(Some("Z"));
            if asked.contains(&operand) {
                values.extend(["A", "B", "Offline", "1", "2", "50"].map(Some));
            }
        }
        values
    };
    let mut names: Vec<Vec<&str>> = Vec::new();
    if event == RuleEvent::SalesforceAgentLogout {
        names.push(vec!["Offline"]);
    } else {
        for first in texts(Operand::SalesforceAgentNewState) {
            names.push(first.into_iter().collect());
            for second in texts(Operand::SalesforceAgentNewState).into_iter().flatten() {
                names.extend(
                    first
                        .filter(|first| *first != second)
                        .map(|first| vec![first, second]),
                );
            }
        }
    }
    // Every number that rules compare with (1, 2, 50), and one on each side of each.
    let numbers = [0, 500, 1_000, 1_500, 2_000, 3_000, 50_000, 60_000];
    let mut workloads = vec![None];
    for configured_milli in numbers.into_iter().chain([100_000]) {
        for previous_milli in numbers {
            for new_milli in numbers {
                workloads.push(Some(Workload {
                    configured_milli,
                    previous_milli,
                    new_milli,
                }));
            }
        }
    }
    if event == RuleEvent::SalesforceWorkloadChanged {
        workloads.remove(0);
    }
    let about_workload = asked.iter().any(|operand| {
        let text = [
            Operand::ConnectAgentNewState,
            Operand::ConnectAgentOldState,
            Operand::SalesforceAgentNewState,
            Operand::SalesforceServiceChannel,
        ];
        !text.contains(operand) && !matches!(operand, Operand::StaticValue(_))
    });
    if !about_workload {
        workloads.truncate(1);
    }
    let mut fires = BTreeSet::new();
    for connect_new in texts(Operand::ConnectAgentNewState) {
        for connect_old in texts(Operand::ConnectAgentOldState) {
            for channel in texts(Operand::SalesforceServiceChannel) {
                for salesforce_new in &names {
                    for workload in &workloads {
                        let happening = Happening {
                            event,
                            connect_new,
                            connect_old,
                            salesforce_new,
                            channel,
                            workload: *workload,
                        };
                        for destination in [Destination::Connect, Destination::Salesforce] {
                            fires.extend(set.first_match(&happening, destination).map(|(place, _)| place));
                        }
                    }
                }
            }
        }
    }
    fires
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 96, ..ProptestConfig::default() })]

    /// Sound: what is said never to fire never does.
    #[test]
    fn no_rule_that_fires_is_said_never_to(set in set(rule(Just("r".to_owned())), 7)) {
        let parsed = parsed(&print(&set));
        let never = never_fires(&parsed);
        for event in crate::generate::EVENTS {
            let both: Vec<_> = fires(&set, event).intersection(&never).copied().collect();
            prop_assert!(both.is_empty(), "{both:?} of\n{}", print(&set));
        }
    }

    /// And complete, for rules that compare one thing with static values.
    #[test]
    fn of_plain_rules_every_one_that_never_fires_is_found(
        (event, set) in proptest::sample::select(vec![
            RuleEvent::ConnectAgentStateChange,
            RuleEvent::SalesforceAgentStateChange,
            RuleEvent::SalesforceAgentLogout,
            RuleEvent::SalesforceWorkloadChanged,
        ]).prop_flat_map(|event| (Just(event), set(plain_rule(event, Destination::Connect), 7))),
    ) {
        let parsed = parsed(&print(&set));
        let fires = fires(&set, event);
        let never: BTreeSet<usize> = (0..set.rules.len()).filter(|place| !fires.contains(place)).collect();
        prop_assert_eq!(never_fires(&parsed), never, "{}", print(&set));
    }
}

fn workload_rules(criteria: &[&str]) -> String {
    let mut text = "schema = 1\n".to_owned();
    for (place, criterion) in criteria.iter().enumerate() {
        text.push_str(&format!(
            "[[rule]]\nname = \"{place}\"\nevent = \"Salesforce Workload Changed\"\nwhen = [{{ a = \"Salesforce \
             New Workload Pct\", {criterion} }}]\ndestination = \"Connect\"\nstate = \"A\"\n"
        ));
    }
    text
}

#[test]
fn a_shadowed_rule_names_the_one_before_it() {
    let text = workload_rules(&[
        "comparator = \"greater\", b = \"Static Value\", value = 50",
        "comparator = \"greater or equal\", b = \"Static Value\", value = 50.001",
    ]);
    let findings = checked(&text);
    assert_eq!(codes(&findings), [(8, Code::Shadowed)]);
    assert!(findings[0].reason.contains("\"0\" (line 2)"), "{findings:?}");
}

#[test]
fn rules_that_together_leave_nothing_are_named_and_no_others() {
    let text = workload_rules(&[
        "comparator = \"less\", b = \"Static Value\", value = 50",
        "comparator = \"equal\", b = \"Static Value\", value = 70",
        "comparator = \"greater or equal\", b = \"Static Value\", value = 50",
        "comparator = \"not equal\", b = \"Static Value\", value = 10",
    ]);
    let findings = checked(&text);
    assert_eq!(codes(&findings), [(20, Code::Unreachable)]);
    let reason = &findings[0].reason;
    assert!(reason.contains("\"0\" (line 2) and \"2\" (line 14)"), "{reason}");
    assert!(!reason.contains("\"1\""), "{reason}");
}

#[test]
fn a_file_made_to_be_hard_is_answered_and_the_doubt_is_told() {
    let mut text = "schema = 1\n".to_owned();
    for rule in 0..60 {
        text.push_str(&format!(
            "[[rule]]\nname = \"{rule}\"\nevent = \"Salesforce Work Accepted\"\ndestination = \"Connect\"\nstate = \
             \"A\"\nwhen = ["
        ));
        for (nth, operand) in [
            "Connect Agent New State",
            "Salesforce Agent New State",
            "Salesforce Service Channel",
        ]
        .iter()
        .enumerate()
        {
            text.push_str(&format!(
                "{{ a = \"{operand}\", comparator = \"not equal\", b = \"Static Value\", value = \"{}\" }},",
                rule * (nth + 1) % 61
            ));
        }
        text.push_str("]\n");
    }
    let findings = checked(&text);
    let doubt = findings
        .iter()
        .filter(|finding| finding.code == Code::NotAllChecked)
        .count();
    let proven = findings
        .iter()
        .filter(|finding| finding.code == Code::Unreachable)
        .count();
    assert!(doubt + proven > 0, "{findings:?}");
}
