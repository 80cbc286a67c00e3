//! Salesforce in maintenance, when a trainer or a test says so (setting `outage`).

use std::sync::Arc;

use axum::Json;
use axum::extract::{Request, State};
use axum::http::StatusCode;
use axum::middleware::Next;
use axum::response::{IntoResponse, Response};
use serde_json::json;

use super::shared::Shared;

pub(super) async fn refuse(State(shared): State<Arc<Shared>>, request: Request, next: Next) -> Response {
    if !shared.read(|org| org.settings().outage) {
        return next.run(request).await;
    }
    let body = json!([{
        "message": "We are down for maintenance. Sorry for the inconvenience. We'll be back shortly.",
        "errorCode": "SERVER_UNAVAILABLE",
    }]);
    (StatusCode::SERVICE_UNAVAILABLE, Json(body)).into_response()
}
