//! Calls: when their conversation ended, and how to know one.

use jiff::Timestamp;
use presence::ids::{RecordId, WorkItemId};
use serde::Deserialize;

use crate::answer::time;
use crate::client::Client;
use crate::error::{Error, Missing};
use crate::soql::list;

/// VoiceCall's documented key prefix, where the object cannot be described.
pub const DOCUMENTED_VOICE_KEY_PREFIX: &str = "0LQ";

/// So many ids fit into the address of one query.
const IDS_PER_QUERY: usize = 100;

/// A VoiceCall row.
#[derive(Clone, Debug, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "PascalCase")]
pub struct VoiceCall {
    /// The call.
    pub id: RecordId,
    /// When the conversation ended, by the server's clock; absent while it lasts. Afterwards comes wrap-up.
    #[serde(rename = "CallEndDateTime", default, deserialize_with = "time")]
    pub ended_at: Option<Timestamp>,
    /// The phone system's own key of the call, which joins it with a contact.
    #[serde(default)]
    pub vendor_call_key: Option<String>,
}

#[derive(Deserialize)]
#[serde(rename_all = "camelCase")]
pub(crate) struct Describe {
    key_prefix: Option<String>,
}

impl Client {
    /// The calls with these ids; ids of other objects and calls that the user may not see are left out.
    ///
    /// # Errors
    /// Any [`Error`]; orgs without Salesforce Voice have no such object.
    pub async fn voice_calls(&self, ids: &[WorkItemId]) -> Result<Vec<VoiceCall>, Error> {
        let mut calls = Vec::new();
        for ids in ids.chunks(IDS_PER_QUERY) {
            let soql = format!(
                "SELECT Id, CallEndDateTime, VendorCallKey FROM VoiceCall WHERE Id IN {}",
                list(ids)
            );
            calls.append(&mut self.query(&soql, "VoiceCall").await?);
        }
        Ok(calls)
    }

    /// The three characters that the ids of calls start with: as described, or the documented ones where the
    /// object cannot be described.
    ///
    /// # Errors
    /// Any [`Error`] but a missing object or permission.
    pub async fn voice_key_prefix(&self) -> Result<String, Error> {
        let path = format!("{}/sobjects/VoiceCall/describe", self.data_path().await?);
        match self.json::<Describe>(&path, &[], "VoiceCall").await {
            Ok(describe) => Ok(usable(describe.key_prefix)),
            Err(Error::AskAdmin(Missing::Object(_) | Missing::Permission(_))) => Ok(usable(None)),
            Err(error) => Err(error),
        }
    }
}

fn usable(prefix: Option<String>) -> String {
    prefix
        .filter(|prefix| prefix.len() == 3 && prefix.bytes().all(|b| b.is_ascii_alphanumeric()))
        .unwrap_or_else(|| DOCUMENTED_VOICE_KEY_PREFIX.into())
}
