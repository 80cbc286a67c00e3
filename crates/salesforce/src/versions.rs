//! Which version of the API to speak.

use serde::Deserialize;

use crate::client::Client;
use crate::error::Error;

/// The newest version that Holdline's queries were written for (v67, Summer '26).
const NEWEST_KNOWN: ApiVersion = ApiVersion { major: 67, minor: 0 };

/// `v67.0` and the like.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub(crate) struct ApiVersion {
    major: u16,
    minor: u16,
}

#[derive(Deserialize)]
pub(crate) struct VersionRow {
    version: String,
}

impl Client {
    /// `/services/data/vNN.N`, by the newest version that both sides know; asked for once.
    pub(crate) async fn data_path(&self) -> Result<String, Error> {
        let version = self.version.get_or_try_init(|| async {
            let rows: Vec<VersionRow> = self.json("/services/data", &[], "versions").await?;
            choose(&rows).ok_or_else(|| Error::Unexpected {
                code: "no_known_api_version".into(),
                status: 200,
            })
        });
        let ApiVersion { major, minor } = version.await?;
        Ok(format!("/services/data/v{major}.{minor}"))
    }
}

pub(crate) fn choose(rows: &[VersionRow]) -> Option<ApiVersion> {
    let versions = rows.iter().filter_map(|row| {
        let (major, minor) = row.version.split_once('.')?;
        Some(ApiVersion {
            major: major.parse().ok()?,
            minor: minor.parse().ok()?,
        })
    });
    versions.filter(|version| *version <= NEWEST_KNOWN).max()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_newest_known_version_is_chosen_by_number() {
        let choose = |versions: &[&str]| {
            let rows: Vec<VersionRow> = versions
                .iter()
                .map(|version| VersionRow {
                    version: (*version).into(),
                })
                .collect();
            choose(&rows).map(|version| version.major)
        };
        assert_eq!(choose(&["9.0", "66.0", "70.0", "new"]), Some(66));
        assert_eq!(choose(&["67.0", "68.0"]), Some(67));
        assert_eq!(choose(&["68.0"]), None);
    }
}
