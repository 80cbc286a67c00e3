//! The org as people and tests see it (`GET /practice/v1/state`, `GET /practice/v1/console/{rep}`).

use jiff::Timestamp;
use presence::ids::{OrgId, StatusId, UserId, WorkId, WorkItemId};
use serde::Serialize;
use wire::bridge::Workload;
use wire::connector::PhoneState;

use super::settings::{OFFLINE, Settings};
use super::{Call, CallPhase, Org, RepKey, Work, WorkStatus};

/// The whole org.
#[derive(Clone, Debug, PartialEq, Serialize)]
#[serde(rename_all = "camelCase")]
pub struct OrgView {
    /// `Organization.Id`
    pub org_id: OrgId,
    /// `Organization.InstanceName`
    pub instance: String,
    /// When it was set up.
    pub created_at: Timestamp,
    /// The settings.
    pub settings: Settings,
    /// The presence statuses.
    pub statuses: Vec<StatusView>,
    /// The reps.
    pub reps: Vec<RepView>,
    /// All calls, oldest first.
    pub calls: Vec<CallView>,
}

/// A presence status.
#[derive(Clone, Debug, PartialEq, Serialize)]
#[serde(rename_all = "camelCase")]
pub struct StatusView {
    /// `ServicePresenceStatus.Id`
    pub status_id: StatusId,
    /// Its label.
    pub label: &'static str,
    /// Its developer name.
    pub developer_name: &'static str,
    /// `online` or `busy`.
    pub kind: &'static str,
    /// Developer names of its channels.
    pub channels: Vec<&'static str>,
}

/// A rep's Omni-Channel widget and phone.
#[derive(Clone, Debug, PartialEq, Serialize)]
#[serde(rename_all = "camelCase")]
pub struct RepView {
    /// The short name.
    pub rep: &'static str,
    /// The full name.
    pub name: String,
    /// `User.Id`
    pub user_id: UserId,
    /// `User.Username`
    pub username: String,
    /// Omni-Channel presence.
    pub presence: PresenceView,
    /// Work that is assigned or open, oldest first.
    pub works: Vec<WorkView>,
    /// Calls that wait for capacity.
    pub queued: usize,
    /// `getAgentWorkload`
    pub workload: Workload,
    /// The phone.
    pub phone: PhoneView,
    /// Open console sessions.
    pub consoles: usize,
    /// Whether a call goes on, as the log's `callActive` means it.
    pub call_active: bool,
}

/// A rep's presence.
#[derive(Clone, Debug, PartialEq, Serialize)]
#[serde(rename_all = "camelCase")]
pub struct PresenceView {
    /// The label; `Offline` when logged out.
    pub status: &'static str,
    /// Null when logged out.
    pub status_id: Option<StatusId>,
    /// `online`, `busy` or `logged_out`.
    pub kind: &'static str,
    /// Since when.
    pub since: Timestamp,
}

/// One AgentWork.
#[derive(Clone, Debug, PartialEq, Serialize)]
#[serde(rename_all = "camelCase")]
pub struct WorkView {
    /// The AgentWork.
    pub work_id: WorkId,
    /// What was routed.
    pub work_item_id: WorkItemId,
    /// The channel's label.
    pub channel: &'static str,
    /// `AgentWork.Status`
    pub status: &'static str,
    /// For a call, where it is.
    pub phase: Option<CallPhase>,
    /// For a call, the practice org's name for it.
    pub call_id: Option<String>,
    /// For a call, who calls.
    pub from: Option<String>,
    /// `AssignedDateTime`
    pub assigned_at: Timestamp,
    /// `AcceptDateTime`
    pub accepted_at: Option<Timestamp>,
    /// For a call, when the conversation ended.
    pub ended_at: Option<Timestamp>,
    /// When wrap-up closes by itself.
    pub wrap_up_ends_at: Option<Timestamp>,
    /// A raised flag's message.
    pub flag: Option<String>,
}

/// A phone: its state as the connector API says it, and its link to Holdline.
#[derive(Clone, Debug, PartialEq, Serialize)]
#[serde(rename_all = "camelCase")]
pub struct PhoneView {
    /// The state.
    #[serde(flatten)]
    pub state: PhoneState,
    /// Whether it is joined to a Holdline.
    pub joined: bool,
    /// The code to compare while a Holdline asks to confirm it.
    pub pairing_code: Option<String>,
}

/// One call.
#[derive(Clone, Debug, PartialEq, Serialize)]
#[serde(rename_all = "camelCase")]
pub struct CallView {
    /// The practice org's name for it.
    pub call_id: String,
    /// Its AgentWork.
    pub agent_work_id: WorkId,
    /// Its VoiceCall.
    pub voice_call_id: WorkItemId,
    /// The rep's short name.
    pub rep: &'static str,
    /// Who calls.
    pub from: String,
    /// Where it is.
    pub phase: CallPhase,
    /// `AgentWork.Status`, once assigned.
    pub status: Option<&'static str>,
    /// When it began.
    pub started_at: Timestamp,
    /// When the conversation ended.
    pub ended_at: Option<Timestamp>,
}

impl Org {
    /// The whole org.
    pub fn view(&self) -> OrgView {
        OrgView {
            org_id: self.id,
            instance: self.instance.clone(),
            created_at: self.created_at,
            settings: self.settings.clone(),
            statuses: self.statuses_view(),
            reps: self.reps().map(|(key, _)| self.rep_view(key)).collect(),
            calls: self.calls.iter().map(|call| self.call_view(call)).collect(),
        }
    }

    /// The presence statuses.
    pub fn statuses_view(&self) -> Vec<StatusView> {
        let channel = |&place: &usize| self.catalog.channels[place].developer_name;
        self.catalog
            .statuses
            .iter()
            .map(|status| StatusView {
                status_id: status.id,
                label: status.label,
                developer_name: status.developer_name,
                kind: if status.is_online() { "online" } else { "busy" },
                channels: status.channels.iter().map(channel).collect(),
            })
            .collect()
    }

    /// One rep.
    pub fn rep_view(&self, key: RepKey) -> RepView {
        let rep = self.rep(key);
        let status = rep.status.map(|status| &self.catalog.statuses[status]);
        RepView {
            rep: rep.rep,
            name: rep.name(),
            user_id: rep.user_id,
            username: rep.username(),
            presence: PresenceView {
                status: status.map_or(OFFLINE, |status| status.label),
                status_id: status.map(|status| status.id),
                kind: match status {
                    Some(status) if status.is_online() => "online",
                    Some(_) => "busy",
                    None => "logged_out",
                },
                since: rep.since,
            },
            works: self
                .works
                .iter()
                .filter(|work| work.rep == key && work.status.is_active())
                .map(|work| self.work_view(work))
                .collect(),
            queued: self
                .queue
                .iter()
                .filter(|&&call| self.calls[call].rep == key)
                .count(),
            workload: self.workload(key),
            phone: self.phone_view(key),
            consoles: rep.consoles,
            call_active: self.call_active(key),
        }
    }

    /// One rep's phone.
    pub fn phone_view(&self, key: RepKey) -> PhoneView {
        let phone = &self.rep(key).phone;
        PhoneView {
            state: phone.state(),
            joined: phone.joined,
            pairing_code: phone.pairing_code.clone(),
        }
    }

    /// One call.
    pub fn call_view(&self, call: &Call) -> CallView {
        CallView {
            call_id: call.key.clone(),
            agent_work_id: call.work_id,
            voice_call_id: call.id,
            rep: self.rep(call.rep).rep,
            from: call.from.clone(),
            phase: self.call_phase(call),
            status: call.work.map(|work| self.works[work].status.name()),
            started_at: call.started_at,
            ended_at: call.ended_at,
        }
    }

    fn work_view(&self, work: &Work) -> WorkView {
        let call = work.call.map(|call| &self.calls[call]);
        WorkView {
            work_id: work.id,
            work_item_id: work.item,
            channel: self.catalog.channels[work.channel].label,
            status: work.status.name(),
            phase: call.map(|call| self.call_phase(call)),
            call_id: call.map(|call| call.key.clone()),
            from: call.map(|call| call.from.clone()),
            assigned_at: work.assigned_at,
            accepted_at: work.accepted_at,
            ended_at: call.and_then(|call| call.ended_at),
            wrap_up_ends_at: match work.status {
                WorkStatus::Opened => work.wrap_up_deadline,
                _ => None,
            },
            flag: work.flag.clone(),
        }
    }
}
