//! Asking the server, and downloading what it offers.

use std::io;
use std::path::{Path, PathBuf};
use std::time::Duration;

use reqwest::{Client, Response};
use semver::Version;
use tokio::fs;
use url::Url;

use crate::decide::{Decision, Refusal, decide};
use crate::offer::{Artefact, BadOffer, Offer};
use crate::signature::{BadSignature, Key};
use crate::source::{BadSource, Source, is_secure};
use crate::target::Target;

/// More is no manifest, bytes.
const LONGEST_ANSWER: usize = 1 << 20;
/// More is no Holdline, bytes.
const LARGEST_ARTEFACT: usize = 200 << 20;
/// Without a byte for so long the server is given up.
const SILENCE: Duration = Duration::from_secs(30);

/// A checked artefact on the disk.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Ready {
    /// The file; only its owner may read or write it and its folder.
    pub file: PathBuf,
    /// The version it holds.
    pub version: Version,
    /// What it is for.
    pub target: Target,
}

/// Why there is no checked artefact. Each text says what happened and what to do; no call is affected.
#[derive(Debug, thiserror::Error)]
pub enum FetchError {
    /// The answer is no offer.
    #[error(transparent)]
    BadOffer(#[from] BadOffer),
    /// The artefact is not what was offered.
    #[error(transparent)]
    BadSignature(#[from] BadSignature),
    /// The address is none.
    #[error(transparent)]
    BadSource(#[from] BadSource),
    /// It can't be kept.
    #[error(
        "the update can't be kept in the profile ({0}); check that there is room, and that you may write there"
    )]
    Disk(#[from] io::Error),
    /// The server can't be reached, or broke off.
    #[error("the update server can't be reached, or broke off ({0}); it is asked again later")]
    Network(&'static str),
    /// The server refuses.
    #[error("the update server answered {0}; check updates.url")]
    Status(u16),
    /// More than an update can have.
    #[error("the update server sends more than {0} bytes; check updates.url")]
    TooLong(usize),
    /// It may not be installed here.
    #[error(transparent)]
    Refused(#[from] Refusal),
}

/// What is needed to find updates.
#[derive(Clone, Debug)]
pub struct Fetch {
    /// A client set up for this machine's network: proxy, certificates.
    pub client: Client,
    /// Where downloads are kept; made if it is not there.
    pub folder: PathBuf,
    /// The organisation's key.
    pub key: Key,
    /// What runs.
    pub running: Version,
    /// Where updates come from.
    pub source: Source,
    /// What this machine takes.
    pub target: Target,
}

impl Fetch {
    /// Asks the server, downloads what is newer, and checks it. `None`: this is the newest.
    ///
    /// # Errors
    /// [`FetchError`]; nothing is left on the disk then.
    pub async fn newer(&self) -> Result<Option<Ready>, FetchError> {
        let url = self.source.url(&self.running, &self.target)?;
        let response = self.get(url).await?;
        // Tauri's dynamic servers say so when there is nothing newer.
        if response.status().as_u16() == 204 {
            return Ok(None);
        }
        let answer = read(response, LONGEST_ANSWER).await?;
        let offer = Offer::read(&answer, &self.target)?;
        let version = offer.version.clone();
        match decide(&self.running, &self.target, offer) {
            Decision::Newest => Ok(None),
            Decision::Refused(refusal) => Err(refusal.into()),
            Decision::Download(artefact) => self.download(artefact, version).await.map(Some),
        }
    }

    async fn download(&self, artefact: Artefact, version: Version) -> Result<Ready, FetchError> {
        let content = read(self.get(artefact.url).await?, LARGEST_ARTEFACT).await?;
        // Checked before a byte of it is on the disk.
        self.key
            .check(&content, &artefact.signature, &version, &self.target)?;
        let _ = fs::remove_dir_all(&self.folder).await;
        make_private(&self.folder).await?;
        let file = self
            .folder
            .join(format!("holdline-{version}{}", self.target.kind.ending()));
        fs::write(&file, &content).await?;
        Ok(Ready {
            file,
            version,
            target: self.target,
        })
    }

    async fn get(&self, url: Url) -> Result<Response, FetchError> {
        if !is_secure(&url) {
            return Err(BadSource::NotSecure.into());
        }
        let response = tokio::time::timeout(SILENCE, self.client.get(url).send())
            .await
            .map_err(|_| FetchError::Network("no answer"))?
            .map_err(|error| failure(&error))?;
        if !response.status().is_success() {
            return Err(FetchError::Status(response.status().as_u16()));
        }
        Ok(response)
    }
}

/// A whole body. One that breaks off early is an error, not a shorter body.
async fn read(mut response: Response, most: usize) -> Result<Vec<u8>, FetchError> {
    let mut body = Vec::new();
    loop {
        let chunk = tokio::time::timeout(SILENCE, response.chunk())
            .await
            .map_err(|_| FetchError::Network("no more bytes"))?
            .map_err(|error| failure(&error))?;
        let Some(chunk) = chunk else { return Ok(body) };
        if body.len() + chunk.len() > most {
            return Err(FetchError::TooLong(most));
        }
        body.extend_from_slice(&chunk);
    }
}

/// Without the address, which may hold a token of the organisation's.
fn failure(error: &reqwest::Error) -> FetchError {
    FetchError::Network(if error.is_connect() {
        "no connection"
    } else if error.is_timeout() {
        "no answer in time"
    } else {
        "the transfer broke off"
    })
}

async fn make_private(folder: &Path) -> io::Result<()> {
    fs::create_dir_all(folder).await?;
    #[cfg(unix)]
    fs::set_permissions(folder, std::os::unix::fs::PermissionsExt::from_mode(0o700)).await?;
    Ok(())
}
