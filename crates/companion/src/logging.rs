//! Logs: to standard error as `RUST_LOG` says, and to bounded files in the profile as the settings say.
//!
//! A thread of its own writes the files, so that nobody waits for the disk; what it can't keep up with is lost. No
//! log holds a token or whom a call is with: a test reads them at every level.

use std::io::{self, Write};
use std::path::Path;
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};

use tracing::Level;
use tracing::level_filters::LevelFilter;
use tracing_appender::non_blocking::{NonBlockingBuilder, WorkerGuard};
use tracing_subscriber::filter::Targets;
use tracing_subscriber::layer::SubscriberExt as _;
use tracing_subscriber::util::SubscriberInitExt as _;
use tracing_subscriber::{EnvFilter, Layer as _, Registry, fmt, reload};

use crate::trace_files::Files;

/// The logs' folder in the profile.
pub const LOG_FOLDER: &str = "logs";

/// What the log files' names end with.
pub(crate) const ENDING: &str = ".log";

/// Filter directives over the ones that `RUST_LOG` gives: at level trace the WebSocket library writes whole
/// frames, and a phone's pairing code and token are in them; at level debug the cookie store writes whole cookies.
pub const WITHOUT_SECRETS: [&str; 3] = [
    "cookie_store=info",
    "tungstenite=debug",
    "tokio_tungstenite=debug",
];

/// Our own crates; of the others only warnings go to the files.
const OURS: [&str; 13] = [
    "bayeux",
    "companion",
    "headless",
    "holdline",
    "holdline_window",
    "holdlinectl",
    "loopback",
    "presence",
    "rules",
    "salesforce",
    "telephony",
    "trace",
    "wire",
];

/// Lines that may wait for the disk.
const QUEUE: usize = 4_096;
/// Bytes kept of what is logged before the files are opened.
const BEFORE: usize = 64 * 1024;

/// The log files, not open yet.
pub struct Logging {
    sink: Sink,
    level: reload::Handle<Targets, Registry>,
    _worker: WorkerGuard,
}

/// Starts logging in this process. The value ends the files' thread when it is dropped, with everything written.
pub fn start() -> Logging {
    let sink = Sink::default();
    let (writer, worker) = NonBlockingBuilder::default()
        .lossy(true)
        .buffered_lines_limit(QUEUE)
        .thread_name("holdline-log")
        .finish(sink.clone());
    let (level, handle) = reload::Layer::new(targets(Level::INFO));
    let files = fmt::layer()
        .with_ansi(false)
        .with_writer(writer)
        .with_filter(level);
    let filter = EnvFilter::try_from_default_env().unwrap_or_else(|_| EnvFilter::new("warn"));
    let filter = WITHOUT_SECRETS
        .iter()
        .fold(filter, |filter, directive| match directive.parse() {
            Ok(directive) => filter.add_directive(directive),
            Err(_) => filter,
        });
    let terminal = fmt::layer().with_writer(io::stderr).with_filter(filter);
    // Only a second start in one process could fail, and then the first one's logging goes on.
    let _ = tracing_subscriber::registry()
        .with(files)
        .with(terminal)
        .try_init();
    Logging {
        sink,
        level: handle,
        _worker: worker,
    }
}

impl Logging {
    /// From here on log lines go to files in this folder, at most `bytes` in all; those so far come first.
    pub fn open(&self, folder: &Path, level: Level, bytes: u64) {
        // The reload fails only when the subscriber is gone.
        let _ = self.level.reload(targets(level));
        match Files::open(folder, bytes, ENDING) {
            Ok(files) => self.sink.open(files),
            Err(error) => tracing::error!(kind = ?error.kind(), "no log file can be written"),
        }
    }
}

fn targets(level: Level) -> Targets {
    Targets::new()
        .with_default(LevelFilter::WARN)
        .with_targets(OURS.map(|name| (name, level)))
}

/// Where the thread writes.
#[derive(Clone, Default)]
struct Sink(Arc<Mutex<Place>>);

enum Place {
    Files(Files),
    Memory(Vec<u8>),
}

impl Default for Place {
    fn default() -> Self {
        Self::Memory(Vec::new())
    }
}

impl Sink {
    fn open(&self, mut files: Files) {
        let mut place = self.place();
        if let Place::Memory(before) = &*place {
            // A disk that refuses now is tried again with the next line.
            let _ = files.write(before);
        }
        *place = Place::Files(files);
    }

    fn place(&self) -> MutexGuard<'_, Place> {
        self.0.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

impl Write for Sink {
    /// One whole line, as the formatting layer writes it. One that the disk refuses is lost.
    fn write(&mut self, line: &[u8]) -> io::Result<usize> {
        match &mut *self.place() {
            Place::Memory(before) if before.len() + line.len() <= BEFORE => before.extend_from_slice(line),
            Place::Memory(_) => {}
            Place::Files(files) => {
                if files.is_full() {
                    let _ = files.rotate();
                }
                let _ = files.write(line);
            }
        }
        Ok(line.len())
    }

    fn flush(&mut self) -> io::Result<()> {
        if let Place::Files(files) = &mut *self.place() {
            let _ = files.flush();
        }
        Ok(())
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::trace_files;

    #[test]
    fn the_files_are_bounded_private_and_begin_with_what_came_before() {
        let folder = tempfile::tempdir().unwrap();
        let logs = folder.path().join(LOG_FOLDER);
        let mut sink = Sink::default();
        sink.write_all(b"first\n").unwrap();
        sink.open(Files::open(&logs, 8_000, ENDING).unwrap());
        sink.flush().unwrap();
        let files = trace_files::list(&logs, ENDING).unwrap();
        assert_eq!(std::fs::read_to_string(&files[0]).unwrap(), "first\n");
        let line = [b"x".repeat(99), b"\n".to_vec()].concat();
        for _ in 0..1_000 {
            sink.write_all(&line).unwrap();
        }
        sink.flush().unwrap();
        let files = trace_files::list(&logs, ENDING).unwrap();
        let bytes: u64 = files.iter().map(|file| file.metadata().unwrap().len()).sum();
        assert!(
            (7_000..=8_200).contains(&bytes),
            "{bytes} bytes in {} files",
            files.len()
        );
        #[cfg(unix)]
        {
            use std::os::unix::fs::PermissionsExt as _;
            let mode = |path: &Path| path.metadata().unwrap().permissions().mode() & 0o777;
            assert_eq!((mode(&logs), mode(&files[0])), (0o700, 0o600));
        }
    }

    #[test]
    fn before_there_are_files_little_is_kept() {
        let mut sink = Sink::default();
        for _ in 0..10_000 {
            sink.write_all(b"a line of a log that nobody has opened\n")
                .unwrap();
        }
        let Place::Memory(kept) = &*sink.place() else {
            panic!("no files")
        };
        assert!(kept.len() <= BEFORE, "{}", kept.len());
    }

    #[test]
    fn libraries_write_only_warnings() {
        let targets = targets(Level::TRACE);
        assert!(targets.would_enable("salesforce::http", &Level::TRACE));
        assert!(targets.would_enable("hyper::proto", &Level::WARN));
        assert!(!targets.would_enable("hyper::proto", &Level::INFO));
    }
}
