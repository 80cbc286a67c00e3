//! The organisation's policy and the rep's settings.

use companion::settings::Finding;
use wire::support::Check;

use super::seen::Seen;

pub(super) fn judge(wrong: &[Finding], policies: &[String]) -> Seen {
    if !wrong.is_empty() {
        let listed: Vec<String> = wrong
            .iter()
            .map(|finding| format!("{finding}. {}", finding.remedy))
            .collect();
        return Seen::of(Check::Policy, "invalid").with("about", listed.join("\n"));
    }
    match policies {
        [] => Seen::of(Check::Policy, "none"),
        places => Seen::of(Check::Policy, "valid").with("places", places.join(", ")),
    }
}
