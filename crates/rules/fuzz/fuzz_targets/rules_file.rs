//! A rules file of arbitrary bytes: read, and if it can be read, checked.

#![no_main]

use libfuzzer_sys::fuzz_target;

fuzz_target!(|bytes: &[u8]| {
    let Ok(text) = std::str::from_utf8(bytes) else {
        return;
    };
    match rules::parse(text) {
        Ok(parsed) => assert!(rules::check(&parsed, None).iter().all(|finding| finding.line >= 1)),
        Err(findings) => assert!(!findings.is_empty()),
    }
});
