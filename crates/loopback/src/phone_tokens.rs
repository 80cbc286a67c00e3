//! The status API's routes for the tokens of phones, behind its key.

use axum::extract::State;
use axum::middleware;
use axum::routing::{get, post};
use axum::{Json as Body, Router};
use wire::status_api::{
    NewPhoneToken, NewPhoneTokenAnswer, PHONE_TOKENS_PATH, PhoneTokenInfo, PhoneTokenSource, PhoneTokens,
    REVOKE_PHONE_TOKEN_PATH, RevokePhoneToken, RevokedPhoneTokens,
};

use crate::connector::Phones;
use crate::json::Json;
use crate::pairing::{IssueError, PairingStore, PhoneToken, TokenSource};
use crate::problem::Refusal;
use crate::secret::Digest;
use crate::status_api::with_key;

#[derive(Clone)]
struct Tokens {
    store: PairingStore,
    phones: Phones,
}

/// The routes.
pub(crate) fn routes(store: PairingStore, phones: Phones, key: Digest) -> Router {
    Router::new()
        .route(PHONE_TOKENS_PATH, get(list).post(issue))
        .route(REVOKE_PHONE_TOKEN_PATH, post(revoke))
        .route_layer(middleware::from_fn_with_state(key, with_key))
        .with_state(Tokens { store, phones })
}

impl From<PhoneToken> for PhoneTokenInfo {
    fn from(token: PhoneToken) -> Self {
        Self {
            name: token.name,
            rights: token.rights,
            source: match token.source {
                TokenSource::HandedOut => PhoneTokenSource::HandedOut,
                TokenSource::Paired => PhoneTokenSource::Paired,
                TokenSource::Policy => PhoneTokenSource::Policy,
            },
        }
    }
}

async fn list(State(Tokens { store, .. }): State<Tokens>) -> Body<PhoneTokens> {
    let tokens = store.phone_tokens().into_iter().map(Into::into).collect();
    Body(PhoneTokens { tokens })
}

async fn issue(
    State(Tokens { store, .. }): State<Tokens>,
    Json(wanted): Json<NewPhoneToken>,
) -> Result<Body<NewPhoneTokenAnswer>, Refusal> {
    let issued = off_the_runtime(move || store.issue(&wanted.name, wanted.rights)).await?;
    let token = issued.map_err(|error| match error {
        IssueError::NameTaken(_) => Refusal::name_taken(),
        IssueError::Unkept(error) => Refusal::unkept(&error.to_string()),
    })?;
    Ok(Body(NewPhoneTokenAnswer { token: token.into() }))
}

async fn revoke(
    State(Tokens { store, phones }): State<Tokens>,
    Json(wanted): Json<RevokePhoneToken>,
) -> Result<Body<RevokedPhoneTokens>, Refusal> {
    let revoked = off_the_runtime(move || store.revoke(&wanted.name)).await?;
    phones.check_token();
    match revoked {
        Ok(revoked) => Ok(Body(RevokedPhoneTokens { revoked })),
        Err(error) => Err(Refusal::unkept(&error.to_string())),
    }
}

/// The disk may be slow.
async fn off_the_runtime<T: Send + 'static>(what: impl FnOnce() -> T + Send + 'static) -> Result<T, Refusal> {
    tokio::task::spawn_blocking(what)
        .await
        .map_err(|_| Refusal::unkept("The tokens could not be changed: try again."))
}
