//! What survives a restart.

use serde::{Deserialize, Serialize};

use crate::event::{Origin, Target};
use crate::ids::{OrgId, RecordId, StatusId, UserId, WorkId};
use crate::picture::CallPhase;

/// The schema number of [`Saved`].
pub const SCHEMA: u32 = 1;

/// The state file's content.
#[derive(Clone, Debug, PartialEq, Eq, Hash, Serialize, Deserialize)]
pub struct Saved {
    /// [`SCHEMA`].
    pub schema: u32,
    /// Who was signed in.
    pub session: Option<SavedSession>,
    /// The request that was held or being applied.
    pub intent: Option<SavedIntent>,
    /// The Busy status that stands in for the held Offline (`hold_as`).
    #[serde(default)]
    pub held_as: Option<SavedHeldAs>,
    /// A phone was joined, so that it may have a contact of which nobody else tells.
    #[serde(default)]
    pub phone: bool,
    /// The last known phase, for people who read the file: it decides nothing.
    pub phase: CallPhase,
}

impl Default for Saved {
    fn default() -> Self {
        Self {
            schema: SCHEMA,
            session: None,
            intent: None,
            held_as: None,
            phone: false,
            phase: CallPhase::Unknown,
        }
    }
}

/// A sign-in; its tokens are in the keyring.
#[derive(Clone, Debug, PartialEq, Eq, Hash, Serialize, Deserialize)]
pub struct SavedSession {
    /// The org.
    pub org: OrgId,
    /// The rep.
    pub user: UserId,
    /// Their name.
    pub name: String,
    /// The org's address.
    pub org_url: String,
    /// Organization.InstanceName: another one after a restart means a data-centre switch.
    #[serde(default)]
    pub instance: Option<String>,
    /// The position of the newest streaming message, to go on from.
    #[serde(default)]
    pub replay: Option<i64>,
}

/// A Busy status set, or about to be set, by Holdline while Offline is held.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Serialize, Deserialize)]
pub struct SavedHeldAs {
    /// The Busy status.
    pub status: StatusId,
    /// What presence goes back to if the hold is cancelled or lapses.
    pub back: StatusId,
    /// Its UserServicePresence row, once the org has told it.
    pub row: Option<RecordId>,
}

/// A request on its way.
#[derive(Clone, Debug, PartialEq, Eq, Hash, Serialize, Deserialize)]
pub struct SavedIntent {
    /// What was asked for.
    pub target: Target,
    /// Where it came from.
    pub origin: Origin,
    /// When, milliseconds since 1970 UTC.
    pub since_ms: i64,
    /// It was held (and not already being applied).
    pub held: bool,
    /// The voice works that were open, so that it is never applied inside a later call.
    pub works: Vec<WorkId>,
    /// The UserServicePresence row that stood when it was asked for, where known: another one at a restart
    /// tells of a newer wish, whatever the clocks say.
    #[serde(default)]
    pub row: Option<RecordId>,
    /// Its write may log the rep in: it was their own word, not what was made of something else.
    #[serde(default)]
    pub may_log_in: bool,
}
