//! OAuth as one pure value: authorization codes, grants, tokens.
//!
//! Tokens are made outside and handed in; only their SHA-256 digests are kept, so that no log or dump of this
//! value holds a secret.

mod pkce;

use std::collections::BTreeSet;

use jiff::{SignedDuration, Timestamp};
use sha2::{Digest as _, Sha256};

use crate::org::RepKey;

pub(crate) use pkce::Challenge;

/// How long an authorization code can be exchanged.
const CODE_LIFETIME: SignedDuration = SignedDuration::from_mins(10);
/// At most this many grants per user and app; the oldest is revoked (salesforce.md).
const GRANTS_PER_USER_AND_APP: usize = 5;

type Digest = [u8; 32];

fn digest(secret: &str) -> Digest {
    Sha256::digest(secret.as_bytes()).into()
}

/// What was asked for at the authorization endpoint, as far as the token endpoint needs it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct Asked {
    pub(crate) client_id: String,
    pub(crate) redirect_uri: String,
    pub(crate) challenge: Challenge,
    pub(crate) scope: String,
}

/// The secrets of one token answer, made outside.
pub(crate) struct Fresh {
    pub(crate) access_token: String,
    pub(crate) refresh_token: String,
}

/// What the token endpoint answers.
pub(crate) struct Issued {
    pub(crate) access_token: String,
    /// Absent where the grant has none, or it stays the one the client has.
    pub(crate) refresh_token: Option<String>,
    pub(crate) user: RepKey,
    pub(crate) scope: String,
}

/// An error of the token or revocation endpoint, named as OAuth and Salesforce name it.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) struct TokenError {
    pub(crate) error: &'static str,
    pub(crate) description: &'static str,
}

const fn invalid_grant(description: &'static str) -> TokenError {
    TokenError {
        error: "invalid_grant",
        description,
    }
}

const EXPIRED: TokenError = invalid_grant("expired access/refresh token");
const WRONG_CLIENT: TokenError = TokenError {
    error: "invalid_client_id",
    description: "client identifier invalid",
};

#[derive(Clone)]
struct Code {
    code: Digest,
    asked: Asked,
    user: RepKey,
    expires_at: Timestamp,
    /// The grant it was exchanged for.
    used_for: Option<u64>,
}

#[derive(Clone)]
struct Grant {
    id: u64,
    user: RepKey,
    client_id: String,
    scope: String,
    refresh_token: Option<Digest>,
    /// Refresh tokens that rotation has replaced.
    replaced: BTreeSet<Digest>,
    /// With when each was last seen to be in use.
    access_tokens: Vec<(Digest, Timestamp)>,
}

/// All codes and grants of an org.
#[derive(Clone, Default)]
pub(crate) struct Auth {
    codes: Vec<Code>,
    grants: Vec<Grant>,
    last_grant: u64,
}

impl Auth {
    /// The rep has allowed it: `code` can be exchanged once.
    pub(crate) fn allow(&mut self, now: Timestamp, code: &str, asked: Asked, user: RepKey) {
        self.codes.retain(|code| code.expires_at > now);
        self.codes.push(Code {
            code: digest(code),
            asked,
            user,
            expires_at: now + CODE_LIFETIME,
            used_for: None,
        });
    }

    /// `grant_type=authorization_code`. A code that comes a second time revokes what it was exchanged for.
    pub(crate) fn exchange(
        &mut self,
        now: Timestamp,
        code: &str,
        client_id: &str,
        redirect_uri: &str,
        verifier: &str,
        fresh: Fresh,
    ) -> Result<Issued, TokenError> {
        let wanted = digest(code);
        let found = self.codes.iter_mut().find(|code| code.code == wanted);
        let Some(code) = found.filter(|code| code.expires_at > now) else {
            return Err(invalid_grant("expired authorization code"));
        };
        if let Some(grant) = code.used_for {
            self.grants.retain(|other| other.id != grant);
            return Err(invalid_grant("expired authorization code"));
        }
        if code.asked.client_id != client_id {
            return Err(WRONG_CLIENT);
        }
        if code.asked.redirect_uri != redirect_uri {
            return Err(TokenError {
                error: "redirect_uri_mismatch",
                description: "redirect_uri must match configuration",
            });
        }
        if !code.asked.challenge.is_met_by(verifier) {
            return Err(invalid_grant("invalid code verifier"));
        }
        self.last_grant += 1;
        code.used_for = Some(self.last_grant);
        let (asked, user) = (code.asked.clone(), code.user);
        let refreshable = asked
            .scope
            .split(' ')
            .any(|scope| matches!(scope, "refresh_token" | "offline_access" | "full"));
        let refresh_token = refreshable.then_some(fresh.refresh_token);
        self.grants.push(Grant {
            id: self.last_grant,
            user,
            client_id: asked.client_id,
            scope: asked.scope.clone(),
            refresh_token: refresh_token.as_deref().map(digest),
            replaced: BTreeSet::new(),
            access_tokens: vec![(digest(&fresh.access_token), now)],
        });
        self.forget_oldest(user, client_id);
        Ok(Issued {
            access_token: fresh.access_token,
            refresh_token,
            user,
            scope: asked.scope,
        })
    }

    /// `grant_type=refresh_token`. With rotation the token is replaced, and an already replaced one that
    /// comes again revokes the current one and all access tokens.
    pub(crate) fn refresh(
        &mut self,
        now: Timestamp,
        refresh_token: &str,
        client_id: &str,
        rotation: bool,
        fresh: Fresh,
    ) -> Result<Issued, TokenError> {
        let wanted = digest(refresh_token);
        if let Some(place) = self
            .grants
            .iter()
            .position(|grant| grant.replaced.contains(&wanted))
        {
            self.grants.remove(place);
            return Err(EXPIRED);
        }
        let grant = self
            .grants
            .iter_mut()
            .find(|grant| grant.refresh_token == Some(wanted))
            .ok_or(EXPIRED)?;
        if grant.client_id != client_id {
            return Err(WRONG_CLIENT);
        }
        grant.access_tokens.push((digest(&fresh.access_token), now));
        let replacement = rotation.then_some(fresh.refresh_token);
        if let Some(replacement) = &replacement {
            grant.replaced.insert(wanted);
            grant.refresh_token = Some(digest(replacement));
        }
        Ok(Issued {
            access_token: fresh.access_token,
            refresh_token: replacement,
            user: grant.user,
            scope: grant.scope.clone(),
        })
    }

    /// Revokes a token: a refresh token with its whole grant, an access token alone.
    pub(crate) fn revoke(&mut self, token: &str) -> Result<(), TokenError> {
        let wanted = digest(token);
        let whole = |grant: &Grant| grant.refresh_token == Some(wanted) || grant.replaced.contains(&wanted);
        if let Some(place) = self.grants.iter().position(whole) {
            self.grants.remove(place);
            return Ok(());
        }
        for grant in &mut self.grants {
            let before = grant.access_tokens.len();
            grant.access_tokens.retain(|(token, _)| *token != wanted);
            if grant.access_tokens.len() < before {
                return Ok(());
            }
        }
        Err(TokenError {
            error: "invalid_token",
            description: "the token is not known, or was revoked before",
        })
    }

    /// All access tokens end; refresh tokens stay.
    pub(crate) fn expire_all(&mut self) {
        for grant in &mut self.grants {
            grant.access_tokens.clear();
        }
    }

    /// All grants end, with all their tokens.
    pub(crate) fn revoke_all(&mut self) {
        self.grants.clear();
    }

    /// Whose access token this is, if it is still valid: unused for `time_out` it is not any more. Its use is
    /// seen in the second half of that time only (Salesforce Help, "Modify Session Security Settings").
    pub(crate) fn session(
        &mut self,
        now: Timestamp,
        access_token: &str,
        time_out: SignedDuration,
    ) -> Option<RepKey> {
        let wanted = digest(access_token);
        for grant in &mut self.grants {
            let tokens = &mut grant.access_tokens;
            let Some((_, in_use)) = tokens.iter_mut().find(|(token, _)| *token == wanted) else {
                continue;
            };
            let idle = now.duration_since(*in_use);
            if idle >= time_out {
                return None;
            }
            if idle >= time_out / 2 {
                *in_use = now;
            }
            return Some(grant.user);
        }
        None
    }

    fn forget_oldest(&mut self, user: RepKey, client_id: &str) {
        let same = |grant: &Grant| grant.user == user && grant.client_id == client_id;
        while self.grants.iter().filter(|grant| same(grant)).count() > GRANTS_PER_USER_AND_APP {
            if let Some(place) = self.grants.iter().position(same) {
                self.grants.remove(place);
            }
        }
    }
}

#[cfg(test)]
mod tests;
