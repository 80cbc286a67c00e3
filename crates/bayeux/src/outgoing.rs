//! Requests, written.

use std::fmt::Write as _;

use crate::subscription::Replay;

/// A body under construction: an array of messages.
pub(crate) struct Body(String);

impl Body {
    pub(crate) fn new() -> Self {
        Self("[".to_owned())
    }

    pub(crate) fn handshake(mut self, number: u64, ack: bool) -> Self {
        self.begin("handshake", number, None);
        self.0.push_str(
            r#","version":"1.0","minimumVersion":"1.0","supportedConnectionTypes":["long-polling"],"ext":{"replay":true"#,
        );
        self.0.push_str(if ack { r#","ack":true}}"# } else { "}}" });
        self
    }

    /// `ack`: the number of the last connect's answer, where the server acknowledges.
    pub(crate) fn connect(mut self, number: u64, client: &str, ack: Option<i64>) -> Self {
        self.begin("connect", number, Some(client));
        self.0.push_str(r#","connectionType":"long-polling""#);
        if let Some(ack) = ack {
            let _ = write!(self.0, r#","ext":{{"ack":{ack}}}"#);
        }
        self.0.push('}');
        self
    }

    pub(crate) fn subscribe(&mut self, number: u64, client: &str, channel: &str, replay: Replay) {
        self.begin("subscribe", number, Some(client));
        self.text("subscription", channel);
        if let Some(position) = replay.position() {
            // The extension's key is the channel without its filter (Streaming API, "Filtered Subscriptions").
            let key = without_filter(channel);
            let _ = write!(self.0, r#","ext":{{"replay":{{{}:{position}}}}}"#, quoted(key));
        }
        self.0.push('}');
    }

    pub(crate) fn unsubscribe(&mut self, number: u64, client: &str, channel: &str) {
        self.begin("unsubscribe", number, Some(client));
        self.text("subscription", channel);
        self.0.push('}');
    }

    pub(crate) fn disconnect(mut self, number: u64, client: &str) -> Self {
        self.begin("disconnect", number, Some(client));
        self.0.push('}');
        self
    }

    pub(crate) fn finish(mut self) -> String {
        self.0.push(']');
        self.0
    }

    fn begin(&mut self, name: &str, number: u64, client: Option<&str>) {
        if self.0.len() > 1 {
            self.0.push(',');
        }
        let _ = write!(self.0, r#"{{"channel":"/meta/{name}","id":"{number}""#);
        if let Some(client) = client {
            self.text("clientId", client);
        }
    }

    fn text(&mut self, name: &str, value: &str) {
        let _ = write!(self.0, r#","{name}":{}"#, quoted(value));
    }
}

/// As JSON.
fn quoted(text: &str) -> serde_json::Value {
    text.into()
}

pub(crate) fn without_filter(channel: &str) -> &str {
    channel.split_once('?').map_or(channel, |(key, _)| key)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn bodies_are_those_of_the_documentation() {
        let handshake = Body::new().handshake(1, false).finish();
        assert_eq!(
            handshake,
            r#"[{"channel":"/meta/handshake","id":"1","version":"1.0","minimumVersion":"1.0","supportedConnectionTypes":["long-polling"],"ext":{"replay":true}}]"#
        );
        let mut body = Body::new();
        body.subscribe(2, "c\"", "/topic/Usp?UserId=005", Replay::After(13));
        body.unsubscribe(3, "c", "/a");
        assert_eq!(
            body.finish(),
            r#"[{"channel":"/meta/subscribe","id":"2","clientId":"c\"","subscription":"/topic/Usp?UserId=005","ext":{"replay":{"/topic/Usp":13}}},{"channel":"/meta/unsubscribe","id":"3","clientId":"c","subscription":"/a"}]"#
        );
        let connect = Body::new().connect(4, "c", Some(-1)).finish();
        assert!(connect.contains(r#""connectionType":"long-polling","ext":{"ack":-1}}"#));
    }
}
