//! Every refusal, as [`wire::bridge::Problem`].

use axum::Json;
use axum::http::StatusCode;
use axum::response::{IntoResponse, Response};
use wire::bridge::Problem;

/// A problem with its HTTP status.
#[derive(Clone, Debug)]
pub(crate) struct Refusal(StatusCode, &'static str, String);

impl Refusal {
    fn new(status: StatusCode, code: &'static str, detail: impl Into<String>) -> Self {
        Self(status, code, detail.into())
    }

    pub(crate) fn bad_request(status: StatusCode, detail: impl Into<String>) -> Self {
        Self::new(status, "bad_request", detail)
    }

    pub(crate) fn malformed(detail: impl Into<String>) -> Self {
        Self::bad_request(StatusCode::BAD_REQUEST, detail)
    }

    pub(crate) fn not_found() -> Self {
        Self::new(
            StatusCode::NOT_FOUND,
            "not_found",
            "Holdline has nothing at this path.",
        )
    }

    pub(crate) fn wrong_method() -> Self {
        Self::new(
            StatusCode::METHOD_NOT_ALLOWED,
            "not_found",
            "Holdline has nothing here for this method.",
        )
    }

    pub(crate) fn wrong_host() -> Self {
        let detail = "Holdline answers only to localhost, 127.0.0.1 and [::1] with its own port.";
        Self::new(StatusCode::FORBIDDEN, "wrong_host", detail)
    }

    pub(crate) fn wrong_origin() -> Self {
        let detail = "Web pages other than the signed-in org's own may not talk to Holdline here.";
        Self::new(StatusCode::FORBIDDEN, "wrong_origin", detail)
    }

    pub(crate) fn not_signed_in() -> Self {
        let detail = "Nobody is signed in to Holdline: sign in there, then try again.";
        Self::new(StatusCode::FORBIDDEN, "not_signed_in", detail)
    }

    pub(crate) fn other_org() -> Self {
        let detail = "This Holdline is signed in to another org: ask the next port.";
        Self::new(StatusCode::FORBIDDEN, "other_org", detail)
    }

    pub(crate) fn other_user() -> Self {
        let detail = "This Holdline belongs to another rep: ask the next port.";
        Self::new(StatusCode::FORBIDDEN, "other_user", detail)
    }

    pub(crate) fn protocol(ours: wire::identity::Range) -> Self {
        let detail = format!(
            "No common protocol version; this Holdline speaks {} to {}. Update the older side.",
            ours.min, ours.max
        );
        Self::new(StatusCode::CONFLICT, "protocol", detail)
    }

    pub(crate) fn superseded() -> Self {
        let detail = "A newer console of this rep has taken over. Say hello again when this one is in front.";
        Self::new(StatusCode::CONFLICT, "superseded", detail)
    }

    pub(crate) fn unknown_session() -> Self {
        Self::new(
            StatusCode::UNAUTHORIZED,
            "unknown_session",
            "This session is over: say hello again.",
        )
    }

    pub(crate) fn unknown_key() -> Self {
        let detail = "The status API wants the key of this run, from status-api.json in the profile.";
        Self::new(StatusCode::UNAUTHORIZED, "unknown_key", detail)
    }

    pub(crate) fn unknown_challenge() -> Self {
        let detail = "This challenge was not posed, has been answered, or is too old: say hello again.";
        Self::new(StatusCode::UNAUTHORIZED, "unknown_session", detail)
    }

    pub(crate) fn wrong_proof() -> Self {
        let detail = "This console's key is not the one that was confirmed: pair it again.";
        Self::new(StatusCode::UNAUTHORIZED, "unknown_key", detail)
    }

    pub(crate) fn too_many() -> Self {
        let detail = "Too many attempts: wait a minute, then try again.";
        Self::new(StatusCode::TOO_MANY_REQUESTS, "too_many", detail)
    }

    pub(crate) fn shutting_down() -> Self {
        Self::new(
            StatusCode::SERVICE_UNAVAILABLE,
            "shutting_down",
            "Holdline is shutting down.",
        )
    }

    pub(crate) fn code(&self) -> &'static str {
        self.1
    }

    pub(crate) fn into_detail(self) -> String {
        self.2
    }
}

impl IntoResponse for Refusal {
    fn into_response(self) -> Response {
        let Self(status, code, detail) = self;
        (
            status,
            Json(Problem {
                code: code.into(),
                detail,
            }),
        )
            .into_response()
    }
}
