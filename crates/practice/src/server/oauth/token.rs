//! The token and revocation endpoints.

use std::sync::Arc;

use axum::Json;
use axum::body::Bytes;
use axum::extract::{RawQuery, State};
use axum::http::{StatusCode, header};
use axum::response::{IntoResponse, Response};
use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;
use serde_json::json;
use sha2::{Digest as _, Sha256};

use super::{parameter, parameters};
use crate::auth::{Issued, TokenError};
use crate::server::shared::{Shared, now};

pub(super) async fn token(State(shared): State<Arc<Shared>>, form: Bytes) -> Response {
    let parameters = parameters(&form);
    let given = |name| parameter(&parameters, name);
    let required = |names: &[&'static str]| names.iter().all(|name| !given(name).is_empty());
    let issued = match given("grant_type") {
        "authorization_code" if !required(&["code", "client_id", "redirect_uri", "code_verifier"]) => {
            Err(TokenError {
                error: "invalid_request",
                description: "code, client_id, redirect_uri and code_verifier are required",
            })
        }
        "authorization_code" => shared.exchange_code(
            given("code"),
            given("client_id"),
            given("redirect_uri"),
            given("code_verifier"),
        ),
        "refresh_token" if !required(&["refresh_token", "client_id"]) => Err(TokenError {
            error: "invalid_request",
            description: "refresh_token and client_id are required",
        }),
        "refresh_token" => shared.refresh_session(given("refresh_token"), given("client_id")),
        _ => Err(TokenError {
            error: "unsupported_grant_type",
            description: "grant type not supported; use authorization_code or refresh_token",
        }),
    };
    match issued {
        Ok(issued) => answer(&shared, &issued),
        Err(error) => error.into_response(),
    }
}

fn answer(shared: &Shared, issued: &Issued) -> Response {
    let id = shared.identity_url(issued.user);
    let issued_at = now().as_millisecond().to_string();
    // Salesforce signs these two with the app's secret; desktop apps have none, so nobody can check it.
    let signature = STANDARD.encode(Sha256::digest(format!("{id}{issued_at}")));
    let mut body = json!({
        "access_token": issued.access_token,
        "signature": signature,
        "scope": issued.scope,
        "instance_url": shared.url,
        "id": id,
        "token_type": "Bearer",
        "issued_at": issued_at,
    });
    if let Some(refresh_token) = &issued.refresh_token {
        body["refresh_token"] = refresh_token.as_str().into();
    }
    ([(header::CACHE_CONTROL, "no-store")], Json(body)).into_response()
}

pub(super) async fn revoke(
    State(shared): State<Arc<Shared>>,
    RawQuery(query): RawQuery,
    form: Bytes,
) -> Response {
    let mut given = parameters(query.unwrap_or_default().as_bytes());
    given.extend(parameters(&form));
    match shared.revoke(parameter(&given, "token")) {
        Ok(()) => StatusCode::OK.into_response(),
        Err(error) => error.into_response(),
    }
}

impl IntoResponse for TokenError {
    fn into_response(self) -> Response {
        let body = json!({ "error": self.error, "error_description": self.description });
        let headers = [(header::CACHE_CONTROL, "no-store")];
        (StatusCode::BAD_REQUEST, headers, Json(body)).into_response()
    }
}
