//! What a client subscribes to: `/topic/NAME`, or `/topic/NAME?Field=value&Other=value`.

use super::reason::Reason;

/// A subscription. Several conditions act as OR; without one, every event counts (salesforce.md).
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct Wanted {
    /// Without the conditions: the key of the replay extension.
    pub(crate) channel: String,
    pub(crate) topic: String,
    pub(crate) conditions: Vec<(String, String)>,
}

impl Wanted {
    /// Parses the channel as the client names it.
    pub(crate) fn parse(subscription: &str) -> Result<Self, Reason> {
        let (channel, query) = subscription.split_once('?').unwrap_or((subscription, ""));
        let topic = channel
            .strip_prefix("/topic/")
            .filter(|name| !name.is_empty() && !name.contains('/'))
            .ok_or_else(|| Reason::UnknownChannel(subscription.to_owned()))?;
        let conditions = url::form_urlencoded::parse(query.as_bytes())
            .map(|(field, value)| {
                let value = value
                    .strip_prefix('\'')
                    .and_then(|rest| rest.strip_suffix('\''))
                    .unwrap_or(&value);
                (field.into_owned(), value.to_owned())
            })
            .collect();
        Ok(Self {
            channel: channel.to_owned(),
            topic: topic.to_owned(),
            conditions,
        })
    }
}
