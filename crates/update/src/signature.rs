//! Signatures: minisign's, as `tauri signer` writes them.

use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;
use minisign_verify::{PublicKey, Signature};
use semver::Version;

use crate::target::{Kind, Target};

/// The organisation's public key.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Key(PublicKey);

/// Why a text is no key.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
#[error(
    "updates.public_key must be the content of the .pub file that `tauri signer generate` or `minisign -G` wrote"
)]
pub struct BadKey;

/// Why an artefact is not what its offer says.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum BadSignature {
    /// It is signed as another file: another version's, or for another system.
    #[error(
        "the update is signed as {signed:?}, which is not {version} for {target}: it is not installed. If you run the update server, publish the artefact under its own name, version and system"
    )]
    AnotherFile {
        /// What the signature names.
        signed: String,
        /// What was offered.
        version: Version,
        /// What this machine takes.
        target: String,
    },
    /// Not made with the organisation's key, or the content is another one, cut off for instance.
    #[error(
        "the update's signature does not fit its content and updates.public_key: it is not installed. If you run the update server, sign the artefact with the key whose public half is in the policy"
    )]
    Forged,
    /// No signature at all.
    #[error(
        "the update's signature can't be read: it is not installed. If you run the update server, put the content of the .sig file there"
    )]
    Unreadable,
}

impl Key {
    /// Reads a key: minisign's own two lines, its second line alone, or Tauri's base64 of both.
    ///
    /// # Errors
    /// [`BadKey`].
    pub fn read(text: &str) -> Result<Self, BadKey> {
        let text = text.trim();
        let unpacked = unpack(text);
        let text = unpacked.as_deref().unwrap_or(text);
        let key = PublicKey::decode(text).or_else(|_| PublicKey::from_base64(text));
        key.map(Self).map_err(|_| BadKey)
    }

    /// Checks that `content` was signed with this key, as this version and for this target. The trusted comment is
    /// signed too and names the file: without that check an old artefact could come back under a new number.
    ///
    /// # Errors
    /// [`BadSignature`].
    pub fn check(
        &self,
        content: &[u8],
        signature: &str,
        version: &Version,
        target: &Target,
    ) -> Result<(), BadSignature> {
        let text = signature.trim();
        let unpacked = unpack(text);
        let signature =
            Signature::decode(unpacked.as_deref().unwrap_or(text)).map_err(|_| BadSignature::Unreadable)?;
        // No legacy signatures: both tools have pre-hashed since 2019.
        self.0
            .verify(content, &signature, false)
            .map_err(|_| BadSignature::Forged)?;
        let signed = file_name(signature.trusted_comment());
        if is_for(signed, version, target) {
            Ok(())
        } else {
            Err(BadSignature::AnotherFile {
                signed: signed.to_owned(),
                version: version.clone(),
                target: target.to_string(),
            })
        }
    }
}

/// Tauri packs minisign's files into base64 once more.
fn unpack(text: &str) -> Option<String> {
    let bytes = STANDARD.decode(text).ok()?;
    let text = String::from_utf8(bytes).ok()?;
    text.starts_with("untrusted comment:").then_some(text)
}

/// The file of a comment like `timestamp:1700000000`, a tab, `file:holdline_1.2.3_amd64.deb`.
fn file_name(comment: &str) -> &str {
    let named = comment.split('\t').find_map(|part| part.strip_prefix("file:"));
    named.unwrap_or_default().trim()
}

/// `NAME_VERSION_PROCESSOR` and the kind's ending; an rpm is called `NAME-VERSION-RELEASE.PROCESSOR.rpm`.
fn is_for(file: &str, version: &Version, target: &Target) -> bool {
    let processor = || {
        let stem = file.strip_suffix(target.kind.ending())?;
        let (_, stem) = stem.split_once(['_', '-'])?;
        let rest = stem.strip_prefix(&version.to_string())?;
        if target.kind != Kind::Rpm {
            return rest.strip_prefix('_');
        }
        let (release, processor) = rest.strip_prefix('-')?.split_once('.')?;
        let is_number = !release.is_empty() && release.bytes().all(|byte| byte.is_ascii_digit());
        is_number.then_some(processor)
    };
    processor().is_some_and(|processor| target.spellings().contains(&processor))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn fits(file: &str, version: &str, kind: Kind) -> bool {
        let target = Target {
            kind,
            system: "any",
            processor: "x86_64",
        };
        is_for(file, &version.parse().unwrap(), &target)
    }

    #[test]
    fn names_of_every_kind_are_read() {
        assert!(fits("holdline_1.2.3_amd64.deb", "1.2.3", Kind::Deb));
        assert!(fits("holdline-1.2.3-1.x86_64.rpm", "1.2.3", Kind::Rpm));
        assert!(fits("Holdline_1.2.3_x64-setup.exe", "1.2.3", Kind::Nsis));
        assert!(fits("holdline_1.2.3_x64.msi", "1.2.3", Kind::Msi));
        assert!(fits("holdline_1.2.3-beta.1_amd64.deb", "1.2.3-beta.1", Kind::Deb));
    }

    #[test]
    fn another_version_system_or_processor_does_not_fit() {
        assert!(!fits("holdline_1.2.3_amd64.deb", "1.2.4", Kind::Deb));
        assert!(!fits("holdline_1.2.30_amd64.deb", "1.2.3", Kind::Deb));
        assert!(!fits("holdline_1.2.3-beta.1_amd64.deb", "1.2.3", Kind::Deb));
        assert!(!fits("holdline_1.2.3_amd64.deb", "1.2.3", Kind::Rpm));
        assert!(!fits("holdline_1.2.3_arm64.deb", "1.2.3", Kind::Deb));
        assert!(!fits("", "1.2.3", Kind::Deb));
    }
}
