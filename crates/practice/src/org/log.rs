//! The record of every presence and telephony write, and of the calls an Offline tore down.

use jiff::Timestamp;
use presence::ids::{WorkId, WorkItemId};
use serde::{Deserialize, Serialize};

/// Who wrote.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Source {
    /// Holdline's partner inside the console.
    Bridge,
    /// The practice connector, which passes presence on to the phone.
    Connector,
    /// The rep, in the Omni-Channel widget.
    Console,
    /// Holdline, through the connector API.
    Holdline,
    /// Omni-Channel itself: a decline, a push time-out, a supervisor.
    Org,
    /// The rep, on the phone's own buttons.
    Phone,
}

/// Which side was written to.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Side {
    /// Omni-Channel presence.
    Presence,
    /// The phone.
    Telephony,
}

/// One write that reached the org or a phone.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct LogEntry {
    /// From 1, without gaps.
    pub seq: u64,
    /// When it arrived.
    pub at: Timestamp,
    /// The rep's short name.
    pub rep: String,
    /// Who wrote.
    pub source: Source,
    /// Where to.
    pub side: Side,
    /// The status or phone state asked for; logging out of Omni-Channel is `Offline`.
    pub status: String,
    /// For the phone, whether it was to be applied after the contact only. Presence knows no such thing:
    /// `false`.
    pub enqueue: bool,
    /// Whether at that moment, before the write took effect, the rep had a voice AgentWork Assigned or Opened
    /// with its conversation not ended, or the phone had a contact ringing or connected.
    pub call_active: bool,
}

/// A call that an Offline tore down.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct Dropped {
    /// The call.
    pub call_id: String,
    /// Its AgentWork.
    pub agent_work_id: WorkId,
    /// Its VoiceCall.
    pub voice_call_id: WorkItemId,
    /// The rep's short name.
    pub rep: String,
    /// When.
    pub at: Timestamp,
    /// [`LogEntry::seq`] of the write that did it.
    pub by: u64,
}
