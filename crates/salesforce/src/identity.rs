//! Who has signed in.

use presence::ids::{OrgId, UserId};
use serde::Deserialize;

use crate::client::Client;
use crate::error::Error;

/// The signed-in user, from `/services/oauth2/userinfo`. Names are personal: to show, not to log.
#[derive(Clone, Debug, PartialEq, Eq, Deserialize)]
pub struct Identity {
    /// The org.
    #[serde(rename = "organization_id")]
    pub org_id: OrgId,
    /// The user.
    pub user_id: UserId,
    /// The login name, an address.
    #[serde(rename = "preferred_username", default)]
    pub username: Option<String>,
    /// The name to show.
    #[serde(default)]
    pub name: Option<String>,
}

impl Client {
    /// Who has signed in.
    ///
    /// # Errors
    /// Any [`Error`]; an answer about another user is an unexpected one.
    pub async fn identity(&self) -> Result<Identity, Error> {
        let identity: Identity = self.json("/services/oauth2/userinfo", &[], "userinfo").await?;
        let account = self.account();
        if identity.org_id == account.org && identity.user_id == account.user {
            Ok(identity)
        } else {
            Err(Error::Unexpected {
                code: "other_user".into(),
                status: 200,
            })
        }
    }
}
