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

    pub(crate) fn bad_frame(why: &str) -> Self {
        let detail = format!("Holdline could not use this frame ({why}): update the phone or Holdline.");
        Self::new(StatusCode::BAD_REQUEST, "bad_frame", detail)
    }

    pub(crate) fn user_missing() -> Self {
        let detail = "A phone with a token from the machine's policy must say whose it is: register it with `user`, \
                      the rep's Salesforce username.";
        Self::new(StatusCode::FORBIDDEN, "user_missing", detail)
    }

    pub(crate) fn unknown_token() -> Self {
        let detail = "This phone's token is not known here, and phones are not paired by code on this machine: ask \
                      your administrator for a token.";
        Self::new(StatusCode::FORBIDDEN, "unknown_token", detail)
    }

    pub(crate) fn pairing_refused() -> Self {
        let detail = "The pairing was refused in Holdline, or nobody confirmed it in time: connect again and \
                      compare the code.";
        Self::new(StatusCode::FORBIDDEN, "pairing_refused", detail)
    }

    pub(crate) fn rights() -> Self {
        let detail = "This phone's token only lets it report: ask for one with the right `control`.";
        Self::new(StatusCode::FORBIDDEN, "rights", detail)
    }

    pub(crate) fn revoked() -> Self {
        let detail =
            "This phone's token has been revoked: ask whoever handed it out for a new one, or pair again.";
        Self::new(StatusCode::UNAUTHORIZED, "revoked", detail)
    }

    pub(crate) fn replaced() -> Self {
        let detail = "Another phone of this rep has joined Holdline in this one's place.";
        Self::new(StatusCode::CONFLICT, "replaced", detail)
    }

    pub(crate) fn unknown_phone_session() -> Self {
        let detail = "This phone's session is over, or it was not heard of for too long: register again.";
        Self::new(StatusCode::UNAUTHORIZED, "unknown_session", detail)
    }

    pub(crate) fn name_taken() -> Self {
        let detail = "There is a token of this name already: revoke it first, or choose another name.";
        Self::new(StatusCode::CONFLICT, "name_taken", detail)
    }

    pub(crate) fn unkept(reason: &str) -> Self {
        Self::new(StatusCode::INTERNAL_SERVER_ERROR, "unkept", reason)
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

    pub(crate) fn used_up() -> Self {
        let detail =
            "This page was let in before, or Holdline has been started anew: open it from Holdline again.";
        Self::new(StatusCode::UNAUTHORIZED, "used_up", detail)
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
