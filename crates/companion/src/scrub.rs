//! Takes out of a text what must leave no desktop: tokens, and who somebody is.
//!
//! Logs and traces hold none of it by construction, and tests read them. This is the second lock, for what a library
//! or the system may have said.

use std::sync::LazyLock;

use regex::{Captures, Regex};

/// What a kind of secret looks like, and what stands in its place.
struct Pattern {
    looks: Regex,
    instead: &'static str,
}

static PATTERNS: LazyLock<Vec<Pattern>> = LazyLock::new(|| {
    let patterns = [
        // A Salesforce session id: the org's id, "!", and the secret.
        (r"00D[A-Za-z0-9]{12,15}![A-Za-z0-9._]+", "[token]"),
        // A Salesforce refresh token.
        (r"5Aep[A-Za-z0-9._]{8,}", "[token]"),
        (r"(?i)\b(bearer|oauth)\s+[A-Za-z0-9._~+/!=-]{8,}", "$1 [token]"),
        (
            r#"(?i)\b(access_token|refresh_token|client_secret|code_verifier|password|sid|key|token)("?\s*[=:]\s*"?)[A-Za-z0-9._~+/!%=-]{8,}"#,
            "$1$2[token]",
        ),
        // Of an address: an authorisation code. A code="…" of a log line is one of ours.
        (r"([?&]code=)[A-Za-z0-9._~%+-]+", "$1[token]"),
        // JSON web tokens.
        (
            r"\beyJ[A-Za-z0-9_-]{8,}\.[A-Za-z0-9_-]+(\.[A-Za-z0-9_-]*)?",
            "[token]",
        ),
        (r"[A-Za-z0-9._%+-]+@[A-Za-z0-9-]+(\.[A-Za-z0-9-]+)+", "[e-mail]"),
        // A telephone number: a plus sign, or a grouping that no time or version has.
        (r"\+[0-9][0-9 ()./-]{6,}[0-9]", "[number]"),
        (r"\(?\b[0-9]{3}\)?[ .-][0-9]{3}[ .-][0-9]{4}\b", "[number]"),
        // Anything long and random: keys in base64 or hexadecimal.
        (r"\b[A-Za-z0-9+/_-]{40,}={0,2}", "[token]"),
    ];
    patterns
        .into_iter()
        .filter_map(|(looks, instead)| {
            Some(Pattern {
                looks: Regex::new(looks).ok()?,
                instead,
            })
        })
        .collect()
});

/// Takes out what it knows and what looks like a secret.
#[derive(Debug, Default)]
pub struct Scrubber {
    known: Vec<(Regex, &'static str)>,
}

impl Scrubber {
    /// Knows these texts, each with what is to stand in its place. Very short ones are left out: they would take the
    /// text apart, and tell nobody.
    pub fn knowing<'a>(texts: impl IntoIterator<Item = (&'a str, &'static str)>) -> Self {
        let mut known: Vec<(String, &'static str)> = texts
            .into_iter()
            .map(|(text, instead)| (text.trim().to_owned(), instead))
            .filter(|(text, _)| text.chars().count() >= 3)
            .collect();
        // Whole names before their parts.
        known.sort_by_key(|(text, _)| std::cmp::Reverse(text.len()));
        let compiled = known
            .into_iter()
            .filter_map(|(text, instead)| Some((Regex::new(&whole(&text)).ok()?, instead)));
        Self {
            known: compiled.collect(),
        }
    }

    /// The text without them.
    pub fn scrub(&self, text: &str) -> String {
        let mut text = text.to_owned();
        for (known, instead) in &self.known {
            text = known.replace_all(&text, regex::NoExpand(instead)).into_owned();
        }
        for pattern in PATTERNS.iter() {
            text = pattern
                .looks
                .replace_all(&text, |found: &Captures<'_>| {
                    let mut instead = String::new();
                    found.expand(pattern.instead, &mut instead);
                    instead
                })
                .into_owned();
        }
        text
    }
}

/// The text as a whole word, whatever its case: "Pat" is not in "path".
fn whole(text: &str) -> String {
    let edge = |letter: Option<char>| {
        if letter.is_some_and(char::is_alphanumeric) {
            r"\b"
        } else {
            ""
        }
    };
    let (begin, end) = (edge(text.chars().next()), edge(text.chars().next_back()));
    format!("(?i){begin}{}{end}", regex::escape(text))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_pattern_is_one() {
        assert_eq!(PATTERNS.len(), 10);
    }

    #[test]
    fn what_looks_like_a_secret_or_a_person_goes() {
        let scrubber = Scrubber::knowing([("Pat Rivera", "[name]"), ("pat", "[user]"), ("/home/pat", "~")]);
        for (text, scrubbed) in [
            ("sid 00D000000000001!AQcAQH0dMHZfz972.Szmpkb58ur", "sid [token]"),
            ("refresh 5Aep861rEpScxnNE66.jGO6gqeJ82V9qXOs5", "refresh [token]"),
            (
                "Authorization: Bearer abc.def-123456",
                "Authorization: Bearer [token]",
            ),
            ("?code=aPrxabcd1234&state=x", "?code=[token]&state=x"),
            ("{\"key\":\"0123456789abcdef\"}", "{\"key\":\"[token]\"}"),
            ("eyJhbGciOiJSUzI1NiJ9.eyJzdWIiOiJwYXQifQ.c2ln", "[token]"),
            ("from pat.rivera@acme.example to", "from [e-mail] to"),
            ("call +1 (555) 014-27396 ended", "call [number] ended"),
            ("call 555 014 2739 ended", "call [number] ended"),
            ("/home/pat/.local/share/Holdline", "~/.local/share/Holdline"),
            (
                "hello PAT RIVERA and Pat on a path",
                "hello [name] and [user] on a path",
            ),
        ] {
            let text = if text.contains('@') {
                Scrubber::default().scrub(text)
            } else {
                scrubber.scrub(text)
            };
            assert_eq!(text, scrubbed);
        }
    }

    #[test]
    fn what_support_needs_stays() {
        let scrubber = Scrubber::knowing([("", "[name]"), ("Al", "[name]")]);
        for text in [
            "2026-11-21T07:31:05.123456Z  INFO headless::cloud: the org could not be read code=\"network_dns\"",
            "listening on loopback port=47810",
            "{\"mono_ms\":123456789,\"wall_ms\":1790000000000,\"work\":\"0Bz000000000001AAA\",\"by\":\"~a1b2c3d4e5f6\"}",
            "acme.my.salesforce.com answers. WebKitGTK 2.50.6, Linux 6.1.0-28-amd64",
            "[loopback] ports = [47810, 47811, 47812, 47813, 47814, 47815, 47816, 47817]",
        ] {
            assert_eq!(scrubber.scrub(text), text);
        }
    }
}
