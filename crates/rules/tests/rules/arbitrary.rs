//! Arbitrary bytes: every parser answers, none panics.

use proptest::prelude::*;

use crate::generate::{print, rule, set};

fn read(bytes: &[u8]) {
    let text = String::from_utf8_lossy(bytes);
    let statuses = rules::parse_statuses(&text).ok();
    let examples = rules::parse_examples(&text);
    match rules::parse(&text) {
        Ok(parsed) => {
            let findings = rules::check(&parsed, statuses.as_ref());
            assert!(findings.iter().all(|finding| finding.line >= 1));
        }
        Err(findings) => assert!(!findings.is_empty()),
    }
    if let Err(findings) = examples {
        assert!(findings.iter().all(|finding| !finding.remedy.is_empty()));
    }
}

proptest! {
    #[test]
    fn bytes(bytes in proptest::collection::vec(any::<u8>(), 0..400)) {
        read(&bytes);
    }

    #[test]
    fn words_of_the_language(words in proptest::collection::vec(proptest::sample::select(vec![
        "[[rule]]", "[[example]]", "[[rule.when]]", "\n", "schema = 1", "=", "\"", "{", "}", "[", "]", ",",
        "name", "event", "when", "a", "b", "value", "comparator", "given", "expect", "1e999", "0x10", "nan",
        "\"Connect Agent State Change\"", "\"Static Value\"", "1979-05-27", "true", "'''", "\u{feff}", "é",
    ]), 0..60)) {
        read(words.concat().as_bytes());
    }

    #[test]
    fn a_valid_file_with_a_change(
        set in set(rule("[a-z]{1,3}"), 5),
        at in any::<proptest::sample::Index>(),
        byte in any::<u8>(),
    ) {
        let mut bytes = print(&set).into_bytes();
        let at = at.index(bytes.len());
        bytes[at] = byte;
        read(&bytes);
    }

    #[test]
    fn what_is_printed_is_what_is_read(set in set(rule(".{1,12}"), 8)) {
        let parsed = rules::parse(&print(&set)).map_err(|findings| TestCaseError::fail(format!("{findings:#?}")))?;
        prop_assert_eq!(&parsed.set, &set);
        prop_assert_eq!(parsed.lines.len(), set.rules.len());
        for (rule, lines) in set.rules.iter().zip(&parsed.lines) {
            prop_assert_eq!(rule.criteria.len(), lines.criteria.len());
        }
    }
}
