//! May what is offered be installed here? Pure.

use semver::Version;

use crate::offer::{Artefact, Offer};
use crate::target::Target;

/// What becomes of an offer.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Decision {
    /// Download it, and check its signature before anything else.
    Download(Artefact),
    /// This is the newest.
    Newest,
    /// It may not be installed here.
    Refused(Refusal),
}

/// Why an offer is refused before anything is downloaded.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum Refusal {
    /// An older version than the one that runs.
    #[error(
        "the update server offers {offered}, which is older than {running}: Holdline does not go back. To return to an older version, install its package by hand"
    )]
    Downgrade {
        /// What is offered.
        offered: Version,
        /// What runs.
        running: Version,
    },
    /// It offers nothing for this kind of package.
    #[error("the update server has {version} but nothing for {target}")]
    WrongTarget {
        /// What is offered.
        version: Version,
        /// What this machine takes.
        target: String,
    },
}

/// Decides on an offer. Build metadata does not make a version newer (Semantic Versioning 2, 10).
pub fn decide(running: &Version, target: &Target, offer: Offer) -> Decision {
    match offer.version.cmp_precedence(running) {
        std::cmp::Ordering::Less => Decision::Refused(Refusal::Downgrade {
            offered: offer.version,
            running: running.clone(),
        }),
        std::cmp::Ordering::Equal => Decision::Newest,
        std::cmp::Ordering::Greater => match offer.artefact {
            Some(artefact) => Decision::Download(artefact),
            None => Decision::Refused(Refusal::WrongTarget {
                version: offer.version,
                target: target.to_string(),
            }),
        },
    }
}
