//! Keeps hostile web pages from driving the practice org.
//!
//! A page on the Web can make the rep's browser send requests to loopback. Its requests carry its own
//! `Origin`, or are marked cross-site; a name that was rebound to 127.0.0.1 shows in `Host`.

use std::sync::Arc;

use axum::extract::{Request, State};
use axum::http::{HeaderMap, StatusCode, header};
use axum::middleware::Next;
use axum::response::{IntoResponse, Response};

use super::problem::Problem;
use super::shared::Shared;

const OUR_NAMES: [&str; 3] = ["localhost", "127.0.0.1", "[::1]"];

pub(super) async fn only_our_own(
    State(shared): State<Arc<Shared>>,
    request: Request,
    next: Next,
) -> Response {
    match check(request.headers(), request.uri().host(), shared.port) {
        Ok(()) => next.run(request).await,
        Err(problem) => problem.into_response(),
    }
}

fn check(headers: &HeaderMap, uri_host: Option<&str>, port: u16) -> Result<(), Problem> {
    let text = |name| headers.get(name).map(|value| value.to_str().unwrap_or_default());
    let host = text(header::HOST).or(uri_host).unwrap_or_default();
    if !OUR_NAMES.contains(&without_port(host)) {
        return Err(Problem::new(
            StatusCode::FORBIDDEN,
            "wrong_host",
            "The practice org answers only to localhost, 127.0.0.1 and [::1]. Use one of these in the address.",
        ));
    }
    if let Some(origin) = text(header::ORIGIN) {
        let ours = OUR_NAMES
            .iter()
            .any(|name| origin == format!("http://{name}:{port}"));
        if !ours {
            return Err(foreign_page());
        }
    }
    let navigates = text(header::HeaderName::from_static("sec-fetch-mode")) == Some("navigate");
    if !navigates && text(header::HeaderName::from_static("sec-fetch-site")) == Some("cross-site") {
        return Err(foreign_page());
    }
    Ok(())
}

fn foreign_page() -> Problem {
    Problem::new(
        StatusCode::FORBIDDEN,
        "wrong_origin",
        "A page of another site sent this request. Only the practice org's own pages and local programs may use it.",
    )
}

fn without_port(host: &str) -> &str {
    match host.rsplit_once(':') {
        Some((name, port)) if port.bytes().all(|digit| digit.is_ascii_digit()) => name,
        _ => host,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn checked(pairs: &[(&'static str, &'static str)]) -> bool {
        let headers = pairs
            .iter()
            .map(|&(name, value)| {
                (
                    header::HeaderName::from_static(name),
                    header::HeaderValue::from_static(value),
                )
            })
            .collect();
        check(&headers, None, 4711).is_ok()
    }

    #[test]
    fn local_programs_and_own_pages_may() {
        assert!(checked(&[("host", "localhost:4711")]));
        assert!(checked(&[("host", "127.0.0.1")]));
        assert!(checked(&[
            ("host", "[::1]:4711"),
            ("origin", "http://localhost:4711")
        ]));
        assert!(checked(&[("host", "[::1]"), ("sec-fetch-site", "same-origin")]));
    }

    #[test]
    fn a_link_from_another_site_may_open_a_page() {
        assert!(checked(&[
            ("host", "localhost:4711"),
            ("sec-fetch-site", "cross-site"),
            ("sec-fetch-mode", "navigate"),
        ]));
    }

    #[test]
    fn other_sites_may_not() {
        assert!(!checked(&[("host", "evil.example:4711")]));
        assert!(!checked(&[]));
        assert!(!checked(&[
            ("host", "localhost:4711"),
            ("origin", "https://evil.example")
        ]));
        assert!(!checked(&[("host", "localhost:4711"), ("origin", "null")]));
        assert!(!checked(&[
            ("host", "localhost:4711"),
            ("origin", "http://localhost:4712")
        ]));
        assert!(!checked(&[
            ("host", "localhost:4711"),
            ("sec-fetch-site", "cross-site"),
            ("sec-fetch-mode", "no-cors"),
        ]));
    }
}
