//! Joining Holdline, and the long poll of a session.

use std::convert::Infallible;

use wire::bridge::{
    Commands, HELLO_PATH, Hello, KnownKey, PAIR_PATH, POLL_PATH, PROTOCOL, PROVE_PATH, PairAnswer, PairPoll,
    Poll, Problem, Prove, Proved, Welcome,
};
use wire::key::{Code, Key};
use wire::proof::{Credential, Transcript};

use super::bridge::Failure;
use super::page::Page;
use super::{Absent, Notice, probe};

/// Why there is no session.
enum Why {
    Absent(Absent),
    Failure(Failure),
    PairingRefused,
}

impl Why {
    /// Another console of this rep leads.
    fn is_superseded(&self) -> bool {
        matches!(self, Self::Failure(Failure::Problem(_, problem)) if problem.code == "superseded")
    }
}

impl From<Failure> for Why {
    fn from(failure: Failure) -> Self {
        Self::Failure(failure)
    }
}

/// Looks for Holdline and serves it, for ever.
pub(super) async fn live(page: &Page<'_>) -> Infallible {
    let mut failures = 0;
    loop {
        match attempt(page).await {
            // A session that worked and was lost, or a key just given: again at once.
            Ok(()) => failures = 0,
            Err(why) => {
                let timings = &page.options.timings;
                let superseded = why.is_superseded();
                let delay = match why {
                    // Nobody sits here to ask for another pairing: it is offered again, but slowly.
                    Why::PairingRefused => timings.longest_retry,
                    _ => timings.delay(failures),
                };
                failures += 1;
                tell(page, why);
                if superseded {
                    // To say hello now would take Holdline from the page the rep is looking at.
                    page.until_alone().await;
                } else {
                    tokio::time::sleep(delay).await;
                }
            }
        }
    }
}

fn tell(page: &Page<'_>, why: Why) {
    page.notify(match why {
        Why::Absent(found) => Notice::Looking { found },
        Why::Failure(Failure::Lost) => Notice::Looking {
            found: Absent::Nobody,
        },
        Why::Failure(Failure::Problem(_, Problem { code, detail })) => Notice::Refused { code, detail },
        Why::PairingRefused => Notice::Refused {
            code: "pairing_refused".to_owned(),
            detail: "The pairing was refused in Holdline, or its code has expired.".to_owned(),
        },
    });
}

/// One way from finding Holdline to the end of a session, or to a pairing key.
async fn attempt(page: &Page<'_>) -> Result<(), Why> {
    let timings = &page.options.timings;
    let ports = probe::find(page.bridge, &page.ports, page.me, timings)
        .await
        .map_err(Why::Absent)?;
    match join(page, &ports).await? {
        Joined::Session { port, session } => poll(page, port, session).await,
        Joined::Pairing { port, pairing, code } => {
            page.notify(Notice::Pairing {
                code: code.expose().to_owned(),
            });
            pair(page, port, pairing).await
        }
    }
}

/// A port that lets us in, or would after a pairing.
enum Joined {
    Pairing { port: u16, pairing: String, code: Code },
    Session { port: u16, session: Key },
}

/// Says hello at each port that claims to be ours. Where there are several, the one that knows our pairing key
/// is joined; a new pairing is only begun where none does. What does not prove that it knows the key is not ours.
async fn join(page: &Page<'_>, ports: &[u16]) -> Result<Joined, Why> {
    let mut pairing = None;
    let mut failure = Failure::Lost;
    for &port in ports {
        let greeted = match greet(page, port, page.credential()).await {
            // It knows the id, but says that our key is not the one it gave out.
            Err(Failure::Problem(_, problem)) if problem.code == "unknown_key" => {
                greet(page, port, None).await
            }
            greeted => greeted,
        };
        match greeted {
            Ok(joined @ Joined::Session { .. }) => return Ok(joined),
            Ok(joined @ Joined::Pairing { .. }) => {
                pairing.get_or_insert(joined);
            }
            Err(error) => failure = error,
        }
    }
    pairing.ok_or(Why::Failure(failure))
}

async fn greet(page: &Page<'_>, port: u16, credential: Option<Credential>) -> Result<Joined, Failure> {
    let hello = Hello {
        protocol: PROTOCOL,
        org_id: page.me.org_id,
        user_id: page.me.user_id,
        instance: page.instance.clone(),
        key: credential.as_ref().map(|credential| KnownKey {
            id: credential.id().to_owned(),
            nonce: format!("{:032x}", rand::random::<u128>()),
        }),
    };
    let limit = page.options.timings.answer;
    let challenge = match page.bridge.post(port, HELLO_PATH, &hello, limit).await? {
        Welcome::Pairing { pairing, code } => return Ok(Joined::Pairing { port, pairing, code }),
        Welcome::Challenge { challenge } => challenge,
    };
    let transcript = Transcript::of(port, &hello, &challenge);
    let (Some(credential), Some(transcript)) = (credential, transcript) else {
        return Err(Failure::Lost);
    };
    let proof = credential.proof(&transcript);
    let proved: Proved = page
        .bridge
        .post(port, PROVE_PATH, &Prove { challenge, proof }, limit)
        .await?;
    if !credential.accepts(&transcript, &proved.proof) {
        let detail = "A program on this computer claims to be your Holdline and could not prove it.";
        return Err(Failure::impostor(detail));
    }
    Ok(Joined::Session {
        port,
        session: proved.session,
    })
}

async fn pair(page: &Page<'_>, port: u16, pairing: String) -> Result<(), Why> {
    let question = PairPoll { pairing };
    loop {
        let limit = page.options.timings.poll;
        match page.bridge.post(port, PAIR_PATH, &question, limit).await? {
            PairAnswer::Confirmed { pairing_key } => {
                page.keep_key(Some(pairing_key.into()));
                return Ok(());
            }
            PairAnswer::Refused => return Err(Why::PairingRefused),
            PairAnswer::Waiting => {}
        }
    }
}

/// Polls until the session is lost; an error if it never worked, or may not be asked for again at once.
async fn poll(page: &Page<'_>, port: u16, id: Key) -> Result<(), Why> {
    let session = page.open_session(port, id.clone());
    let question = Poll { session: id };
    let mut lost = page.session.subscribe();
    let mut worked = false;
    let limit = page.options.timings.poll;
    let end = loop {
        let answer = tokio::select! {
            answer = page.bridge.post::<Commands>(port, POLL_PATH, &question, limit) => answer,
            // A report's answer said so.
            _ = lost.wait_for(|open| open.as_ref() != Some(&session)) => break page.why_ended(),
        };
        match answer {
            Ok(commands) => {
                worked = true;
                let orders = page.desk().take(commands, page.now(), session.number);
                page.take_orders(orders);
            }
            Err(failure) => break failure,
        }
    };
    page.lose_session(session.number, &end);
    let why = Why::Failure(end);
    if worked && !why.is_superseded() {
        Ok(())
    } else {
        Err(why)
    }
}
