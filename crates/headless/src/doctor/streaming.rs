//! What Salesforce pushes: needs a PushTopic in the org that the rep may read.

use companion::settings::{Settings, StreamingMode};
use salesforce::Error;
use wire::support::Check;

use super::live::Live;
use super::seen::Seen;

pub(super) async fn look(settings: &Settings, live: Option<&Live>) -> Seen {
    let topic = &settings.streaming.topic;
    if settings.streaming.mode == StreamingMode::Off {
        return Seen::of(Check::Streaming, "off");
    }
    match live.and_then(Live::client) {
        Some(client) => judge(client.has_push_topic(topic).await).with("topic", topic),
        None => Seen::of(Check::Streaming, "not_asked"),
    }
}

fn judge(found: Result<bool, Error>) -> Seen {
    let code = match found {
        Ok(true) => "topic",
        Ok(false) => "no_topic",
        Err(Error::AskAdmin(_)) => "no_permission",
        Err(_) => "not_asked",
    };
    Seen::of(Check::Streaming, code)
}

#[cfg(test)]
mod tests {
    use salesforce::Missing;

    use super::*;

    #[test]
    fn what_keeps_salesforce_from_pushing_is_named() {
        let lacking = Error::AskAdmin(Missing::Object("PushTopic".into()));
        assert_eq!(judge(Err(lacking)).code, "no_permission");
        assert_eq!(judge(Ok(false)).code, "no_topic");
        assert_eq!(judge(Ok(true)).code, "topic");
        assert_eq!(judge(Err(Error::NotSalesforce)).code, "not_asked");
    }
}
