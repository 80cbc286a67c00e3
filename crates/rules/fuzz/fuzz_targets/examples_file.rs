//! A file of examples of arbitrary bytes: read, and if it can be read, tried.

#![no_main]

use libfuzzer_sys::fuzz_target;

const RULES: &str = include_str!("../../examples/rules.toml");

fuzz_target!(|bytes: &[u8]| {
    let Ok(text) = std::str::from_utf8(bytes) else {
        return;
    };
    match rules::parse_examples(text) {
        Ok(examples) => {
            let parsed = rules::parse(RULES).expect("it is valid");
            assert!(rules::run_examples(&parsed, &examples).len() <= 2 * examples.len());
        }
        Err(findings) => assert!(!findings.is_empty()),
    }
});
