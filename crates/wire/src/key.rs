//! The key of a paired partner, the session it opens, and the code that is compared first, on their way between it
//! and Holdline.

use std::borrow::Cow;
use std::fmt;

use schemars::{JsonSchema, Schema, SchemaGenerator, json_schema};
use secrecy::{ExposeSecret, SecretString};
use serde::{Deserialize, Serialize, Serializer};

/// A partner's key, or the session it has opened. It goes over the wire as text and nowhere else: printed, it shows nothing.
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

impl JsonSchema for Key {
    fn schema_name() -> Cow<'static, str> {
        "Key".into()
    }

    fn json_schema(_: &mut SchemaGenerator) -> Schema {
        json_schema!({ "type": "string", "description": "A secret: keep it out of logs." })
    }
}

/// The six digits that the rep compares. For a minute or two they let a partner in: printed, they show nothing.
#[derive(Clone, Deserialize)]
#[serde(transparent)]
pub struct Code(SecretString);

impl Code {
    /// The digits.
    pub fn expose(&self) -> &str {
        self.0.expose_secret()
    }
}

impl From<String> for Code {
    fn from(code: String) -> Self {
        Self(code.into())
    }
}

impl fmt::Debug for Code {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("Code(…)")
    }
}

/// For tests of messages.
impl PartialEq for Code {
    fn eq(&self, other: &Self) -> bool {
        self.expose() == other.expose()
    }
}

impl Eq for Code {}

impl Serialize for Code {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.serialize_str(self.expose())
    }
}

impl JsonSchema for Code {
    fn schema_name() -> Cow<'static, str> {
        "Code".into()
    }

    fn json_schema(_: &mut SchemaGenerator) -> Schema {
        json_schema!({ "type": "string", "pattern": "^[0-9]{6}$", "description": "Six digits, shown on both sides." })
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
            token: key.clone(),
            rights: crate::connector::Rights::Control,
        };
        let access = crate::status_api::Access { port: 1, key, pid: 1 };
        assert!(!format!("{confirmed:?} {registered:?} {access:?}").contains("s3cret"));
    }

    #[test]
    fn a_code_travels_and_is_never_shown() {
        let code: Code = serde_json::from_str("\"012345\"").unwrap();
        assert_eq!(serde_json::to_string(&code).unwrap(), "\"012345\"");
        let phone = crate::connector::ToPhone::Pairing { code: code.clone() };
        let console = crate::bridge::Welcome::Pairing {
            pairing: String::new(),
            code,
        };
        assert!(!format!("{phone:?} {console:?}").contains("012345"));
    }
}
