//! Making text from outside safe to show and to log.

/// At most this many characters of a foreign code are kept.
const LONGEST: usize = 64;

/// Keeps of a foreign error code what such codes are made of.
///
/// Codes travel into logs and the window; a server that answers with a sentence, markup or somebody's name
/// in the place of a code must not get it there.
pub(crate) fn safe_code(code: &str) -> String {
    let kept: String = code
        .chars()
        .filter(|c| c.is_ascii_alphanumeric() || matches!(c, '_' | '-' | '.'))
        .take(LONGEST)
        .collect();
    if kept.is_empty() { "unnamed".into() } else { kept }
}

/// Whether these bytes are a web page: what proxies, captive portals and wrong hosts answer.
pub(crate) fn is_html(content_type: Option<&str>, body: &[u8]) -> bool {
    let by_type = content_type.is_some_and(|t| t.to_ascii_lowercase().contains("html"));
    by_type || body.iter().find(|b| !b.is_ascii_whitespace()) == Some(&b'<')
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_code_keeps_no_sentence_and_no_markup() {
        assert_eq!(safe_code("INVALID_FIELD"), "INVALID_FIELD");
        assert_eq!(safe_code("<b>\n"), "b");
        assert_eq!(safe_code("…"), "unnamed");
        assert_eq!(safe_code(&"x".repeat(1000)).len(), 64);
    }

    #[test]
    fn a_page_is_known_by_its_type_or_its_first_character() {
        assert!(is_html(Some("Text/HTML; charset=utf-8"), b"hello"));
        assert!(is_html(None, b"\r\n <!doctype html>"));
        assert!(!is_html(Some("application/json"), b"{}"));
        assert!(!is_html(None, b""));
    }
}
