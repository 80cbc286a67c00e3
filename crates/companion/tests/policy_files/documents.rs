//! What the threat model claims is shown by tests that exist.

use std::fs;

use super::root;

#[test]
fn every_test_that_security_md_names_exists() {
    let text = fs::read_to_string(root().join("SECURITY.md")).unwrap();
    let named = text
        .split('`')
        .skip(1)
        .step_by(2)
        .filter_map(|quoted| quoted.split_once(".rs::"));
    let mut count = 0;
    for (file, test) in named {
        let path = format!("{file}.rs");
        let source = fs::read_to_string(root().join(&path)).unwrap_or_else(|error| panic!("{path}: {error}"));
        let at = source
            .find(&format!("fn {test}("))
            .unwrap_or_else(|| panic!("{path} has no {test}"));
        // A test, and not some function of that name.
        let before = &source[..at];
        let last = before.trim_end().rsplit("\n\n").next().unwrap_or_default();
        assert!(
            last.contains("test]") || last.contains("#[test"),
            "{path}: {test} is no test"
        );
        count += 1;
    }
    assert!(count > 25, "{count}");
}

#[test]
fn every_claim_under_a_heading_of_attackers_names_a_test() {
    let text = fs::read_to_string(root().join("SECURITY.md")).unwrap();
    for section in text
        .split("\n## ")
        .filter(|section| section.starts_with("A web page") || section.starts_with("The network"))
    {
        for claim in section.lines().filter(|line| line.starts_with("- ")) {
            assert!(claim.contains(".rs::"), "no test shows: {claim}");
        }
    }
}
