//! The `Origin` checks, and CORS for the org's own pages.

use std::sync::Arc;
use std::time::Duration;

use axum::extract::{Request, State};
use axum::http::header::{
    ACCESS_CONTROL_ALLOW_ORIGIN, AUTHORIZATION, CONTENT_TYPE, HeaderName, HeaderValue, ORIGIN,
};
use axum::http::{HeaderMap, Method};
use axum::middleware::Next;
use axum::response::{IntoResponse, Response};
use tower_http::cors::{AllowOrigin, AllowPrivateNetwork, CorsLayer};

use super::salesforce::may_be_a_console;
use crate::problem::Refusal;
use crate::signed_in::Current;

/// Chromium keeps a preflight's answer at most two hours.
const PREFLIGHT_AGE: Duration = Duration::from_secs(7200);

// Private Network Access (Chromium until 141) is named after its successor in newer drafts.
const REQUEST_LOCAL_NETWORK: HeaderName = HeaderName::from_static("access-control-request-local-network");
const ALLOW_LOCAL_NETWORK: HeaderName = HeaderName::from_static("access-control-allow-local-network");

/// Exact echo of an allowed origin, never a wildcard, `Vary: Origin`, preflights.
pub(super) fn cors(current: Current) -> CorsLayer {
    let allows = move |origin: &HeaderValue, path: &str| {
        current.allows(origin.as_bytes()) || learns_only_that_nobody(&current, origin, path)
    };
    of_origins(allows)
        .allow_methods([Method::GET, Method::POST])
        .allow_headers([CONTENT_TYPE])
}

/// The same for a list of origins, and what REST needs.
pub(super) fn cors_of(origins: Arc<[String]>) -> CorsLayer {
    of_origins(move |origin, _| is_listed(&origins, origin.as_bytes()))
        .allow_methods([Method::DELETE, Method::GET, Method::POST, Method::PUT])
        .allow_headers([AUTHORIZATION, CONTENT_TYPE])
}

fn of_origins(allows: impl Fn(&HeaderValue, &str) -> bool + Clone + Send + Sync + 'static) -> CorsLayer {
    CorsLayer::new()
        .allow_origin(AllowOrigin::predicate(move |origin, request| {
            allows(origin, request.uri.path())
        }))
        .allow_private_network(AllowPrivateNetwork::yes())
        .max_age(PREFLIGHT_AGE)
}

fn is_listed(origins: &[String], origin: &[u8]) -> bool {
    origins.iter().any(|listed| listed.as_bytes() == origin)
}

/// Lets requests without an origin (no page) and those of the signed-in org's pages through.
pub(super) async fn of_org(State(current): State<Current>, request: Request, next: Next) -> Response {
    if let Err(refusal) = check(&current, request.uri().path(), request.headers()) {
        tracing::warn!(code = refusal.code(), path = request.uri().path(), "refused");
        return refusal.into_response();
    }
    with_local_network(request, next).await
}

/// Lets requests without an origin (no page) and those of listed origins' pages through.
pub(super) async fn of_list(State(origins): State<Arc<[String]>>, request: Request, next: Next) -> Response {
    let mut given = request.headers().get_all(ORIGIN).iter();
    let allowed = match (given.next(), given.next()) {
        (None, _) => true,
        (Some(origin), None) => is_listed(&origins, origin.as_bytes()),
        (Some(_), Some(_)) => false,
    };
    if !allowed {
        tracing::warn!(code = "wrong_origin", path = request.uri().path(), "refused");
        return Refusal::wrong_origin().into_response();
    }
    with_local_network(request, next).await
}

/// Chromium asks in a preflight whether the page may reach this machine at all.
async fn with_local_network(request: Request, next: Next) -> Response {
    let asks_local = request
        .headers()
        .get(REQUEST_LOCAL_NETWORK)
        .is_some_and(|asks| asks == "true");
    let mut response = next.run(request).await;
    if asks_local && response.headers().contains_key(ACCESS_CONTROL_ALLOW_ORIGIN) {
        response
            .headers_mut()
            .insert(ALLOW_LOCAL_NETWORK, HeaderValue::from_static("true"));
    }
    response
}

/// Whether this origin may read that nobody is signed in, so that a rep's console can name the remedy. The route
/// tells no ids to an origin that is not the org's.
fn learns_only_that_nobody(current: &Current, origin: &HeaderValue, path: &str) -> bool {
    current.rep().is_none() && path == wire::identity::PATH && may_be_a_console(origin.as_bytes())
}

fn check(current: &Current, path: &str, headers: &HeaderMap) -> Result<(), Refusal> {
    let mut origins = headers.get_all(ORIGIN).iter();
    match (origins.next(), origins.next()) {
        (None, _) => Ok(()),
        (Some(origin), None) if current.allows(origin.as_bytes()) => Ok(()),
        (Some(origin), None) if learns_only_that_nobody(current, origin, path) => Ok(()),
        (Some(_), None) if current.rep().is_none() => Err(Refusal::not_signed_in()),
        _ => Err(Refusal::wrong_origin()),
    }
}

/// Lets only requests without an origin through: a page can't send none.
pub(super) async fn none(request: Request, next: Next) -> Response {
    if request.headers().contains_key(ORIGIN) {
        return wrong(&request);
    }
    next.run(request).await
}

/// Lets only requests of the page at `http://localhost:PORT` through.
pub(super) async fn own(State(port): State<u16>, request: Request, next: Next) -> Response {
    if is_own(&request, port) != Some(true) {
        return wrong(&request);
    }
    next.run(request).await
}

/// Lets only requests of that page and those without an origin through.
pub(super) async fn own_or_none(State(port): State<u16>, request: Request, next: Next) -> Response {
    if is_own(&request, port) == Some(false) {
        return wrong(&request);
    }
    next.run(request).await
}

/// `None`: there is no origin.
fn is_own(request: &Request, port: u16) -> Option<bool> {
    let ours = format!("http://localhost:{port}");
    let mut origins = request.headers().get_all(ORIGIN).iter();
    let first = origins.next()?;
    Some(first.as_bytes() == ours.as_bytes() && origins.next().is_none())
}

fn wrong(request: &Request) -> Response {
    tracing::warn!(code = "wrong_origin", path = request.uri().path(), "refused");
    Refusal::wrong_origin().into_response()
}
