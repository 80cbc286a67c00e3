//! Calls: when their conversation ended.

use jiff::Timestamp;
use presence::ids::{RecordId, UserId, WorkItemId};
use serde::Deserialize;

use crate::answer::time;
use crate::key_prefix::VOICE_CALL;
use crate::select::Select;
use crate::soql::{list, literal};

/// So many ids fit into the address of one query.
pub(crate) const IDS_PER_QUERY: usize = 100;

/// A rep's newest calls: whoever is open is nearly always among them.
const NEWEST: usize = 20;

/// A VoiceCall row.
#[derive(Clone, Debug, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "PascalCase")]
pub struct VoiceCall {
    /// The call.
    pub id: RecordId,
    /// When the conversation ended, by the server's clock; absent while it lasts. Afterwards comes wrap-up.
    #[serde(rename = "CallEndDateTime", default, deserialize_with = "time")]
    pub ended_at: Option<Timestamp>,
    /// The phone system's own key of the call, which joins it with a contact.
    #[serde(default)]
    pub vendor_call_key: Option<String>,
}

/// The query for these calls, at most [`IDS_PER_QUERY`]. Ids of other objects and calls that the user may not
/// see are left out.
pub(crate) fn select(ids: &[WorkItemId]) -> Select {
    of(format!("WHERE Id IN {}", list(ids)))
}

/// The query for the rep's newest calls, which needs no id and so can go with the others in one API call.
pub(crate) fn select_newest(user: UserId) -> Select {
    let user = literal(&user.to_string());
    of(format!(
        "WHERE UserId = {user} ORDER BY CallStartDateTime DESC LIMIT {NEWEST}"
    ))
}

fn of(rest: String) -> Select {
    Select {
        object: VOICE_CALL,
        needed: &["Id", "CallEndDateTime"],
        optional: &["VendorCallKey"],
        rest,
    }
}
