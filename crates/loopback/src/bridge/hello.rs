//! From a stranger to a session.

use std::time::Duration;

use axum::Json as Answer;
use axum::extract::State;
use presence::event::PairingKind;
use secrecy::ExposeSecret as _;
use tokio::time::Instant;
use wire::bridge::{Hello, PROTOCOL, PairAnswer, PairPoll, Welcome};

use super::{Bridge, Rate};
use crate::json::Json;
use crate::pairing::Outcome;
use crate::problem::Refusal;
use crate::signed_in::SignedInAs;

/// Longer names of a page than this nobody needs, bytes.
const LONGEST_INSTANCE: usize = 128;

/// Limits on hellos, those of strangers apart from those with a good key: nobody can lock the rep's own
/// console out by shouting.
#[derive(Debug)]
pub(super) struct Rates {
    known: Rate,
    strangers: Rate,
}

impl Default for Rates {
    fn default() -> Self {
        let minute = Duration::from_secs(60);
        Self {
            known: Rate::new(120, minute),
            strangers: Rate::new(30, minute),
        }
    }
}

/// `POST /bridge/v1/hello`
pub(super) async fn hello(
    State(bridge): State<Bridge>,
    Json(hello): Json<Hello>,
) -> Result<Answer<Welcome>, Refusal> {
    let rep = bridge.0.current.expect_rep()?;
    let protocol = PROTOCOL
        .agree(hello.protocol)
        .ok_or_else(|| Refusal::protocol(PROTOCOL))?;
    is_for(&hello, &rep)?;
    let known = hello.pairing_key.as_ref().is_some_and(|key| {
        bridge
            .0
            .pairings
            .knows(PairingKind::Console, rep.owner(), key.expose())
    });
    {
        let mut rates = bridge
            .0
            .hellos
            .lock()
            .unwrap_or_else(|poisoned| poisoned.into_inner());
        let rate = if known {
            &mut rates.known
        } else {
            &mut rates.strangers
        };
        if !rate.admit(Instant::now()) {
            return Err(Refusal::too_many());
        }
    }
    if !known {
        let offer = bridge
            .0
            .pairings
            .offer(PairingKind::Console, rep.owner(), &hello.instance, "")?;
        return Ok(Answer(Welcome::Pairing {
            pairing: offer.id,
            code: offer.code,
        }));
    }
    let session = {
        let mut sessions = bridge.sessions();
        // Asked again under the lock: who signs out meanwhile ends the sessions under it.
        is_for(&hello, &*bridge.0.current.expect_rep()?)?;
        sessions.open(hello.instance, Instant::now())
    };
    bridge.woken();
    Ok(Answer(Welcome::Session {
        session: session.expose_secret().to_owned(),
        protocol,
    }))
}

/// `POST /bridge/v1/pair`
pub(super) async fn pair(State(bridge): State<Bridge>, Json(poll): Json<PairPoll>) -> Answer<PairAnswer> {
    let wait = bridge.0.pairings.wait(&poll.pairing);
    let outcome = tokio::select! {
        outcome = wait.outcome_within(bridge.0.timings.poll_hold) => outcome,
        () = bridge.0.stop.heard() => None,
    };
    Answer(match outcome {
        Some(Outcome::Confirmed(key)) => PairAnswer::Confirmed {
            pairing_key: key.into(),
        },
        Some(Outcome::Refused) => PairAnswer::Refused,
        None => PairAnswer::Waiting,
    })
}

fn is_for(hello: &Hello, rep: &SignedInAs) -> Result<(), Refusal> {
    if hello.org_id != rep.org_id {
        return Err(Refusal::other_org());
    }
    if hello.user_id != rep.user_id {
        return Err(Refusal::other_user());
    }
    if hello.instance.is_empty() || hello.instance.len() > LONGEST_INSTANCE {
        let detail = format!("`instance` names the page in 1 to {LONGEST_INSTANCE} bytes.");
        return Err(Refusal::malformed(detail));
    }
    Ok(())
}
