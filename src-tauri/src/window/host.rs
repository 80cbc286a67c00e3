//! The connection to Holdline: pictures and answers by standard input, requests by standard output.

use std::collections::BTreeMap;
use std::io::{self, Write as _};
use std::sync::{Mutex, MutexGuard, PoisonError};

use companion::texts::Texts;
use holdline::protocol::{self, Answer, Request, ToWindow, Wish};
use tauri::{AppHandle, Emitter as _, Manager as _};
use tokio::sync::oneshot;
use wire::dispatch::{Dispatch, DispatchError};
use wire::picture::Picture;
use wire::support::{Ask, Told};

use crate::view;

/// Holdline, as the page's commands see it.
pub(crate) struct Host {
    state: Mutex<State>,
}

struct State {
    picture: Picture,
    asked: u64,
    waiting: BTreeMap<u64, oneshot::Sender<Answer>>,
}

impl Host {
    pub(crate) fn new(picture: Picture) -> Self {
        Self {
            state: Mutex::new(State {
                picture,
                asked: 0,
                waiting: BTreeMap::new(),
            }),
        }
    }

    /// The newest picture.
    pub(crate) fn picture(&self) -> Picture {
        self.state().picture.clone()
    }

    /// Passes a request on and waits until it is taken.
    pub(crate) async fn dispatch(&self, request: Dispatch) -> Result<(), DispatchError> {
        self.wish(Wish::Dispatch(request)).await.map(drop)
    }

    /// Asks about Holdline itself and waits for the answer.
    pub(crate) async fn ask(&self, ask: Ask) -> Result<Told, DispatchError> {
        self.wish(Wish::Ask(ask)).await?.ok_or_else(no_host)
    }

    async fn wish(&self, wish: Wish) -> Result<Option<Told>, DispatchError> {
        let (sender, answer) = oneshot::channel();
        let sent = {
            let mut state = self.state();
            state.asked += 1;
            let id = state.asked;
            state.waiting.insert(id, sender);
            // Under the lock, so that two requests never share a line.
            say(&Request { id, wish })
        };
        if sent.is_err() {
            return Err(no_host());
        }
        match answer.await {
            Ok(Answer {
                error: None, told, ..
            }) => Ok(told),
            Ok(Answer {
                error: Some(error), ..
            }) => Err(error),
            Err(_) => Err(no_host()),
        }
    }

    fn answered(&self, answer: Answer) {
        if let Some(waiting) = self.state().waiting.remove(&answer.id) {
            // The page may have gone on.
            let _ = waiting.send(answer);
        }
    }

    fn state(&self) -> MutexGuard<'_, State> {
        self.state.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

fn no_host() -> DispatchError {
    DispatchError {
        code: "no_host".into(),
        text: Texts::english().text("window-no_host", &[]),
    }
}

fn say(request: &Request) -> io::Result<()> {
    let mut output = io::stdout().lock();
    output.write_all(protocol::line(request)?.as_bytes())?;
    output.flush()
}

/// Hears what Holdline says, until it says no more; then the window ends too.
pub(crate) fn listen(app: &AppHandle) {
    for line in io::stdin().lines() {
        let Ok(line) = line else { break };
        match serde_json::from_str(&line) {
            Ok(ToWindow::Answer(answer)) => app.state::<Host>().answered(answer),
            Ok(ToWindow::Picture(picture)) => {
                app.state::<Host>().state().picture = Picture::clone(&picture);
                if let Err(error) = app.emit_to(view::LABEL, "picture", &picture) {
                    eprintln!("the page did not get a picture: {error}");
                }
            }
            Ok(ToWindow::Raise) => raise(app),
            Err(error) => eprintln!("Holdline said something this window does not know: {error}"),
        }
    }
    // The web view's processes take a second or two to end; the rep need not watch.
    if let Some(window) = app.get_webview_window(view::LABEL) {
        let _ = window.hide();
    }
    app.exit(0);
}

fn raise(app: &AppHandle) {
    let on_main = app.clone();
    let posted = app.run_on_main_thread(move || {
        if let Err(error) = view::raise(&on_main) {
            eprintln!("the window could not be raised: {error}");
        }
    });
    if let Err(error) = posted {
        eprintln!("the window could not be raised: {error}");
    }
}
