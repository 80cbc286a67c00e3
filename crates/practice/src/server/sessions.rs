//! Signing in and out, between the pure [`crate::auth::Auth`] and its endpoints: the clock, fresh secrets,
//! the settings.

use base64::Engine as _;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use jiff::SignedDuration;

use super::shared::{Shared, lock, now};
use crate::auth::{Asked, Fresh, Issued, TokenError};
use crate::org::RepKey;

impl Shared {
    /// The rep allowed it: a code for the client.
    pub(super) fn sign_in(&self, asked: Asked, user: RepKey) -> String {
        let code = format!("aPrx{}", secret());
        lock(&self.auth).allow(now(), &code, asked, user);
        code
    }

    pub(super) fn exchange_code(
        &self,
        code: &str,
        client_id: &str,
        redirect_uri: &str,
        verifier: &str,
    ) -> Result<Issued, TokenError> {
        let fresh = self.fresh();
        lock(&self.auth).exchange(now(), code, client_id, redirect_uri, verifier, fresh)
    }

    pub(super) fn refresh_session(&self, refresh_token: &str, client_id: &str) -> Result<Issued, TokenError> {
        let rotation = self.read(|org| org.settings().rotation);
        let fresh = self.fresh();
        lock(&self.auth).refresh(now(), refresh_token, client_id, rotation, fresh)
    }

    pub(super) fn revoke(&self, token: &str) -> Result<(), TokenError> {
        lock(&self.auth).revoke(token)
    }

    /// Whose access token this is, if it is valid.
    pub(super) fn session(&self, access_token: &str) -> Option<RepKey> {
        let time_out = self.read(|org| org.settings().session_timeout_ms);
        let time_out = SignedDuration::from_millis(i64::try_from(time_out).unwrap_or(i64::MAX));
        lock(&self.auth).session(now(), access_token, time_out)
    }

    pub(super) fn identity_url(&self, user: RepKey) -> String {
        self.read(|org| format!("{}/id/{}/{}", self.url, org.id, org.rep(user).user_id))
    }

    fn fresh(&self) -> Fresh {
        let org = self.read(|org| org.id.to_string());
        let org = org.get(..15).unwrap_or_default();
        Fresh {
            access_token: format!("{org}!{}", secret()),
            refresh_token: format!("5Aep861{}", secret()),
        }
    }
}

/// 256 random bits.
fn secret() -> String {
    URL_SAFE_NO_PAD.encode(rand::random::<[u8; 32]>())
}
