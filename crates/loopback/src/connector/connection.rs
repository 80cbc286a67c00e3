//! One phone's WebSocket, from its first frame to its last.

use axum::extract::ws::WebSocket;
use presence::event::PairingKind;
use secrecy::SecretString;
use tokio::time::timeout;
use wire::connector::{FromPhone, PhoneState, Rights, ToPhone};

use super::Phones;
use super::line::{Gone, Heard, Line};
use super::register::{Candidate, candidate, settable};
use super::seat::{Claim, Order, Seat};
use super::talk::Talk;
use crate::pairing::Outcome;
use crate::problem::Refusal;

/// Why a connection ends.
enum End {
    /// With a word to the phone.
    Refused(Refusal),
    /// Without one: it is gone, or Holdline is leaving.
    Silent,
}

impl From<Refusal> for End {
    fn from(refusal: Refusal) -> Self {
        Self::Refused(refusal)
    }
}

impl From<Gone> for End {
    fn from(_: Gone) -> Self {
        Self::Silent
    }
}

/// Serves a phone until it leaves or is sent away.
pub(super) async fn serve(phones: Phones, socket: WebSocket) {
    let mut line = Line::new(socket, phones.0.timings.phone_silence);
    let end = tokio::select! {
        Err(end) = talk(&phones, &mut line) => end,
        () = phones.0.stop.heard() => End::Silent,
    };
    if let End::Refused(refusal) = end {
        let code = refusal.code();
        tracing::info!(code, "a phone is sent away");
        let _ = line
            .tell(&ToPhone::Refused {
                code: code.into(),
                detail: refusal.into_detail(),
            })
            .await;
    }
    line.close().await;
}

async fn talk(phones: &Phones, line: &mut Line<FromPhone>) -> Result<std::convert::Infallible, End> {
    let first = timeout(phones.0.timings.phone_register, line.next()).await;
    let frame = match first {
        Ok(Heard::Frame(frame)) => *frame,
        Ok(Heard::Bad(why)) => return Err(Refusal::bad_frame(&why).into()),
        Ok(Heard::Gone) => return Err(End::Silent),
        Err(_) => return Err(Refusal::bad_frame("no `register` came in time").into()),
    };
    let FromPhone::Register(registration) = frame else {
        return Err(Refusal::bad_frame("the first frame must be `register`").into());
    };
    let candidate = candidate(registration, &phones.0.current)?;
    let admitted = admit(phones, line, &candidate).await?;
    let (protocol, owner) = (candidate.protocol, candidate.owner);
    let phone = candidate.joined(admitted.rights);
    let (has_queue, states) = (phone.enqueues, settable(&phone));
    let Seat { occupant, mut orders } = Seat::take(
        phones,
        Claim {
            owner,
            token: Some(admitted.token.clone()),
            rights: admitted.rights,
            phone,
        },
    )?;
    let mut talk = Talk::new(occupant, admitted.rights, has_queue, states);
    line.tell(&ToPhone::Registered {
        protocol,
        token: admitted.token.into(),
        rights: admitted.rights,
    })
    .await?;
    if let Some(state) = admitted.state {
        talk.state(state);
    }
    loop {
        tokio::select! {
            order = orders.recv() => match order {
                Some(Order::Leave(why)) => return Err(why.into()),
                Some(Order::SetState { command, state, enqueue }) => {
                    line.tell(&ToPhone::SetState(talk.ask(command, state, enqueue))).await?;
                }
                None => return Err(End::Silent),
            },
            heard = line.next() => match heard {
                Heard::Frame(frame) => take(&mut talk, *frame)?,
                Heard::Bad(why) => return Err(Refusal::bad_frame(&why).into()),
                Heard::Gone => return Err(End::Silent),
            },
        }
    }
}

/// What a phone joins with.
struct Admitted {
    token: SecretString,
    rights: Rights,
    /// The last state it reported while it was paired.
    state: Option<PhoneState>,
}

/// By its token, or after pairing.
async fn admit(phones: &Phones, line: &mut Line<FromPhone>, candidate: &Candidate) -> Result<Admitted, End> {
    let pairings = &phones.0.pairings;
    if let Some(rights) = candidate.known(pairings, phones.0.may_pair)?
        && let Some(token) = &candidate.token
    {
        return Ok(Admitted {
            token: token.clone(),
            rights,
            state: None,
        });
    }
    let rights = candidate.content_with;
    let offer = pairings.offer(PairingKind::Phone, candidate.owner, "", candidate.name(), rights)?;
    let wait = pairings.wait(&offer.id);
    line.tell(&ToPhone::Pairing { code: offer.code }).await?;
    let mut state = None;
    loop {
        tokio::select! {
            outcome = wait.outcome() => return match outcome {
                Outcome::Confirmed(token) => Ok(Admitted { token, rights, state }),
                Outcome::Refused => Err(Refusal::pairing_refused().into()),
            },
            heard = line.next() => match heard {
                Heard::Frame(frame) => match *frame {
                    FromPhone::State(newer) => state = Some(newer),
                    _ => return Err(Refusal::bad_frame("only states while pairing").into()),
                },
                Heard::Bad(why) => return Err(Refusal::bad_frame(&why).into()),
                Heard::Gone => {
                    pairings.refuse(&offer.id);
                    return Err(End::Silent);
                }
            },
        }
    }
}

fn take(talk: &mut Talk, frame: FromPhone) -> Result<(), End> {
    match frame {
        FromPhone::State(state) => talk.state(state),
        FromPhone::Answer(answer) => {
            talk.answer(answer);
        }
        FromPhone::Enqueue(enqueue) => talk.enqueue(enqueue)?,
        FromPhone::Register(_) => return Err(Refusal::bad_frame("`register` comes only once").into()),
    }
    Ok(())
}
