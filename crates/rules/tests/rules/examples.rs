//! Example tables: read, and tried.

use rules::{Code, parse_examples, run_examples};

use crate::{codes, parsed};

const RULES: &str = include_str!("../../examples/rules.toml");
const EXAMPLES: &str = include_str!("../../examples/rules.test.toml");

#[test]
fn the_example_file_is_clean_and_its_examples_come_true() {
    let parsed = parsed(RULES);
    let statuses = rules::parse_statuses(include_str!("../../examples/statuses.toml")).unwrap();
    let findings = rules::check(&parsed, Some(&statuses));
    assert!(
        findings
            .iter()
            .all(|finding| finding.severity == rules::Severity::Info),
        "{findings:#?}"
    );
    let examples = parse_examples(EXAMPLES).unwrap();
    assert!(examples.len() >= 5);
    assert_eq!(run_examples(&parsed, &examples), []);
    for rule in &parsed.set.rules {
        let fires = |example: &rules::Example| {
            let explanations = example.with_happening(|happening| rules::explain(&parsed.set, happening));
            let fired = explanations.iter().filter_map(|explanation| explanation.fires);
            fired
                .map(|place| &parsed.set.rules[place].name)
                .any(|name| *name == rule.name)
        };
        assert!(
            examples.iter().any(fires),
            "no example makes {:?} fire",
            rule.name
        );
    }
}

#[test]
fn an_example_that_does_not_come_true_says_what_came_instead() {
    let parsed = parsed(RULES);
    let text = "schema = 1\n\n[[example]]\nname = \"wrong\"\nevent = \"Connect Agent State Change\"\ngiven = { \
                \"Connect Agent New State\" = \"Lunch\" }\nexpect = { salesforce = \"Available\", connect = \
                \"Break\" }\n";
    let examples = parse_examples(text).unwrap();
    let failures = run_examples(&parsed, &examples);
    assert_eq!(failures.len(), 2);
    assert_eq!((failures[0].expected, failures[0].got), (Some("Break"), None));
    assert_eq!(
        (failures[1].expected, failures[1].got),
        (Some("Available"), Some("Lunch"))
    );
    assert_eq!(failures[1].example.line, 3);
    assert!(failures[1].explanation.fires.is_some());
}

#[test]
fn what_is_not_expected_must_not_come() {
    let parsed = parsed(RULES);
    let text = "schema = 1\n[[example]]\nname = \"nothing\"\nevent = \"Connect Agent State Change\"\ngiven = { \
                \"Connect Agent New State\" = \"Lunch\" }\n";
    let examples = parse_examples(text).unwrap();
    assert_eq!(run_examples(&parsed, &examples).len(), 1);
}

#[test]
fn mistakes_have_lines_and_remedies() {
    let text = "schema = 1\n[[example]]\nname = \"x\"\nevent = \"Salesforce Work Accepted\"\n\
                [example.given]\n\"Connect Agent Old State\" = \"A\"\n\"Salesforce New Workload\" = 5\n\
                \"Salesforce Service Chanel\" = \"x\"\n\"Connect Agent New State\" = 4\n\
                [example.expect]\nphone = \"A\"\nsalesforce = 3\n";
    let findings = parse_examples(text).unwrap_err();
    assert_eq!(
        codes(&findings),
        [
            (5, Code::MissingKey),
            (6, Code::NeverGiven),
            (8, Code::UnknownKey),
            (9, Code::WrongType),
            (11, Code::UnknownKey),
            (12, Code::WrongType),
        ],
        "{findings:#?}"
    );
    assert!(findings[2].remedy.contains("Salesforce Service Channel"));
}

#[test]
fn a_status_may_be_given_with_all_its_names() {
    let text = "schema = 1\n[[example]]\nname = \"x\"\nevent = \"Salesforce Agent State Change\"\ngiven = { \
                \"Salesforce Agent New State\" = [\"At lunch\", \"Lunch\"] }\nexpect = { connect = \"Lunch\" }\n";
    let examples = parse_examples(text).unwrap();
    assert_eq!(examples[0].salesforce_new, ["At lunch", "Lunch"]);
}
