//! What a token answer says.

use presence::ids::{OrgId, UserId};
use secrecy::SecretString;
use url::Url;

use crate::account::Account;
use crate::org_url::is_secure;
use crate::sign_in_error::SignInError;

/// The tokens of one sign-in, and whose they are. There is no expiry: Salesforce doesn't promise one.
#[derive(Clone, Debug)]
pub struct Tokens {
    /// The session: sent with every request.
    pub access_token: SecretString,
    /// What renews the session. Absent when the app has no such scope, and after a refresh that did not
    /// rotate it.
    pub refresh_token: Option<SecretString>,
    /// The host that answers REST.
    pub instance_url: Url,
    /// The address of the user's identity.
    pub identity_url: Url,
    /// Whose they are, read from the identity's address.
    pub account: Account,
}

/// Reads `…/id/{org}/{user}`.
pub(crate) fn account(identity_url: &Url) -> Result<Account, SignInError> {
    let segments: Vec<&str> = identity_url
        .path_segments()
        .map(Iterator::collect)
        .unwrap_or_default();
    let [.., "id", org, user] = segments.as_slice() else {
        return Err(SignInError::BadAnswer("identity"));
    };
    let org: OrgId = org.parse().map_err(|_| SignInError::BadAnswer("org id"))?;
    let user: UserId = user.parse().map_err(|_| SignInError::BadAnswer("user id"))?;
    if !org.0.has_prefix("00D") {
        return Err(SignInError::BadAnswer("org id"));
    }
    if !user.0.has_prefix("005") {
        return Err(SignInError::BadAnswer("user id"));
    }
    Ok(Account { org, user })
}

/// Reads an address that tokens will be sent to.
pub(crate) fn secure_url(text: &str, what: &'static str) -> Result<Url, SignInError> {
    let url = Url::parse(text).map_err(|_| SignInError::BadAnswer(what))?;
    if is_secure(&url) {
        Ok(url)
    } else {
        Err(SignInError::InsecureUrl)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_identity_names_org_and_user() {
        let read = |path: &str| account(&Url::parse(&format!("https://login.salesforce.com{path}")).unwrap());
        let account = read("/id/00D000000000001EAA/005000000000001AAA").unwrap();
        assert_eq!(account.to_string(), "00D000000000001EAA:005000000000001AAA");
        assert_eq!(read("/id/00D000000000001/005000000000001"), Ok(account));
        assert_eq!(
            read("/id/00D000000000001"),
            Err(SignInError::BadAnswer("identity"))
        );
        assert_eq!(
            read("/id/00D000000000001/001000000000001"),
            Err(SignInError::BadAnswer("user id"))
        );
        assert_eq!(
            read("/id/me/005000000000001"),
            Err(SignInError::BadAnswer("org id"))
        );
    }

    #[test]
    fn tokens_go_only_where_they_are_protected() {
        assert!(secure_url("https://x.my.salesforce.com", "instance").is_ok());
        assert!(secure_url("http://localhost:1", "instance").is_ok());
        assert_eq!(
            secure_url("http://x.example", "instance"),
            Err(SignInError::InsecureUrl)
        );
        assert_eq!(
            secure_url("x", "instance"),
            Err(SignInError::BadAnswer("instance"))
        );
    }
}
