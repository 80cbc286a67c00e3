//! From an unhappy REST answer to its remedy.

use std::time::Duration;

use jiff::{SignedDuration, Timestamp};
use reqwest::StatusCode;
use reqwest::header::HeaderMap;
use serde::Deserialize;

use crate::error::{Error, Missing, WaitReason};
use crate::facts::ServerFacts;
use crate::http::Answer;
use crate::text::{is_html, safe_code};

/// Without `Retry-After`: the daily limit is a rolling one, so calls come back little by little.
const REQUEST_LIMIT_PAUSE: Duration = Duration::from_secs(15 * 60);
/// Without `Retry-After`: a busy server.
const BUSY_PAUSE: Duration = Duration::from_secs(30);
/// No server keeps us silent for longer, whatever it says.
const LONGEST_PAUSE: Duration = Duration::from_secs(24 * 60 * 60);

/// What an answer other than the wanted one means.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) enum Refusal {
    /// The access token is no longer accepted: refresh, once.
    Expired,
    /// Anything else.
    Other(Error),
}

impl From<Error> for Refusal {
    fn from(error: Error) -> Self {
        Self::Other(error)
    }
}

#[derive(Deserialize)]
#[serde(rename_all = "camelCase")]
struct ApiError {
    error_code: String,
    #[serde(default)]
    message: String,
}

/// Sorts an answer; `Ok` if it is JSON to be parsed. `object` is what was asked for.
pub(crate) fn check(answer: &Answer, object: &str) -> Result<(), Refusal> {
    let status = answer.status;
    let html = is_html(answer.content_type(), &answer.body);
    if status.is_success() {
        return if html {
            Err(Error::NotSalesforce.into())
        } else {
            Ok(())
        };
    }
    let busy = matches!(
        status,
        StatusCode::TOO_MANY_REQUESTS
            | StatusCode::BAD_GATEWAY
            | StatusCode::SERVICE_UNAVAILABLE
            | StatusCode::GATEWAY_TIMEOUT
    );
    if busy {
        return Err(wait(answer, WaitReason::ServerBusy, BUSY_PAUSE).into());
    }
    if html || status.is_redirection() {
        return Err(Error::NotSalesforce.into());
    }
    let errors = serde_json::from_slice::<Vec<ApiError>>(&answer.body).unwrap_or_default();
    if let Some(first) = errors.first() {
        return Err(by_code(answer, first, object));
    }
    // Userinfo answers a bare text, and gateways answer nothing at all.
    if status == StatusCode::UNAUTHORIZED || answer.body.starts_with(b"Bad_OAuth_Token") {
        return Err(Refusal::Expired);
    }
    tracing::info!(status = status.as_u16(), object, "an error answer without a code");
    Err(Error::malformed(status.as_u16()).into())
}

/// The same for one part of a composite answer, which has no headers of its own. The whole answer was to a valid
/// session, so that a part without one is nothing known.
pub(crate) fn check_part(status: u16, body: &[u8], object: &str) -> Result<(), Error> {
    let part = Answer {
        status: StatusCode::from_u16(status).map_err(|_| Error::malformed(status))?,
        headers: HeaderMap::new(),
        body: body.to_vec(),
        facts: ServerFacts::default(),
    };
    check(&part, object).map_err(|refusal| match refusal {
        Refusal::Expired => Error::malformed(status),
        Refusal::Other(error) => error,
    })
}

fn by_code(answer: &Answer, error: &ApiError, object: &str) -> Refusal {
    let code = error.error_code.as_str();
    tracing::info!(
        code = safe_code(code),
        status = answer.status.as_u16(),
        object,
        "refused"
    );
    match code {
        "INVALID_SESSION_ID" => Refusal::Expired,
        "REQUEST_LIMIT_EXCEEDED" => wait(answer, WaitReason::RequestLimit, REQUEST_LIMIT_PAUSE).into(),
        "SERVER_UNAVAILABLE" | "UNABLE_TO_LOCK_ROW" | "QUERY_TIMEOUT" | "INSTANCE_UNAVAILABLE" => {
            wait(answer, WaitReason::ServerBusy, BUSY_PAUSE).into()
        }
        "API_DISABLED_FOR_ORG" | "API_CURRENTLY_DISABLED" => {
            Error::AskAdmin(Missing::Permission("API Enabled".into())).into()
        }
        "INVALID_FIELD" => Error::AskAdmin(Missing::Field(field(&error.message, object))).into(),
        "INVALID_TYPE"
        | "NOT_FOUND"
        | "INSUFFICIENT_ACCESS"
        | "INSUFFICIENT_ACCESS_OR_READONLY"
        | "INSUFFICIENT_ACCESS_ON_CROSS_REFERENCE_ENTITY"
        | "FUNCTIONALITY_NOT_ENABLED" => Error::AskAdmin(Missing::Object(object.into())).into(),
        other => Error::Unexpected {
            code: safe_code(other),
            status: answer.status.as_u16(),
        }
        .into(),
    }
}

/// `Object.Field` from "No such column 'Field' on entity 'Object'"; the object alone when it says otherwise.
fn field(message: &str, object: &str) -> String {
    let quoted = message
        .split_once("No such column '")
        .and_then(|(_, rest)| rest.split_once('\''));
    match quoted {
        Some((name, rest)) => {
            let entity = rest
                .split_once("on entity '")
                .and_then(|(_, rest)| rest.split_once('\''));
            let entity = entity.map_or(object, |(entity, _)| entity);
            format!("{}.{}", safe_code(entity), safe_code(name))
        }
        None => object.into(),
    }
}

fn wait(answer: &Answer, reason: WaitReason, pause: Duration) -> Error {
    Error::WaitUntil {
        until: until(answer.retry_after().unwrap_or(pause)),
        reason,
    }
}

/// The time after this pause, which is kept within a day.
pub(crate) fn until(pause: Duration) -> Timestamp {
    let pause = SignedDuration::try_from(pause.min(LONGEST_PAUSE)).unwrap_or_default();
    Timestamp::now().checked_add(pause).unwrap_or(Timestamp::MAX)
}

/// How long a busy token endpoint asks to wait.
pub(crate) fn busy_until(answer: &Answer) -> Timestamp {
    until(answer.retry_after().unwrap_or(BUSY_PAUSE))
}

#[cfg(test)]
mod tests {
    use super::*;
    use reqwest::header::{HeaderName, HeaderValue};

    fn answer(status: u16, headers: &[(&'static str, &'static str)], body: &str) -> Answer {
        let headers: HeaderMap = headers
            .iter()
            .map(|(name, value)| (HeaderName::from_static(name), HeaderValue::from_static(value)))
            .collect();
        let status = StatusCode::from_u16(status).unwrap();
        Answer {
            status,
            headers,
            body: body.into(),
            facts: ServerFacts::default(),
        }
    }

    fn refusal(status: u16, body: &str) -> Refusal {
        check(&answer(status, &[], body), "AgentWork").unwrap_err()
    }

    #[test]
    fn documented_errors_become_their_remedies() {
        let expired = r#"[{"message":"Session expired or invalid","errorCode":"INVALID_SESSION_ID"}]"#;
        assert_eq!(refusal(401, expired), Refusal::Expired);
        assert_eq!(refusal(403, "Bad_OAuth_Token"), Refusal::Expired);
        let field = r#"[{"message":"x\nERROR at Row:1:Column:8\nNo such column 'DeveloperName' on entity 'ServicePresenceStatus'. If","errorCode":"INVALID_FIELD"}]"#;
        let missing = Missing::Field("ServicePresenceStatus.DeveloperName".into());
        assert_eq!(refusal(400, field), Error::AskAdmin(missing).into());
        let object =
            r#"[{"message":"sObject type 'AgentWork' is not supported.","errorCode":"INVALID_TYPE"}]"#;
        assert_eq!(
            refusal(400, object),
            Error::AskAdmin(Missing::Object("AgentWork".into())).into()
        );
        let other = r#"[{"message":"secret","errorCode":"APEX_ERROR"}]"#;
        let unexpected = Error::Unexpected {
            code: "APEX_ERROR".into(),
            status: 500,
        };
        assert_eq!(refusal(500, other), unexpected.into());
    }

    #[test]
    fn the_limit_and_a_busy_server_name_a_time() {
        let now = Timestamp::now();
        let seconds = |refusal: Refusal| match refusal {
            Refusal::Other(Error::WaitUntil { until, .. }) => until.duration_since(now).as_secs(),
            other => panic!("{other:?}"),
        };
        let limit = r#"[{"message":"TotalRequests Limit exceeded.","errorCode":"REQUEST_LIMIT_EXCEEDED"}]"#;
        assert!((900..=901).contains(&seconds(refusal(403, limit))));
        let busy = |headers: &[(&'static str, &'static str)]| {
            seconds(check(&answer(503, headers, "<html>"), "x").unwrap_err())
        };
        assert!((120..=121).contains(&busy(&[("retry-after", "120")])));
        assert!((30..=31).contains(&busy(&[])));
        let date = "Tue, 15 Nov 1994 08:12:31 GMT";
        assert!((60..=61).contains(&busy(&[
            ("date", date),
            ("retry-after", "Tue, 15 Nov 1994 08:13:31 GMT")
        ])));
        assert!((86_400..=86_401).contains(&busy(&[("retry-after", "18446744073709551615")])));
    }

    #[test]
    fn pages_and_redirects_are_not_salesforce() {
        assert_eq!(refusal(403, "<html>sign in</html>"), Error::NotSalesforce.into());
        assert_eq!(refusal(302, ""), Error::NotSalesforce.into());
        assert_eq!(
            check(&answer(200, &[], "<html>"), "x"),
            Err(Error::NotSalesforce.into())
        );
        assert_eq!(check(&answer(200, &[], "{}"), "x"), Ok(()));
        assert_eq!(refusal(500, "oops"), Error::malformed(500).into());
    }
}
