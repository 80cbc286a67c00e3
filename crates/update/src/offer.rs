//! What an update server answers: the JSON of Tauri's updater, static (every platform in one file) or dynamic
//! (one answer for the asker).

use std::collections::BTreeMap;

use semver::Version;
use serde::Deserialize;
use url::Url;

use crate::target::Target;

/// An offer, as it was read. What it says is not trusted before its signature has been checked.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Offer {
    /// The version that is offered.
    pub version: Version,
    /// Where the artefact for the asking machine is, and its signature; `None`: there is none for it.
    pub artefact: Option<Artefact>,
}

/// Where an artefact is, and its signature.
#[derive(Clone, Debug, PartialEq, Eq, Deserialize)]
pub struct Artefact {
    /// Where to download it.
    pub url: Url,
    /// The content of its `.sig` file.
    pub signature: String,
}

/// Why an answer is no offer.
#[derive(Debug, thiserror::Error)]
pub enum BadOffer {
    /// Not the JSON of an offer.
    #[error("the update server's answer is not what Tauri's updater expects ({0}); check updates.url")]
    Json(#[from] serde_json::Error),
    /// No version.
    #[error("the update server offers the version {0:?}, which is none; write it like 1.2.3")]
    Version(String),
}

#[derive(Deserialize)]
struct Answer {
    version: String,
    #[serde(default)]
    platforms: BTreeMap<String, Artefact>,
    url: Option<Url>,
    signature: Option<String>,
}

impl Offer {
    /// Reads an answer for a machine.
    ///
    /// # Errors
    /// [`BadOffer`].
    pub fn read(answer: &[u8], target: &Target) -> Result<Self, BadOffer> {
        let Answer {
            version,
            mut platforms,
            url,
            signature,
        } = serde_json::from_slice(answer)?;
        let number = version.trim_start_matches('v');
        let version = Version::parse(number).map_err(|_| BadOffer::Version(version.clone()))?;
        let listed = target.keys().iter().find_map(|key| platforms.remove(key));
        let single = url
            .zip(signature)
            .map(|(url, signature)| Artefact { url, signature });
        Ok(Self {
            version,
            artefact: listed.or(single),
        })
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::target::Kind;

    const DEB: Target = Target {
        kind: Kind::Deb,
        system: "linux",
        processor: "x86_64",
    };

    fn read(answer: &str) -> Result<Offer, BadOffer> {
        Offer::read(answer.as_bytes(), &DEB)
    }

    fn url(offer: &Offer) -> Option<&str> {
        Some(offer.artefact.as_ref()?.url.as_str())
    }

    #[test]
    fn the_closest_platform_counts() {
        let offer = read(
            r#"{"version":"v1.2.3","notes":"","pub_date":"2026-01-01T00:00:00Z","platforms":{
                "linux-x86_64":{"url":"https://u.example/plain","signature":"s"},
                "linux-x86_64-deb":{"url":"https://u.example/deb","signature":"s"},
                "windows-x86_64":{"url":"https://u.example/exe","signature":"s"}}}"#,
        )
        .unwrap();
        assert_eq!(offer.version, Version::new(1, 2, 3));
        assert_eq!(url(&offer), Some("https://u.example/deb"));
    }

    #[test]
    fn another_systems_artefact_is_none() {
        let offer = read(
            r#"{"version":"1.2.3","platforms":{"windows-x86_64":{"url":"https://u.example/exe","signature":"s"}}}"#,
        )
        .unwrap();
        assert_eq!(url(&offer), None);
    }

    #[test]
    fn a_single_answer_is_for_the_asker() {
        let offer = read(r#"{"version":"1.2.3","url":"https://u.example/a","signature":"s"}"#).unwrap();
        assert_eq!(url(&offer), Some("https://u.example/a"));
    }

    #[test]
    fn a_wrong_answer_names_its_remedy() {
        let wrong = read("<html>").unwrap_err().to_string();
        assert!(wrong.contains("updates.url"), "{wrong}");
        let wrong = read(r#"{"version":"newest"}"#).unwrap_err().to_string();
        assert!(wrong.contains("1.2.3"), "{wrong}");
    }
}
