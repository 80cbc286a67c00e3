//! What Salesforce pushes.

use companion::settings::{Settings, StreamingMode};
use wire::support::Check;

use super::live::Live;
use super::seen::Seen;

pub(super) fn look(settings: &Settings, live: Option<&Live>) -> Seen {
    match (settings.streaming.mode, live) {
        (StreamingMode::Off, _) => Seen::of(Check::Streaming, "off"),
        (StreamingMode::Auto, _) => Seen::of(Check::Streaming, "not_asked"),
    }
}
