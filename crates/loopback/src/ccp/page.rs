//! The page's files.

use axum::extract::{Path, Request, State};
use axum::http::header::{CONTENT_SECURITY_POLICY, CONTENT_TYPE, HOST, REFERRER_POLICY, X_FRAME_OPTIONS};
use axum::http::{HeaderName, HeaderValue, StatusCode};
use axum::middleware::Next;
use axum::response::{Html, IntoResponse, Redirect, Response};

use super::{Ccp, PAGE_PATH};
use crate::problem::Refusal;

/// Name, kind and content of each file of `packages/ccp/dist`.
const FILES: &[(&str, &str, &[u8])] = include!(concat!(env!("OUT_DIR"), "/ccp_files.rs"));

/// What is shown where the page was not built into the program.
const NOT_BUILT: &str = "<!doctype html><html lang=\"en\"><meta charset=\"utf-8\"><title>Holdline</title>\
    <p>This Holdline was built without the page for Amazon Connect. Build it with <code>cargo xtask setup</code>, \
    then Holdline anew.";

const PERMISSIONS_POLICY: HeaderName = HeaderName::from_static("permissions-policy");

pub(super) async fn index(State(ccp): State<Ccp>, request: Request) -> Response {
    let host = request.headers().get(HOST).and_then(|host| host.to_str().ok());
    let named = host.is_some_and(|host| host.to_ascii_lowercase().starts_with("localhost:"));
    if !named || request.uri().path() != PAGE_PATH {
        // Only one origin stands on the instance's list.
        return Redirect::temporary(&format!("{}{PAGE_PATH}", ccp.origin())).into_response();
    }
    match find("index.html") {
        Some(file) => file,
        None => (StatusCode::NOT_FOUND, Html(NOT_BUILT)).into_response(),
    }
}

pub(super) async fn file(Path(name): Path<String>) -> Result<Response, Refusal> {
    find(&name).ok_or_else(Refusal::not_found)
}

fn find(name: &str) -> Option<Response> {
    let (_, kind, content) = FILES.iter().find(|(known, _, _)| *known == name)?;
    Some(([(CONTENT_TYPE, *kind)], *content).into_response())
}

/// The page may show the instance's panel and talk to this door, and nothing else.
pub(super) async fn with_policy(State(ccp): State<Ccp>, request: Request, next: Next) -> Response {
    let mut response = next.run(request).await;
    let (port, panel) = (ccp.0.port, ccp.0.amazon.instance.origin());
    let policy = format!(
        "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self'; \
         connect-src 'self' ws://localhost:{port}; frame-src {panel}; base-uri 'none'; form-action 'none'; \
         frame-ancestors 'none'"
    );
    let permissions = if ccp.0.amazon.softphone {
        format!("camera=(), microphone=(self \"{panel}\"), autoplay=(self \"{panel}\")")
    } else {
        "camera=(), microphone=()".to_owned()
    };
    let headers = response.headers_mut();
    for (name, value) in [
        (CONTENT_SECURITY_POLICY, policy),
        (PERMISSIONS_POLICY, permissions),
        // The panel has to see whose frame it is in.
        (REFERRER_POLICY, "origin".to_owned()),
        (X_FRAME_OPTIONS, "DENY".to_owned()),
    ] {
        if let Ok(value) = HeaderValue::from_str(&value) {
            headers.insert(name, value);
        }
    }
    response
}
