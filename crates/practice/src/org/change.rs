//! What changed in records that PushTopics can tell of.

use presence::ids::RecordId;

use super::refusal::Refusal;
use super::{Org, PresenceRow};

/// A change of one record, as it was and as it is.
#[derive(Clone, Debug)]
pub struct Change {
    /// The object.
    pub object: &'static str,
    /// `None` for a record that was created.
    pub before: Option<PresenceRow>,
    /// `None` for one that was deleted.
    pub after: Option<PresenceRow>,
}

impl Change {
    pub(super) fn of_presence(before: Option<PresenceRow>, after: Option<PresenceRow>) -> Self {
        Self {
            object: "UserServicePresence",
            before,
            after,
        }
    }
}

impl Org {
    /// The changes since the last drain, in order.
    pub fn drain_changes(&mut self) -> Vec<Change> {
        std::mem::take(&mut self.changes)
    }

    /// An administrator deletes a row of UserServicePresence. The rep's presence itself stays.
    pub fn delete_presence(&mut self, id: RecordId) -> Result<(), Refusal> {
        let place = self.presences.iter().position(|row| row.id == id);
        let place = place.ok_or_else(|| Refusal::UnknownPresence(id.to_string()))?;
        let row = self.presences.remove(place);
        self.changes.push(Change::of_presence(Some(row), None));
        Ok(())
    }
}
