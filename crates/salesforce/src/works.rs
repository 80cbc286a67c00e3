//! The rep's work: evidence of calls.

use jiff::Timestamp;
use presence::ids::{RecordId, UserId, WorkId, WorkItemId};
use serde::{Deserialize, Deserializer};

use crate::answer::time;
use crate::select::Select;
use crate::soql::{list, literal};

/// An AgentWork row. Times are the server's.
#[derive(Clone, Debug, PartialEq, Eq, Deserialize)]
#[serde(from = "WorkRow")]
pub struct Work {
    /// The assignment.
    pub id: WorkId,
    /// What was assigned; for a call its VoiceCall.
    pub item_id: Option<WorkItemId>,
    /// Where the assignment stands.
    pub status: WorkStatus,
    /// The channel it came by.
    pub channel_id: Option<RecordId>,
    /// The object that channel routes: `VoiceCall` for calls. Absent when the user may not read the channel;
    /// then the item's key prefix tells, see [`Client::voice_key_prefix`].
    pub related_entity: Option<String>,
    /// When it was offered.
    pub assigned_at: Option<Timestamp>,
    /// When it was accepted.
    pub accepted_at: Option<Timestamp>,
    /// When it was closed.
    pub closed_at: Option<Timestamp>,
    /// How often the rep has extended the wrap-up; 0 where the org does not tell.
    pub acw_extensions: u32,
    /// When the row was last written.
    pub modified_at: Option<Timestamp>,
}

/// AgentWork's statuses. There is none for after-conversation work.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum WorkStatus {
    /// Offered, not yet accepted: a call rings.
    Assigned,
    /// Taken back.
    Canceled,
    /// Done.
    Closed,
    /// Declined by the rep.
    Declined,
    /// Declined by the push time-out.
    DeclinedOnPushTimeout,
    /// Accepted.
    Opened,
    /// Handed on.
    Transferred,
    /// Lost, because the rep went offline or lost the connection.
    Unavailable,
}

impl WorkStatus {
    /// Whether nothing follows it any more.
    pub fn is_terminal(self) -> bool {
        !matches!(self, Self::Assigned | Self::Opened)
    }

    /// The picklist's name.
    fn by_name(name: &str) -> Option<Self> {
        Some(match name {
            "Assigned" => Self::Assigned,
            "Canceled" => Self::Canceled,
            "Closed" => Self::Closed,
            "Declined" => Self::Declined,
            "DeclinedOnPushTimeout" => Self::DeclinedOnPushTimeout,
            "Opened" => Self::Opened,
            "Transferred" => Self::Transferred,
            "Unavailable" => Self::Unavailable,
            _ => return None,
        })
    }

    /// The integer that push events may carry.
    fn by_number(number: u64) -> Option<Self> {
        Some(match number {
            0 => Self::Assigned,
            1 => Self::Unavailable,
            2 => Self::Declined,
            3 => Self::Opened,
            4 => Self::Closed,
            5 => Self::DeclinedOnPushTimeout,
            6 => Self::Canceled,
            7 => Self::Transferred,
            _ => return None,
        })
    }
}

impl<'de> Deserialize<'de> for WorkStatus {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        #[derive(Deserialize)]
        #[serde(untagged)]
        enum NameOrNumber {
            Name(String),
            Number(u64),
        }
        let status = match NameOrNumber::deserialize(deserializer)? {
            NameOrNumber::Name(name) => {
                Self::by_name(&name).or_else(|| name.parse().ok().and_then(Self::by_number))
            }
            NameOrNumber::Number(number) => Self::by_number(number),
        };
        status.ok_or_else(|| serde::de::Error::custom("not a status of AgentWork"))
    }
}

#[derive(Deserialize)]
#[serde(rename_all = "PascalCase")]
struct WorkRow {
    id: WorkId,
    #[serde(default)]
    work_item_id: Option<WorkItemId>,
    status: WorkStatus,
    #[serde(default)]
    service_channel_id: Option<RecordId>,
    #[serde(default)]
    service_channel: Option<ChannelPart>,
    #[serde(default, deserialize_with = "time")]
    assigned_date_time: Option<Timestamp>,
    #[serde(default, deserialize_with = "time")]
    accept_date_time: Option<Timestamp>,
    #[serde(default, deserialize_with = "time")]
    close_date_time: Option<Timestamp>,
    /// A number that Salesforce may write with a point.
    #[serde(default)]
    acw_extension_count: Option<f64>,
    #[serde(default, deserialize_with = "time")]
    system_modstamp: Option<Timestamp>,
}

#[derive(Deserialize)]
#[serde(rename_all = "PascalCase")]
struct ChannelPart {
    #[serde(default)]
    related_entity: Option<String>,
}

impl From<WorkRow> for Work {
    fn from(row: WorkRow) -> Self {
        Self {
            id: row.id,
            item_id: row.work_item_id,
            status: row.status,
            channel_id: row.service_channel_id,
            related_entity: row.service_channel.and_then(|channel| channel.related_entity),
            assigned_at: row.assigned_date_time,
            accepted_at: row.accept_date_time,
            closed_at: row.close_date_time,
            // Saturates: what is below 0 or no number is 0.
            acw_extensions: row.acw_extension_count.unwrap_or(0.0) as u32,
            modified_at: row.system_modstamp,
        }
    }
}

/// The query for all work of the user that is Assigned or Opened, of every channel, and for these works too, over
/// or not: how a call that was being watched ended.
pub(crate) fn select(user: UserId, watched: &[WorkId]) -> Select {
    let user = literal(&user.to_string());
    let mut condition = format!("UserId = {user} AND Status IN ('Assigned', 'Opened')");
    if !watched.is_empty() {
        condition = format!("({condition}) OR Id IN {}", list(watched));
    }
    Select {
        object: "AgentWork",
        needed: &[
            "Id",
            "WorkItemId",
            "Status",
            "ServiceChannelId",
            "AssignedDateTime",
            "AcceptDateTime",
            "CloseDateTime",
        ],
        optional: &[
            "ServiceChannel.RelatedEntity",
            "AcwExtensionCount",
            "SystemModstamp",
        ],
        rest: format!("WHERE {condition} ORDER BY Id"),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_status_is_read_by_name_and_by_number() {
        let read = |json: &str| serde_json::from_str::<WorkStatus>(json).ok();
        assert_eq!(read(r#""Opened""#), Some(WorkStatus::Opened));
        assert_eq!(read("3"), Some(WorkStatus::Opened));
        assert_eq!(read(r#""0""#), Some(WorkStatus::Assigned));
        assert_eq!(read("8"), None);
        assert_eq!(read(r#""Ringing""#), None);
        assert_eq!(read("-1"), None);
        assert!(!WorkStatus::Opened.is_terminal() && WorkStatus::Declined.is_terminal());
    }
}
