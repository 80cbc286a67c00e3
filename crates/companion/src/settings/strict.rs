//! What stands when the policy is not valid: nothing that could weaken the guard.

use super::document::Entry;

/// Whether a policy that may have meant to set this is out of order, so that the rep's own word can't stand.
pub(super) fn is_the_policys_to_say(entry: &Entry) -> bool {
    matches!(
        entry.section.as_str(),
        "away" | "connector" | "guard" | "holdline" | "sync" | "updates"
    )
}

/// Whether a valid key still counts in a policy that is not valid as a whole.
///
/// What loosens the guard does not: `wrap_up = "allow"` or `mode = "observe"` may have stood together with something
/// that can't be read. What follows what does not either, because then no rule is used.
pub(super) fn still_counts(entry: &Entry) -> bool {
    match (entry.section.as_str(), entry.key.as_str()) {
        ("holdline" | "sync", _) => false,
        ("guard", "wrap_up") => entry.value.as_str() == Some("hold"),
        _ => true,
    }
}
