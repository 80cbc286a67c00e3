//! The rep's current presence.

use jiff::Timestamp;
use presence::ids::{RecordId, StatusId, UserId};
use serde::Deserialize;

use crate::answer::time;
use crate::select::Select;
use crate::soql::literal;

/// The current UserServicePresence row.
#[derive(Clone, Debug, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "PascalCase")]
pub struct PresenceRow {
    /// The row; each change of status makes a new one.
    pub id: RecordId,
    /// The status it is in.
    #[serde(rename = "ServicePresenceStatusId")]
    pub status_id: StatusId,
    /// Since when it is in this status, by the server's clock.
    #[serde(default, deserialize_with = "time")]
    pub status_start_date: Option<Timestamp>,
    /// When the row was last written, by the server's clock.
    #[serde(default, deserialize_with = "time")]
    pub system_modstamp: Option<Timestamp>,
}

/// The query for the user's current presence. None means logged out of Omni-Channel, because a logout ends the
/// current row and adds none.
pub(crate) fn select(user: UserId) -> Select {
    Select {
        object: "UserServicePresence",
        needed: &["Id", "ServicePresenceStatusId", "StatusStartDate"],
        optional: &["SystemModstamp"],
        rest: format!(
            "WHERE UserId = {} AND IsCurrentState = true ORDER BY StatusStartDate DESC LIMIT 1",
            literal(&user.to_string())
        ),
    }
}
