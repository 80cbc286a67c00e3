//! An answer's body, read without copying it.

use std::borrow::Cow;

use serde::Deserialize;
use serde_json::value::RawValue;

use crate::advice::Advice;

/// One message. What has another type than documented is absent rather than an error.
#[derive(Debug, Deserialize)]
#[serde(rename_all = "camelCase")]
pub(crate) struct Incoming<'b> {
    #[serde(borrow, default)]
    pub(crate) channel: Cow<'b, str>,
    #[serde(borrow, default)]
    pub(crate) data: Option<&'b RawValue>,
    #[serde(borrow, default)]
    id: Option<&'b RawValue>,
    #[serde(borrow, default)]
    client_id: Option<&'b RawValue>,
    #[serde(borrow, default)]
    subscription: Option<&'b RawValue>,
    #[serde(borrow, default)]
    successful: Option<&'b RawValue>,
    #[serde(borrow, default)]
    error: Option<&'b RawValue>,
    #[serde(borrow, default)]
    advice: Option<&'b RawValue>,
    #[serde(borrow, default)]
    ext: Option<&'b RawValue>,
}

/// The part of `ext` that is understood.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub(crate) struct Extensions {
    /// Whether the server acknowledges, in a handshake.
    pub(crate) acks: bool,
    /// The number to acknowledge, in a connect.
    pub(crate) ack: Option<i64>,
    pub(crate) replays: bool,
    pub(crate) failure: Option<String>,
}

#[derive(Deserialize)]
struct Data {
    event: Event,
}

#[derive(Deserialize)]
#[serde(rename_all = "camelCase")]
struct Event {
    replay_id: i64,
}

/// The messages of an answer.
pub(crate) struct Batch<'b> {
    pub(crate) messages: Vec<Incoming<'b>>,
    /// Something in it could not be read.
    pub(crate) has_malformed: bool,
}

impl<'b> Batch<'b> {
    /// Reads an array of messages, or one alone. `None` when it is neither.
    pub(crate) fn read(body: &'b [u8]) -> Option<Self> {
        let text = std::str::from_utf8(body).ok()?.trim();
        if let Ok(messages) = serde_json::from_str(text) {
            let has_malformed = false;
            return Some(Self {
                messages,
                has_malformed,
            });
        }
        let parts: Vec<&'b RawValue> = match serde_json::from_str(text) {
            Ok(parts) => parts,
            Err(_) if text.starts_with('{') => vec![serde_json::from_str(text).ok()?],
            Err(_) => return None,
        };
        let read = |part: &&'b RawValue| {
            let is_object = part.get().starts_with('{');
            serde_json::from_str(part.get()).ok().filter(|_| is_object)
        };
        let messages: Vec<Incoming<'b>> = parts.iter().filter_map(read).collect();
        let has_malformed = messages.len() < parts.len();
        Some(Self {
            messages,
            has_malformed,
        })
    }
}

impl<'b> Incoming<'b> {
    /// Whether it answers a request; a message without a channel that refuses does, too (Salesforce).
    pub(crate) fn is_meta(&self) -> bool {
        self.channel.starts_with("/meta/") || (self.channel.is_empty() && self.successful.is_some())
    }

    pub(crate) fn is_successful(&self) -> bool {
        self.successful.is_some_and(|value| value.get() == "true")
    }

    pub(crate) fn advice(&self) -> Advice {
        self.advice
            .map(|advice| Advice::read(advice.get()))
            .unwrap_or_default()
    }

    pub(crate) fn extensions(&self) -> Extensions {
        self.ext
            .map(|ext| Extensions::read(ext.get()))
            .unwrap_or_default()
    }

    pub(crate) fn error(&self) -> String {
        text(self.error).unwrap_or_default().into_owned()
    }

    pub(crate) fn client_id(&self) -> Option<String> {
        text(self.client_id)
            .map(Cow::into_owned)
            .filter(|id| !id.is_empty())
    }

    pub(crate) fn subscription(&self) -> Option<Cow<'b, str>> {
        text(self.subscription)
    }

    /// The message's number, which is one of ours: a string of digits, or (some servers) a number.
    pub(crate) fn number(&self) -> Option<u64> {
        self.id?.get().trim_matches('"').parse().ok()
    }

    /// `data`, as it stands there.
    pub(crate) fn data_text(&self) -> &'b str {
        self.data.map_or("null", RawValue::get)
    }

    /// `data.event.replayId`
    pub(crate) fn replay(&self) -> Option<i64> {
        let data: Data = serde_json::from_str(self.data?.get()).ok()?;
        Some(data.event.replay_id)
    }
}

impl Extensions {
    fn read(json: &str) -> Self {
        let Ok(ext) = serde_json::from_str::<serde_json::Value>(json) else {
            return Self::default();
        };
        // Older servers say `true`, newer ones name what they do.
        let has = |name: &str| {
            ext.get(name)
                .is_some_and(|value| value.is_object() || value == true)
        };
        let failure = ext
            .pointer("/sfdc/failureReason")
            .and_then(|reason| reason.as_str());
        Self {
            acks: has("ack"),
            ack: ext.get("ack").and_then(serde_json::Value::as_i64),
            replays: has("replay"),
            failure: failure.map(str::to_owned),
        }
    }
}

fn text(value: Option<&RawValue>) -> Option<Cow<'_, str>> {
    let json = value?.get();
    let inner = json.strip_prefix('"')?.strip_suffix('"')?;
    if inner.contains('\\') {
        return serde_json::from_str(json).ok().map(Cow::Owned);
    }
    Some(Cow::Borrowed(inner))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_message_is_borrowed_from_the_body() {
        let body = br#" [{"channel":"/topic/Usp","data":{"event":{"replayId":13,"type":"updated"},"sobject":{"Id":"x"}}},
            {"channel":"\/meta/connect","id":7,"successful":true,"advice":{"interval":5},"ext":{"ack":3,"replay":true}}] "#;
        let batch = Batch::read(body).unwrap();
        let [event, connect] = batch.messages.as_slice() else {
            panic!("{batch:?}", batch = batch.messages)
        };
        assert!(matches!(event.channel, Cow::Borrowed("/topic/Usp")));
        assert_eq!(event.replay(), Some(13));
        assert!(event.data_text().starts_with("{\"event\":"));
        assert!(!event.is_meta() && connect.is_meta() && connect.is_successful());
        assert_eq!(
            (connect.number(), connect.advice().interval_ms),
            (Some(7), Some(5))
        );
        let ext = connect.extensions();
        assert_eq!((ext.ack, ext.acks, ext.replays), (Some(3), false, true));
    }

    #[test]
    fn one_broken_message_does_not_hide_the_others() {
        let batch = Batch::read(br#"[3,{"channel":4},{"channel":"/a","data":[1]}]"#).unwrap();
        assert!(batch.has_malformed);
        let [message] = batch.messages.as_slice() else {
            panic!()
        };
        assert_eq!((message.data_text(), message.replay()), ("[1]", None));
    }

    #[test]
    fn one_alone_is_a_batch_and_a_page_is_none() {
        let body =
            br#"{"error":"403::Unknown \u0063lient","successful":false,"advice":{"reconnect":"handshake"}}"#;
        let batch = Batch::read(body).unwrap();
        assert!(batch.messages[0].is_meta() && !batch.messages[0].is_successful());
        assert_eq!(batch.messages[0].error(), "403::Unknown client");
        for none in [&b"<html></html>"[..], b"", b"\xff", b"3", b"{"] {
            assert!(Batch::read(none).is_none(), "{none:?}");
        }
        assert!(Batch::read(b"[]").unwrap().messages.is_empty());
    }
}
