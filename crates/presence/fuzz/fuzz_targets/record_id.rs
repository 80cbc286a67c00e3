//! Salesforce record ids, from anywhere.
#![no_main]

use libfuzzer_sys::fuzz_target;
use presence::ids::RecordId;

fuzz_target!(|text: &str| {
    if let Ok(id) = text.parse::<RecordId>() {
        assert_eq!(id.as_str().len(), 18);
        assert_eq!(id.as_str()[..15], text[..15]);
        assert_eq!(id.as_str().parse(), Ok(id));
    }
});
