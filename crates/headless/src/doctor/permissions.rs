//! What the rep may read in the org.

use std::collections::BTreeSet;

use wire::support::Check;

use super::seen::Seen;

/// `missing`: the fields, objects and permissions that were refused; `None` before the org was asked.
pub(super) fn judge(missing: Option<BTreeSet<String>>) -> Seen {
    match missing {
        None => Seen::of(Check::Permissions, "not_asked"),
        Some(missing) if missing.is_empty() => Seen::of(Check::Permissions, "all"),
        Some(missing) => {
            let listed: Vec<String> = missing.into_iter().collect();
            Seen::of(Check::Permissions, "missing").with("about", listed.join(", "))
        }
    }
}
