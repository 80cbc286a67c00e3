//! Reading: seed 001's words, and every mistake with its line and remedy.

use presence::rules::{Comparator, Criterion, Destination, Operand, RuleEvent};
use rules::{Code, Finding, parse};

use crate::{codes, parsed};

const LUNCH: &str = r#"schema = 1
by_name = true

[[rule]]
name = "Lunch at the phone"
event = "Connect Agent State Change"
when = [
  { a = "Connect Agent New State", comparator = "equal", b = "Static Value", value = "Lunch" },
  { a = "Static Value", value = 2.5, comparator = "Less than", b = "Salesforce New Workload" },
]
destination = "Salesforce"
state = "At lunch"
"#;

fn wrong(text: &str) -> Vec<Finding> {
    parse(text).expect_err("this should be wrong")
}

/// `LUNCH` with one place changed.
fn changed(from: &str, to: &str) -> Vec<Finding> {
    assert!(LUNCH.contains(from));
    wrong(&LUNCH.replacen(from, to, 1))
}

#[test]
fn a_rule_says_what_it_says() {
    let parsed = parsed(LUNCH);
    assert!(parsed.set.by_name);
    let rule = &parsed.set.rules[0];
    assert_eq!(rule.event, RuleEvent::ConnectAgentStateChange);
    assert_eq!(
        (rule.destination, rule.state.as_str()),
        (Destination::Salesforce, "At lunch")
    );
    assert_eq!(
        rule.criteria,
        [
            Criterion {
                a: Operand::ConnectAgentNewState,
                comparator: Comparator::Equal,
                b: Operand::StaticValue("Lunch".to_owned()),
            },
            Criterion {
                a: Operand::StaticValue("2.5".to_owned()),
                comparator: Comparator::Less,
                b: Operand::SalesforceNewWorkload,
            },
        ]
    );
    let lines = &parsed.lines[0];
    assert_eq!((lines.rule, lines.state), (4, 12));
    assert_eq!(lines.criteria, [8, 9]);
}

#[test]
fn criteria_may_stand_below_each_other() {
    let text = "schema = 1\n[[rule]]\nname = \"x\"\nevent = \"Salesforce Agent Logout\"\ndestination = \
                \"Connect\"\nstate = \"Offline\"\n[[rule.when]]\na = \"Salesforce Agent New State\"\ncomparator = \
                \"equal\"\nb = \"Static Value\"\nvalue = \"Offline\"\n";
    let parsed = parsed(text);
    assert!(parsed.set.rules[0].asks_for_offline());
    assert!(!parsed.set.by_name, "with a file, only what it says happens");
    assert_eq!(parsed.lines[0].criteria, [7]);
}

#[test]
fn each_mistake_has_its_line_and_remedy() {
    let cases: [(&str, &str, usize, Code, &str); 15] = [
        ("schema = 1\n", "\n", 1, Code::MissingKey, "schema = 1"),
        ("schema = 1", "schema = 2", 1, Code::BadValue, "update Holdline"),
        (
            "by_name = true",
            "by_name = \"yes\"",
            2,
            Code::WrongType,
            "true or false",
        ),
        (
            "by_name",
            "by_names",
            2,
            Code::UnknownKey,
            "Did you mean \"by_name\"",
        ),
        (
            "[[rule]]",
            "[[rules]]",
            4,
            Code::UnknownKey,
            "Did you mean \"rule\"",
        ),
        ("[[rule]]", "[rule]", 4, Code::WrongType, "[[rule]]"),
        (
            "name = \"Lunch at the phone\"",
            "name = \"\"",
            5,
            Code::BadValue,
            "name =",
        ),
        (
            "Connect Agent State Change",
            "Connect Agent Status Change",
            6,
            Code::BadValue,
            "Did you mean \"Connect Agent State Change\"",
        ),
        (
            "\"Connect Agent New State\"",
            "\"connect agent new state\"",
            8,
            Code::BadValue,
            "Did you mean \"Connect Agent New State\"",
        ),
        (
            "\"equal\"",
            "\"equals\"",
            8,
            Code::BadValue,
            "Did you mean \"equal\"",
        ),
        (", value = \"Lunch\"", "", 8, Code::MissingKey, "value ="),
        (
            "value = 2.5",
            "value = 2.5555",
            9,
            Code::BadValue,
            "three decimals",
        ),
        (
            "value = 2.5",
            "value = true",
            9,
            Code::WrongType,
            "text or a plain number",
        ),
        (
            "destination = \"Salesforce\"",
            "destination = \"SalesForce\"",
            11,
            Code::BadValue,
            "Salesforce",
        ),
        ("state = \"At lunch\"", "", 4, Code::MissingKey, "state ="),
    ];
    for (from, to, line, code, remedy) in cases {
        let findings = changed(from, to);
        assert_eq!(codes(&findings), [(line, code)], "{from} -> {to}: {findings:#?}");
        assert!(findings[0].remedy.contains(remedy), "{findings:#?}");
    }
}

#[test]
fn values_without_a_static_operand_and_two_static_ones_are_refused() {
    let both = changed("\"Connect Agent New State\"", "\"Static Value\"");
    assert_eq!(codes(&both), [(8, Code::BadValue)]);
    let none = changed("b = \"Static Value\"", "b = \"Connect Agent Old State\"");
    assert_eq!(codes(&none), [(8, Code::UnknownKey)]);
}

#[test]
fn several_mistakes_are_told_at_once() {
    let text = LUNCH.replace("state = ", "stat = ").replace("by_name", "byname");
    assert_eq!(
        codes(&wrong(&text)),
        [
            (2, Code::UnknownKey),
            (4, Code::MissingKey),
            (12, Code::UnknownKey)
        ]
    );
    let no_toml = "schema = what\n[[rule]\nname = \"x\"\n";
    let lines: Vec<usize> = wrong(no_toml).iter().map(|finding| finding.line).collect();
    assert_eq!(lines, [1, 2], "{:#?}", wrong(no_toml));
}
