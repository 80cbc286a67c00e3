//! Guards: a started process, the JSON lines it prints, and its certain end.

use std::collections::VecDeque;
use std::fs::File;
use std::io::{BufRead, BufReader, Write};
use std::path::{Path, PathBuf};
use std::process::{Child, Command, ExitStatus, Stdio};
use std::sync::mpsc::{Receiver, RecvTimeoutError, channel};
use std::thread;
use std::time::{Duration, Instant};

use rustix::process::{Pid, Signal, kill_process};
use serde_json::Value;

use crate::wait;

/// A JSON line and when it was read.
#[derive(Clone, Debug)]
pub struct Line {
    /// When the reader had it.
    pub at: Instant,
    /// What it said.
    pub value: Value,
}

/// A running process. Dropped, it is killed; when the test is failing, its output is printed.
pub struct Guard {
    name: String,
    child: Child,
    lines: Receiver<Line>,
    seen: VecDeque<Line>,
    logs: [PathBuf; 2],
}

impl Guard {
    /// Starts it, with its output in `logs/NAME.stdout` and `logs/NAME.stderr`; each JSON line of its
    /// standard output is kept for [`Guard::wait_for`].
    #[track_caller]
    pub fn start(name: &str, command: &mut Command, logs: &Path) -> Self {
        let paths = ["stdout", "stderr"].map(|stream| unused(logs, name, stream));
        let [mut out, err] = paths
            .clone()
            .map(|path| File::create(path).expect("the log folder can be written to"));
        let started = command
            .stdin(Stdio::null())
            .stdout(Stdio::piped())
            .stderr(err)
            .spawn();
        let mut child = started.unwrap_or_else(|error| panic!("{name} could not be started: {error}"));
        let stdout = BufReader::new(child.stdout.take().expect("piped"));
        let (sender, lines) = channel();
        thread::spawn(move || {
            for line in stdout.lines().map_while(Result::ok) {
                let at = Instant::now();
                let _ = writeln!(out, "{line}");
                if let Ok(value) = serde_json::from_str(&line) {
                    let _ = sender.send(Line { at, value });
                }
            }
        });
        Self {
            name: name.to_owned(),
            child,
            lines,
            seen: VecDeque::new(),
            logs: paths,
        }
    }

    /// Its process id.
    pub fn id(&self) -> u32 {
        self.child.id()
    }

    /// The first line, from the one matched last on, that `holds` accepts: no state in between is missed.
    /// Panics with the last line when none comes within [`wait::PATIENCE`].
    #[track_caller]
    pub fn wait_for(&mut self, what: &str, holds: impl Fn(&Value) -> bool) -> Value {
        self.wait_within(wait::PATIENCE, what, holds).value
    }

    /// [`Guard::wait_for`] with its own patience, and the time of the line.
    #[track_caller]
    pub fn wait_within(&mut self, patience: Duration, what: &str, holds: impl Fn(&Value) -> bool) -> Line {
        self.wait(patience, what, |line| holds(&line.value))
    }

    /// [`Guard::wait_within`], for lines read after that time only.
    #[track_caller]
    pub fn wait_after(
        &mut self,
        after: Instant,
        patience: Duration,
        what: &str,
        holds: impl Fn(&Value) -> bool,
    ) -> Line {
        self.wait(patience, what, |line| line.at >= after && holds(&line.value))
    }

    #[track_caller]
    fn wait(&mut self, patience: Duration, what: &str, holds: impl Fn(&Line) -> bool) -> Line {
        let end = Instant::now() + patience;
        if let Some(last) = self.seen.back().filter(|line| holds(line)) {
            return last.clone();
        }
        loop {
            match self
                .lines
                .recv_timeout(end.saturating_duration_since(Instant::now()))
            {
                Ok(line) => {
                    self.seen.push_back(line.clone());
                    if holds(&line) {
                        return line;
                    }
                }
                Err(RecvTimeoutError::Timeout) => {
                    panic!(
                        "{}: waited {patience:?} in vain for: {what}\n{}",
                        self.name,
                        self.last_said()
                    )
                }
                Err(RecvTimeoutError::Disconnected) => {
                    let status = self.child.wait();
                    panic!(
                        "{} ended ({status:?}) before: {what}\n{}",
                        self.name,
                        self.last_said()
                    )
                }
            }
        }
    }

    /// Every line so far, those not waited for included.
    pub fn said(&mut self) -> Vec<Line> {
        self.seen.extend(self.lines.try_iter());
        self.seen.iter().cloned().collect()
    }

    /// `kill -9`: no chance to save anything.
    #[track_caller]
    pub fn kill_9(&mut self) {
        self.child.kill().expect("our own child can be killed");
        self.child.wait().expect("our own child can be waited for");
    }

    /// SIGTERM, and its exit status.
    #[track_caller]
    pub fn terminate(&mut self) -> ExitStatus {
        self.signal(Signal::TERM);
        self.exit()
    }

    /// Sends a signal.
    #[track_caller]
    pub fn signal(&self, signal: Signal) {
        let id = i32::try_from(self.child.id())
            .ok()
            .and_then(Pid::from_raw)
            .expect("a process id");
        kill_process(id, signal).unwrap_or_else(|error| panic!("{} cannot be signalled: {error}", self.name));
    }

    /// Waits for its end.
    #[track_caller]
    pub fn exit(&mut self) -> ExitStatus {
        let name = self.name.clone();
        wait::until(&format!("the end of {name}"), || {
            self.child.try_wait().expect("our own child")
        })
    }

    /// What it has written to its standard error.
    pub fn stderr(&self) -> String {
        read(&self.logs[1])
    }

    fn last_said(&self) -> String {
        let last = self
            .seen
            .back()
            .map(|line| serde_json::to_string_pretty(&line.value).unwrap_or_default());
        let errors = self.stderr();
        let errors: Vec<_> = errors.lines().rev().take(15).collect();
        let errors: Vec<_> = errors.into_iter().rev().collect();
        format!(
            "its last line: {}\nits last errors:\n{}",
            last.as_deref().unwrap_or("none"),
            errors.join("\n")
        )
    }
}

impl Drop for Guard {
    fn drop(&mut self) {
        let _ = self.child.kill();
        let _ = self.child.wait();
        if thread::panicking() {
            for log in &self.logs {
                let text = read(log);
                let lines: Vec<_> = text.lines().collect();
                let from = lines.len().saturating_sub(40);
                eprintln!("── {} (last {} lines)", log.display(), lines.len() - from);
                eprintln!("{}", lines[from..].join("\n"));
            }
        }
    }
}

fn unused(folder: &Path, name: &str, stream: &str) -> PathBuf {
    (1..)
        .map(|number| {
            folder.join(if number == 1 {
                format!("{name}.{stream}")
            } else {
                format!("{name}-{number}.{stream}")
            })
        })
        .find(|path| !path.exists())
        .expect("numbers do not end")
}

fn read(path: &Path) -> String {
    std::fs::read(path)
        .map(|bytes| String::from_utf8_lossy(&bytes).into_owned())
        .unwrap_or_default()
}
