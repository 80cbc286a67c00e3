//! Whether, from where and how often Holdline looks for updates; and whether it starts with the desktop.

use std::time::Duration;

use schemars::JsonSchema;
use serde::Deserialize;

use super::file::{Name, Span};

/// `[updates]`, merged.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct UpdateSettings {
    /// Whether updates are looked for.
    pub enabled: bool,
    /// The update server's address, with variables in it; not checked yet.
    pub url: Option<String>,
    /// Filled in for `{{channel}}`.
    pub channel: String,
    /// The organisation's minisign public key, as its file holds it; not checked yet.
    pub public_key: Option<String>,
    /// How often.
    pub every: Duration,
}

const DEFAULT_CHANNEL: &str = "stable";
const EVERY: Duration = Duration::from_secs(6 * 60 * 60);

/// `[updates]` of one file.
#[derive(Clone, Debug, Default, PartialEq, Eq, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields, default)]
pub(super) struct Updates {
    /// The channel of updates, filled in for {{channel}} in updates.url.
    #[schemars(extend("default" = "stable"))]
    channel: Option<Name>,
    /// Whether Holdline looks for updates by itself and installs them when no call is active. Off, where packages come
    /// from apt, Intune or another tool of yours.
    #[schemars(extend("default" = false))]
    enabled: Option<bool>,
    /// How often to look ("6h").
    #[schemars(extend("default" = "6h"))]
    every: Option<Span>,
    /// The public half of the key that your updates are signed with: the content of the .pub file that tauri signer
    /// or minisign wrote. Needed for updates.
    public_key: Option<Name>,
    /// Where updates are offered, in the JSON of Tauri's updater, over https. {{channel}}, {{target}}, {{arch}},
    /// {{bundle_type}} and {{current_version}} are filled in. Needed for updates.
    url: Option<Name>,
}

impl UpdateSettings {
    pub(super) fn merge(user: Updates, policy: Updates) -> Self {
        let every = policy.every.or(user.every);
        let channel = policy.channel.or(user.channel);
        Self {
            enabled: policy.enabled.or(user.enabled).unwrap_or(false),
            url: policy.url.or(user.url).map(|name| name.0),
            channel: channel.map_or_else(|| DEFAULT_CHANNEL.to_owned(), |name| name.0),
            public_key: policy.public_key.or(user.public_key).map(|name| name.0),
            every: every.map_or(EVERY, |span| Duration::from_millis(span.ms)),
        }
    }
}

/// `[desktop]` of one file.
#[derive(Clone, Debug, Default, PartialEq, Eq, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields, default)]
pub(super) struct Desktop {
    /// Whether Holdline starts in the tray when the rep logs in to the desktop, where its package was installed.
    #[schemars(extend("default" = false))]
    pub(super) autostart: Option<bool>,
}
