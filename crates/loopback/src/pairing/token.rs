//! What a phone's token is worth.

use std::fmt;
use std::str::FromStr;

use wire::connector::Rights;

use crate::secret::{self, Digest};

/// A token as IT writes it into the machine's policy: rights, SHA-256 and name, `control:HASH:Acme softphone`.
/// The token itself is handed to the phone and stands nowhere else.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct PolicyToken {
    pub(crate) name: String,
    pub(crate) rights: Rights,
    pub(crate) digest: Digest,
}

impl PolicyToken {
    /// A new one, and the token itself: to be handed to the phone now, it can't be had again.
    pub fn new(name: &str, rights: Rights) -> (Self, secrecy::SecretString) {
        let token = secret::random();
        let made = Self {
            name: name.to_owned(),
            rights,
            digest: Digest::of(secrecy::ExposeSecret::expose_secret(&token)),
        };
        (made, token)
    }
}

impl fmt::Display for PolicyToken {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(
            f,
            "{}:{}:{}",
            rights_name(self.rights),
            self.digest.to_text(),
            self.name
        )
    }
}

impl FromStr for PolicyToken {
    type Err = String;

    fn from_str(text: &str) -> Result<Self, String> {
        let wanted = "write it as `holdlinectl phone token new --policy` prints it: \"control:HASH:NAME\" or \
                      \"report:HASH:NAME\"";
        let mut parts = text.splitn(3, ':');
        let (Some(rights), Some(digest), Some(name)) = (parts.next(), parts.next(), parts.next()) else {
            return Err(format!("a phone's token has three parts; {wanted}"));
        };
        let rights = rights_from(rights)
            .ok_or_else(|| format!("{rights:?} is no right of a phone's token; {wanted}"))?;
        let digest = Digest::from_text(digest)
            .ok_or_else(|| format!("the hash of a phone's token is no SHA-256; {wanted}"))?;
        if name.trim().is_empty() {
            return Err(format!("a phone's token has no name; {wanted}"));
        }
        Ok(Self {
            name: name.to_owned(),
            rights,
            digest,
        })
    }
}

/// Where a token came from.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum TokenSource {
    /// Handed out by the rep.
    HandedOut,
    /// The machine's policy.
    Policy,
    /// A code that the rep confirmed.
    Paired,
}

/// A token that is good, without the token.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct PhoneToken {
    /// Who has it.
    pub name: String,
    /// What it may do.
    pub rights: Rights,
    /// Where it came from.
    pub source: TokenSource,
}

/// What whoever presents a good token gets.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) struct Grant {
    pub(crate) rights: Rights,
    pub(crate) source: TokenSource,
}

fn rights_name(rights: Rights) -> &'static str {
    match rights {
        Rights::Control => "control",
        Rights::Report => "report",
    }
}

fn rights_from(name: &str) -> Option<Rights> {
    [Rights::Control, Rights::Report]
        .into_iter()
        .find(|rights| rights_name(*rights) == name)
}

#[cfg(test)]
mod tests {
    use super::*;
    use secrecy::ExposeSecret as _;

    #[test]
    fn a_line_of_the_policy_says_rights_hash_and_name_and_no_token() {
        for rights in [Rights::Report, Rights::Control] {
            let (made, token) = PolicyToken::new("Acme: the softphone", rights);
            let line = made.to_string();
            assert!(!line.contains(token.expose_secret()));
            assert_eq!(line.parse(), Ok(made.clone()));
            assert_eq!(made.digest, Digest::of(token.expose_secret()));
        }
    }

    #[test]
    fn a_line_that_is_none_names_the_remedy() {
        let hash = Digest::of("x").to_text();
        for line in [
            "",
            "control",
            "control:short:Acme",
            &format!("all:{hash}:Acme"),
            &format!("report:{hash}: "),
        ] {
            let error = line.parse::<PolicyToken>().unwrap_err();
            assert!(
                error.contains("holdlinectl phone token new --policy"),
                "{line:?}: {error}"
            );
        }
    }
}
