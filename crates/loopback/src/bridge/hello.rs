//! From a stranger to a session.

use std::time::Duration;

use axum::Json as Answer;
use axum::extract::State;
use presence::event::PairingKind;
use tokio::time::Instant;
use wire::bridge::{Hello, PROTOCOL, PairAnswer, PairPoll, Prove, Proved, Welcome};
use wire::connector::Rights;
use wire::proof::Transcript;

use super::{Bridge, Rate};
use crate::json::Json;
use crate::pairing::Outcome;
use crate::problem::Refusal;
use crate::signed_in::SignedInAs;

/// Longer names of a page than this nobody needs, bytes.
const LONGEST_INSTANCE: usize = 128;

/// Limits on hellos, those of strangers apart from those that name a known key, whose id no stranger can guess:
/// nobody can lock the rep's own console out by shouting.
#[derive(Debug)]
pub(super) struct Rates {
    known: Rate,
    strangers: Rate,
}

impl Bridge {
    fn admit(&self, known: bool) -> Result<(), Refusal> {
        let mut rates = self
            .0
            .hellos
            .lock()
            .unwrap_or_else(|poisoned| poisoned.into_inner());
        let rate = if known {
            &mut rates.known
        } else {
            &mut rates.strangers
        };
        if rate.admit(Instant::now()) {
            Ok(())
        } else {
            Err(Refusal::too_many())
        }
    }
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
    let verifier = hello.key.as_ref().and_then(|key| {
        bridge
            .0
            .pairings
            .verifier(PairingKind::Console, rep.owner(), &key.id)
    });
    bridge.admit(verifier.is_some())?;
    match verifier {
        Some(verifier) => {
            let challenge = bridge
                .challenges()
                .pose(hello, protocol, verifier, Instant::now());
            Ok(Answer(Welcome::Challenge { challenge }))
        }
        None => {
            let offer = bridge.0.pairings.offer(
                PairingKind::Console,
                rep.owner(),
                &hello.instance,
                "",
                Rights::Control,
            )?;
            Ok(Answer(Welcome::Pairing {
                pairing: offer.id,
                code: offer.code,
            }))
        }
    }
}

/// `POST /bridge/v1/prove`
pub(super) async fn prove(
    State(bridge): State<Bridge>,
    Json(given): Json<Prove>,
) -> Result<Answer<Proved>, Refusal> {
    let posed = bridge.challenges().take(&given.challenge, Instant::now());
    let posed = posed.ok_or_else(Refusal::unknown_challenge)?;
    let transcript = Transcript::of(bridge.0.port, &posed.hello, &given.challenge)
        .filter(|transcript| posed.verifier.accepts(transcript, &given.proof));
    let Some(transcript) = transcript else {
        tracing::warn!(code = "unknown_key", "a console's proof is not of its key");
        bridge.admit(false)?;
        return Err(Refusal::wrong_proof());
    };
    let session = {
        let mut sessions = bridge.sessions();
        // Asked again under the lock: who signs out meanwhile ends the sessions under it.
        is_for(&posed.hello, &*bridge.0.current.expect_rep()?)?;
        sessions.open(posed.hello.instance, Instant::now())
    };
    bridge.woken();
    Ok(Answer(Proved {
        session: session.into(),
        protocol: posed.protocol,
        proof: posed.verifier.proof(&transcript),
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
    match &hello.key {
        Some(key) if !is_nonce(&key.nonce) => {
            let detail = "`nonce` is 16 to 64 random letters, digits, `-` and `_`.";
            Err(Refusal::malformed(detail.to_owned()))
        }
        _ => Ok(()),
    }
}

fn is_nonce(text: &str) -> bool {
    (16..=64).contains(&text.len())
        && text
            .bytes()
            .all(|byte| byte.is_ascii_alphanumeric() || byte == b'-' || byte == b'_')
}
