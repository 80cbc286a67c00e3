//! Doubled slashes count as one: a widespread client writes `//services/data/…` (salesforce.md).

use axum::extract::Request;
use axum::http::Uri;

/// Runs before routing.
pub(super) async fn collapse(mut request: Request) -> Request {
    let uri = request.uri();
    if uri.path().contains("//") {
        let mut path = String::with_capacity(uri.path().len());
        for c in uri.path().chars() {
            if !(c == '/' && path.ends_with('/')) {
                path.push(c);
            }
        }
        if let Some(query) = uri.query() {
            path.push('?');
            path.push_str(query);
        }
        // What was a path stays one.
        if let Ok(uri) = path.parse::<Uri>() {
            *request.uri_mut() = uri;
        }
    }
    request
}
