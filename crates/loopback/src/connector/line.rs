//! Frames in and out, and whether anybody is still there.

use std::marker::PhantomData;
use std::time::Duration;

use axum::Error;
use axum::extract::ws::{Message, WebSocket};
use serde::Serialize;
use serde::de::DeserializeOwned;
use tokio::time::{Instant, sleep_until, timeout};

/// One phone's WebSocket, whose frames are `F`.
pub(crate) struct Line<F> {
    socket: WebSocket,
    silence: Duration,
    heard: Instant,
    pinged: Instant,
    frames: PhantomData<fn() -> F>,
}

/// What came.
#[derive(Debug)]
pub(crate) enum Heard<F> {
    /// Text that is no frame of this protocol, or no text; the reason.
    Bad(String),
    /// A frame.
    Frame(Box<F>),
    /// Nothing will come any more.
    Gone,
}

/// The phone can't be told anything any more.
#[derive(Debug)]
pub(crate) struct Gone;

impl From<Error> for Gone {
    fn from(_: Error) -> Self {
        Self
    }
}

impl<F: DeserializeOwned> Line<F> {
    pub(crate) fn new(socket: WebSocket, silence: Duration) -> Self {
        let now = Instant::now();
        Self {
            socket,
            silence,
            heard: now,
            pinged: now,
            frames: PhantomData,
        }
    }

    /// The next frame. Pings the phone meanwhile; one that does not even answer pings is gone.
    pub(crate) async fn next(&mut self) -> Heard<F> {
        loop {
            let next_ping = self.pinged + self.silence / 3;
            tokio::select! {
                biased;
                message = self.socket.recv() => {
                    let Some(Ok(message)) = message else { return Heard::Gone };
                    self.heard = Instant::now();
                    match message {
                        Message::Text(text) => return match serde_json::from_str(&text) {
                            Ok(frame) => Heard::Frame(Box::new(frame)),
                            Err(error) => Heard::Bad(error.to_string()),
                        },
                        Message::Binary(_) => return Heard::Bad("a binary frame".into()),
                        Message::Close(_) => return Heard::Gone,
                        Message::Ping(_) | Message::Pong(_) => {}
                    }
                }
                () = sleep_until(self.heard + self.silence) => return Heard::Gone,
                () = sleep_until(next_ping) => {
                    self.pinged = Instant::now();
                    if self.send(Message::Ping(Default::default())).await.is_err() {
                        return Heard::Gone;
                    }
                }
            }
        }
    }

    pub(crate) async fn tell(&mut self, frame: &impl Serialize) -> Result<(), Gone> {
        let text = serde_json::to_string(frame).map_err(|_| Gone)?;
        self.send(Message::Text(text.into())).await
    }

    /// The same socket for frames of another kind.
    pub(crate) fn of<G>(self) -> Line<G> {
        Line {
            socket: self.socket,
            silence: self.silence,
            heard: self.heard,
            pinged: self.pinged,
            frames: PhantomData,
        }
    }

    /// Ends politely, as far as the phone still listens.
    pub(crate) async fn close(mut self) {
        let _ = self.send(Message::Close(None)).await;
    }

    /// A phone that reads nothing must not hold us up for ever.
    async fn send(&mut self, message: Message) -> Result<(), Gone> {
        timeout(self.silence, self.socket.send(message))
            .await
            .map_err(|_| Gone)??;
        Ok(())
    }
}
