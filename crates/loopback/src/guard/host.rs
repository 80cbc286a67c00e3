//! The `Host` check: a page that had its own name rebound to 127.0.0.1 still sends its own name.

use axum::http::HeaderMap;
use axum::http::header::HOST;

/// Whether the one `Host` header names this machine's loopback with our port.
pub(crate) fn is_ours(headers: &HeaderMap, port: u16) -> bool {
    let mut hosts = headers.get_all(HOST).iter();
    let (Some(host), None) = (hosts.next(), hosts.next()) else {
        return false;
    };
    let Some((name, given)) = host.to_str().ok().and_then(|host| host.rsplit_once(':')) else {
        return false;
    };
    let named = name.eq_ignore_ascii_case("localhost") || name == "127.0.0.1" || name == "[::1]";
    named && given == port.to_string()
}

#[cfg(test)]
mod tests {
    use super::*;
    use axum::http::HeaderValue;

    fn host(text: &'static str) -> HeaderMap {
        HeaderMap::from_iter([(HOST, HeaderValue::from_static(text))])
    }

    #[test]
    fn only_loopback_names_with_our_port() {
        for ours in [
            "localhost:47810",
            "LocalHost:47810",
            "127.0.0.1:47810",
            "[::1]:47810",
        ] {
            assert!(is_ours(&host(ours), 47810), "{ours}");
        }
        for not_ours in [
            "",
            "localhost",
            "localhost:",
            "localhost:47811",
            "localhost:047810",
            "evil.example:47810",
            "localhost.evil.example:47810",
            "127.0.0.1.evil.example:47810",
            "localhost@evil.example:47810",
            "0.0.0.0:47810",
            "::1:47810",
        ] {
            assert!(!is_ours(&host(not_ours), 47810), "{not_ours}");
        }
        assert!(!is_ours(&HeaderMap::new(), 47810));
        let mut two = host("localhost:47810");
        two.append(HOST, HeaderValue::from_static("localhost:47810"));
        assert!(!is_ours(&two, 47810));
    }
}
