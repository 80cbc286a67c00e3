//! Wire messages to engine events and engine actions to wire messages: total, no decisions.

use presence::effect::ConsoleAction;
use presence::event::{
    CommandOutcome, Event, LogoutReason, PhoneOutcome, WorkAction, WorkOptions, WorkSeen, WorkStage, Workload,
};
use presence::ids::WorkId;
use presence::{phone, settings};

use crate::rep_setup::RepSetup;

use crate::{bridge, connector};

impl bridge::ConsoleEvent {
    /// The engine's event.
    pub fn into_event(self) -> Event {
        let work = |work, item, stage, declined| Event::Work {
            seen: WorkSeen { work, item, stage },
            declined,
        };
        match self {
            Self::ConnectionError { .. } => Event::ConnectionError,
            Self::ConversationEnded { work_item_id } => Event::ConversationEnded { item: work_item_id },
            Self::LoginSuccess { status_id } | Self::StatusChanged { status_id, .. } => {
                Event::StatusChanged { status: status_id }
            }
            Self::Logout { reason } => Event::OmniLogout {
                reason: reason.map(LogoutReason),
            },
            Self::WorkAccepted {
                work_id,
                work_item_id,
            } => work(work_id, work_item_id, WorkStage::Opened, false),
            Self::WorkAssigned {
                work_id,
                work_item_id,
            } => work(work_id, work_item_id, WorkStage::Assigned, false),
            Self::WorkClosed {
                work_id,
                work_item_id,
            } => work(work_id, work_item_id, WorkStage::Ended, false),
            Self::WorkDeclined {
                work_id,
                work_item_id,
            } => work(work_id, work_item_id, WorkStage::Ended, true),
            Self::WorkFlagUpdated { work_id, is_flagged } => Event::WorkFlag {
                work: work_id,
                flagged: is_flagged,
            },
            Self::WorkloadChanged {
                configured_capacity,
                previous_workload,
                new_workload,
            } => Event::Workload(Workload {
                configured_milli: configured_capacity.into(),
                previous_milli: previous_workload.into(),
                new_milli: new_workload.into(),
            }),
        }
    }
}

impl bridge::AgentWork {
    /// As the engine sees it.
    pub fn seen(&self) -> WorkSeen {
        let stage = if self.is_engaged {
            WorkStage::Opened
        } else {
            WorkStage::Assigned
        };
        WorkSeen {
            work: self.work_id,
            item: self.work_item_id,
            stage,
        }
    }
}

impl bridge::Outcome {
    /// As the engine sees it.
    pub fn outcome(&self) -> CommandOutcome {
        match self {
            Self::Done { .. } => CommandOutcome::Done,
            Self::Refused { code, .. } => match code {
                bridge::Refusal::CallActive => CommandOutcome::CallActive,
                bridge::Refusal::Expired => CommandOutcome::Expired,
                bridge::Refusal::LoggedOut => CommandOutcome::LoggedOut,
                bridge::Refusal::Toolkit | bridge::Refusal::Unsupported => CommandOutcome::Failed,
            },
        }
    }
}

impl From<ConsoleAction> for bridge::Action {
    fn from(action: ConsoleAction) -> Self {
        match action {
            ConsoleAction::Arm { voice_prefixes } => Self::Arm { voice_prefixes },
            ConsoleAction::CloseWork { work, voice_prefixes } => Self::CloseAgentWork {
                work_id: work,
                voice_prefixes,
            },
            ConsoleAction::Login { status } => Self::Login { status_id: status },
            ConsoleAction::Logout {
                voice_prefixes,
                wrapping_up,
            } => Self::Logout {
                voice_prefixes,
                wrapping_up,
            },
            ConsoleAction::SetStatus { status, log_in } => Self::SetServicePresenceStatus {
                status_id: status,
                log_in,
            },
            ConsoleAction::Snapshot => Self::Snapshot,
            ConsoleAction::Work { work, action } => of_work(work, action),
        }
    }
}

/// Closing a work has its own action in the engine, and its last look; here it comes without a call's prefixes and
/// so would be refused by every partner.
fn of_work(work_id: WorkId, action: WorkAction) -> bridge::Action {
    match action {
        WorkAction::Accept => bridge::Action::AcceptAgentWork { work_id },
        WorkAction::Close => bridge::Action::CloseAgentWork {
            work_id,
            voice_prefixes: Vec::new(),
        },
        WorkAction::Decline { reason } => bridge::Action::DeclineAgentWork {
            work_id,
            decline_reason: reason,
        },
        WorkAction::LowerFlag => bridge::Action::LowerAgentWorkFlag {
            work_id,
            message: None,
        },
        WorkAction::RaiseFlag { message } => bridge::Action::RaiseAgentWorkFlag {
            work_id,
            message: Some(message).filter(|message| !message.is_empty()),
        },
    }
}

impl RepSetup {
    /// What may be done with works, where the set-up says so.
    pub fn work_options(&self) -> Option<WorkOptions> {
        let configuration = self.configuration.as_ref()?;
        Some(WorkOptions {
            may_decline: configuration.may_decline,
            decline_reasons: configuration.decline_reasons.clone(),
        })
    }
}

impl From<connector::Profile> for settings::Profile {
    fn from(profile: connector::Profile) -> Self {
        match profile {
            connector::Profile::Connector => Self::Connector,
            connector::Profile::CtiAdapter => Self::CtiAdapter,
            connector::Profile::SalesforceVoice => Self::SalesforceVoice,
        }
    }
}

impl From<connector::AgentStateKind> for phone::AgentStateKind {
    fn from(kind: connector::AgentStateKind) -> Self {
        match kind {
            connector::AgentStateKind::Offline => Self::Offline,
            connector::AgentStateKind::NotRoutable => Self::NotRoutable,
            connector::AgentStateKind::Routable => Self::Routable,
            connector::AgentStateKind::System => Self::System,
        }
    }
}

impl From<connector::AgentState> for phone::AgentState {
    fn from(state: connector::AgentState) -> Self {
        Self {
            name: state.name,
            kind: state.kind.into(),
        }
    }
}

impl From<connector::PhoneState> for phone::PhoneState {
    fn from(state: connector::PhoneState) -> Self {
        Self {
            state: state.state.into(),
            next_state: state.next_state,
            contacts: state.contacts.into_iter().map(Into::into).collect(),
            since_ms: state.since_ms,
        }
    }
}

impl From<connector::Contact> for phone::Contact {
    fn from(contact: connector::Contact) -> Self {
        let phase = match contact.phase {
            connector::ContactPhase::AfterCallWork => phone::ContactPhase::AfterCallWork,
            connector::ContactPhase::Connected => phone::ContactPhase::Connected,
            connector::ContactPhase::Ringing => phone::ContactPhase::Ringing,
        };
        Self {
            id: contact.id,
            phase,
            vendor_call_key: contact.vendor_call_key,
        }
    }
}

impl From<connector::Outcome> for PhoneOutcome {
    fn from(outcome: connector::Outcome) -> Self {
        match outcome {
            connector::Outcome::Done => Self::Done,
            connector::Outcome::Queued => Self::Queued,
            connector::Outcome::Refused => Self::Refused,
        }
    }
}
