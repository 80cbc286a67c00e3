//! Who is signed in: userinfo and the identity URL.

use std::sync::Arc;

use axum::Json;
use axum::extract::{Path, RawQuery, State};
use axum::http::{HeaderMap, StatusCode};
use axum::response::{IntoResponse, Response};
use serde_json::{Value, json};

use super::{bearer, parameter, parameters};
use crate::org::RepKey;
use crate::server::shared::Shared;

pub(super) async fn userinfo(
    State(shared): State<Arc<Shared>>,
    RawQuery(query): RawQuery,
    headers: HeaderMap,
) -> Response {
    let Some(user) = signed_in(&shared, &headers, query.as_deref()) else {
        return bad_token();
    };
    let mut body = about(&shared, user);
    body["sub"] = shared.identity_url(user).into();
    body["name"] = body["display_name"].clone();
    body["preferred_username"] = body["username"].clone();
    body["nickname"] = body["nick_name"].clone();
    body["given_name"] = body["first_name"].clone();
    body["family_name"] = body["last_name"].clone();
    body["zoneinfo"] = "UTC".into();
    Json(body).into_response()
}

pub(super) async fn identity(
    State(shared): State<Arc<Shared>>,
    Path((org, user)): Path<(String, String)>,
    RawQuery(query): RawQuery,
    headers: HeaderMap,
) -> Response {
    let Some(signed_in) = signed_in(&shared, &headers, query.as_deref()) else {
        return bad_token();
    };
    let asked = shared.read(|own| {
        let right_org = org.parse() == Ok(own.id);
        right_org.then(|| own.find_rep(&user).ok()).flatten()
    });
    if asked != Some(signed_in) {
        return (StatusCode::FORBIDDEN, "Wrong_Id").into_response();
    }
    let mut body = about(&shared, signed_in);
    body["id"] = shared.identity_url(signed_in).into();
    body["asserted_user"] = true.into();
    Json(body).into_response()
}

fn signed_in(shared: &Shared, headers: &HeaderMap, query: Option<&str>) -> Option<RepKey> {
    let query = parameters(query.unwrap_or_default().as_bytes());
    let in_query = ["oauth_token", "access_token"]
        .iter()
        .map(|name| parameter(&query, name))
        .find(|token| !token.is_empty());
    shared.session(bearer(headers).or(in_query)?)
}

/// Salesforce answers these two endpoints in plain text.
fn bad_token() -> Response {
    (StatusCode::FORBIDDEN, "Bad_OAuth_Token").into_response()
}

fn about(shared: &Shared, key: RepKey) -> Value {
    let url = &shared.url;
    shared.read(|org| {
        let rep = org.rep(key);
        json!({
            "user_id": rep.user_id,
            "organization_id": org.id,
            "username": rep.username(),
            "nick_name": rep.rep,
            "display_name": rep.name(),
            "first_name": rep.first_name,
            "last_name": rep.last_name,
            "email": rep.username(),
            "email_verified": true,
            "active": true,
            "user_type": "STANDARD",
            "language": "en_US",
            "locale": "en_US",
            "utcOffset": 0,
            "urls": {
                "custom_domain": url,
                "rest": format!("{url}/services/data/v{{version}}/"),
                "sobjects": format!("{url}/services/data/v{{version}}/sobjects/"),
                "query": format!("{url}/services/data/v{{version}}/query/"),
            },
        })
    })
}
