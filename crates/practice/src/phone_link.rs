//! The practice phone's side of Holdline's connector API.
//!
//! A phone that somebody uses, or whose rep has a console open, asks every Holdline port who is there
//! (`GET /holdline`), joins the Holdline of its own org and rep by WebSocket, registers, and from then on
//! reports its whole state after every change and carries out state requests, each once. It remembers its
//! pairing token until the practice org ends. When the link is lost it looks again at once, then every second
//! for 30 s, then every 5 s ([`crate::Timings`]); after the rep has refused the pairing, or another phone has taken
//! its place, it waits until somebody uses the phone or opens a console.

mod carried;
mod find;

use std::sync::Arc;

use futures_util::{SinkExt as _, StreamExt as _};
use secrecy::SecretString;
use tokio::net::TcpStream;
use tokio::sync::broadcast;
use tokio::time::Instant;
use tokio_tungstenite::tungstenite::Message;
use tokio_tungstenite::{MaybeTlsStream, WebSocketStream};
use wire::connector::{
    AgentState, Answer, Capabilities, FromPhone, Outcome, PROTOCOL, PhoneState, Registration, StateRequest,
    ToPhone,
};

use crate::org::{Choice, Happened, PhoneBy, RepKey, Source};
use crate::server::Shared;
use carried::Carried;

type Socket = WebSocketStream<MaybeTlsStream<TcpStream>>;

/// Keeps one rep's phone joined to that rep's Holdline, until the server stops.
pub(crate) async fn run(shared: Arc<Shared>, key: RepKey) {
    let mut stopped = shared.stopped.clone();
    tokio::select! {
        () = keep_joined(&shared, key) => {}
        _ = stopped.wait_for(|stopped| *stopped) => {}
    }
}

/// How a time on the line ended.
#[derive(Debug, PartialEq, Eq)]
enum End {
    /// The rep does not want this phone, or has another one.
    Declined,
    /// The connection is gone, or never came about.
    Lost {
        /// Whether it had been joined.
        joined: bool,
    },
}

async fn keep_joined(shared: &Arc<Shared>, key: RepKey) {
    let mut look_again = shared.look_again.subscribe();
    let mut finder = find::Finder::new(shared, key);
    let mut phone = Line::new(shared, key);
    let mut looking_since = Instant::now();
    loop {
        let began = Instant::now();
        let through_panel = shared.read(|org| org.settings().phone_by == PhoneBy::AmazonConnect);
        let port = if through_panel { None } else { finder.find().await };
        let end = match port {
            Some(port) => phone.call(port).await,
            None => End::Lost { joined: false },
        };
        if !through_panel {
            shared.change(|org, _| org.phone_link(key, false, None));
        }
        let timings = shared.timings;
        match end {
            End::Declined => {
                // What somebody did before is no wish to join again.
                look_again = look_again.resubscribe();
                used(&mut look_again, key).await;
                looking_since = Instant::now();
            }
            // At once, but never in a tight loop with a Holdline that drops every phone.
            End::Lost { joined: true } => {
                looking_since = Instant::now();
                tokio::time::sleep_until(began + timings.phone_retry).await;
            }
            End::Lost { joined: false } => {
                let retry = if looking_since.elapsed() < timings.phone_retry_for {
                    timings.phone_retry
                } else {
                    timings.phone_retry_later
                };
                let wait = tokio::time::sleep_until(began + retry);
                tokio::select! {
                    () = wait => {}
                    () = used(&mut look_again, key) => looking_since = Instant::now(),
                }
            }
        }
    }
}

/// Waits until somebody uses this phone or opens its rep's console.
async fn used(look_again: &mut broadcast::Receiver<RepKey>, key: RepKey) {
    loop {
        match look_again.recv().await {
            Ok(whose) if whose == key => return,
            Ok(_) | Err(broadcast::error::RecvError::Lagged(_)) => {}
            Err(broadcast::error::RecvError::Closed) => std::future::pending().await,
        }
    }
}

/// The phone's memory across connections.
struct Line {
    shared: Arc<Shared>,
    key: RepKey,
    token: Option<SecretString>,
    carried: Carried,
}

impl Line {
    fn new(shared: &Arc<Shared>, key: RepKey) -> Self {
        Self {
            shared: Arc::clone(shared),
            key,
            token: None,
            carried: Carried::default(),
        }
    }

    /// One connection, from dialling to its end.
    async fn call(&mut self, port: u16) -> End {
        let url = format!("ws://127.0.0.1:{port}{}", wire::connector::PATH);
        let Ok((mut socket, _)) = tokio_tungstenite::connect_async(url).await else {
            return End::Lost { joined: false };
        };
        let (state, mut happened) = self.shared.read_and_listen(|org| org.rep(self.key).phone.state());
        let mut told = None;
        let mut joined = false;
        if self.register(&mut socket).await.is_err() || tell(&mut socket, &mut told, state).await.is_err() {
            return End::Lost { joined };
        }
        loop {
            let went = tokio::select! {
                frame = socket.next() => match frame {
                    Some(Ok(Message::Text(text))) => match serde_json::from_str(&text) {
                        Ok(frame) => self.obey(&mut socket, &mut told, &mut joined, frame).await,
                        Err(error) => {
                            tracing::warn!(%error, "the phone did not understand a frame of Holdline");
                            Err(End::Lost { joined })
                        }
                    },
                    Some(Ok(Message::Close(_)) | Err(_)) | None => Err(End::Lost { joined }),
                    // The library answers pings by itself.
                    Some(Ok(_)) => Ok(()),
                },
                happened = happened.recv() => match happened {
                    Ok(Happened::Phone(whose)) if whose != self.key => Ok(()),
                    Ok(Happened::Console(..)) => Ok(()),
                    // Missing some is no loss: what counts is the state now.
                    Ok(Happened::Phone(_)) | Err(broadcast::error::RecvError::Lagged(_)) => {
                        let state = self.shared.read(|org| org.rep(self.key).phone.state());
                        tell(&mut socket, &mut told, state).await.map_err(|()| End::Lost { joined })
                    }
                    Err(broadcast::error::RecvError::Closed) => Err(End::Lost { joined }),
                },
            };
            if let Err(end) = went {
                return end;
            }
        }
    }

    async fn register(&self, socket: &mut Socket) -> Result<(), ()> {
        let (user, profile) = self
            .shared
            .read(|org| (org.rep(self.key).user_id, org.settings().phone_profile));
        let register = FromPhone::Register(Registration {
            protocol: PROTOCOL,
            name: "Practice phone".to_owned(),
            user: Some(user.to_string()),
            token: self.token.clone().map(Into::into),
            rights: None,
            capabilities: Capabilities {
                enqueue_next_state: true,
            },
            profile,
            states: states(),
        });
        send(socket, &register).await
    }

    async fn obey(
        &mut self,
        socket: &mut Socket,
        told: &mut Option<PhoneState>,
        joined: &mut bool,
        frame: ToPhone,
    ) -> Result<(), End> {
        match frame {
            ToPhone::Pairing { code } => {
                *joined = false;
                self.shared
                    .change(|org, _| org.phone_link(self.key, false, Some(code.expose().to_owned())));
            }
            ToPhone::Registered { token, .. } => {
                *joined = true;
                self.token = Some(token.into());
                self.shared.change(|org, _| org.phone_link(self.key, true, None));
            }
            ToPhone::SetState(StateRequest {
                id,
                state,
                enqueue_next_state,
            }) => {
                let outcome = self.carry_out(&id, &state, enqueue_next_state);
                let state = self.shared.read(|org| org.rep(self.key).phone.state());
                let lost = |()| End::Lost { joined: *joined };
                tell(socket, told, state).await.map_err(lost)?;
                send(socket, &FromPhone::Answer(Answer { id, outcome }))
                    .await
                    .map_err(lost)?;
            }
            ToPhone::Refused { code, detail } => {
                tracing::info!(code, detail, "Holdline refused the practice phone");
                return Err(match code.as_str() {
                    "pairing_refused" => End::Declined,
                    // To dial again would push the newer phone out, which would dial again, and so on.
                    "replaced" => End::Declined,
                    _ => End::Lost { joined: false },
                });
            }
        }
        Ok(())
    }

    /// Carries a request out, or answers what became of it when it came before.
    fn carry_out(&mut self, id: &str, state: &str, enqueue: bool) -> Outcome {
        if let Some(outcome) = self.carried.outcome(id) {
            return outcome;
        }
        let outcome = self
            .shared
            .change(|org, now| org.set_phone(now, self.key, state, enqueue, Source::Holdline))
            .unwrap_or(Outcome::Refused);
        self.carried.remember(id, outcome);
        outcome
    }
}

fn states() -> Vec<AgentState> {
    Choice::ALL.into_iter().map(Choice::agent_state).collect()
}

/// Reports the state, unless it is the one reported last.
async fn tell(socket: &mut Socket, told: &mut Option<PhoneState>, state: PhoneState) -> Result<(), ()> {
    if told.as_ref() == Some(&state) {
        return Ok(());
    }
    *told = Some(state.clone());
    send(socket, &FromPhone::State(state)).await
}

async fn send(socket: &mut Socket, frame: &FromPhone) -> Result<(), ()> {
    let text = serde_json::to_string(frame).map_err(|_| ())?;
    socket.send(Message::text(text)).await.map_err(|_| ())
}
