//! What the ids of an object begin with.

use std::collections::BTreeMap;
use std::sync::{Mutex, PoisonError};

use serde::Deserialize;

use crate::client::Client;
use crate::error::{Error, Missing};

/// VoiceCall's documented key prefix, where the object cannot be described.
pub const DOCUMENTED_VOICE_KEY_PREFIX: &str = "0LQ";

/// The object that calls are.
pub const VOICE_CALL: &str = "VoiceCall";

/// Key prefixes by object, once they are known: they never change.
#[derive(Debug, Default)]
pub(crate) struct KeyPrefixes(Mutex<BTreeMap<String, String>>);

impl KeyPrefixes {
    fn known(&self, object: &str) -> Option<String> {
        let known = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        known.get(object).cloned()
    }

    fn learn(&self, object: &str, prefix: &str) {
        let mut known = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        known.insert(object.to_owned(), prefix.to_owned());
    }
}

#[derive(Deserialize)]
#[serde(rename_all = "camelCase")]
pub(crate) struct Describe {
    key_prefix: Option<String>,
}

impl Client {
    /// The three characters that the ids of an object's records start with, by describe; asked for once. `None`
    /// where it has none.
    ///
    /// # Errors
    /// Any [`Error`]; [`Error::AskAdmin`] where the user may not describe it.
    pub async fn key_prefix(&self, object: &str) -> Result<Option<String>, Error> {
        if let Some(prefix) = self.key_prefixes.known(object) {
            return Ok(Some(prefix));
        }
        if !is_name(object) {
            return Ok(None);
        }
        let path = format!("{}/sobjects/{object}/describe", self.data_path().await?);
        let described: Describe = self.json(&path, &[], object).await?;
        let prefix = described.key_prefix.filter(|prefix| is_prefix(prefix));
        if let Some(prefix) = &prefix {
            self.key_prefixes.learn(object, prefix);
        }
        Ok(prefix)
    }

    /// The same for calls: as described, or the documented ones where VoiceCall cannot be described; either is asked for
    /// once.
    ///
    /// # Errors
    /// Any [`Error`] but a missing object or permission.
    pub async fn voice_key_prefix(&self) -> Result<String, Error> {
        match self.key_prefix(VOICE_CALL).await {
            Ok(prefix) => Ok(prefix.unwrap_or_else(|| DOCUMENTED_VOICE_KEY_PREFIX.into())),
            Err(Error::AskAdmin(Missing::Object(_) | Missing::Permission(_))) => {
                self.key_prefixes.learn(VOICE_CALL, DOCUMENTED_VOICE_KEY_PREFIX);
                Ok(DOCUMENTED_VOICE_KEY_PREFIX.into())
            }
            Err(error) => Err(error),
        }
    }
}

/// An object's API name; anything else must not get into a path.
fn is_name(object: &str) -> bool {
    !object.is_empty() && object.bytes().all(|b| b.is_ascii_alphanumeric() || b == b'_')
}

fn is_prefix(prefix: &str) -> bool {
    prefix.len() == 3 && prefix.bytes().all(|b| b.is_ascii_alphanumeric())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn only_names_get_into_a_path() {
        assert!(is_name("VoiceCall") && is_name("Order__c"));
        assert!(!is_name("") && !is_name("../x") && !is_name("a/b") && !is_name("Löwe"));
        assert!(is_prefix("0LQ") && !is_prefix("0L") && !is_prefix("0/Q"));
    }
}
