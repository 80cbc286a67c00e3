//! Whatever comes from outside as text or bytes is read or refused, never a panic.

use presence::engine::Engine;
use presence::event::{CommandId, Event};
use presence::ids::RecordId;
use presence::saved::Saved;
use presence::settings::Settings;
use presence::time::Now;
use proptest::prelude::*;
use trace::line::Line;
use trace::reading::lines;
use trace::replay::replay;

/// A trace that is one, to be damaged.
fn a_trace() -> String {
    let life = crate::life::Life::new(crate::ops::Kind::Ordered, Settings::default());
    crate::traces::trace_of(&life.world.began, &life.world.history, &[3])
}

proptest! {
    #![proptest_config(ProptestConfig { failure_persistence: None, ..ProptestConfig::default() })]

    #[test]
    fn a_text_is_a_record_id_or_none(text in "\\PC{0,24}|[0-9A-Za-z]{15}|[0-9A-Za-z]{18}") {
        if let Ok(id) = text.parse::<RecordId>() {
            prop_assert_eq!(id.as_str().len(), 18);
            prop_assert_eq!(&id.as_str()[..15], &text[..15]);
            prop_assert_eq!(id.as_str().parse(), Ok(id));
        }
    }

    #[test]
    fn a_text_is_a_command_or_none(text in "\\PC{0,48}|[0-9a-f]{1,20}-[0-9]{1,24}") {
        if let Ok(command) = text.parse::<CommandId>() {
            prop_assert_eq!(command.to_string().parse(), Ok(command));
        }
    }

    #[test]
    fn bytes_are_a_saved_state_or_none(bytes in proptest::collection::vec(any::<u8>(), 0..200)) {
        if let Ok(saved) = serde_json::from_slice::<Saved>(&bytes) {
            Engine::restore(Settings::default(), 1, saved, Now::default()).handle(Now::default(), Event::Tick);
        }
    }

    #[test]
    fn a_text_is_a_trace_or_none(text in "(\\PC{0,60}\n?){0,4}") {
        prop_assert!(lines(&text).unwrap_or_default().len() <= text.lines().count());
        let _ = replay(&text);
    }

    /// One byte of a real trace is another one: it is read and decided, or refused; and a line that is read
    /// is written again as a line that says the same.
    #[test]
    fn a_damaged_trace_is_refused_or_decided(at in any::<prop::sample::Index>(), byte in 32u8..127) {
        let mut damaged = a_trace().into_bytes();
        let at = at.index(damaged.len());
        damaged[at] = byte;
        let text = String::from_utf8(damaged).unwrap();
        let _ = replay(&text);
        for numbered in lines(&text).unwrap_or_default() {
            let written = numbered.line.to_text().unwrap();
            prop_assert_eq!(Line::parse(&written), Ok(numbered.line));
        }
    }
}
