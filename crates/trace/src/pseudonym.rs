//! Pseudonyms: a keyed hash, so that equal texts stay equal and nobody without the key can try names.

use hmac::{Hmac, KeyInit, Mac};
use presence::redact::Pseudonyms;
use sha2::Sha256;

/// Bytes of a key: one block of the hash.
pub const KEY_BYTES: usize = 64;

/// What every pseudonym begins with; no label, id or state name of the field does.
pub const MARK: char = '~';

/// Bytes of the hash that are shown: enough that no two texts of one trace meet by chance.
const SHOWN_BYTES: usize = 6;

/// Makes pseudonyms under one key.
#[derive(Clone)]
pub struct KeyedHash(Hmac<Sha256>);

impl KeyedHash {
    /// Under this key: random, kept beside the trace, never in it.
    pub fn new(key: &[u8; KEY_BYTES]) -> Self {
        Self(Hmac::new(key.into()))
    }
}

impl std::fmt::Debug for KeyedHash {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str("KeyedHash")
    }
}

impl Pseudonyms for KeyedHash {
    fn pseudonym(&self, text: &str) -> String {
        let hash = self.0.clone().chain_update(text).finalize().into_bytes();
        let shown = hash.iter().take(SHOWN_BYTES);
        std::iter::once(MARK.to_string())
            .chain(shown.map(|byte| format!("{byte:02x}")))
            .collect()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn equal_texts_stay_equal_under_one_key_only() {
        let (one, other) = (KeyedHash::new(&[1; KEY_BYTES]), KeyedHash::new(&[2; KEY_BYTES]));
        assert_eq!(one.pseudonym("Pat"), one.pseudonym("Pat"));
        assert_ne!(one.pseudonym("Pat"), one.pseudonym("Sam"));
        assert_ne!(one.pseudonym("Pat"), other.pseudonym("Pat"));
        assert_eq!(one.pseudonym("Pat").len(), 13);
    }
}
