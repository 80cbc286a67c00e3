//! Presence sync rules that another program keeps in the org, as phone adapters do (seed 001).

use serde::Deserialize;

use crate::client::Client;
use crate::error::Error;

#[derive(Deserialize)]
struct Objects {
    sobjects: Vec<Object>,
}

#[derive(Deserialize)]
struct Object {
    name: String,
}

#[derive(Deserialize)]
struct Count {
    #[serde(rename = "totalSize")]
    total_size: u64,
}

impl Client {
    /// Custom objects that hold such rules, with how many there are. Known by their names, because no two packages
    /// name or describe them alike; one whose records the rep may not read has none.
    ///
    /// # Errors
    /// Why the org did not say.
    pub async fn sync_rule_objects(&self) -> Result<Vec<(String, u64)>, Error> {
        let path = self.data_path().await?;
        let objects: Objects = self.json(&format!("{path}/sobjects"), &[], "objects").await?;
        let mut found = Vec::new();
        for Object { name } in objects
            .sobjects
            .into_iter()
            .filter(|object| holds_sync_rules(&object.name))
        {
            let query = format!("SELECT COUNT() FROM {name}");
            let counted = self
                .json::<Count>(&format!("{path}/query"), &[("q", &query)], &name)
                .await;
            found.push((name, counted.map_or(0, |counted| counted.total_size)));
        }
        Ok(found)
    }
}

fn holds_sync_rules(name: &str) -> bool {
    let plain: String = name.chars().filter(|letter| *letter != '_').collect();
    name.ends_with("__c") && plain.to_ascii_lowercase().contains("presencesync")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn such_objects_are_known_by_name() {
        for name in ["ns__AC_PresenceSyncRule__c", "Presence_Sync_Rule__c"] {
            assert!(holds_sync_rules(name), "{name}");
        }
        for name in [
            "UserServicePresence",
            "PresenceSyncRule",
            "Presence__c",
            "Sync_Rule__c",
        ] {
            assert!(!holds_sync_rules(name), "{name}");
        }
    }
}
