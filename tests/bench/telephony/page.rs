//! The page with Amazon Connect's panel, without a browser: it speaks the page's frames.

use std::path::Path;
use std::sync::mpsc::{Receiver, channel};
use std::time::{Duration, Instant};

use futures_util::{SinkExt as _, StreamExt as _};
use journeys::{runtime, wait};
use serde_json::{Value, json};
use tokio::sync::mpsc;
use tokio_tungstenite::connect_async;
use tokio_tungstenite::tungstenite::Message;
use tokio_tungstenite::tungstenite::client::IntoClientRequest as _;

pub(crate) struct Page {
    frames: mpsc::UnboundedSender<Value>,
    asked: Receiver<(Instant, String)>,
}

impl Page {
    /// Comes in with the token that Holdline has sent to the browser.
    #[track_caller]
    pub(crate) fn open(opened: &Path) -> Self {
        let address = wait::until("the page in the browser", || {
            let text = std::fs::read_to_string(opened).ok()?;
            text.lines().last().map(str::to_owned)
        });
        let (page, token) = address.split_once('#').expect("an address with a token");
        let origin = page.trim_end_matches("/ccp/");
        let url = format!("{}/ccp/v1", origin.replacen("http", "ws", 1));
        let mut request = url.into_client_request().expect("an address");
        request
            .headers_mut()
            .insert("origin", origin.parse().expect("an origin"));
        let (mut socket, _) = runtime::wait_on(connect_async(request)).expect("Holdline answers");
        let hello = json!({ "type": "hello", "protocol": 1, "token": token });
        runtime::wait_on(socket.send(Message::text(hello.to_string()))).expect("Holdline hears");
        let (frames, mut queue) = mpsc::unbounded_channel::<Value>();
        let (told, asked) = channel();
        let answers = frames.clone();
        runtime::spawn(async move {
            loop {
                tokio::select! {
                    frame = queue.recv() => match frame {
                        Some(frame) => drop(socket.send(Message::text(frame.to_string())).await),
                        None => return,
                    },
                    heard = socket.next() => {
                        let at = Instant::now();
                        let Some(Ok(Message::Text(text))) = heard else {
                            if matches!(heard, Some(Ok(_))) { continue } else { return }
                        };
                        let frame: Value = serde_json::from_str(&text).unwrap_or_default();
                        if frame["type"] == "setState" {
                            let answer = json!({ "type": "answer", "id": frame["id"], "outcome": "queued" });
                            let _ = answers.send(answer);
                            let _ = told.send((at, frame["state"].as_str().unwrap_or_default().to_owned()));
                        }
                    }
                }
            }
        });
        Self { frames, asked }
    }

    /// The panel has changed.
    pub(crate) fn tells(&self, state: &str, next: Option<&str>, on_contact: bool) {
        let kind = if state == "Available" {
            "routable"
        } else {
            "system"
        };
        let contact = json!({ "id": "c1", "type": "voice", "state": "connected" });
        let _ = self.frames.send(json!({
            "type": "snapshot",
            "state": { "name": state, "type": kind },
            "sinceMs": null,
            "nextState": next,
            "states": [
                { "name": "Available", "type": "routable" },
                { "name": "Break", "type": "not_routable" },
                { "name": "Offline", "type": "offline" },
            ],
            "contacts": if on_contact { vec![contact] } else { Vec::new() },
        }));
    }

    /// The next state that is asked of the panel, and when it was.
    #[track_caller]
    pub(crate) fn asked(&self) -> (Instant, String) {
        let asked = self.asked.recv_timeout(Duration::from_secs(10));
        asked.expect("Holdline asks the panel for a state")
    }
}
