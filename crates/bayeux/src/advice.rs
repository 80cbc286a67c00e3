//! `advice`: how the server wants the client to go on.

use serde::Deserialize;

/// No server keeps a client silent for longer by advice.
const LONGEST_INTERVAL_MS: u64 = 3_600_000;
/// No connect is waited for longer.
const LONGEST_HOLD_MS: u64 = 600_000;

/// What to do next (`advice.reconnect`).
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Reconnect {
    Handshake,
    None,
    Retry,
}

/// As it stands in a message; members of another type than documented are none.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub(crate) struct Advice {
    pub(crate) reconnect: Option<Reconnect>,
    /// Between two connects. A server that sees several clients of one browser (`multiple-clients`) asks by this
    /// for polling instead of holding.
    pub(crate) interval_ms: Option<u64>,
    /// How long a connect is held.
    pub(crate) timeout_ms: Option<u64>,
}

#[derive(Deserialize)]
struct Raw<'a> {
    #[serde(borrow, default)]
    reconnect: Option<&'a serde_json::value::RawValue>,
    #[serde(borrow, default)]
    interval: Option<&'a serde_json::value::RawValue>,
    #[serde(borrow, default)]
    timeout: Option<&'a serde_json::value::RawValue>,
}

impl Advice {
    pub(crate) fn read(json: &str) -> Self {
        let Ok(raw) = serde_json::from_str::<Raw<'_>>(json) else {
            return Self::default();
        };
        let reconnect = raw.reconnect.and_then(|value| match value.get() {
            "\"handshake\"" => Some(Reconnect::Handshake),
            "\"none\"" => Some(Reconnect::None),
            "\"retry\"" => Some(Reconnect::Retry),
            _ => None,
        });
        let number = |value: Option<&serde_json::value::RawValue>, most: u64| {
            let number = value?.get().parse::<u64>().ok()?;
            Some(number.min(most))
        };
        Self {
            reconnect,
            interval_ms: number(raw.interval, LONGEST_INTERVAL_MS),
            timeout_ms: number(raw.timeout, LONGEST_HOLD_MS),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn it_says_less_where_a_member_is_not_as_documented() {
        let all = Advice::read(r#"{"reconnect":"none","interval":250,"timeout":110000,"hosts":[]}"#);
        let expected = Advice {
            reconnect: Some(Reconnect::None),
            interval_ms: Some(250),
            timeout_ms: Some(110_000),
        };
        assert_eq!(all, expected);
        let odd = Advice::read(r#"{"reconnect":7,"interval":"soon","timeout":99999999999}"#);
        assert_eq!((odd.reconnect, odd.interval_ms), (None, None));
        assert_eq!(odd.timeout_ms, Some(LONGEST_HOLD_MS));
        assert_eq!(Advice::read("[]"), Advice::default());
    }
}
