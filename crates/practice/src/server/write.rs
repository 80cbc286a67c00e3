//! Records that can be written by REST: PushTopics. Presence and work cannot, as in Salesforce.

use axum::body::{Body, to_bytes};
use axum::http::{Method, StatusCode};
use serde_json::{Value, json};

use super::rest::Refused;
use super::shared::Shared;
use crate::org::Unwritable;

/// Of the body, bytes.
const LARGEST: usize = 1 << 20;

/// What a write answers: 201 with a body, or 204.
pub(super) type Written = Result<(StatusCode, Option<Value>), Refused>;

/// Whether a request writes a record.
pub(super) fn is_write(method: &Method) -> bool {
    matches!(*method, Method::POST | Method::PATCH | Method::DELETE)
}

/// `POST sobjects/PushTopic`, `PATCH` and `DELETE sobjects/PushTopic/ID`.
pub(super) async fn push_topic(
    shared: &std::sync::Arc<Shared>,
    method: &Method,
    path: &[&str],
    body: Body,
) -> Written {
    let missing = || {
        Refused::new(
            StatusCode::NOT_FOUND,
            "NOT_FOUND",
            "The requested resource does not exist",
        )
    };
    match (method, path) {
        (&Method::POST, []) => {
            let body = object(body).await?;
            let id = shared
                .change(|org, now| org.create_push_topic(now, body))
                .map_err(refused)?;
            let answer = json!({ "id": id, "success": true, "errors": [] });
            Ok((StatusCode::CREATED, Some(answer)))
        }
        (&Method::PATCH, [id]) => {
            let id = id.parse().map_err(|_| missing())?;
            let body = object(body).await?;
            let found = shared
                .change(|org, now| org.change_push_topic(now, id, body))
                .map_err(refused)?;
            found
                .then_some((StatusCode::NO_CONTENT, None))
                .ok_or_else(missing)
        }
        (&Method::DELETE, [id]) => {
            let id = id.parse().map_err(|_| missing())?;
            let found = shared.change(|org, _| org.delete_push_topic(id));
            found
                .then_some((StatusCode::NO_CONTENT, None))
                .ok_or_else(missing)
        }
        _ => Err(Refused::new(
            StatusCode::METHOD_NOT_ALLOWED,
            "METHOD_NOT_ALLOWED",
            &format!("HTTP Method '{method}' not allowed here"),
        )),
    }
}

async fn object(body: Body) -> Result<serde_json::Map<String, Value>, Refused> {
    let refused = |message: &str| Refused::new(StatusCode::BAD_REQUEST, "JSON_PARSER_ERROR", message);
    let bytes = to_bytes(body, LARGEST)
        .await
        .map_err(|_| refused("The body is too long or was cut off"))?;
    serde_json::from_slice(&bytes).map_err(|error| refused(&format!("The body is no JSON object: {error}")))
}

fn refused(error: Unwritable) -> Refused {
    Refused {
        status: StatusCode::BAD_REQUEST,
        body: json!([error]),
    }
}
