//! Which sign-in: one user of one org.

use std::fmt;

use presence::ids::{OrgId, UserId};

/// One user of one org; the name of a sign-in in the keyring.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Account {
    /// The org.
    pub org: OrgId,
    /// The user.
    pub user: UserId,
}

impl fmt::Display for Account {
    /// `{org}:{user}`, both ids with 18 characters.
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}:{}", self.org, self.user)
    }
}
