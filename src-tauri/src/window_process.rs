//! The window's process, seen from here: started when the rep wants to see it, gone when it is closed.

use std::io;
use std::path::PathBuf;
use std::process::Stdio;

use holdline::protocol::{self, Request, ToWindow};
use tokio::io::{AsyncBufReadExt as _, AsyncWriteExt as _, BufReader};
use tokio::process::{Child, ChildStdin, ChildStdout, Command};
use tokio::sync::mpsc;
use wire::picture::Picture;

/// What comes from a window.
pub(crate) enum Event {
    /// The rep has closed it, or it has died.
    Gone {
        /// Which.
        run: u64,
    },
    /// The rep asks for something.
    Request {
        /// What.
        request: Request,
        /// Where the answer goes.
        answers: mpsc::UnboundedSender<ToWindow>,
    },
}

/// The window, open or not.
pub(crate) struct Window {
    events: mpsc::UnboundedSender<Event>,
    /// Counts the windows there have been.
    runs: u64,
    open: Option<mpsc::UnboundedSender<ToWindow>>,
    /// What the open one draws.
    drawn: Option<Picture>,
}

impl Window {
    /// Not open yet.
    pub(crate) fn new(events: mpsc::UnboundedSender<Event>) -> Self {
        Self {
            events,
            runs: 0,
            open: None,
            drawn: None,
        }
    }

    /// Opens it with a picture, or brings it to the front.
    ///
    /// # Errors
    /// Its program could not be started.
    pub(crate) fn show(&mut self, picture: &Picture) -> io::Result<()> {
        if let Some(open) = &self.open
            && open.send(ToWindow::Raise).is_ok()
        {
            return Ok(());
        }
        let mut child = start()?;
        let (Some(input), Some(output)) = (child.stdin.take(), child.stdout.take()) else {
            return Err(io::Error::other(
                "the window's program has no standard input and output",
            ));
        };
        self.runs += 1;
        let (messages, queue) = mpsc::unbounded_channel();
        tokio::spawn(write(input, queue));
        tokio::spawn(read(
            output,
            child,
            messages.downgrade(),
            self.events.clone(),
            self.runs,
        ));
        self.open = Some(messages);
        self.drawn = None;
        self.draw(picture);
        Ok(())
    }

    /// Has it draw a new picture, if it is open and would look different.
    pub(crate) fn draw(&mut self, picture: &Picture) {
        let Some(open) = &self.open else { return };
        let drawn = as_drawn(picture);
        if self.drawn.as_ref() != Some(&drawn) {
            let _ = open.send(ToWindow::Picture(Box::new(picture.clone())));
            self.drawn = Some(drawn);
        }
    }

    /// A window is gone; it may be an older one.
    pub(crate) fn gone(&mut self, run: u64) {
        if run == self.runs {
            self.open = None;
        }
    }

    /// Closes it: without a picture to follow it ends by itself.
    pub(crate) fn close(&mut self) {
        self.open = None;
    }
}

/// The console is heard every few seconds, and only that there is evidence is drawn, not of when: waking a web view
/// for it would be most of what Holdline costs while nothing happens.
fn as_drawn(picture: &Picture) -> Picture {
    let mut drawn = picture.clone();
    drawn.call.evidence_at = drawn.call.evidence_at.map(|_| String::new());
    drawn
}

fn start() -> io::Result<Child> {
    let mut command = command()?;
    command
        .stdin(Stdio::piped())
        .stdout(Stdio::piped())
        .kill_on_drop(true);
    command.spawn().map_err(|error| {
        let program = command.as_std().get_program().display();
        io::Error::new(error.kind(), format!("{program}: {error}"))
    })
}

/// The windows' program, which lies beside this one.
pub(crate) fn command() -> io::Result<Command> {
    let name = format!("holdline-window{}", std::env::consts::EXE_SUFFIX);
    let program: PathBuf = std::env::current_exe()?.with_file_name(name);
    let mut command = Command::new(program);
    // GTK would load a whole GL driver for one small page, about 30 MB. Whoever has set it keeps it.
    if cfg!(target_os = "linux") && std::env::var_os("GDK_GL").is_none() {
        command.env("GDK_GL", "disable");
    }
    Ok(command)
}

/// Ends with the last sender, which closes the window's standard input.
async fn write(mut input: ChildStdin, mut queue: mpsc::UnboundedReceiver<ToWindow>) {
    while let Some(message) = queue.recv().await {
        let line = match protocol::line(&message) {
            Ok(line) => line,
            Err(error) => {
                tracing::error!(%error, "a message to the window was lost");
                continue;
            }
        };
        if input.write_all(line.as_bytes()).await.is_err() {
            // It has been closed; the reader tells.
            return;
        }
    }
}

async fn read(
    output: ChildStdout,
    mut child: Child,
    // Weak, so that `Window::close` closes the window.
    answers: mpsc::WeakUnboundedSender<ToWindow>,
    events: mpsc::UnboundedSender<Event>,
    run: u64,
) {
    let mut lines = BufReader::new(output).lines();
    while let Ok(Some(line)) = lines.next_line().await {
        match (serde_json::from_str(&line), answers.upgrade()) {
            (Ok(request), Some(answers)) => {
                let _ = events.send(Event::Request { request, answers });
            }
            (Ok(_), None) => {}
            (Err(error), _) => tracing::warn!(%error, "the window said something else"),
        }
    }
    match child.wait().await {
        Ok(status) if status.success() => {}
        Ok(status) => tracing::error!(%status, "the window has died"),
        Err(error) => tracing::error!(%error, "the window's end is not known"),
    }
    let _ = events.send(Event::Gone { run });
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn newer_evidence_alone_wakes_no_window() {
        let (events, _events) = mpsc::unbounded_channel();
        let (open, mut told) = mpsc::unbounded_channel();
        let mut window = Window::new(events);
        window.open = Some(open);
        let mut picture = crate::tray::a_picture();
        picture.call.evidence_at = None;

        window.draw(&picture);
        assert!(told.try_recv().is_ok(), "the first");
        picture.call.evidence_at = Some("2026-01-01T10:00:00Z".into());
        window.draw(&picture);
        assert!(told.try_recv().is_ok(), "there is evidence now");
        picture.call.evidence_at = Some("2026-01-01T10:00:20Z".into());
        window.draw(&picture);
        assert!(told.try_recv().is_err(), "nothing looks different");
        picture.guarding = !picture.guarding;
        window.draw(&picture);
        assert!(told.try_recv().is_ok(), "another picture");
    }
}
