//! What the console package's Apex class says (`console-package`, HoldlineSetup): the rep's own set-up, and how far
//! calls are. It reads in system mode, so that what the settings hide from REST is told here.

use presence::ids::WorkItemId;
use serde::{Deserialize, Serialize};
use wire::rep_setup::{RepChannel, RepConfiguration, RepSetup, RepStatus};

use super::catalog::Status;
use super::{Org, RepKey};

/// HoldlineSetup.VoiceCallState
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct VoiceCallState {
    /// `VoiceCall.Id`
    pub id: WorkItemId,
    /// Whether `VoiceCall.CallEndDateTime` is set.
    pub has_ended: bool,
    /// `VoiceCall.VendorCallKey`
    pub vendor_call_key: String,
}

impl Org {
    /// `HoldlineSetup.mine()`. All reps here have the same; every status of the org is granted to them.
    pub fn apex_mine(&self) -> RepSetup {
        RepSetup {
            statuses_are_own: true,
            statuses: self
                .catalog
                .statuses
                .iter()
                .map(|status| self.apex_status(status))
                .collect(),
            channels: self.apex_channels(),
            configuration: Some(self.apex_configuration()),
        }
    }

    /// `HoldlineSetup.calls(workItemIds)`: those of them that are the rep's own calls.
    pub fn apex_calls(&self, key: RepKey, items: &[WorkItemId]) -> Vec<VoiceCallState> {
        let calls = self.calls.iter();
        calls
            .filter(|call| call.rep == key && items.contains(&call.id))
            .map(|call| VoiceCallState {
                id: call.id,
                has_ended: call.ended_at.is_some(),
                vendor_call_key: call.key.clone(),
            })
            .collect()
    }

    fn apex_status(&self, status: &Status) -> RepStatus {
        let channels = status.channels.iter();
        RepStatus {
            id: status.id,
            label: status.label.to_owned(),
            developer_name: Some(status.developer_name.to_owned()),
            channels: channels
                .map(|channel| self.catalog.channels[*channel].id)
                .collect(),
        }
    }

    fn apex_channels(&self) -> Vec<RepChannel> {
        let channels = self.catalog.channels.iter();
        channels
            .map(|channel| RepChannel {
                id: channel.id,
                label: channel.label.to_owned(),
                developer_name: Some(channel.developer_name.to_owned()),
                related_entity: Some(channel.related_entity.to_owned()),
                key_prefix: Some(channel.item_prefix.to_owned()),
            })
            .collect()
    }

    fn apex_configuration(&self) -> RepConfiguration {
        let settings = self.settings();
        let seconds = |ms: u64| u32::try_from(ms / 1000).ok().filter(|seconds| *seconds > 0);
        RepConfiguration {
            label: Some("Service Reps".to_owned()),
            auto_accept: false,
            may_decline: settings.may_decline,
            decline_reasons: match settings.may_decline {
                true => settings.decline_reasons.clone(),
                false => Vec::new(),
            },
            wrap_up_seconds: seconds(settings.wrap_up_ms),
            wrap_up_extension_seconds: seconds(settings.wrap_up_ms)
                .and_then(|_| seconds(settings.wrap_up_extension_ms)),
        }
    }
}
