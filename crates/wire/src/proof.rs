//! How two who share a pairing key convince each other without telling it: SCRAM (RFC 5802) with SHA-256 and a
//! random key of 256 bits in the place of a password, so that no salt and no slow hash is needed.
//!
//! The partner keeps the key; Holdline keeps a [`Verifier`], with which nobody can prove to be the partner. What
//! is proven names the port that the partner has asked: a program on another port that hands the messages on
//! to Holdline is found out. Decision 7 tells why.

use std::fmt;

use hmac::{Hmac, KeyInit as _, Mac as _};
use sha2::{Digest as _, Sha256};
use subtle::ConstantTimeEq as _;

use crate::bridge::Hello;
use crate::key::Key;

const PARTNER: &[u8] = b"Holdline console";
const DESKTOP: &[u8] = b"Holdline desktop";

/// 32 bytes, on the wire as 43 letters, digits, `-` and `_` (base64url).
type Bytes = [u8; 32];

/// What is proven about: everything both sides know of one hello.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Transcript(String);

impl Transcript {
    /// Of a hello on this port and the challenge it was answered with. `None` if the hello names no key.
    ///
    /// The port comes before everything that another program could choose, so that no choice can move it.
    pub fn of(port: u16, hello: &Hello, challenge: &str) -> Option<Self> {
        let Hello {
            org_id,
            user_id,
            instance,
            key,
            ..
        } = hello;
        let key = key.as_ref()?;
        let (org, user) = (org_id.to_string(), user_id.to_string());
        let (org, user) = (short(&org), short(&user));
        Some(Self(format!(
            "holdline bridge 1\n{port}\n{org}\n{user}\n{}\n{}\n{instance}\n{challenge}",
            key.id, key.nonce
        )))
    }
}

/// An id's first 15 characters, which both forms have.
fn short(id: &str) -> &str {
    id.get(..15).unwrap_or(id)
}

/// A pairing key taken apart: `ID.SECRET`. Only the id is ever told to a Holdline that has proven nothing.
#[derive(Clone)]
pub struct Credential {
    id: String,
    secret: Key,
}

impl Credential {
    /// `None` if it has not that form.
    pub fn parse(key: &Key) -> Option<Self> {
        let (id, secret) = key.expose().split_once('.')?;
        let fit = !id.is_empty() && !secret.is_empty();
        fit.then(|| Self {
            id: id.to_owned(),
            secret: secret.into(),
        })
    }

    /// The public part.
    pub fn id(&self) -> &str {
        &self.id
    }

    /// What Holdline keeps of it.
    pub fn verifier(&self) -> Verifier {
        let secret = self.secret.expose().as_bytes();
        Verifier {
            stored: Sha256::digest(mac(secret, PARTNER)).into(),
            desktop: mac(secret, DESKTOP),
        }
    }

    /// The partner's proof.
    pub fn proof(&self, transcript: &Transcript) -> String {
        let own = mac(self.secret.expose().as_bytes(), PARTNER);
        let stored: Bytes = Sha256::digest(own).into();
        text(&xor(own, mac(&stored, transcript.0.as_bytes())))
    }

    /// Whether this is Holdline's proof.
    pub fn accepts(&self, transcript: &Transcript, proof: &str) -> bool {
        let desktop = mac(self.secret.expose().as_bytes(), DESKTOP);
        let right = mac(&desktop, transcript.0.as_bytes());
        bytes(proof).is_some_and(|given| right.ct_eq(&given).into())
    }
}

impl fmt::Debug for Credential {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Credential")
            .field("id", &self.id)
            .finish_non_exhaustive()
    }
}

/// What Holdline keeps of a pairing key: enough to know a partner's proof and to give its own, not enough to be
/// that partner.
#[derive(Clone, Copy, PartialEq, Eq)]
pub struct Verifier {
    stored: Bytes,
    desktop: Bytes,
}

impl Verifier {
    /// For a file: the two parts.
    pub fn to_text(self) -> (String, String) {
        (text(&self.stored), text(&self.desktop))
    }

    /// From a file.
    pub fn from_text(stored: &str, desktop: &str) -> Option<Self> {
        Some(Self {
            stored: bytes(stored)?,
            desktop: bytes(desktop)?,
        })
    }

    /// Whether this proof is of the partner's key; takes equally long for every one of the right length.
    pub fn accepts(&self, transcript: &Transcript, proof: &str) -> bool {
        let Some(proof) = bytes(proof) else { return false };
        let own = xor(proof, mac(&self.stored, transcript.0.as_bytes()));
        let digest: Bytes = Sha256::digest(own).into();
        digest.ct_eq(&self.stored).into()
    }

    /// Holdline's proof.
    pub fn proof(&self, transcript: &Transcript) -> String {
        text(&mac(&self.desktop, transcript.0.as_bytes()))
    }
}

impl fmt::Debug for Verifier {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("Verifier(…)")
    }
}

fn mac(key: &[u8], text: &[u8]) -> Bytes {
    let mut mac = Hmac::<Sha256>::new_from_slice(key).unwrap_or_else(|_| unreachable!("HMAC takes any key"));
    mac.update(text);
    mac.finalize().into_bytes().into()
}

fn xor(one: Bytes, other: Bytes) -> Bytes {
    std::array::from_fn(|at| one[at] ^ other[at])
}

fn text(bytes: &Bytes) -> String {
    use base64::Engine as _;
    base64::engine::general_purpose::URL_SAFE_NO_PAD.encode(bytes)
}

fn bytes(text: &str) -> Option<Bytes> {
    use base64::Engine as _;
    let bytes = base64::engine::general_purpose::URL_SAFE_NO_PAD
        .decode(text)
        .ok()?;
    bytes.try_into().ok()
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::bridge::{KnownKey, PROTOCOL};

    const KEY: &str = "id-1.c2VjcmV0";

    fn hello(instance: &str) -> Hello {
        Hello {
            protocol: PROTOCOL,
            org_id: "00D000000000001".parse().unwrap(),
            user_id: "005000000000001".parse().unwrap(),
            instance: instance.into(),
            key: Some(KnownKey {
                id: "id-1".into(),
                nonce: "n1".into(),
            }),
        }
    }

    fn transcript(port: u16) -> Transcript {
        Transcript::of(port, &hello("page"), "n2").unwrap()
    }

    fn credential() -> Credential {
        Credential::parse(&KEY.into()).unwrap()
    }

    /// The console package's tests have the same line: both sides compute the same.
    #[test]
    fn the_known_answer() {
        let transcript = transcript(47810);
        assert_eq!(
            (
                credential().proof(&transcript).as_str(),
                credential().verifier().proof(&transcript).as_str()
            ),
            (PARTNER_PROOF, DESKTOP_PROOF)
        );
    }
    const PARTNER_PROOF: &str = "VPNdEyKv4q4i7Vkpo7EY5dOQH7DBH05JrGnziKWq554";
    const DESKTOP_PROOF: &str = "Hzbw3qSQlo21HrGNeNtXw-M_KAwD-JZX6WNfV2hzXUw";

    #[test]
    fn each_accepts_the_other_s_proof_and_no_other() {
        let (credential, transcript) = (credential(), transcript(47810));
        let verifier = credential.verifier();
        let (partners, desktops) = (credential.proof(&transcript), verifier.proof(&transcript));
        assert!(verifier.accepts(&transcript, &partners));
        assert!(credential.accepts(&transcript, &desktops));
        for wrong in ["", "AAAA", &desktops] {
            assert!(!verifier.accepts(&transcript, wrong), "{wrong}");
        }
        for wrong in ["", "AAAA", &partners] {
            assert!(!credential.accepts(&transcript, wrong), "{wrong}");
        }
        let other = Credential::parse(&"id-1.other".into()).unwrap();
        assert!(!verifier.accepts(&transcript, &other.proof(&transcript)));
        assert!(!credential.accepts(&transcript, &other.verifier().proof(&transcript)));
    }

    #[test]
    fn a_proof_for_one_port_challenge_or_page_is_none_for_another() {
        let (credential, here) = (credential(), transcript(47810));
        let proof = credential.proof(&here);
        let verifier = credential.verifier();
        for other in [
            transcript(47811),
            Transcript::of(47810, &hello("page"), "n3").unwrap(),
            Transcript::of(47810, &hello("other"), "n2").unwrap(),
        ] {
            assert!(!verifier.accepts(&other, &proof), "{other:?}");
            assert!(!credential.accepts(&other, &verifier.proof(&here)), "{other:?}");
        }
    }

    #[test]
    fn who_reads_what_holdline_keeps_is_no_partner() {
        let credential = credential();
        let transcript = transcript(47810);
        let (stored, desktop) = credential.verifier().to_text();
        for kept in [&stored, &desktop] {
            let thief = Credential::parse(&format!("id-1.{kept}").as_str().into()).unwrap();
            assert!(
                !credential
                    .verifier()
                    .accepts(&transcript, &thief.proof(&transcript))
            );
            assert!(!credential.verifier().accepts(&transcript, kept));
        }
        assert_eq!(
            Verifier::from_text(&stored, &desktop),
            Some(credential.verifier())
        );
        assert_eq!(Verifier::from_text("short", &desktop), None);
        assert!(!format!("{credential:?} {:?}", credential.verifier()).contains("c2VjcmV0"));
    }

    #[test]
    fn a_key_of_another_form_is_none() {
        for key in ["", ".", "id.", ".secret", "whole"] {
            assert!(Credential::parse(&key.into()).is_none(), "{key}");
        }
    }
}
