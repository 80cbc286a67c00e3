//! Whether Salesforce pushes presence changes to this desktop, and by which topic.

use schemars::JsonSchema;
use serde::Deserialize;

/// `[streaming]`, merged.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct StreamingSettings {
    /// Whether it is used.
    pub mode: StreamingMode,
    /// The PushTopic on UserServicePresence.
    pub topic: String,
}

/// Whether streaming is used: an org allows a limited number of CometD clients (salesforce.md, "Push").
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum StreamingMode {
    /// Where the org lets this rep.
    #[default]
    Auto,
    /// Not at all.
    Off,
}

/// The topic that Holdline's console package makes.
const DEFAULT_TOPIC: &str = "HoldlinePresence";

/// The longest name a PushTopic may have (Salesforce, PushTopic.Name).
const LONGEST_NAME: usize = 25;

/// `[streaming]` of one file.
#[derive(Clone, Debug, Default, PartialEq, Eq, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields, default)]
pub(super) struct Streaming {
    /// Whether Salesforce pushes presence changes to this desktop. An org allows 1,000 to 2,000 such clients (console
    /// pages may be some of them): where there are more desktops, turn it off; nothing is lost but speed.
    #[schemars(with = "String", extend("enum" = ["auto", "off"], "default" = "auto"))]
    pub(super) mode: Option<StreamingMode>,
    /// The PushTopic on UserServicePresence; its query must have UserId.
    #[schemars(extend("default" = "HoldlinePresence"))]
    pub(super) topic: Option<TopicName>,
}

/// The name of a PushTopic, as it stands in a channel's path.
#[derive(Clone, Debug, PartialEq, Eq, Deserialize, JsonSchema)]
#[serde(try_from = "String")]
pub(super) struct TopicName(String);

impl TryFrom<String> for TopicName {
    type Error = &'static str;

    fn try_from(name: String) -> Result<Self, Self::Error> {
        let fits = (1..=LONGEST_NAME).contains(&name.len());
        let is_plain = name
            .bytes()
            .all(|byte| byte.is_ascii_alphanumeric() || byte == b'_' || byte == b'-');
        if fits && is_plain {
            Ok(Self(name))
        } else {
            Err("topic must be a PushTopic's name (at most 25 letters, digits, - or _), without \"/topic/\"")
        }
    }
}

impl StreamingSettings {
    pub(super) fn merge(user: Streaming, policy: Streaming) -> Self {
        let topic = policy.topic.or(user.topic);
        Self {
            mode: policy.mode.or(user.mode).unwrap_or_default(),
            topic: topic.map_or_else(|| DEFAULT_TOPIC.to_owned(), |name| name.0),
        }
    }
}
