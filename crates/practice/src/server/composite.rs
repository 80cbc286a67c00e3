//! `POST composite`: several reads in one request, which counts as one API call.
//!
//! As in Salesforce: at most 25 subrequests, at most 5 of them queries, each answered with its own status.
//! References from one subrequest to another (`@{…}`) are not understood here.

use axum::body::{Body, to_bytes};
use axum::http::StatusCode;
use serde::Deserialize;
use serde_json::{Value, json};

use super::rest::{Answer, Refused, subrequest};
use super::shared::Shared;

const MOST: usize = 25;
const MOST_QUERIES: usize = 5;
/// Of the body, bytes.
const LARGEST: usize = 1 << 20;

#[derive(Deserialize)]
#[serde(rename_all = "camelCase")]
struct Composite {
    composite_request: Vec<Subrequest>,
}

#[derive(Deserialize)]
#[serde(rename_all = "camelCase")]
struct Subrequest {
    method: String,
    url: String,
    reference_id: String,
}

pub(super) async fn answer(shared: &Shared, body: Body, usage: (u64, u64)) -> Answer {
    let refused = |code: &str, message: &str| Refused::new(StatusCode::BAD_REQUEST, code, message);
    let body = to_bytes(body, LARGEST)
        .await
        .map_err(|_| refused("JSON_PARSER_ERROR", "The body is too long or was cut off"))?;
    let composite: Composite = serde_json::from_slice(&body).map_err(|error| {
        refused(
            "JSON_PARSER_ERROR",
            &format!("The body is no composite request: {error}"),
        )
    })?;
    let requests = composite.composite_request;
    let queries = requests.iter().filter(|request| request.is_query()).count();
    if requests.len() > MOST || queries > MOST_QUERIES {
        let message = format!("At most {MOST} subrequests, and at most {MOST_QUERIES} queries among them");
        return Err(refused("LIMIT_EXCEEDED", &message));
    }
    let answers: Vec<Value> = requests
        .iter()
        .map(|request| request.answer(shared, usage))
        .collect();
    Ok(json!({ "compositeResponse": answers }))
}

impl Subrequest {
    fn is_query(&self) -> bool {
        let path = self.url.split('?').next().unwrap_or_default();
        path.ends_with("/query") || path.ends_with("/queryAll")
    }

    fn answer(&self, shared: &Shared, usage: (u64, u64)) -> Value {
        let answer = if self.method.eq_ignore_ascii_case("GET") {
            subrequest(shared, &self.url, usage)
        } else {
            let message = format!("HTTP Method '{}' not allowed. Allowed are HEAD,GET", self.method);
            let status = StatusCode::METHOD_NOT_ALLOWED;
            Err(Refused::new(status, "METHOD_NOT_ALLOWED", &message))
        };
        let (status, body) = match answer {
            Ok(body) => (StatusCode::OK, body),
            Err(refused) => (refused.status, refused.body),
        };
        json!({
            "body": body,
            "httpHeaders": {},
            "httpStatusCode": status.as_u16(),
            "referenceId": self.reference_id,
        })
    }
}
