//! The process of the phone's window, seen from here: kept alive while a rep is signed in.

use std::io;
use std::path::PathBuf;
use std::process::Stdio;

use headless::{PhonePage, PhonePlace, PhoneStep, PhoneWatch};
use holdline::protocol::{self, ToPhoneWindow};
use tokio::io::AsyncWriteExt as _;
use tokio::process::{Child, ChildStdin, Command};
use tokio::sync::mpsc;

use crate::companion_handle::Companion;
use crate::window_process;

/// The phone's window, where the settings want one.
pub(crate) struct PhoneWindow {
    page: PhonePage,
    watch: PhoneWatch,
    data: PathBuf,
    softphone: bool,
    open: Option<Open>,
}

struct Open {
    child: Child,
    messages: mpsc::UnboundedSender<ToPhoneWindow>,
}

impl PhoneWindow {
    /// Not open yet; [`PhoneWindow::keep`] opens it.
    pub(crate) fn of(companion: &Companion) -> Option<Self> {
        let page = companion.phone_page()?;
        if page.place() != PhonePlace::Window {
            return None;
        }
        Some(Self {
            watch: page.watch(),
            page,
            data: companion.phone_window_folder(),
            softphone: companion.settings().phone.softphone,
            open: None,
        })
    }

    /// Starts it, and starts it anew when it or its page has died. Never ends; may be dropped at any time and
    /// called again.
    pub(crate) async fn keep(&mut self) {
        loop {
            let running = self.open.is_some();
            tokio::select! {
                step = self.watch.step(running) => match step {
                    PhoneStep::Start => self.start(),
                    // Without its standard input it ends by itself; if not, with its handle.
                    PhoneStep::End => self.open = None,
                    PhoneStep::Wait(_) => {}
                },
                () = gone(&mut self.open) => self.open = None,
            }
        }
    }

    /// Brings it to the front.
    pub(crate) fn show(&self) {
        if let Some(open) = &self.open {
            let _ = open.messages.send(ToPhoneWindow::Show);
        }
    }

    fn start(&mut self) {
        match self.try_start() {
            Ok(open) => self.open = open,
            Err(error) => tracing::error!(%error, "the phone's window could not be started"),
        }
    }

    fn try_start(&self) -> io::Result<Option<Open>> {
        let Some(address) = self.page.address() else {
            return Ok(None);
        };
        let mut child = command()?.spawn()?;
        let input = child
            .stdin
            .take()
            .ok_or_else(|| io::Error::other("its program has no standard input"))?;
        let (messages, queue) = mpsc::unbounded_channel();
        let _ = messages.send(ToPhoneWindow::Open {
            address: address.into(),
            data: self.data.clone(),
            shown: self.softphone,
        });
        tokio::spawn(write(input, queue));
        Ok(Some(Open { child, messages }))
    }
}

fn command() -> io::Result<Command> {
    let mut command = window_process::command()?;
    command
        .arg("phone")
        .stdin(Stdio::piped())
        .stdout(Stdio::null())
        // Only Holdline's own window lets itself be driven: this one is somebody else's page.
        .env_remove("TAURI_WEBVIEW_AUTOMATION")
        .kill_on_drop(true);
    Ok(command)
}

/// Waits until its process has ended.
async fn gone(open: &mut Option<Open>) {
    match open {
        Some(open) => match open.child.wait().await {
            Ok(status) if status.success() => {}
            Ok(status) => tracing::error!(%status, "the phone's window has died"),
            Err(error) => tracing::error!(%error, "the phone's window's end is not known"),
        },
        None => std::future::pending().await,
    }
}

/// Ends with the last sender, which closes the window's standard input.
async fn write(mut input: ChildStdin, mut queue: mpsc::UnboundedReceiver<ToPhoneWindow>) {
    while let Some(message) = queue.recv().await {
        let Ok(line) = protocol::line(&message) else {
            continue;
        };
        if input.write_all(line.as_bytes()).await.is_err() {
            return;
        }
    }
}
