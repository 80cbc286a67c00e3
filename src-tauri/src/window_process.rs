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
}

impl Window {
    /// Not open yet.
    pub(crate) fn new(events: mpsc::UnboundedSender<Event>) -> Self {
        Self {
            events,
            runs: 0,
            open: None,
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
        let _ = messages.send(ToWindow::Picture(Box::new(picture.clone())));
        tokio::spawn(write(input, queue));
        tokio::spawn(read(
            output,
            child,
            messages.downgrade(),
            self.events.clone(),
            self.runs,
        ));
        self.open = Some(messages);
        Ok(())
    }

    /// Has it draw a new picture, if it is open.
    pub(crate) fn draw(&self, picture: &Picture) {
        if let Some(open) = &self.open {
            let _ = open.send(ToWindow::Picture(Box::new(picture.clone())));
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
