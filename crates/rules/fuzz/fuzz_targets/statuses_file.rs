//! A statuses file of arbitrary bytes: read, and if it can be read, checked against.

#![no_main]

use libfuzzer_sys::fuzz_target;

const RULES: &str = include_str!("../../examples/rules.toml");

fuzz_target!(|bytes: &[u8]| {
    let Ok(text) = std::str::from_utf8(bytes) else {
        return;
    };
    if let Ok(statuses) = rules::parse_statuses(text) {
        let parsed = rules::parse(RULES).expect("it is valid");
        assert!(rules::check(&parsed, Some(&statuses)).iter().all(|finding| finding.line >= 1));
    }
});
