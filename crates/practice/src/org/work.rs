//! AgentWork and VoiceCall records.

use std::fmt;

use jiff::{SignedDuration, Timestamp};
use presence::ids::{WorkId, WorkItemId};
use serde::Serialize;

use super::RepKey;

/// `AgentWork.Status` (seed 003).
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize)]
pub enum WorkStatus {
    /// Routed to the rep, not accepted yet.
    Assigned,
    /// The caller gave up.
    Canceled,
    /// Done.
    Closed,
    /// The rep said no.
    Declined,
    /// The rep did not answer in time.
    DeclinedOnPushTimeout,
    /// Accepted. A call in wrap-up is still Opened.
    Opened,
    /// The rep went offline before accepting.
    Unavailable,
}

impl WorkStatus {
    /// Salesforce's name.
    pub fn name(self) -> &'static str {
        match self {
            Self::Assigned => "Assigned",
            Self::Canceled => "Canceled",
            Self::Closed => "Closed",
            Self::Declined => "Declined",
            Self::DeclinedOnPushTimeout => "DeclinedOnPushTimeout",
            Self::Opened => "Opened",
            Self::Unavailable => "Unavailable",
        }
    }

    /// Whether it takes the rep's capacity.
    pub fn is_active(self) -> bool {
        matches!(self, Self::Assigned | Self::Opened)
    }
}

impl fmt::Display for WorkStatus {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.name())
    }
}

/// A record is written: SystemModstamp grows with each version, also within one millisecond, or when the clock
/// is set back.
pub(super) fn write(modified_at: &mut Timestamp, now: Timestamp) {
    *modified_at = now.max(*modified_at + SignedDuration::from_millis(1));
}

/// One AgentWork.
#[derive(Clone, Debug)]
pub struct Work {
    /// `Id`
    pub id: WorkId,
    /// `WorkItemId`
    pub item: WorkItemId,
    /// The rep it was routed to.
    pub rep: RepKey,
    /// The channel, by its place in the catalogue.
    pub channel: usize,
    /// For voice work, its call's place among the org's calls.
    pub call: Option<usize>,
    /// `Status`
    pub status: WorkStatus,
    /// `AssignedDateTime`
    pub assigned_at: Timestamp,
    /// `AcceptDateTime`
    pub accepted_at: Option<Timestamp>,
    /// `CloseDateTime`
    pub closed_at: Option<Timestamp>,
    /// `DeclineDateTime`
    pub declined_at: Option<Timestamp>,
    /// `CancelDateTime`
    pub canceled_at: Option<Timestamp>,
    /// `DeclineReason`
    pub decline_reason: Option<String>,
    /// `PushTimeout`, seconds; 0 = none.
    pub push_timeout_s: u64,
    /// When it is declined for the rep.
    pub push_deadline: Option<Timestamp>,
    /// When wrap-up ends by itself.
    pub wrap_up_deadline: Option<Timestamp>,
    /// `AcwExtensionCount`
    pub extensions: u32,
    /// `AcwExtensionDuration`: by how many milliseconds they have extended wrap-up together.
    pub extended_ms: u64,
    /// A raised flag's message.
    pub flag: Option<String>,
    /// `SystemModstamp`
    pub modified_at: Timestamp,
}

/// One VoiceCall.
#[derive(Clone, Debug)]
pub struct Call {
    /// The practice org's name for it, the phone's contact id, and `VendorCallKey`.
    pub key: String,
    /// `Id`
    pub id: WorkItemId,
    /// The AgentWork that routes it, allocated before it is assigned.
    pub work_id: WorkId,
    /// The rep it is meant for.
    pub rep: RepKey,
    /// `FromPhoneNumber`
    pub from: String,
    /// `CallStartDateTime`
    pub started_at: Timestamp,
    /// `CallConnectDateTime`
    pub connected_at: Option<Timestamp>,
    /// `CallEndDateTime`
    pub ended_at: Option<Timestamp>,
    /// Its work's place among the org's works, once assigned.
    pub work: Option<usize>,
    /// `SystemModstamp`
    pub modified_at: Timestamp,
}

/// Where a call is.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Serialize)]
#[serde(rename_all = "snake_case")]
pub enum CallPhase {
    /// Accepted and connected.
    OnCall,
    /// Nothing is left of it to do.
    Over,
    /// Waits for the rep's capacity.
    Queued,
    /// Assigned, not accepted yet.
    Ringing,
    /// The conversation has ended, the work is still open.
    WrapUp,
}
