//! The org's presence statuses and the service channels that make them Online or Busy.

use presence::ids::{RecordId, StatusId};
use serde::Deserialize;

use crate::select::Select;

/// A ServicePresenceStatus.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Status {
    /// Its id, by which it is known.
    pub id: StatusId,
    /// MasterLabel: what the rep reads.
    pub label: String,
    /// DeveloperName; absent when the user may not read it.
    pub developer_name: Option<String>,
    /// The ids of the service channels it takes work from, sorted; absent when the user may not read them.
    pub channels: Option<Vec<RecordId>>,
}

/// What a status means. Logged out is no status.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum StatusKind {
    /// Without a channel: no work is routed.
    Busy,
    /// With at least one channel: work is routed.
    Online,
}

impl Status {
    /// Online or Busy, by its channels and never by its name; unknown when they can't be read.
    pub fn kind(&self) -> Option<StatusKind> {
        let channels = self.channels.as_ref()?;
        Some(if channels.is_empty() {
            StatusKind::Busy
        } else {
            StatusKind::Online
        })
    }
}

#[derive(Clone, Debug, Deserialize)]
#[serde(rename_all = "PascalCase")]
pub(crate) struct StatusRow {
    id: StatusId,
    master_label: String,
    #[serde(default)]
    developer_name: Option<String>,
}

#[derive(Clone, Debug, Deserialize)]
#[serde(rename_all = "PascalCase")]
pub(crate) struct JunctionRow {
    service_presence_status_id: StatusId,
    service_channel_id: RecordId,
}

pub(crate) fn select() -> Select {
    Select {
        object: "ServicePresenceStatus",
        needed: &["Id", "MasterLabel"],
        optional: &["DeveloperName"],
        rest: String::new(),
    }
}

pub(crate) fn select_junctions() -> Select {
    Select {
        object: "ServiceChannelStatus",
        needed: &["ServicePresenceStatusId", "ServiceChannelId"],
        optional: &[],
        rest: String::new(),
    }
}

/// The statuses with their channels, by label, then by id.
pub(crate) fn join(rows: Vec<StatusRow>, junctions: Option<&[JunctionRow]>) -> Vec<Status> {
    let channels_of = |status: StatusId| {
        let junctions = junctions?.iter();
        let own = junctions.filter(|row| row.service_presence_status_id == status);
        let mut channels: Vec<_> = own.map(|row| row.service_channel_id).collect();
        channels.sort_unstable();
        Some(channels)
    };
    let mut statuses: Vec<Status> = rows
        .into_iter()
        .map(|row| Status {
            channels: channels_of(row.id),
            id: row.id,
            label: row.master_label,
            developer_name: row.developer_name,
        })
        .collect();
    statuses.sort_by(|a, b| (&a.label, a.id).cmp(&(&b.label, b.id)));
    statuses
}
