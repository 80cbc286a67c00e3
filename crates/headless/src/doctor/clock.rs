//! This computer's clock, beside Salesforce's.

use wire::support::Check;

use super::seen::Seen;

/// From here on times that people compare look wrong; Holdline itself takes the difference off.
const OFF_MS: u64 = 60_000;
/// From here on certificates and sign-ins begin to be refused.
const FAR_OFF_MS: u64 = 10 * 60_000;

/// `skew_ms`: how far the server's clock is ahead of ours.
pub(super) fn judge(skew_ms: Option<i64>) -> Seen {
    let Some(skew_ms) = skew_ms else {
        return Seen::of(Check::Clock, "not_told");
    };
    let code = match skew_ms.unsigned_abs() {
        off if off >= FAR_OFF_MS => "far_off",
        off if off >= OFF_MS => "off",
        _ => "right",
    };
    let direction = if skew_ms > 0 { "behind" } else { "ahead" };
    Seen::of(Check::Clock, code)
        .with("seconds", skew_ms.unsigned_abs() / 1_000)
        .with("direction", direction)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_clock_that_is_off_is_named() {
        for (skew_ms, code) in [
            (0, "right"),
            (59_999, "right"),
            (-60_000, "off"),
            (600_000, "far_off"),
        ] {
            assert_eq!(judge(Some(skew_ms)).code, code, "{skew_ms}");
        }
        assert_eq!(judge(None).code, "not_told");
        let text = judge(Some(90_000)).told(&companion::texts::Texts::english()).text;
        assert!(text.contains("90 seconds behind"), "{text}");
    }
}
