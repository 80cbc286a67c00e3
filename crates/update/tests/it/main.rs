//! Updates from a server on loopback, honest and not.

mod server;

use std::path::Path;

use semver::Version;
use update::{BadSignature, Fetch, FetchError, Key, Kind, Refusal, Source, Target};

use crate::server::{Served, Signer};

const DEB: Target = Target {
    kind: Kind::Deb,
    system: "linux",
    processor: "x86_64",
};

const NAME: &str = "holdline_1.1.0_amd64.deb";
const CONTENT: &[u8] = b"a package";

fn running(version: &str) -> Version {
    version.parse().unwrap()
}

fn fetch(server: &Served, signer: &Signer, folder: &Path) -> Fetch {
    Fetch {
        client: reqwest::Client::builder().no_proxy().build().unwrap(),
        folder: folder.join("updates"),
        key: Key::read(&signer.public_key()).unwrap(),
        running: running("1.0.0"),
        source: Source::new(&server.url("/{{channel}}/updates.json"), "stable").unwrap(),
        target: DEB,
    }
}

/// What a server offers, and what comes of it; nothing may be left on the disk after an error.
async fn outcome(server: Served, change: impl FnOnce(&mut Fetch)) -> Result<Option<Vec<u8>>, FetchError> {
    let folder = tempfile::tempdir().unwrap();
    let mut fetch = fetch(&server, server.signer(), folder.path());
    change(&mut fetch);
    let found = fetch.newer().await;
    match &found {
        Ok(Some(ready)) => {
            assert_eq!(ready.version, running("1.1.0"));
            Ok(Some(std::fs::read(&ready.file).unwrap()))
        }
        _ => {
            assert!(!fetch.folder.exists(), "something is left of it");
            found.map(|_| None)
        }
    }
}

fn honest() -> Served {
    Served::new("1.1.0", "linux-x86_64-deb", NAME, CONTENT)
}

#[tokio::test]
async fn a_newer_version_is_downloaded_and_checked() {
    let found = outcome(honest().start().await, |_| {}).await.unwrap();
    assert_eq!(found.as_deref(), Some(CONTENT));
}

#[tokio::test]
async fn keys_and_signatures_are_read_as_tauri_packs_them() {
    let server = honest().packed().start().await;
    let packed = server.signer().packed_public_key();
    let found = outcome(server, |fetch| fetch.key = Key::read(&packed).unwrap()).await;
    assert_eq!(found.unwrap().as_deref(), Some(CONTENT));
}

#[tokio::test]
async fn the_same_version_is_the_newest() {
    let found = outcome(honest().start().await, |fetch| fetch.running = running("1.1.0")).await;
    assert_eq!(found.unwrap(), None);
}

#[tokio::test]
async fn a_downgrade_is_refused() {
    let error = outcome(honest().start().await, |fetch| fetch.running = running("2.0.0"))
        .await
        .unwrap_err();
    assert!(
        matches!(error, FetchError::Refused(Refusal::Downgrade { .. })),
        "{error}"
    );
    assert!(error.to_string().contains("by hand"), "{error}");
}

#[tokio::test]
async fn an_old_artefact_under_a_new_number_is_refused() {
    let server = Served::new("1.1.0", "linux-x86_64-deb", "holdline_0.9.0_amd64.deb", CONTENT);
    let error = outcome(server.start().await, |_| {}).await.unwrap_err();
    let FetchError::BadSignature(BadSignature::AnotherFile { signed, .. }) = error else {
        panic!("{error}");
    };
    assert_eq!(signed, "holdline_0.9.0_amd64.deb");
}

#[tokio::test]
async fn an_offer_for_other_systems_is_refused() {
    let server = Served::new("1.1.0", "windows-x86_64", NAME, CONTENT);
    let error = outcome(server.start().await, |_| {}).await.unwrap_err();
    assert!(
        matches!(error, FetchError::Refused(Refusal::WrongTarget { .. })),
        "{error}"
    );
}

#[tokio::test]
async fn another_systems_artefact_under_our_key_is_refused() {
    let server = Served::new("1.1.0", "linux-x86_64-deb", "holdline_1.1.0_arm64.deb", CONTENT);
    let error = outcome(server.start().await, |_| {}).await.unwrap_err();
    assert!(
        matches!(error, FetchError::BadSignature(BadSignature::AnotherFile { .. })),
        "{error}"
    );
}

#[tokio::test]
async fn another_keys_signature_is_refused() {
    let stranger = Signer::new();
    let error = outcome(honest().start().await, |fetch| {
        fetch.key = Key::read(&stranger.public_key()).unwrap();
    })
    .await
    .unwrap_err();
    assert!(
        matches!(error, FetchError::BadSignature(BadSignature::Forged)),
        "{error}"
    );
}

#[tokio::test]
async fn a_changed_artefact_is_refused() {
    let server = honest().serving(b"b package").start().await;
    let error = outcome(server, |_| {}).await.unwrap_err();
    assert!(
        matches!(error, FetchError::BadSignature(BadSignature::Forged)),
        "{error}"
    );
}

#[tokio::test]
async fn a_download_that_breaks_off_is_refused() {
    let server = honest().breaking_off().start().await;
    let error = outcome(server, |_| {}).await.unwrap_err();
    assert!(matches!(error, FetchError::Network(_)), "{error}");
}

#[tokio::test]
async fn a_shortened_artefact_is_refused() {
    let server = honest().serving(&CONTENT[..4]).start().await;
    let error = outcome(server, |_| {}).await.unwrap_err();
    assert!(
        matches!(error, FetchError::BadSignature(BadSignature::Forged)),
        "{error}"
    );
}

#[tokio::test]
async fn no_signature_is_refused() {
    let server = honest().signed_as("nothing").start().await;
    let error = outcome(server, |_| {}).await.unwrap_err();
    assert!(
        matches!(error, FetchError::BadSignature(BadSignature::Unreadable)),
        "{error}"
    );
}

#[tokio::test]
async fn an_answer_without_end_is_given_up() {
    let server = honest().endless().start().await;
    let error = outcome(server, |_| {}).await.unwrap_err();
    assert!(matches!(error, FetchError::TooLong(_)), "{error}");
}

#[tokio::test]
async fn a_wrong_address_is_named() {
    let server = honest().start().await;
    let elsewhere = server.url("/nothing");
    let error = outcome(server, |fetch| {
        fetch.source = Source::new(&elsewhere, "").unwrap()
    })
    .await
    .unwrap_err();
    assert!(matches!(error, FetchError::Status(404)), "{error}");
    assert!(error.to_string().contains("updates.url"), "{error}");
}

#[test]
fn a_text_that_is_no_key_is_refused_with_a_remedy() {
    let error = Key::read("secret").unwrap_err().to_string();
    assert!(
        error.contains("updates.public_key") && error.contains(".pub"),
        "{error}"
    );
}
