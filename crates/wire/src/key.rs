//! The key of a paired partner, on its way between it and Holdline.

use std::fmt;

use secrecy::{ExposeSecret, SecretString};
use serde::{Deserialize, Serialize, Serializer};

/// A partner's key. It goes over the wire as text and nowhere else: printed, it shows nothing.
#[derive(Clone, Deserialize)]
#[serde(transparent)]
pub struct Key(SecretString);

impl Key {
    /// The key itself.
    pub fn expose(&self) -> &str {
        self.0.expose_secret()
    }
}

impl From<SecretString> for Key {
    fn from(key: SecretString) -> Self {
        Self(key)
    }
}

impl From<Key> for SecretString {
    fn from(key: Key) -> Self {
        key.0
    }
}

impl From<&str> for Key {
    fn from(key: &str) -> Self {
        Self(key.into())
    }
}

impl fmt::Debug for Key {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("Key(…)")
    }
}

/// For tests of messages; keys are compared with known ones by their hashes.
impl PartialEq for Key {
    fn eq(&self, other: &Self) -> bool {
        self.expose() == other.expose()
    }
}

impl Eq for Key {}

impl Serialize for Key {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.serialize_str(self.expose())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_key_travels_and_is_never_shown() {
        let key: Key = serde_json::from_str("\"s3cret\"").unwrap();
        assert_eq!(serde_json::to_string(&key).unwrap(), "\"s3cret\"");
        assert_eq!((key.expose(), format!("{key:?}").as_str()), ("s3cret", "Key(…)"));
        let confirmed = crate::bridge::PairAnswer::Confirmed {
            pairing_key: key.clone(),
        };
        let registered = crate::connector::ToPhone::Registered {
            protocol: 1,
            token: key,
        };
        assert!(!format!("{confirmed:?} {registered:?}").contains("s3cret"));
    }
}
