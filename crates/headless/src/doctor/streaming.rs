//! What Salesforce pushes: needs a PushTopic in the org that the rep may read, and an org that lets them listen.

use companion::settings::{Settings, StreamingMode};
use salesforce::Error;
use salesforce::streaming::Stopped;
use wire::support::Check;

use super::live::Live;
use super::seen::Seen;
use crate::stream::Standing;

pub(super) async fn look(settings: &Settings, live: Option<&Live>) -> Seen {
    let topic = &settings.streaming.topic;
    if settings.streaming.mode == StreamingMode::Off {
        return Seen::of(Check::Streaming, "off");
    }
    let Some((live, client)) = live.and_then(|live| Some((live, live.client()?))) else {
        return Seen::of(Check::Streaming, "not_asked");
    };
    let found = client.has_push_topic(topic).await;
    // Read last: the answer may have taken a while.
    judge(found, live.cloud.streaming()).with("topic", topic)
}

/// What the org has comes first: it is why the rest does not work, or soon will not.
fn judge(found: Result<bool, Error>, standing: Standing) -> Seen {
    let code = match (found, standing) {
        (Ok(false), _) => "no_topic",
        (Err(Error::AskAdmin(_)), _) => "no_permission",
        (Err(_), _) => "not_asked",
        (Ok(true), Standing::Listening) => "listening",
        (Ok(true), Standing::Stopped(Stopped::Limit)) => "limit",
        (Ok(true), Standing::Stopped(Stopped::Refused)) => "refused",
        (Ok(true), Standing::Stopped(Stopped::Unavailable)) => "unavailable",
        (Ok(true), Standing::Waiting) => "waiting",
    };
    Seen::of(Check::Streaming, code)
}

#[cfg(test)]
mod tests {
    use salesforce::Missing;

    use super::*;

    #[test]
    fn what_keeps_salesforce_from_pushing_is_named() {
        let lacking = || Error::AskAdmin(Missing::Object("PushTopic".into()));
        let stopped = |why| Standing::Stopped(why);
        for (found, standing, code) in [
            (Err(lacking()), Standing::Waiting, "no_permission"),
            // The reason is told, not what comes of it.
            (Err(lacking()), stopped(Stopped::Refused), "no_permission"),
            (Ok(false), stopped(Stopped::Refused), "no_topic"),
            (Err(Error::NotSalesforce), Standing::Listening, "not_asked"),
            (Ok(true), Standing::Listening, "listening"),
            (Ok(true), Standing::Waiting, "waiting"),
            (Ok(true), stopped(Stopped::Limit), "limit"),
            (Ok(true), stopped(Stopped::Refused), "refused"),
            (Ok(true), stopped(Stopped::Unavailable), "unavailable"),
        ] {
            assert_eq!(judge(found, standing).code, code);
        }
    }
}
