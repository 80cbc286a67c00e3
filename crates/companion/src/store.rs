//! The state file: read once, written off the loop.

use std::fs;
use std::io;
use std::path::{Path, PathBuf};
use std::sync::mpsc;
use std::thread;

use presence::event::Event;
use presence::problem::{Problem, ProblemCode};
use presence::saved::{SCHEMA, Saved};

use crate::disk::replace_file;
use crate::inbox::Inbox;
use crate::ports::StorePort;

/// The state file's name in the profile.
pub const STATE_FILE: &str = "state.json";

/// What the state file said.
#[derive(Debug)]
pub struct Loaded {
    /// The state; the default where there was none or it could not be used.
    pub saved: Saved,
    /// What the rep must know about it.
    pub problem: Option<Problem>,
}

/// Reads the state file. One that can't be used is set aside under another name, never overwritten.
///
/// # Errors
/// The file exists and can't be read, or a damaged one can't be set aside: nothing may be lost, so Holdline
/// does not start over it.
pub fn load(path: &Path) -> io::Result<Loaded> {
    let content = match fs::read(path) {
        Ok(content) => content,
        Err(error) if error.kind() == io::ErrorKind::NotFound => {
            return Ok(Loaded {
                saved: Saved::default(),
                problem: None,
            });
        }
        Err(error) => return Err(error),
    };
    match serde_json::from_slice::<Saved>(&content) {
        Ok(saved) if saved.schema == SCHEMA => Ok(Loaded { saved, problem: None }),
        Ok(_) | Err(_) => {
            let aside = set_aside(path)?;
            let about = aside
                .file_name()
                .unwrap_or_default()
                .to_string_lossy()
                .into_owned();
            let problem = Some(Problem {
                code: ProblemCode::StateCorrupt,
                about,
            });
            Ok(Loaded {
                saved: Saved::default(),
                problem,
            })
        }
    }
}

/// Reads the state file without touching it; `None` where there is none that can be used.
pub fn peek(path: &Path) -> Option<Saved> {
    let saved: Saved = serde_json::from_slice(&fs::read(path).ok()?).ok()?;
    (saved.schema == SCHEMA).then_some(saved)
}

/// The first free name `state.json.damaged-N`.
fn set_aside(path: &Path) -> io::Result<PathBuf> {
    for number in 1..u32::MAX {
        let mut name = path.file_name().unwrap_or_default().to_owned();
        name.push(format!(".damaged-{number}"));
        let aside = path.with_file_name(name);
        if !aside.exists() {
            fs::rename(path, &aside)?;
            return Ok(aside);
        }
    }
    Err(io::Error::other("too many damaged state files"))
}

/// Writes states on a thread of its own, so that the loop never waits for the disk.
#[derive(Debug)]
pub struct Store {
    jobs: mpsc::Sender<(u64, Saved)>,
}

impl Store {
    /// Starts the thread. It ends, with everything written, when the value is dropped and
    /// [`StoreThread::join`] returns.
    ///
    /// # Errors
    /// The system has no thread to give.
    pub fn start(path: PathBuf, inbox: Inbox) -> io::Result<(Self, StoreThread)> {
        let (jobs, queue) = mpsc::channel();
        let handle = thread::Builder::new()
            .name("holdline-store".into())
            .spawn(move || {
                write_all(&path, &queue, &inbox);
            })?;
        Ok((Self { jobs }, StoreThread(handle)))
    }
}

/// The writing thread.
#[derive(Debug)]
pub struct StoreThread(thread::JoinHandle<()>);

impl StoreThread {
    /// Waits until everything is written. Only returns once the [`Store`] is gone.
    pub fn join(self) {
        let _ = self.0.join();
    }
}

impl StorePort for Store {
    fn save(&self, revision: u64, saved: Saved) {
        // The thread only ends after this sender has gone.
        let _ = self.jobs.send((revision, saved));
    }
}

fn write_all(path: &Path, queue: &mpsc::Receiver<(u64, Saved)>, inbox: &Inbox) {
    while let Ok(mut job) = queue.recv() {
        // A newer state overtakes: it holds everything that the older one was to save.
        while let Ok(newer) = queue.try_recv() {
            job = newer;
        }
        let (revision, saved) = job;
        let written = serde_json::to_vec_pretty(&saved).map_err(io::Error::other);
        inbox.post(match written.and_then(|content| replace_file(path, &content)) {
            Ok(()) => Event::Saved { revision },
            Err(error) => {
                tracing::warn!(%error, "the state file could not be written");
                Event::SaveFailed {
                    revision,
                    reason: error.to_string(),
                }
            }
        });
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_damaged_file_is_set_aside_and_named() {
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join(STATE_FILE);
        for number in 1..=2 {
            fs::write(&path, b"{\"schema\": 1, \"session\"").unwrap();
            let loaded = load(&path).unwrap();
            assert_eq!(loaded.saved, Saved::default());
            let problem = loaded.problem.unwrap();
            assert_eq!(problem.code, ProblemCode::StateCorrupt);
            assert_eq!(problem.about, format!("state.json.damaged-{number}"));
            assert!(folder.path().join(problem.about).exists(), "nothing is lost");
            assert!(!path.exists());
        }
    }

    #[test]
    fn what_was_saved_is_loaded() {
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join(STATE_FILE);
        let saved = Saved {
            phase: presence::picture::CallPhase::OnCall,
            ..Saved::default()
        };
        replace_file(&path, &serde_json::to_vec(&saved).unwrap()).unwrap();
        assert_eq!(load(&path).unwrap().saved, saved);
    }
}
