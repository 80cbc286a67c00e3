//! What partners send back as a command's name.
#![no_main]

use libfuzzer_sys::fuzz_target;
use presence::event::CommandId;

fuzz_target!(|text: &str| {
    if let Ok(command) = text.parse::<CommandId>() {
        assert_eq!(command.to_string().parse(), Ok(command));
    }
});
