//! What the desktop may ask for: shortcuts, and requests in the rep's absence.

use std::time::Duration;

use schemars::JsonSchema;
use serde::Deserialize;

use super::file::{Name, Span};

/// Global shortcuts, written like `Ctrl+Alt+O`; none by default.
#[derive(Clone, Debug, Default, PartialEq, Eq, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields, default)]
pub struct ShortcutSettings {
    /// A global shortcut that asks for Offline (guarded), like Ctrl+Alt+O.
    pub offline: Option<String>,
    /// A global shortcut that brings the window to the front.
    pub show: Option<String>,
}

/// Requests in the rep's absence; none by default. Each goes through the guard under its own origin.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct AwaySettings {
    /// The status to ask for when the screen is locked: a label, or Offline.
    pub on_lock: Option<String>,
    /// After how long without a key or a mouse movement, and the status to ask for.
    pub on_idle: Option<(Duration, String)>,
}

/// `[away]` of one file.
#[derive(Clone, Debug, Default, PartialEq, Eq, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields, default)]
pub(super) struct Away {
    /// After how long without a key or a mouse movement the rep counts as idle.
    #[schemars(extend("default" = "15m"))]
    idle_after: Option<Span>,
    /// What to ask for when the rep has been idle: a status' label, or Offline (guarded).
    on_idle: Option<Name>,
    /// What to ask for when the screen is locked: a status' label, or Offline (guarded).
    on_lock: Option<Name>,
}

/// Idle for this long, where the settings name a status and no time.
const IDLE_AFTER: Duration = Duration::from_secs(15 * 60);

impl AwaySettings {
    pub(super) fn merge(user: Away, policy: Away) -> Self {
        let after = policy.idle_after.or(user.idle_after);
        let after = after.map_or(IDLE_AFTER, |span| Duration::from_millis(span.ms));
        let on_lock = policy.on_lock.or(user.on_lock);
        let on_idle = policy.on_idle.or(user.on_idle);
        Self {
            on_lock: on_lock.map(|status| status.0),
            on_idle: on_idle.map(|status| (after, status.0)),
        }
    }
}

impl ShortcutSettings {
    pub(super) fn merge(user: Self, policy: Self) -> Self {
        Self {
            offline: policy.offline.or(user.offline),
            show: policy.show.or(user.show),
        }
    }
}
