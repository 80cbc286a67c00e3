//! The connector API over REST.

mod session;

use std::collections::VecDeque;
use std::sync::{Arc, Mutex, MutexGuard};

use axum::extract::State;
use axum::http::header::AUTHORIZATION;
use axum::http::{HeaderMap, StatusCode};
use axum::routing::{delete, get, post, put};
use axum::{Json as Body, Router};
use presence::event::PairingKind;
use secrecy::SecretString;
use wire::connector::rest::{
    ANSWERS_PATH, Joined, NEXT_STATE_PATH, PAIRINGS_PATH, PairAnswer, PairPoll, REQUESTS_PATH, Requests,
    SESSION_PATH, SESSIONS_PATH, STATE_PATH, Taken,
};
use wire::connector::{Answer, Enqueue, PhoneState, Registration};

use super::Phones;
use super::register::{candidate, settable};
use super::seat::{Claim, Seat};
use super::talk::Talk;
use crate::json::Json;
use crate::pairing::Outcome;
use crate::problem::Refusal;
use crate::secret::{self, Digest};
use session::Session;

/// Sessions that are over and can still be told why.
const MOST_ENDED: usize = 8;

/// The REST side of the one phone. Cheap to clone.
#[derive(Clone, Debug)]
pub(super) struct RestPhones(Arc<Shared>);

#[derive(Debug)]
struct Shared {
    phones: Phones,
    sessions: Mutex<Sessions>,
}

#[derive(Debug, Default)]
struct Sessions {
    open: Vec<Arc<Session>>,
    ended: VecDeque<(Digest, Refusal)>,
}

impl RestPhones {
    pub(super) fn new(phones: Phones) -> Self {
        Self(Arc::new(Shared {
            phones,
            sessions: Mutex::default(),
        }))
    }

    pub(super) fn routes(self) -> Router {
        Router::new()
            .route(SESSIONS_PATH, post(register))
            .route(PAIRINGS_PATH, post(pair))
            .route(STATE_PATH, put(state))
            .route(REQUESTS_PATH, get(requests))
            .route(ANSWERS_PATH, post(answer))
            .route(NEXT_STATE_PATH, put(next_state))
            .route(SESSION_PATH, delete(leave))
            .with_state(self)
    }

    fn open(&self, claim: Claim) -> Result<SecretString, Refusal> {
        let phones = &self.0.phones;
        let (rights, has_queue, states) = (claim.rights, claim.phone.enqueues, settable(&claim.phone));
        let Seat { occupant, orders } = Seat::take(phones, claim)?;
        let talk = Talk::new(Arc::clone(&occupant), rights, has_queue, states);
        let key = secret::random();
        let digest = Digest::of(secrecy::ExposeSecret::expose_secret(&key));
        let session = Arc::new(Session::new(digest, occupant, talk));
        self.sessions().open.push(Arc::clone(&session));
        let rest = self.clone();
        tokio::spawn(async move {
            let shared = &rest.0.phones.0;
            let why = session.watch(orders, shared.timings, &shared.stop).await;
            tracing::info!(code = why.code(), "a phone's session is over");
            let mut sessions = rest.sessions();
            sessions.open.retain(|open| !Arc::ptr_eq(open, &session));
            if sessions.ended.len() == MOST_ENDED {
                sessions.ended.pop_front();
            }
            sessions.ended.push_back((session.key, why));
        });
        Ok(key)
    }

    /// The session whose key the request bears.
    fn session(&self, headers: &HeaderMap) -> Result<Arc<Session>, Refusal> {
        let key = Digest::of(bearer(headers).unwrap_or_default());
        let sessions = self.sessions();
        if let Some(open) = sessions.open.iter().find(|open| open.key.matches(&key)) {
            return Ok(Arc::clone(open));
        }
        let ended = sessions.ended.iter().find(|(ended, _)| ended.matches(&key));
        Err(ended.map_or_else(Refusal::unknown_phone_session, |(_, why)| why.clone()))
    }

    fn sessions(&self) -> MutexGuard<'_, Sessions> {
        self.0
            .sessions
            .lock()
            .unwrap_or_else(|poisoned| poisoned.into_inner())
    }
}

fn bearer(headers: &HeaderMap) -> Option<&str> {
    headers.get(AUTHORIZATION)?.to_str().ok()?.strip_prefix("Bearer ")
}

/// `POST /connector/v1/sessions`
async fn register(
    State(rest): State<RestPhones>,
    headers: HeaderMap,
    Json(mut registration): Json<Registration>,
) -> Result<Body<Joined>, Refusal> {
    let shared = &rest.0.phones.0;
    if let Some(token) = bearer(&headers) {
        registration.token = Some(token.into());
    }
    let candidate = candidate(registration, &shared.current)?;
    let known = candidate.known(&shared.pairings, shared.may_pair)?;
    let (Some(rights), Some(token)) = (known, candidate.token.clone()) else {
        let offer = shared.pairings.offer(
            PairingKind::Phone,
            candidate.owner,
            "",
            candidate.name(),
            candidate.content_with,
        )?;
        return Ok(Body(Joined::Pairing {
            pairing: offer.id.as_str().into(),
            code: offer.code,
        }));
    };
    let (protocol, owner) = (candidate.protocol, candidate.owner);
    let session = rest.open(Claim {
        owner,
        token: Some(token),
        rights,
        phone: candidate.joined(rights),
    })?;
    let millis = |span: std::time::Duration| u64::try_from(span.as_millis()).unwrap_or(u64::MAX);
    Ok(Body(Joined::Registered {
        session: session.into(),
        protocol,
        rights,
        poll_hold_ms: millis(shared.timings.poll_hold),
        silence_ms: millis(shared.timings.phone_silence),
    }))
}

/// `POST /connector/v1/pairings`
async fn pair(State(rest): State<RestPhones>, Json(poll): Json<PairPoll>) -> Body<PairAnswer> {
    let shared = &rest.0.phones.0;
    let wait = shared.pairings.wait(poll.pairing.expose());
    let outcome = tokio::select! {
        outcome = wait.outcome_within(shared.timings.poll_hold) => outcome,
        () = shared.stop.heard() => None,
    };
    Body(match outcome {
        Some(Outcome::Confirmed(token)) => PairAnswer::Confirmed { token: token.into() },
        Some(Outcome::Refused) => PairAnswer::Refused,
        None => PairAnswer::Waiting,
    })
}

/// `PUT /connector/v1/state`
async fn state(
    State(rest): State<RestPhones>,
    headers: HeaderMap,
    Json(state): Json<PhoneState>,
) -> Result<StatusCode, Refusal> {
    rest.session(&headers)?.said(|talk| talk.state(state))?;
    Ok(StatusCode::NO_CONTENT)
}

/// `GET /connector/v1/requests`
async fn requests(State(rest): State<RestPhones>, headers: HeaderMap) -> Result<Body<Requests>, Refusal> {
    let session = rest.session(&headers)?;
    let shared = &rest.0.phones.0;
    session.poll(shared.timings, &shared.stop).await.map(Body)
}

/// `POST /connector/v1/answers`
async fn answer(
    State(rest): State<RestPhones>,
    headers: HeaderMap,
    Json(answer): Json<Answer>,
) -> Result<Body<Taken>, Refusal> {
    let taken = rest.session(&headers)?.said(|talk| talk.answer(answer))?;
    Ok(Body(Taken { taken }))
}

/// `PUT /connector/v1/next-state`
async fn next_state(
    State(rest): State<RestPhones>,
    headers: HeaderMap,
    Json(enqueue): Json<Enqueue>,
) -> Result<StatusCode, Refusal> {
    rest.session(&headers)?.said(|talk| talk.enqueue(enqueue))??;
    Ok(StatusCode::NO_CONTENT)
}

/// `DELETE /connector/v1/session`
async fn leave(State(rest): State<RestPhones>, headers: HeaderMap) -> Result<StatusCode, Refusal> {
    rest.session(&headers)?.end(Refusal::unknown_phone_session());
    Ok(StatusCode::NO_CONTENT)
}
