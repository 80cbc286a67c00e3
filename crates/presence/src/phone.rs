//! The telephony side as the engine sees it.

use serde::{Deserialize, Serialize};
use ts_rs::TS;

use crate::settings::Profile;

/// Kinds of phone state (Amazon Connect's names, telephony.md).
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize, TS)]
#[serde(rename_all = "snake_case")]
pub enum AgentStateKind {
    /// The backend sees no agent: set mid-call without enqueue it drops the call (seed 000).
    Offline,
    /// Signed in, gets no contacts.
    NotRoutable,
    /// Gets contacts.
    Routable,
    /// Set by the phone system itself; can be read, never set (seed 001).
    System,
}

/// A state of the phone.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
pub struct AgentState {
    /// As the rep sees it.
    pub name: String,
    /// Its kind.
    pub kind: AgentStateKind,
}

/// A phone that has joined.
#[derive(Clone, Debug, PartialEq, Eq, Hash, Serialize, Deserialize)]
pub struct PhoneJoined {
    /// Who made it.
    pub name: String,
    /// It honours enqueueNextState.
    pub enqueues: bool,
    /// The states a rep can choose.
    pub states: Vec<AgentState>,
    /// What it is: a phone of Holdline's own, or one that an adapter or connector in the console steers.
    pub profile: Profile,
    /// It may be asked for a state; `false`: its token only lets it report.
    #[serde(default = "yes")]
    pub writable: bool,
}

/// What phones were before there were tokens of less right.
pub(crate) fn yes() -> bool {
    true
}

/// A phone's whole state.
#[derive(Clone, Debug, PartialEq, Eq, Hash, Serialize, Deserialize)]
pub struct PhoneState {
    /// The state now.
    pub state: AgentState,
    /// The enqueued next state's name.
    pub next_state: Option<String>,
    /// Contacts that are not over.
    pub contacts: Vec<Contact>,
    /// When that state began, milliseconds since 1970 UTC on this machine's clock, where the phone tells.
    #[serde(default)]
    pub since_ms: Option<i64>,
}

impl PhoneState {
    /// The phone system itself has put it into a state for a contact.
    pub fn is_busy(&self) -> bool {
        self.state.kind == AgentStateKind::System && !self.contacts.is_empty()
    }
}

/// One contact on the phone.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
pub struct Contact {
    /// The phone system's id.
    pub id: String,
    /// Its phase.
    pub phase: ContactPhase,
    /// What VoiceCall.VendorCallKey holds for it, where known.
    pub vendor_call_key: Option<String>,
}

/// A contact's phase.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize, TS)]
#[serde(rename_all = "snake_case")]
pub enum ContactPhase {
    /// After-contact work: nobody is on the line.
    AfterCallWork,
    /// Somebody is on the line (on hold included).
    Connected,
    /// It rings.
    Ringing,
}

impl ContactPhase {
    /// Somebody is on the line or wants to be.
    pub fn is_live(self) -> bool {
        self != Self::AfterCallWork
    }
}
