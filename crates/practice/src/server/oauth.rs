//! The OAuth endpoints: authorize with a consent page, token, revoke, userinfo, identity.

mod authorize;
mod identity;
mod token;

use std::collections::BTreeMap;
use std::sync::Arc;

use axum::Router;
use axum::http::{HeaderMap, header};
use axum::routing::{get, post};

use super::shared::Shared;

pub(super) fn routes() -> Router<Arc<Shared>> {
    Router::new()
        .route(
            "/services/oauth2/authorize",
            get(authorize::ask).post(authorize::decide),
        )
        .route("/services/oauth2/token", post(token::token))
        .route("/services/oauth2/revoke", get(token::revoke).post(token::revoke))
        .route(
            "/services/oauth2/userinfo",
            get(identity::userinfo).post(identity::userinfo),
        )
        .route(
            "/id/{org}/{user}",
            get(identity::identity).post(identity::identity),
        )
}

/// The parameters of a query or a form, the last of a name wins.
pub(super) type Parameters = BTreeMap<String, String>;

pub(super) fn parameters(encoded: &[u8]) -> Parameters {
    url::form_urlencoded::parse(encoded).into_owned().collect()
}

fn parameter<'p>(parameters: &'p Parameters, name: &str) -> &'p str {
    parameters.get(name).map_or("", String::as_str)
}

/// The access token of a request: `Authorization: Bearer …`, or `OAuth …` as older clients write it.
pub(super) fn bearer(headers: &HeaderMap) -> Option<&str> {
    let value = headers.get(header::AUTHORIZATION)?.to_str().ok()?;
    let (scheme, token) = value.split_once(' ')?;
    let known = scheme.eq_ignore_ascii_case("bearer") || scheme.eq_ignore_ascii_case("oauth");
    known.then(|| token.trim())
}
