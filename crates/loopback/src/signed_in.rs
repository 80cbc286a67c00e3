//! Who is signed in, as far as a listener must know it.

use std::sync::{Arc, RwLock};

use presence::ids::{OrgId, UserId};

use crate::problem::Refusal;

/// The signed-in rep and where their console's pages come from.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct SignedInAs {
    /// The org.
    pub org_id: OrgId,
    /// The rep.
    pub user_id: UserId,
    /// The rep's Salesforce username, `name@domain`.
    pub username: String,
    /// Origins of the org's own pages, as browsers write them (`https://acme.lightning.force.com`).
    pub origins: Vec<String>,
}

impl SignedInAs {
    /// Both are the same rep in the same org.
    pub(crate) fn same_rep(&self, other: &Self) -> bool {
        self.owner() == other.owner()
    }

    pub(crate) fn owner(&self) -> Owner {
        Owner {
            org: self.org_id,
            user: self.user_id,
        }
    }

    /// Whether a phone's word for its rep means this one: user id, username, or its part before the `@`.
    pub(crate) fn is_called(&self, name: &str) -> bool {
        let short = self.username.split('@').next().unwrap_or_default();
        name.parse() == Ok(self.user_id)
            || name.eq_ignore_ascii_case(&self.username)
            || (!short.is_empty() && name.eq_ignore_ascii_case(short))
    }
}

/// Whose pairings these are.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) struct Owner {
    pub(crate) org: OrgId,
    pub(crate) user: UserId,
}

/// The current one, shared by all routes.
#[derive(Clone, Debug, Default)]
pub(crate) struct Current(Arc<RwLock<Option<Arc<SignedInAs>>>>);

impl Current {
    pub(crate) fn rep(&self) -> Option<Arc<SignedInAs>> {
        self.0
            .read()
            .unwrap_or_else(|poisoned| poisoned.into_inner())
            .clone()
    }

    /// Who is signed in, or the refusal.
    pub(crate) fn expect_rep(&self) -> Result<Arc<SignedInAs>, Refusal> {
        self.rep().ok_or_else(Refusal::not_signed_in)
    }

    /// The one before.
    pub(crate) fn replace(&self, rep: Option<SignedInAs>) -> Option<Arc<SignedInAs>> {
        let mut slot = self.0.write().unwrap_or_else(|poisoned| poisoned.into_inner());
        std::mem::replace(&mut slot, rep.map(Arc::new))
    }

    /// Whether this is, letter for letter, an origin of the signed-in org.
    pub(crate) fn allows(&self, origin: &[u8]) -> bool {
        self.rep()
            .is_some_and(|rep| rep.origins.iter().any(|allowed| allowed.as_bytes() == origin))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_rep_is_known_by_id_username_and_short_name() {
        let rep = SignedInAs {
            org_id: "00D000000000001".parse().unwrap(),
            user_id: "005000000000001".parse().unwrap(),
            username: "pat@practice.example".into(),
            origins: Vec::new(),
        };
        for name in [
            "pat",
            "Pat",
            "pat@practice.example",
            "005000000000001",
            "005000000000001AAA",
        ] {
            assert!(rep.is_called(name), "{name}");
        }
        for name in [
            "",
            "@",
            "pa",
            "pat@",
            "sam",
            "005000000000002",
            "pat@other.example",
        ] {
            assert!(!rep.is_called(name), "{name}");
        }
        let nameless = SignedInAs {
            username: "@x".into(),
            ..rep
        };
        assert!(!nameless.is_called(""));
    }
}
