//! The panel's page, its sign-in, and what they load.

use std::sync::Arc;

use axum::Router;
use axum::extract::{Form, State};
use axum::http::{HeaderMap, HeaderName, HeaderValue, header};
use axum::response::{IntoResponse, Redirect, Response};
use axum::routing::get;
use serde::Deserialize;

use crate::org::RepKey;
use crate::server::{Shared, lock};

const PANEL: &str = include_str!("../../assets/ccp/panel.html");
const SIGN_IN: &str = include_str!("../../assets/ccp/sign_in.html");
const FILES: [(&str, &str, &str); 3] = [
    (
        "/ccp-v2/panel.js",
        "text/javascript; charset=utf-8",
        include_str!("../../assets/ccp/panel.js"),
    ),
    (
        "/ccp-v2/streams.js",
        "text/javascript; charset=utf-8",
        include_str!("../../assets/ccp/streams.js"),
    ),
    (
        "/ccp-v2/panel.css",
        "text/css; charset=utf-8",
        include_str!("../../assets/ccp/panel.css"),
    ),
];

pub(super) fn routes() -> Router<Arc<Shared>> {
    let router = Router::new()
        .route("/ccp-v2/", get(panel))
        .route("/login", get(sign_in).post(signed_in));
    FILES.iter().fold(router, |router, (path, kind, text)| {
        router.route(
            path,
            get(async move || {
                let headers = [(header::CONTENT_TYPE, *kind), (header::CACHE_CONTROL, "no-store")];
                (headers, *text)
            }),
        )
    })
}

/// Whose browser this is.
pub(super) fn rep_of(shared: &Shared, headers: &HeaderMap) -> Option<RepKey> {
    let name = cookie(shared);
    let cookies = headers.get_all(header::COOKIE).iter();
    let mut pairs = cookies
        .filter_map(|cookies| cookies.to_str().ok())
        .flat_map(|cookies| cookies.split(';'));
    let key = pairs.find_map(|pair| pair.trim().strip_prefix(&name)?.strip_prefix('='))?;
    lock(&shared.ccp).rep(key)
}

/// Cookies know no ports: each practice org has a name of its own.
fn cookie(shared: &Shared) -> String {
    format!("practice-ccp-{}", shared.port)
}

async fn panel(State(shared): State<Arc<Shared>>, headers: HeaderMap) -> Response {
    if rep_of(&shared, &headers).is_none() {
        let signs_in = shared.read(|org| org.settings().ccp_signs_in.clone());
        return match signs_in {
            Some(user) => sign_in_as(&shared, &user),
            None => Redirect::to("/login").into_response(),
        };
    }
    // As Amazon Connect does with its list of approved origins.
    let ancestors = shared.read(|org| match &org.settings().ccp_approved_origins {
        Some(origins) if origins.is_empty() => "'none'".to_owned(),
        Some(origins) => origins.join(" "),
        None => "http://localhost:*".to_owned(),
    });
    page(PANEL, &ancestors)
}

async fn sign_in() -> Response {
    page(SIGN_IN, "'none'")
}

#[derive(Deserialize)]
struct SignIn {
    user: String,
}

async fn signed_in(State(shared): State<Arc<Shared>>, Form(form): Form<SignIn>) -> Response {
    sign_in_as(&shared, &form.user)
}

fn sign_in_as(shared: &Shared, user: &str) -> Response {
    let Ok(rep) = shared.read(|org| org.find_rep(user)) else {
        return Redirect::to("/login").into_response();
    };
    let key = lock(&shared.ccp).begin(rep);
    let cookie = format!("{}={key}; Path=/; HttpOnly; SameSite=Lax", cookie(shared));
    let mut response = Redirect::to("/ccp-v2/").into_response();
    if let Ok(cookie) = HeaderValue::from_str(&cookie) {
        response.headers_mut().insert(header::SET_COOKIE, cookie);
    }
    response
}

fn page(html: &'static str, ancestors: &str) -> Response {
    let policy = format!(
        "default-src 'self'; base-uri 'none'; form-action 'self'; object-src 'none'; frame-ancestors {ancestors}"
    );
    let headers: [(HeaderName, String); 4] = [
        (header::CONTENT_TYPE, "text/html; charset=utf-8".to_owned()),
        (header::CACHE_CONTROL, "no-store".to_owned()),
        (header::CONTENT_SECURITY_POLICY, policy),
        (header::REFERRER_POLICY, "same-origin".to_owned()),
    ];
    (headers, html).into_response()
}
