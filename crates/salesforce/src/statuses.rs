//! The org's presence statuses and the service channels that make them Online or Busy.

use std::collections::BTreeMap;

use presence::ids::{RecordId, StatusId};
use serde::Deserialize;
use serde::de::DeserializeOwned;

use crate::client::Client;
use crate::error::{Error, Missing};

/// A ServicePresenceStatus.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Status {
    /// Its id, by which it is known.
    pub id: StatusId,
    /// MasterLabel: what the rep reads.
    pub label: String,
    /// DeveloperName; absent when the user may not read it.
    pub developer_name: Option<String>,
    /// The service channels it takes work from; absent when the user may not read them.
    pub channels: Option<Vec<Channel>>,
}

/// A ServiceChannel.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Channel {
    /// Its id.
    pub id: RecordId,
    /// The object it routes (`VoiceCall`, `Case`); absent when the user may not read the channel.
    pub related_entity: Option<String>,
    /// DeveloperName (`sfdc_phone` for the standard phone channel); absent when the user may not read it.
    pub developer_name: Option<String>,
}

/// What a status means. Logged out is no status.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum StatusKind {
    /// Without a channel: no work is routed.
    Busy,
    /// With at least one channel: work is routed.
    Online,
}

/// All statuses, and what the user lacked to know them fully.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct StatusList {
    /// By label, then by id.
    pub statuses: Vec<Status>,
    /// What an administrator could grant; Holdline goes on without it.
    pub missing: Vec<Missing>,
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

#[derive(Clone, Debug, Deserialize)]
#[serde(rename_all = "PascalCase")]
pub(crate) struct ChannelRow {
    id: RecordId,
    #[serde(default)]
    related_entity: Option<String>,
    #[serde(default)]
    developer_name: Option<String>,
}

impl Client {
    /// The presence statuses with their channels: three API calls, one more for each thing that is refused.
    ///
    /// # Errors
    /// Any [`Error`] about the statuses themselves. What only takes something away is in
    /// [`StatusList::missing`].
    pub async fn statuses(&self) -> Result<StatusList, Error> {
        let mut missing = Vec::new();
        let rows: Vec<StatusRow> = self
            .with_developer_name("Id, MasterLabel", "ServicePresenceStatus", &mut missing)
            .await?;
        let junctions = self
            .query(
                "SELECT ServicePresenceStatusId, ServiceChannelId FROM ServiceChannelStatus",
                "ServiceChannelStatus",
            )
            .await;
        let junctions: Option<Vec<JunctionRow>> = or_missing(junctions, &mut missing)?;
        let channels = match junctions {
            None => None,
            Some(_) => {
                let rows = self
                    .with_developer_name("Id, RelatedEntity", "ServiceChannel", &mut missing)
                    .await;
                or_missing(rows, &mut missing)?
            }
        };
        Ok(StatusList {
            statuses: join(rows, junctions, channels),
            missing,
        })
    }

    /// Reads an object with its DeveloperName, and without where the user may not read that (seed 001).
    async fn with_developer_name<T: DeserializeOwned>(
        &self,
        fields: &str,
        object: &str,
        missing: &mut Vec<Missing>,
    ) -> Result<Vec<T>, Error> {
        let whole = self
            .query(&format!("SELECT {fields}, DeveloperName FROM {object}"), object)
            .await;
        let Err(Error::AskAdmin(Missing::Field(_) | Missing::Object(_))) = whole else {
            return whole;
        };
        let rows = self
            .query(&format!("SELECT {fields} FROM {object}"), object)
            .await?;
        let permission = Missing::Permission("View DeveloperName".into());
        if !missing.contains(&permission) {
            missing.push(permission);
        }
        Ok(rows)
    }
}

/// Goes on without what an administrator would have to grant.
fn or_missing<T>(outcome: Result<T, Error>, missing: &mut Vec<Missing>) -> Result<Option<T>, Error> {
    match outcome {
        Ok(value) => Ok(Some(value)),
        Err(Error::AskAdmin(lacking)) => {
            missing.push(lacking);
            Ok(None)
        }
        Err(error) => Err(error),
    }
}

pub(crate) fn join(
    rows: Vec<StatusRow>,
    junctions: Option<Vec<JunctionRow>>,
    channels: Option<Vec<ChannelRow>>,
) -> Vec<Status> {
    let details: BTreeMap<RecordId, ChannelRow> = channels
        .unwrap_or_default()
        .into_iter()
        .map(|row| (row.id, row))
        .collect();
    let channels_of = |status: StatusId| {
        let junctions = junctions
            .as_ref()?
            .iter()
            .filter(|row| row.service_presence_status_id == status);
        let mut channels: Vec<Channel> = junctions
            .map(|row| {
                let detail = details.get(&row.service_channel_id);
                Channel {
                    id: row.service_channel_id,
                    related_entity: detail.and_then(|detail| detail.related_entity.clone()),
                    developer_name: detail.and_then(|detail| detail.developer_name.clone()),
                }
            })
            .collect();
        channels.sort_by_key(|channel| channel.id);
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
