//! The practice console's page and what it loads.

use std::sync::Arc;

use axum::Router;
use axum::extract::{Path, State};
use axum::http::{HeaderMap, HeaderName, StatusCode, header};
use axum::response::{IntoResponse, Redirect, Response};
use axum::routing::get;

use crate::server::Shared;

/// An embedded file.
struct Asset {
    path: &'static str,
    kind: &'static str,
    text: &'static str,
}

const CSS: &str = "text/css; charset=utf-8";
const HTML: &str = "text/html; charset=utf-8";
const JS: &str = "text/javascript; charset=utf-8";
const SVG: &str = "image/svg+xml";

macro_rules! asset {
    ($kind:ident, $file:literal) => {
        Asset {
            path: concat!("/assets/", $file),
            kind: $kind,
            text: include_str!(concat!("../../assets/", $file)),
        }
    };
}

const ASSETS: [Asset; 11] = [
    asset!(CSS, "console.css"),
    asset!(JS, "console.js"),
    asset!(JS, "dom.js"),
    asset!(JS, "holdline.js"),
    asset!(JS, "omni.js"),
    asset!(JS, "org.js"),
    asset!(JS, "phone.js"),
    asset!(JS, "trainer.js"),
    asset!(JS, "workspace.js"),
    asset!(SVG, "console.svg"),
    Asset {
        path: "/assets/holdline_partner.js",
        kind: JS,
        text: include_str!("../../../../console-package/partner/holdline_partner.js"),
    },
];

const PAGE: &str = include_str!("../../assets/console.html");
const NOT_FOUND: &str = include_str!("../../assets/not_found.html");

pub(super) fn routes() -> Router<Arc<Shared>> {
    let router = Router::new().route("/console/{rep}", get(console));
    ASSETS.iter().fold(router, |router, asset| {
        let Asset { path, kind, text } = asset;
        router.route(path, get(async move || text_of(StatusCode::OK, kind, text)))
    })
}

async fn console(State(shared): State<Arc<Shared>>, Path(rep): Path<String>, headers: HeaderMap) -> Response {
    if shared.read(|org| org.find_rep(&rep)).is_err() {
        return with_policy(text_of(StatusCode::NOT_FOUND, HTML, NOT_FOUND), &[]);
    }
    let host = headers
        .get(header::HOST)
        .and_then(|host| host.to_str().ok())
        .unwrap_or_default();
    if !host.starts_with("localhost") {
        // The org's own origin, which is the one that a Holdline signed in to it lets in.
        let segment: String = url::form_urlencoded::byte_serialize(rep.as_bytes()).collect();
        return Redirect::temporary(&format!("{}/console/{segment}", shared.url)).into_response();
    }
    let trusted = shared.read(|org| org.settings().trusted_sites);
    let ports: &[u16] = if trusted { &shared.holdline_ports } else { &[] };
    with_policy(text_of(StatusCode::OK, HTML, PAGE), ports)
}

fn text_of(status: StatusCode, kind: &'static str, text: &'static str) -> Response {
    let headers = [
        (header::CONTENT_TYPE, kind),
        (header::CACHE_CONTROL, "no-cache"),
        (header::X_CONTENT_TYPE_OPTIONS, "nosniff"),
    ];
    (status, headers, text).into_response()
}

/// A policy like a Lightning page's: the console reaches Holdline only because an administrator has listed its
/// addresses as CSP Trusted Sites (connect-src).
fn with_policy(response: Response, ports: &[u16]) -> Response {
    let trusted: String = ports
        .iter()
        .map(|port| format!(" http://localhost:{port}"))
        .collect();
    let policy = format!(
        "default-src 'self'; connect-src 'self'{trusted}; base-uri 'none'; form-action 'none'; \
         frame-ancestors 'none'; object-src 'none'"
    );
    let headers: [(HeaderName, String); 2] = [
        (header::CONTENT_SECURITY_POLICY, policy),
        (header::REFERRER_POLICY, "same-origin".to_owned()),
    ];
    (headers, response).into_response()
}

#[cfg(test)]
mod tests;
