//! Random secrets, and how what a stranger presents is compared with them.

use base64::Engine as _;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use secrecy::{ExposeSecret as _, SecretString};
use sha2::{Digest as _, Sha256};
use subtle::ConstantTimeEq as _;
use wire::key::Code;

/// 256 random bits as 43 letters, digits, `-` and `_`.
pub(crate) fn random() -> SecretString {
    URL_SAFE_NO_PAD.encode(rand::random::<[u8; 32]>()).into()
}

/// A key that is never told: `ID.SECRET` of 96 and 256 random bits ([`wire::proof`]).
pub(crate) fn with_id() -> SecretString {
    let id = URL_SAFE_NO_PAD.encode(rand::random::<[u8; 12]>());
    format!("{id}.{}", random().expose_secret()).into()
}

/// Six random digits.
pub(crate) fn code() -> Code {
    format!("{:06}", rand::random_range(0..1_000_000_u32)).into()
}

/// A secret's SHA-256: enough to know the secret again, useless to whoever reads it. The secrets are random
/// and long, so no salt and no slow hash is needed.
#[derive(Clone, Copy)]
pub(crate) struct Digest([u8; 32]);

impl Digest {
    pub(crate) fn of(secret: &str) -> Self {
        Self(Sha256::digest(secret.as_bytes()).into())
    }

    /// Whether both are of one secret; takes equally long either way.
    pub(crate) fn matches(&self, other: &Self) -> bool {
        self.0.ct_eq(&other.0).into()
    }

    /// For a file.
    pub(crate) fn to_text(self) -> String {
        URL_SAFE_NO_PAD.encode(self.0)
    }

    /// From a file.
    pub(crate) fn from_text(text: &str) -> Option<Self> {
        let bytes = URL_SAFE_NO_PAD.decode(text).ok()?;
        bytes.try_into().ok().map(Self)
    }
}

impl PartialEq for Digest {
    fn eq(&self, other: &Self) -> bool {
        self.matches(other)
    }
}

impl Eq for Digest {}

impl std::fmt::Debug for Digest {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str("Digest")
    }
}
