//! One phone's connection, from its first frame to its last.

use std::collections::VecDeque;

use axum::extract::ws::WebSocket;
use presence::event::{CommandId, Event, PairingKind};
use secrecy::{ExposeSecret as _, SecretString};
use tokio::time::timeout;
use wire::connector::{FromPhone, PhoneState, ToPhone};

use super::line::{Gone, Heard, Line};
use super::register::{Candidate, bad_frame, candidate};
use super::{Farewell, Order, Phones, Seat};
use crate::pairing::Outcome;

/// Requests whose answer is awaited; a phone that never answers must not add up.
const MOST_ASKED: usize = 256;

/// Why a connection ends.
enum End {
    /// With a word to the phone.
    Farewell(Farewell),
    /// Without one: it is gone, or Holdline is leaving.
    Silent,
}

impl From<Farewell> for End {
    fn from(farewell: Farewell) -> Self {
        Self::Farewell(farewell)
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
    if let End::Farewell(Farewell { code, detail }) = end {
        tracing::info!(code, "a phone is sent away");
        let _ = line
            .tell(&ToPhone::Refused {
                code: code.into(),
                detail,
            })
            .await;
    }
    line.close().await;
}

async fn talk(phones: &Phones, line: &mut Line<FromPhone>) -> Result<std::convert::Infallible, End> {
    let first = timeout(phones.0.timings.phone_register, line.next()).await;
    let frame = match first {
        Ok(Heard::Frame(frame)) => *frame,
        Ok(Heard::Bad(why)) => return Err(bad_frame(&why).into()),
        Ok(Heard::Gone) => return Err(End::Silent),
        Err(_) => return Err(bad_frame("no `register` came in time").into()),
    };
    let candidate = candidate(frame, &phones.0.current)?;
    let (token, state) = admit(phones, line, &candidate).await?;
    let mut seat = phones.join(candidate.owner, candidate.phone)?;
    line.tell(&ToPhone::Registered {
        protocol: candidate.protocol,
        token: token.into(),
    })
    .await?;
    if let Some(state) = state {
        seat.post(Event::PhoneState(state.into()));
    }
    let mut asked = VecDeque::new();
    loop {
        tokio::select! {
            order = seat.orders.recv() => match order {
                Some(Order::Leave(farewell)) => return Err(farewell.into()),
                Some(Order::SetState { command, state, enqueue }) => {
                    if asked.len() >= MOST_ASKED {
                        asked.pop_front();
                    }
                    asked.push_back(command);
                    let id = command.to_string();
                    line.tell(&ToPhone::SetState { id, state, enqueue_next_state: enqueue }).await?;
                }
                None => return Err(End::Silent),
            },
            heard = line.next() => match heard {
                Heard::Frame(frame) => take(&seat, &mut asked, *frame)?,
                Heard::Bad(why) => return Err(bad_frame(&why).into()),
                Heard::Gone => return Err(End::Silent),
            },
        }
    }
}

/// Its token, after pairing if need be, and the last state it reported meanwhile.
async fn admit(
    phones: &Phones,
    line: &mut Line<FromPhone>,
    candidate: &Candidate,
) -> Result<(SecretString, Option<PhoneState>), End> {
    let pairings = &phones.0.pairings;
    if let Some(token) = &candidate.token
        && pairings.knows(PairingKind::Phone, candidate.owner, token.expose_secret())
    {
        return Ok((token.clone(), None));
    }
    let offer = pairings
        .offer(PairingKind::Phone, candidate.owner, "", &candidate.phone.name)
        .map_err(Farewell::from)?;
    let wait = pairings.wait(&offer.id);
    line.tell(&ToPhone::Pairing { code: offer.code }).await?;
    let mut state = None;
    loop {
        tokio::select! {
            outcome = wait.outcome() => return match outcome {
                Outcome::Confirmed(token) => Ok((token, state)),
                Outcome::Refused => {
                    let detail = "The pairing was refused in Holdline, or nobody confirmed it in time: connect \
                                  again and compare the code.";
                    Err(Farewell { code: "pairing_refused", detail: detail.into() }.into())
                }
            },
            heard = line.next() => match heard {
                Heard::Frame(frame) => match *frame {
                    FromPhone::State(newer) => state = Some(newer),
                    _ => return Err(bad_frame("only states while pairing").into()),
                },
                Heard::Bad(why) => return Err(bad_frame(&why).into()),
                Heard::Gone => {
                    pairings.refuse(&offer.id);
                    return Err(End::Silent);
                }
            },
        }
    }
}

fn take(seat: &Seat, asked: &mut VecDeque<CommandId>, frame: FromPhone) -> Result<(), End> {
    match frame {
        FromPhone::State(state) => seat.post(Event::PhoneState(state.into())),
        FromPhone::Answer { id, outcome } => {
            let answered = id.parse().ok();
            match asked
                .iter()
                .position(|asked| answered == Some(*asked))
                .and_then(|at| asked.remove(at))
            {
                Some(command) => seat.post(Event::PhoneAnswered {
                    command,
                    outcome: outcome.into(),
                }),
                None => tracing::debug!("the answer to a request that is not awaited"),
            }
        }
        FromPhone::Register { .. } => return Err(bad_frame("`register` comes only once").into()),
    }
    Ok(())
}
