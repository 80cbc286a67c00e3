//! The code challenge of an authorization request (RFC 7636).

use base64::Engine as _;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use sha2::{Digest as _, Sha256};

/// An S256 code challenge.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct Challenge([u8; 32]);

impl Challenge {
    /// Parses the base64url text (padding tolerated).
    pub(crate) fn parse(text: &str) -> Option<Self> {
        let bytes = URL_SAFE_NO_PAD.decode(text.trim_end_matches('=')).ok()?;
        bytes.try_into().ok().map(Self)
    }

    /// Whether this is the verifier's challenge. Length and alphabet of a verifier are not judged: a
    /// widespread client sends 171 characters (salesforce.md).
    pub(crate) fn is_met_by(&self, verifier: &str) -> bool {
        let met: [u8; 32] = Sha256::digest(verifier.as_bytes()).into();
        met == self.0
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_rfcs_own_example() {
        // RFC 7636, appendix B.
        let challenge = Challenge::parse("E9Melhoa2OwvFrEMTJguCHaoeK1t8URWbuGJSstw-cM").unwrap();
        assert!(challenge.is_met_by("dBjftJeZ4CVP-mB92K27uhbUJU1p1r_wW1gFWFOEjXk"));
        assert!(!challenge.is_met_by("dBjftJeZ4CVP-mB92K27uhbUJU1p1r_wW1gFWFOEjXl"));
    }

    #[test]
    fn what_is_no_digest_is_refused() {
        for bad in [
            "",
            "abc",
            "not base64 !!",
            "E9Melhoa2OwvFrEMTJguCHaoeK1t8URWbuGJSstw-c",
        ] {
            assert_eq!(Challenge::parse(bad), None, "{bad}");
        }
    }
}
