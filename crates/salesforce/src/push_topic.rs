//! Whether the org has the PushTopic that the settings name.

use serde::Deserialize;

use crate::client::Client;
use crate::error::Error;
use crate::soql::literal;

#[derive(Deserialize)]
struct Count {
    #[serde(rename = "totalSize")]
    total_size: u64,
}

impl Client {
    /// Whether a PushTopic of this name is there for the rep. One call.
    ///
    /// # Errors
    /// Why the org did not say; [`Error::AskAdmin`] where the rep may not read PushTopics, and so not hear them.
    pub async fn has_push_topic(&self, name: &str) -> Result<bool, Error> {
        let path = self.data_path().await?;
        let query = format!("SELECT Id FROM PushTopic WHERE Name = {}", literal(name));
        let found: Count = self
            .json(&format!("{path}/query"), &[("q", &query)], "PushTopic")
            .await?;
        Ok(found.total_size > 0)
    }
}
