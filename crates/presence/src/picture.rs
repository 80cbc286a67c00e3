//! The whole visible state as one value: codes and numbers, no texts, nothing that time alone changes.

use crate::effect::HoldReason;
use crate::event::{Origin, Pairing, PresenceStatus, Target, WorkStage};
use crate::ids::{OrgId, StatusId, UserId, WorkId};
use crate::phone::{AgentState, Contact};
use crate::problem::Problem;
use crate::settings::Profile;

/// Where the call is.
#[derive(
    Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, serde::Serialize, serde::Deserialize, ts_rs::TS,
)]
#[serde(rename_all = "snake_case")]
pub enum CallPhase {
    /// No voice work.
    Idle,
    /// A voice AgentWork is Opened and its conversation has not ended.
    OnCall,
    /// A voice AgentWork is Assigned.
    Ringing,
    /// No fresh evidence.
    Unknown,
    /// The conversation has ended, the work is still open.
    WrapUp,
}

/// Everything there is to see. All times are milliseconds since 1970 UTC.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Picture {
    /// Who is signed in.
    pub session: SessionView,
    /// The call, from AgentWork alone.
    pub call: CallView,
    /// The presence.
    pub presence: PresenceView,
    /// The phone.
    pub telephony: Option<TelephonyView>,
    /// A console partner is connected.
    pub console: bool,
    /// The request that waits for the call to end.
    pub held: Option<HeldView>,
    /// The request that waits to be confirmed.
    pub pending: Option<PendingView>,
    /// The statuses the rep can choose.
    pub statuses: Vec<PresenceStatus>,
    /// What the rep has open in the console, calls or not, oldest first.
    pub works: Vec<WorkView>,
    /// Reasons to choose from at a decline; empty: none is asked for.
    pub decline_reasons: Vec<String>,
    /// Partners that wait for the rep's word.
    pub pairings: Vec<Pairing>,
    /// What is wrong.
    pub problems: Vec<Problem>,
    /// Who writes what.
    pub profile: Profile,
    /// Holdline only watches (`mode = observe`).
    pub observing: bool,
    /// The breaker has paused sync.
    pub sync_paused: bool,
    /// A request to go Offline would be held now: the machine is not to sleep or shut down unasked.
    pub guarding: bool,
}

/// A work and what may be done with it now.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct WorkView {
    /// Which.
    pub work: WorkId,
    /// How far it has come.
    pub stage: WorkStage,
    /// It is a call.
    pub voice: bool,
    /// The service channel it came by, where the org has told.
    pub channel: Option<String>,
    /// The rep has asked for help with it.
    pub flagged: bool,
    /// It can be accepted.
    pub may_accept: bool,
    /// It can be closed: a call only in wrap-up.
    pub may_close: bool,
    /// It can be declined (with a reason, where there are reasons).
    pub may_decline: bool,
    /// Its flag can be raised and lowered.
    pub may_flag: bool,
}

/// The session.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum SessionView {
    /// Nobody.
    SignedOut,
    /// In the browser.
    SigningIn,
    /// A rep.
    SignedIn {
        /// The org.
        org: OrgId,
        /// The rep.
        user: UserId,
        /// Their name.
        name: String,
        /// The org's address.
        org_url: String,
    },
}

/// The call.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct CallView {
    /// Where it is.
    pub phase: CallPhase,
    /// Since when it is there.
    pub since_ms: i64,
    /// The newest evidence; `None` before the first.
    pub evidence_ms: Option<i64>,
    /// When the wrap-up's time is over; `None`: no wrap-up, or it has no timer.
    pub wrap_up_ends_ms: Option<i64>,
    /// The works in wrap-up, which the rep can close.
    pub wrapping_up: Vec<WorkId>,
    /// Whether the org routes calls through Omni-Channel at all; `None` until it has told.
    pub voice_routed: Option<bool>,
}

/// The presence.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum PresenceView {
    /// Logged out of Omni-Channel.
    LoggedOut {
        /// Since when.
        since_ms: i64,
    },
    /// In a status.
    Status {
        /// Which.
        id: StatusId,
        /// Its label; empty while the org's statuses are not known.
        label: String,
        /// Online (has channels) or Busy.
        online: bool,
        /// Since when.
        since_ms: i64,
    },
    /// Not known.
    Unknown,
}

/// The phone.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct TelephonyView {
    /// Who made it.
    pub name: String,
    /// Its state; `None` until its first report.
    pub state: Option<AgentState>,
    /// The states a rep can choose.
    pub states: Vec<AgentState>,
    /// What it will be after the contact.
    pub next_state: Option<String>,
    /// Its contacts.
    pub contacts: Vec<Contact>,
}

/// The hold.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct HeldView {
    /// What is held.
    pub target: Target,
    /// Who asked for it.
    pub origin: Origin,
    /// The status' label.
    pub label: String,
    /// Why.
    pub reason: HoldReason,
    /// Since when.
    pub since_ms: i64,
    /// It has lasted longer than the settings say: the rep is asked whether it is to go on.
    pub lasts_long: bool,
    /// The label of the Busy status set meanwhile (`hold_as`), once it is set.
    pub held_as: Option<String>,
}

/// The request under way.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct PendingView {
    /// What was asked for.
    pub target: Target,
    /// The status' label.
    pub label: String,
    /// Since when.
    pub since_ms: i64,
}
