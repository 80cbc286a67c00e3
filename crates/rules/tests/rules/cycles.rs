//! Cycles against following the rules by hand.

use std::collections::BTreeSet;

use presence::rules::{Destination, Happening, RuleEvent, RuleSet};
use proptest::prelude::*;
use rules::{Code, Finding};

use crate::generate::{plain_rule, print, set};
use crate::{checked, codes, parsed};

const STATES: [&str; 4] = ["A", "B", "C", "another state"];

/// Where the other side goes when this side has changed to `state`; `None`: nowhere.
fn answer(set: &RuleSet, to: Destination, state: &str) -> Option<String> {
    let phone = to == Destination::Salesforce;
    let names = [state];
    let event = match (phone, state) {
        (true, _) => RuleEvent::ConnectAgentStateChange,
        (false, "Offline") => RuleEvent::SalesforceAgentLogout,
        (false, _) => RuleEvent::SalesforceAgentStateChange,
    };
    let happening = Happening {
        event,
        connect_new: phone.then_some(state),
        connect_old: None,
        salesforce_new: if phone { &[] } else { &names },
        channel: None,
        workload: None,
    };
    set.first_match(&happening, to)
        .map(|(_, rule)| rule.state.clone())
}

/// Whether a change of the phone to `start` leads on for ever.
fn goes_on_for_ever(set: &RuleSet, start: &str) -> bool {
    let (mut phone, mut presence) = (start.to_owned(), "another state".to_owned());
    let mut seen = BTreeSet::new();
    loop {
        let Some(next) = answer(set, Destination::Salesforce, &phone).filter(|next| *next != presence) else {
            return false;
        };
        presence = next;
        let Some(next) = answer(set, Destination::Connect, &presence).filter(|next| *next != phone) else {
            return false;
        };
        phone = next;
        if !seen.insert((phone.clone(), presence.clone())) {
            return true;
        }
    }
}

fn both_ways() -> impl Strategy<Value = RuleSet> {
    let there = plain_rule(RuleEvent::ConnectAgentStateChange, Destination::Salesforce);
    let back = plain_rule(RuleEvent::SalesforceAgentStateChange, Destination::Connect);
    set(prop_oneof![there, back], 9).prop_map(|set| RuleSet {
        by_name: false,
        ..set
    })
}

/// The states of an example, as it is told: phone or presence, and which.
fn states(finding: &Finding) -> Vec<(Destination, String)> {
    let chain = finding.reason.split_once("for ever: ").unwrap().1;
    let parts = chain.trim_end_matches(" -> and so on.").split(" -> ");
    let states = parts.filter_map(|part| {
        let phone = part
            .strip_prefix("phone ")
            .map(|state| (Destination::Connect, state.to_owned()));
        let presence = || {
            Some((
                Destination::Salesforce,
                part.strip_prefix("presence ")?.to_owned(),
            ))
        };
        phone.or_else(presence)
    });
    states.collect()
}

proptest! {
    #[test]
    fn every_loop_is_found_and_none_is_made_up(set in both_ways()) {
        let findings = rules::check(&parsed(&print(&set)), None);
        let cycles: Vec<&Finding> = findings.iter().filter(|finding| finding.code == Code::Cycle).collect();
        let expected = STATES.iter().any(|start| goes_on_for_ever(&set, start));
        prop_assert_eq!(!cycles.is_empty(), expected, "{}", print(&set));
        for cycle in cycles {
            let states = states(cycle);
            prop_assert!(states.len() >= 4, "{}", cycle.reason);
            prop_assert_eq!(states.first(), states.last());
            for step in states.windows(2) {
                prop_assert_ne!(step[0].0, step[1].0);
                let next = answer(&set, step[1].0, &step[0].1);
                prop_assert_eq!(next.as_deref(), Some(step[1].1.as_str()), "{}", cycle.reason);
            }
            for pair in states.windows(3) {
                prop_assert_ne!(&pair[0].1, &pair[2].1, "a side that does not change rests: {}", cycle.reason);
            }
        }
    }
}

/// Rules written short: which side changes, to what, and what the other side then is set to.
fn written(by_name: bool, rules: &[(&str, &str, &str)]) -> String {
    let mut text = format!("schema = 1\nby_name = {by_name}\n");
    for (place, (side, state, then)) in rules.iter().enumerate() {
        let (operand, event, to) = match *side {
            "phone" => (
                "Connect Agent New State",
                "Connect Agent State Change",
                "Salesforce",
            ),
            "phone to phone" => ("Connect Agent New State", "Connect Agent State Change", "Connect"),
            "logout" => ("Salesforce Agent New State", "Salesforce Agent Logout", "Connect"),
            _ => (
                "Salesforce Agent New State",
                "Salesforce Agent State Change",
                "Connect",
            ),
        };
        text.push_str(&format!(
            "[[rule]]\nname = \"r{place}\"\nevent = \"{event}\"\nwhen = [{{ a = \"{operand}\", comparator = \
             \"equal\", b = \"Static Value\", value = \"{state}\" }}]\ndestination = \"{to}\"\nstate = \
             \"{then}\"\n"
        ));
    }
    text
}

#[test]
fn the_example_is_told_state_by_state() {
    let findings = checked(&written(
        false,
        &[
            ("phone", "Lunch", "Break"),
            ("presence", "Break", "Available"),
            ("phone", "Available", "Ready"),
            ("presence", "Ready", "Lunch"),
        ],
    ));
    assert_eq!(codes(&findings), [(3, Code::Cycle)]);
    assert!(
        findings[0].reason.contains(
            "phone Lunch -> \"r0\" (line 3) -> presence Break -> \"r1\" (line 9) -> phone Available -> \"r2\" (line \
             15) -> presence Ready -> \"r3\" (line 21) -> phone Lunch -> and so on"
        ),
        "{}",
        findings[0].reason
    );
}

#[test]
fn a_loop_that_rests_is_none() {
    let there_and_back = written(
        false,
        &[("phone", "Lunch", "Break"), ("presence", "Break", "Lunch")],
    );
    assert_eq!(codes(&checked(&there_and_back)), []);
}

#[test]
fn by_name_closes_loops_too() {
    let text = written(true, &[("phone", "Lunch", "Break"), ("phone", "Break", "Lunch")]);
    let findings = checked(&text);
    assert_eq!(codes(&findings), [(3, Code::Cycle)]);
    assert!(findings[0].reason.contains("by name"), "{}", findings[0].reason);
}

#[test]
fn one_side_can_chase_itself() {
    let text = written(
        false,
        &[
            ("phone to phone", "Lunch", "Break"),
            ("phone to phone", "Break", "Lunch"),
        ],
    );
    assert_eq!(codes(&checked(&text)), [(3, Code::Cycle)]);
}

#[test]
fn nobody_is_logged_in_by_a_rule_so_a_logout_ends_every_loop() {
    let text = written(
        false,
        &[
            ("phone", "Away", "Offline"),
            ("logout", "Offline", "Ready"),
            ("phone", "Ready", "Available"),
            ("presence", "Available", "Away"),
        ],
    );
    let found = codes(&checked(&text));
    assert!(!found.iter().any(|(_, code)| *code == Code::Cycle), "{found:?}");
}

#[test]
fn loops_that_need_an_old_state_or_a_workload_are_found() {
    let old = "schema = 1\n\
        [[rule]]\nname = \"a\"\nevent = \"Connect Agent State Change\"\nwhen = [{ a = \"Connect Agent Old State\", \
        comparator = \"equal\", b = \"Static Value\", value = \"Y\" }]\ndestination = \"Connect\"\nstate = \"Y\"\n\
        [[rule]]\nname = \"b\"\nevent = \"Connect Agent State Change\"\nwhen = [{ a = \"Connect Agent New State\", \
        comparator = \"equal\", b = \"Static Value\", value = \"Y\" }]\ndestination = \"Connect\"\nstate = \"X\"\n";
    assert_eq!(codes(&checked(old)), [(2, Code::Cycle)]);
    let busy =
        "{ a = \"Salesforce New Workload Pct\", comparator = \"greater\", b = \"Static Value\", value = 80 }";
    let text = written(
        false,
        &[
            ("phone", "Lunch", "Break"),
            ("presence", "Break", "Available"),
            ("phone", "Available", "Ready"),
            ("presence", "Ready", "Lunch"),
        ],
    )
    .replacen("when = [", &format!("when = [{busy}, "), 1);
    assert!(
        codes(&checked(&text))
            .iter()
            .any(|(_, code)| *code == Code::Cycle),
        "{text}"
    );
}
