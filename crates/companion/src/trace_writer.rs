//! Writes the trace on a thread of its own. The loop never waits for it: what does not fit into the queue is
//! lost and counted, and the trace begins anew with a header.

use std::io;
use std::path::{Path, PathBuf};
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, AtomicU64, Ordering};
use std::sync::mpsc::{Receiver, SyncSender, sync_channel};
use std::thread;
use std::time::{Duration, Instant};

use presence::event::Event;
use presence::problem::{Problem, ProblemCode};
use presence::redact::Redact as _;
use trace::line::{Cause, Gap, Header, Line};
use trace::pseudonym::KeyedHash;

use crate::inbox::Inbox;
use crate::ports::TracePort;
use crate::trace_files::{self, Files, TRACE_ENDING};

/// Causes that may wait for the disk.
const QUEUE: usize = 1_024;

/// After the disk has refused: how long it is left alone.
const RETRY: Duration = Duration::from_secs(5);

/// The loop's end.
#[derive(Debug)]
pub struct TraceWriter {
    jobs: SyncSender<Job>,
    shared: Arc<Shared>,
    /// A header is in the queue, and every cause since.
    headed: AtomicBool,
}

#[derive(Debug)]
enum Job {
    Cause(Box<Cause>),
    Header(Box<Header>),
}

#[derive(Debug)]
struct Shared {
    /// Nothing can be written before a header.
    wants_header: AtomicBool,
    /// Causes not written since the last one that was.
    lost: AtomicU64,
}

/// The writing thread.
#[derive(Debug)]
pub struct TraceThread(thread::JoinHandle<()>);

impl TraceWriter {
    /// Starts writing into a folder, at most `bytes` in all. Ends, with everything written, when the value is
    /// dropped and [`TraceThread::join`] returns.
    ///
    /// # Errors
    /// The system has no thread to give.
    pub fn start(folder: PathBuf, bytes: u64, inbox: Inbox) -> io::Result<(Self, TraceThread)> {
        let (writer, mut writing, waiting) = Self::new(folder, bytes, inbox, QUEUE, RETRY);
        let handle = thread::Builder::new()
            .name("holdline-trace".into())
            .spawn(move || writing.write_all(&waiting))?;
        Ok((writer, TraceThread(handle)))
    }

    fn new(
        folder: PathBuf,
        bytes: u64,
        inbox: Inbox,
        queue: usize,
        retry: Duration,
    ) -> (Self, Writing, Receiver<Job>) {
        let (jobs, waiting) = sync_channel(queue);
        let shared = Arc::new(Shared {
            wants_header: AtomicBool::new(true),
            lost: AtomicU64::new(0),
        });
        let writing = Writing {
            folder,
            bytes,
            inbox,
            retry,
            shared: shared.clone(),
            open: None,
            refused: None,
        };
        let headed = AtomicBool::new(false);
        (Self { jobs, shared, headed }, writing, waiting)
    }
}

impl TraceThread {
    /// Waits until everything is written. Only returns once the [`TraceWriter`] is gone.
    pub fn join(self) {
        let _ = self.0.join();
    }
}

impl TracePort for TraceWriter {
    fn wants_header(&self) -> bool {
        self.shared.wants_header.load(Ordering::Acquire)
    }

    fn header(&self, header: Header) {
        // Before it is sent: whoever takes it may want another one at once.
        self.shared.wants_header.store(false, Ordering::Release);
        let sent = self.jobs.try_send(Job::Header(Box::new(header))).is_ok();
        self.headed.store(sent, Ordering::Relaxed);
        if !sent {
            self.shared.wants_header.store(true, Ordering::Release);
        }
    }

    fn cause(&self, cause: Cause) {
        let headed = self.headed.load(Ordering::Relaxed);
        if !headed || self.jobs.try_send(Job::Cause(Box::new(cause))).is_err() {
            self.headed.store(false, Ordering::Relaxed);
            self.shared.lost.fetch_add(1, Ordering::AcqRel);
            self.shared.wants_header.store(true, Ordering::Release);
        }
    }
}

/// The thread's own.
struct Writing {
    folder: PathBuf,
    bytes: u64,
    inbox: Inbox,
    retry: Duration,
    shared: Arc<Shared>,
    open: Option<(Files, KeyedHash)>,
    /// When the disk refused last.
    refused: Option<Instant>,
}

impl Writing {
    fn write_all(&mut self, waiting: &Receiver<Job>) {
        while let Ok(job) = waiting.recv() {
            self.write(job);
            self.write_waiting(waiting);
        }
    }

    /// Writes what waits, and leaves nothing in memory: whoever follows the trace sees all of it.
    fn write_waiting(&mut self, waiting: &Receiver<Job>) {
        while let Ok(job) = waiting.try_recv() {
            self.write(job);
        }
        let flushed = self.open.as_mut().map_or(Ok(()), |(files, _)| files.flush());
        self.note(flushed);
    }

    fn write(&mut self, job: Job) {
        match job {
            Job::Cause(cause) => match &mut self.open {
                Some((files, by)) => {
                    let written = line(&Line::Cause(Box::new((*cause).redacted(by))))
                        .and_then(|line| files.write_line(&line));
                    if files.is_full() {
                        self.shared.wants_header.store(true, Ordering::Release);
                    }
                    self.lose_if(written.is_err());
                    self.note(written);
                }
                None => {
                    self.lose_if(true);
                    self.try_again_after_a_while();
                }
            },
            Job::Header(header) => {
                let written = self.write_header(*header);
                self.note(written);
            }
        }
    }

    fn write_header(&mut self, header: Header) -> io::Result<()> {
        let (files, by) = match &mut self.open {
            Some(open) => open,
            None => self.open.insert(open(&self.folder, self.bytes)?),
        };
        let lost = self.shared.lost.swap(0, Ordering::AcqRel);
        if lost > 0 {
            files.write_line(&line(&Line::Gap(Gap { lost }))?)?;
        }
        if files.is_full() {
            files.rotate()?;
        }
        files.write_line(&line(&Line::Header(Box::new(header.redacted(by))))?)?;
        files.flush()
    }

    fn lose_if(&self, lost: bool) {
        if lost {
            self.shared.lost.fetch_add(1, Ordering::AcqRel);
        }
    }

    /// The rep is told when the disk refuses, and when it works again.
    fn note(&mut self, written: io::Result<()>) {
        match written {
            Ok(()) if self.open.is_some() => {
                if self.refused.take().is_some() {
                    self.inbox.post(Event::ProblemCleared {
                        code: ProblemCode::TraceNotWritten,
                    });
                }
            }
            Ok(()) => {}
            Err(error) => {
                self.open = None;
                if self.refused.replace(Instant::now()).is_none() {
                    tracing::warn!(%error, "the trace could not be written");
                    self.inbox.post(Event::ProblemRaised(Problem {
                        code: ProblemCode::TraceNotWritten,
                        about: error.to_string(),
                    }));
                }
            }
        }
    }

    fn try_again_after_a_while(&self) {
        if self.refused.is_some_and(|since| since.elapsed() >= self.retry) {
            self.shared.wants_header.store(true, Ordering::Release);
        }
    }
}

fn open(folder: &Path, bytes: u64) -> io::Result<(Files, KeyedHash)> {
    let key = trace_files::key(folder)?;
    Ok((Files::open(folder, bytes, TRACE_ENDING)?, KeyedHash::new(&key)))
}

fn line(line: &Line) -> io::Result<String> {
    line.to_text().map_err(io::Error::other)
}

#[cfg(test)]
mod tests;
