//! The page the browser shows at the end of a sign-in.

use axum::http::StatusCode;
use axum::http::header::{CACHE_CONTROL, CONNECTION, CONTENT_SECURITY_POLICY, REFERRER_POLICY};
use axum::http::header::{HeaderName, X_CONTENT_TYPE_OPTIONS};
use axum::response::{Html, IntoResponse, Response};

/// Nothing is fetched, framed or run; the address with its code goes nowhere and is not kept.
const HEADERS: [(HeaderName, &str); 5] = [
    (CACHE_CONTROL, "no-store"),
    (CONNECTION, "close"),
    (
        CONTENT_SECURITY_POLICY,
        "default-src 'none'; style-src 'unsafe-inline'; frame-ancestors 'none'; base-uri 'none'; form-action 'none'",
    ),
    (REFERRER_POLICY, "no-referrer"),
    (X_CONTENT_TYPE_OPTIONS, "nosniff"),
];

/// The sign-in is done.
pub(super) fn signed_in() -> Response {
    page(
        StatusCode::OK,
        "Signed in",
        "Signed in. You can go back to Holdline.",
    )
}

/// It is not; `why` says what happened and what to do.
pub(super) fn failed(status: StatusCode, why: &str) -> Response {
    page(status, "Not signed in", why)
}

fn page(status: StatusCode, heading: &str, text: &str) -> Response {
    let (heading, text) = (escaped(heading), escaped(text));
    let html = format!(
        "<!doctype html>\n<html lang=\"en\">\n<head>\n<meta charset=\"utf-8\">\n\
         <meta name=\"viewport\" content=\"width=device-width\">\n<title>Holdline: {heading}</title>\n\
         <style>\n:root {{ color-scheme: light dark; font: 1.1rem/1.5 system-ui, sans-serif }}\n\
         body {{ max-width: 32rem; margin: 20vh auto; padding: 0 1rem }}\n</style>\n</head>\n\
         <body>\n<main>\n<h1>{heading}</h1>\n<p>{text}</p>\n</main>\n</body>\n</html>\n"
    );
    (status, HEADERS, Html(html)).into_response()
}

fn escaped(text: &str) -> String {
    text.chars()
        .fold(String::with_capacity(text.len()), |mut out, character| {
            match character {
                '&' => out.push_str("&amp;"),
                '<' => out.push_str("&lt;"),
                '>' => out.push_str("&gt;"),
                '"' => out.push_str("&quot;"),
                '\'' => out.push_str("&#39;"),
                _ => out.push(character),
            }
            out
        })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_text_can_not_become_markup() {
        assert_eq!(
            escaped(r#"<a href="x">'&'</a>"#),
            "&lt;a href=&quot;x&quot;&gt;&#39;&amp;&#39;&lt;/a&gt;"
        );
    }
}
