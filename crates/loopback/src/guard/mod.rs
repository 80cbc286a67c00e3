//! Who may speak to which route at all, before anything is read.
//!
//! A page anywhere on the web can make a browser send requests here. What it cannot do: leave out or forge
//! `Origin` on a cross-origin request, forge `Host` (not even by DNS rebinding), or send JSON without a
//! preflight that asks first.

mod host;
mod origin;
mod rate;
mod salesforce;

use std::sync::Arc;

use axum::Router;
use axum::extract::{DefaultBodyLimit, Request, State};
use axum::http::header::{CACHE_CONTROL, CONTENT_TYPE, HeaderValue, X_CONTENT_TYPE_OPTIONS};
use axum::http::{Method, StatusCode};
use axum::middleware::{self, Next};
use axum::response::{IntoResponse, Response};

pub(crate) use host::is_ours;
pub(crate) use rate::Rate;

use crate::problem::Refusal;
use crate::signed_in::Current;
use crate::stop::Stop;

/// No body and no WebSocket message may be longer, bytes.
pub(crate) const BODY_LIMIT: usize = 256 * 1024;

/// For routes that the signed-in org's pages may call, with CORS.
pub(crate) fn open_to_org(routes: Router, current: Current) -> Router {
    with_methods(routes)
        .layer(origin::cors(current.clone()))
        .layer(middleware::from_fn_with_state(current, origin::of_org))
}

/// For routes that pages of these origins may call, with CORS, and no others.
pub(crate) fn open_to_listed(routes: Router, origins: Vec<String>) -> Router {
    let origins: Arc<[String]> = origins.into();
    with_methods(routes)
        .layer(origin::cors_of(Arc::clone(&origins)))
        .layer(middleware::from_fn_with_state(origins, origin::of_list))
}

/// For routes that no web page may call.
pub(crate) fn closed_to_pages(routes: Router) -> Router {
    with_methods(routes).layer(middleware::from_fn(origin::none))
}

/// For that page's own files.
pub(crate) fn of_own_page(routes: Router, port: u16) -> Router {
    with_methods(routes).layer(middleware::from_fn_with_state(port, origin::own_or_none))
}

/// For routes that only the page from this very door may call.
pub(crate) fn open_to_own_page(routes: Router, port: u16) -> Router {
    with_methods(routes).layer(middleware::from_fn_with_state(port, origin::own))
}

/// Before the layers, so that these lie around it too: a preflight is a request of another method.
fn with_methods(routes: Router) -> Router {
    routes.method_not_allowed_fallback(async || Refusal::wrong_method())
}

/// For all routes together.
pub(crate) fn around(routes: Router, port: u16, stop: Stop) -> Router {
    routes
        .fallback(async || Refusal::not_found())
        .layer(DefaultBodyLimit::max(BODY_LIMIT))
        .layer(middleware::from_fn_with_state((port, stop), every))
}

async fn every(State((port, stop)): State<(u16, Stop)>, request: Request, next: Next) -> Response {
    let mut response = match admit(port, &stop, &request) {
        Ok(()) => next.run(request).await,
        Err(refusal) => {
            tracing::warn!(code = refusal.code(), path = request.uri().path(), "refused");
            refusal.into_response()
        }
    };
    let headers = response.headers_mut();
    headers.insert(CACHE_CONTROL, HeaderValue::from_static("no-store"));
    headers.insert(X_CONTENT_TYPE_OPTIONS, HeaderValue::from_static("nosniff"));
    response
}

fn admit(port: u16, stop: &Stop, request: &Request) -> Result<(), Refusal> {
    if !is_ours(request.headers(), port) {
        return Err(Refusal::wrong_host());
    }
    if stop.said() {
        return Err(Refusal::shutting_down());
    }
    // Routes with a body insist on JSON themselves; those without must not be reachable by a form either.
    let kind = request.headers().get(CONTENT_TYPE);
    if request.method() == Method::POST && kind.is_some_and(|kind| !is_json(kind)) {
        let detail = "Only JSON is taken here: send Content-Type: application/json.";
        return Err(Refusal::bad_request(StatusCode::UNSUPPORTED_MEDIA_TYPE, detail));
    }
    Ok(())
}

fn is_json(kind: &HeaderValue) -> bool {
    let essence = kind
        .to_str()
        .unwrap_or_default()
        .split(';')
        .next()
        .unwrap_or_default();
    essence.trim().eq_ignore_ascii_case("application/json")
}
