//! The writer with a real disk.

use std::fs;

use presence::changed::Part;
use presence::engine::Engine;
use presence::settings::Settings;
use presence::time::Now;
use tempfile::TempDir;
use trace::replay::{Player, Replayed, replay};

use super::*;
use crate::inbox::Post;

/// An engine that is traced like the loop does it; the thread's work is done when the test says so.
struct Traced {
    player: Player,
    writer: TraceWriter,
    writing: Writing,
    waiting: Receiver<Job>,
    posts: tokio::sync::mpsc::UnboundedReceiver<Post>,
    place: TempDir,
    causes: u64,
}

impl Traced {
    fn start(place: TempDir, bytes: u64, queue: usize) -> Self {
        let engine = Engine::new(Settings::default(), 7, Now::default());
        let folder = place.path().join(trace_files::TRACE_FOLDER);
        let (inbox, posts, _) = Inbox::new(engine.picture());
        let (writer, writing, waiting) = TraceWriter::new(folder, bytes, inbox, queue, Duration::ZERO);
        Self {
            player: Player::new(engine),
            writer,
            writing,
            waiting,
            posts,
            place,
            causes: 0,
        }
    }

    fn usual() -> Self {
        Self::start(tempfile::tempdir().unwrap(), 1 << 20, QUEUE)
    }

    fn tell(&mut self, event: Event) -> Vec<Part> {
        self.causes += 1;
        if self.writer.wants_header() {
            self.writer.header(Header {
                holdline: "0.0.0".to_owned(),
                n: self.causes,
                checkpoint: self.player.engine().checkpoint(),
            });
        }
        let at = Now {
            mono_ms: self.causes,
            wall_ms: 0,
        };
        let outcome = self.player.play(at, event.clone());
        self.writer.cause(Cause {
            n: self.causes,
            at,
            event,
            notes: outcome.notes,
            effects: outcome.effects,
            changed: outcome.changed.clone(),
            decided_us: 0,
        });
        outcome.changed
    }

    fn write(&mut self) {
        self.writing.write_waiting(&self.waiting);
    }

    fn folder(&self) -> PathBuf {
        self.place.path().join(trace_files::TRACE_FOLDER)
    }

    /// What is on disk, oldest file first.
    fn written(&self) -> Vec<String> {
        let files = trace_files::list(&self.folder(), trace_files::TRACE_ENDING).unwrap();
        files
            .iter()
            .map(|file| fs::read_to_string(file).unwrap())
            .collect()
    }

    fn told(&mut self) -> Option<Event> {
        match self.posts.try_recv() {
            Ok(Post::Event(event)) => Some(event),
            Ok(Post::Await(..)) | Err(_) => None,
        }
    }
}

fn trouble() -> Event {
    Event::ProblemRaised(Problem {
        code: ProblemCode::KeyringAbsent,
        about: "/home/pat/bus".to_owned(),
    })
}

fn replayed(causes: u64, headers: u64, lost: u64) -> Replayed {
    Replayed {
        causes,
        headers,
        lost,
    }
}

#[test]
fn what_is_written_can_be_replayed_and_tells_no_secret() {
    let mut traced = Traced::usual();
    assert_eq!(traced.tell(trouble()), [Part::Problems]);
    traced.tell(Event::Tick);
    traced.write();
    let written = traced.written();
    assert_eq!(written.len(), 1);
    assert!(!written[0].contains("home/pat"), "{}", written[0]);
    assert_eq!(replay(&written[0]), Ok(replayed(2, 1, 0)));
    assert_eq!(traced.told(), None);
}

#[test]
fn the_thread_writes_all_before_it_ends() {
    let place = tempfile::tempdir().unwrap();
    let folder = place.path().join(trace_files::TRACE_FOLDER);
    let mut traced = Traced::start(place, 1 << 20, QUEUE);
    let (inbox, _, _) = Inbox::new(traced.player.picture().clone());
    let (writer, thread) = TraceWriter::start(folder, 1 << 20, inbox).unwrap();
    traced.writer = writer;
    for _ in 0..100 {
        traced.tell(trouble());
    }
    let Traced { writer, place, .. } = traced;
    drop(writer);
    thread.join();
    let file = trace_files::list(
        &place.path().join(trace_files::TRACE_FOLDER),
        trace_files::TRACE_ENDING,
    )
    .unwrap()
    .remove(0);
    assert_eq!(
        replay(&fs::read_to_string(file).unwrap()),
        Ok(replayed(100, 1, 0))
    );
}

#[test]
fn the_oldest_files_go_and_every_file_stands_alone() {
    let bytes = 64 << 10;
    let mut traced = Traced::start(tempfile::tempdir().unwrap(), bytes, QUEUE);
    for _ in 0..2_000 {
        traced.tell(trouble());
        traced.write();
    }
    let written = traced.written();
    assert_eq!(written.len(), 8);
    let all: usize = written.iter().map(String::len).sum();
    assert!(all as u64 <= bytes + (8 << 10), "{all} bytes");
    let mut causes = 0;
    for text in &written {
        assert!(text.starts_with("{\"schema\":1,\"line\":\"header\""));
        causes += replay(text).unwrap().causes;
    }
    assert!(causes < 2_000, "the oldest are gone");
    assert!(written[7].contains("\"n\":2000,"), "the newest is there");
}

#[cfg(unix)]
#[test]
fn nobody_else_may_read_it() {
    use std::os::unix::fs::PermissionsExt;
    let mut traced = Traced::usual();
    traced.tell(Event::Tick);
    traced.write();
    let mode = |path: &Path| fs::metadata(path).unwrap().permissions().mode() & 0o777;
    assert_eq!(mode(&traced.folder()), 0o700);
    let entries: Vec<_> = fs::read_dir(traced.folder()).unwrap().collect();
    assert_eq!(entries.len(), 2, "a file and the key");
    for entry in entries {
        assert_eq!(mode(&entry.unwrap().path()), 0o600);
    }
}

#[test]
fn a_second_run_goes_on_in_the_same_file_after_a_line_that_a_crash_cut_off() {
    let mut traced = Traced::usual();
    traced.tell(trouble());
    traced.write();
    let written = traced.written().remove(0);
    let cut_off = &written[..written.len() - 20];
    fs::write(
        &trace_files::list(&traced.folder(), trace_files::TRACE_ENDING).unwrap()[0],
        cut_off,
    )
    .unwrap();
    assert_eq!(replay(cut_off), Ok(replayed(0, 1, 0)));

    let mut next = Traced::start(traced.place, 1 << 20, QUEUE);
    next.tell(trouble());
    next.write();
    let written = next.written();
    assert_eq!(written.len(), 1);
    assert_eq!(replay(&written[0]), Ok(replayed(1, 2, 0)));
}

#[test]
fn the_rep_is_told_when_the_disk_refuses_and_when_it_works_again() {
    let mut traced = Traced::usual();
    // A file where the folder should be.
    fs::write(traced.folder(), "").unwrap();
    for _ in 0..3 {
        traced.tell(Event::Tick);
        traced.write();
    }
    let Some(Event::ProblemRaised(problem)) = traced.told() else {
        panic!("not told");
    };
    assert_eq!(problem.code, ProblemCode::TraceNotWritten);
    assert!(!problem.about.is_empty());
    assert_eq!(traced.told(), None, "told once");

    fs::remove_file(traced.folder()).unwrap();
    // One cause finds out that it may be tried again, the next one brings the header.
    for _ in 0..2 {
        traced.tell(Event::Tick);
        traced.write();
    }
    let cleared = Event::ProblemCleared {
        code: ProblemCode::TraceNotWritten,
    };
    assert_eq!(traced.told(), Some(cleared));
    let written = traced.written().remove(0);
    assert!(
        written.starts_with("{\"schema\":1,\"line\":\"gap\",\"lost\":"),
        "{written}"
    );
    let replayed = replay(&written).unwrap();
    assert!(replayed.causes > 0);
    assert_eq!(replayed.causes + replayed.lost, traced.causes);
}

#[test]
fn what_the_queue_can_not_take_is_counted_and_the_trace_begins_anew() {
    let mut traced = Traced::start(tempfile::tempdir().unwrap(), 1 << 20, 3);
    for _ in 0..10 {
        traced.tell(trouble());
    }
    traced.write();
    traced.tell(trouble());
    traced.write();
    let written = traced.written().remove(0);
    // A header and two causes fit; eight do not; then it goes on.
    assert_eq!(replay(&written), Ok(replayed(3, 2, 8)), "{written}");
}
