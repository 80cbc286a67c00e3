//! Salesforce record ids, each kind its own type.

use std::fmt;
use std::str::FromStr;

use serde::{Deserialize, Deserializer, Serialize, Serializer};

/// A Salesforce record id in its 18-character form.
///
/// The console toolkit may hand out the case-sensitive 15-character form; parsing completes it with the
/// three-character checksum, so that two spellings of one record compare equal.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct RecordId([u8; 18]);

/// A text that is no Salesforce record id: not 15 or 18 ASCII letters and digits, or a wrong checksum.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct NotARecordId;

impl RecordId {
    /// The 18 characters.
    pub fn as_str(&self) -> &str {
        // Only ASCII letters and digits get in, so this cannot fail; an empty text is the safe answer.
        std::str::from_utf8(&self.0).unwrap_or_default()
    }

    /// The first three characters: its object's key prefix.
    pub fn prefix(&self) -> &str {
        &self.as_str()[..3]
    }

    /// Whether the record's object has this three-character key prefix (describe's `keyPrefix`).
    pub fn has_prefix(&self, prefix: &str) -> bool {
        self.as_str().starts_with(prefix)
    }
}

/// The three checksum characters: each encodes, for five characters, which of them are upper case.
fn checksum(first: &[u8; 15]) -> [u8; 3] {
    const ALPHABET: &[u8; 32] = b"ABCDEFGHIJKLMNOPQRSTUVWXYZ012345";
    let mut sum = [0; 3];
    for (chunk, out) in first.chunks(5).zip(&mut sum) {
        let bits = chunk.iter().enumerate().fold(0usize, |bits, (place, c)| {
            bits | (usize::from(c.is_ascii_uppercase()) << place)
        });
        *out = ALPHABET[bits];
    }
    sum
}

impl FromStr for RecordId {
    type Err = NotARecordId;

    fn from_str(text: &str) -> Result<Self, NotARecordId> {
        let bytes = text.as_bytes();
        if !bytes.iter().all(u8::is_ascii_alphanumeric) {
            return Err(NotARecordId);
        }
        let mut id = [0; 18];
        match bytes.len() {
            15 => id[..15].copy_from_slice(bytes),
            18 => id.copy_from_slice(bytes),
            _ => return Err(NotARecordId),
        }
        let mut first = [0; 15];
        first.copy_from_slice(&id[..15]);
        let sum = checksum(&first);
        if bytes.len() == 18 && !id[15..].eq_ignore_ascii_case(&sum) {
            return Err(NotARecordId);
        }
        id[15..].copy_from_slice(&sum);
        Ok(Self(id))
    }
}

impl fmt::Display for RecordId {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.as_str())
    }
}

impl fmt::Debug for RecordId {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.as_str())
    }
}

impl fmt::Display for NotARecordId {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("not a Salesforce record id (15 or 18 letters and digits)")
    }
}

impl std::error::Error for NotARecordId {}

impl Serialize for RecordId {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.serialize_str(self.as_str())
    }
}

impl<'de> Deserialize<'de> for RecordId {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        let text = String::deserialize(deserializer)?;
        text.parse().map_err(serde::de::Error::custom)
    }
}

macro_rules! id {
    ($(#[$doc:meta])* $name:ident) => {
        $(#[$doc])*
        #[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize, ts_rs::TS)]
        #[ts(type = "string")]
        pub struct $name(pub RecordId);

        impl FromStr for $name {
            type Err = NotARecordId;

            fn from_str(text: &str) -> Result<Self, NotARecordId> {
                text.parse().map(Self)
            }
        }

        impl fmt::Display for $name {
            fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
                self.0.fmt(f)
            }
        }
    };
}

id!(
    /// An Organization (`00D`).
    OrgId
);
id!(
    /// A ServicePresenceStatus (`0N5`).
    StatusId
);
id!(
    /// A User (`005`).
    UserId
);
id!(
    /// An AgentWork (`0Bz`): one assignment of a work item to a rep.
    WorkId
);
id!(
    /// The record routed by an AgentWork, for a call its VoiceCall (`0LQ`).
    WorkItemId
);

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn fifteen_characters_become_the_documented_eighteen() {
        // The pair is Salesforce's own well-known example of the conversion.
        let short: RecordId = "001A0000006Vm9r".parse().unwrap();
        assert_eq!(short.as_str(), "001A0000006Vm9rIAC");
        assert_eq!(short, "001A0000006Vm9rIAC".parse().unwrap());
    }

    #[test]
    fn a_wrong_checksum_or_length_is_refused() {
        assert_eq!("001A0000006Vm9rIAB".parse::<RecordId>(), Err(NotARecordId));
        assert_eq!("001A0000006Vm9".parse::<RecordId>(), Err(NotARecordId));
        assert_eq!("001A0000006Vm9!".parse::<RecordId>(), Err(NotARecordId));
    }
}
