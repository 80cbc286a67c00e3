//! The disk: what is asked to be saved is there once it is confirmed, and not before.

use presence::event::Event;
use presence::saved::Saved;

use super::world::World;

/// What is there, and what is being written, in order.
#[derive(Clone, Debug, Default, PartialEq, Eq, Hash)]
pub(super) struct Disk {
    pub(super) stored: Saved,
    pub(super) writing: Vec<(u64, Saved)>,
}

impl Disk {
    /// A request to save. What is not about a wish decides nothing, so it is written at once: that keeps
    /// the world smaller and its orders of wishes complete. Gives the revision to confirm now.
    pub(super) fn save(&mut self, revision: u64, saved: Saved) -> Option<u64> {
        if self.writing.is_empty() && saved.intent == self.stored.intent {
            self.stored = saved;
            return Some(revision);
        }
        self.writing.push((revision, saved));
        None
    }
}

impl World {
    /// The next revision is on disk.
    pub(super) fn disk_writes(&mut self) {
        if !self.disk.writing.is_empty() {
            let (revision, saved) = self.disk.writing.remove(0);
            self.disk.stored = saved;
            self.watch.written(self.disk.writing.is_empty());
            self.tell(Event::Saved { revision });
        }
    }

    /// The next revision could not be written.
    pub(super) fn disk_fails(&mut self) {
        if !self.disk.writing.is_empty() {
            let (revision, _) = self.disk.writing.remove(0);
            self.tell(Event::SaveFailed {
                revision,
                reason: String::new(),
            });
        }
    }
}
