//! Bayeux messages as they come in.

use serde::Deserialize;
use serde_json::{Map, Value};

/// A message of a client, as far as it is understood here.
#[derive(Clone, Debug, Default, Deserialize)]
#[serde(rename_all = "camelCase")]
pub(crate) struct Incoming {
    #[serde(default)]
    pub(crate) channel: String,
    /// Goes back as it came.
    pub(crate) id: Option<Value>,
    pub(crate) client_id: Option<String>,
    subscription: Option<OneOrMany>,
    supported_connection_types: Option<Vec<String>>,
    connection_type: Option<String>,
    #[serde(default)]
    ext: Value,
    #[serde(default)]
    advice: Value,
}

#[derive(Clone, Debug, Deserialize)]
#[serde(untagged)]
enum OneOrMany {
    Many(Vec<String>),
    One(String),
}

const LONG_POLLING: &str = "long-polling";

impl Incoming {
    pub(crate) fn subscriptions(&self) -> Vec<&str> {
        match &self.subscription {
            None => Vec::new(),
            Some(OneOrMany::One(one)) => vec![one],
            Some(OneOrMany::Many(many)) => many.iter().map(String::as_str).collect(),
        }
    }

    /// Of a handshake or a connect.
    pub(crate) fn can_long_poll(&self) -> bool {
        match (&self.supported_connection_types, &self.connection_type) {
            (Some(types), _) => types.iter().any(|name| name == LONG_POLLING),
            (None, Some(name)) => name == LONG_POLLING,
            (None, None) => true,
        }
    }

    /// `ext.replay` of a handshake: the client uses replay.
    pub(crate) fn offers_replay(&self) -> bool {
        self.ext.get("replay").is_some_and(|replay| *replay != false)
    }

    /// `ext.replay` of a subscribe: positions by channel.
    pub(crate) fn positions(&self) -> Option<&Map<String, Value>> {
        self.ext.get("replay")?.as_object()
    }

    /// The client wants to hear at once (`advice.timeout` 0).
    pub(crate) fn is_in_a_hurry(&self) -> bool {
        self.advice.get("timeout").and_then(Value::as_u64) == Some(0)
    }
}

/// The messages of a request's body: an array, or one alone.
pub(crate) fn batch(body: &[u8]) -> Result<Vec<Incoming>, serde_json::Error> {
    if body.trim_ascii_start().first() == Some(&b'[') {
        serde_json::from_slice(body)
    } else {
        serde_json::from_slice(body).map(|message| vec![message])
    }
}
