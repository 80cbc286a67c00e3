//! What the page that embeds the Contact Control Panel and Holdline say to each other: JSON text frames.
//!
//! The page hands on what `amazon-connect-streams` tells, in that library's own words; what a word means is
//! decided on this side (`telephony.md`, "Amazon Connect").

use serde::{Deserialize, Serialize};
use ts_rs::TS;

/// The version of these frames. Page and program come from one build, but a browser tab may be older.
pub const PROTOCOL: u32 = 1;

/// From the page, once it is let in.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, TS)]
#[serde(tag = "type", rename_all = "camelCase", rename_all_fields = "camelCase")]
#[ts(export_to = "Frames.ts")]
pub enum FromPage {
    /// What became of a [`ToPage::SetState`].
    Answer {
        /// The request's id.
        id: String,
        /// What became of it.
        outcome: PageOutcome,
    },
    /// The agent as a whole, after every change.
    Snapshot(Snapshot),
    /// The panel tells nothing any more; what was told before does not hold.
    Trouble {
        /// Why.
        trouble: Trouble,
    },
}

/// To the page, once it is let in.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, TS)]
#[serde(tag = "type", rename_all = "camelCase", rename_all_fields = "camelCase")]
#[ts(export_to = "Frames.ts")]
pub enum ToPage {
    /// `agent.setState`. The page looks once more: while a contact rings it does nothing.
    SetState {
        /// Unique for ever.
        id: String,
        /// A name of [`Snapshot::states`].
        state: String,
        /// Apply it after the contacts.
        enqueue_next_state: bool,
    },
}

/// The agent, as `agent.getState()`, `getNextState()`, `getAgentStates()` and `getContacts()` tell.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, TS)]
#[serde(rename_all = "camelCase")]
#[ts(export_to = "Frames.ts")]
pub struct Snapshot {
    /// The state now.
    pub state: AgentState,
    /// When it began: milliseconds since 1970 UTC, by this machine's clock.
    pub since_ms: Option<i64>,
    /// The name of the enqueued next state.
    pub next_state: Option<String>,
    /// The states the rep can choose.
    pub states: Vec<AgentState>,
    /// Every contact that is not cleared, of every medium.
    pub contacts: Vec<Contact>,
}

/// A state of the agent.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, TS)]
#[ts(export_to = "Frames.ts")]
pub struct AgentState {
    /// As the rep sees it.
    pub name: String,
    /// `routable`, `not_routable`, `offline`, `system`, `error` or `init`.
    #[serde(rename = "type")]
    pub kind: String,
}

/// A contact.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, TS)]
#[ts(export_to = "Frames.ts")]
pub struct Contact {
    /// The contact's id, which is also what VoiceCall.VendorCallKey holds.
    pub id: String,
    /// `voice`, `queue_callback`, `chat`, `task` or `email`.
    #[serde(rename = "type")]
    pub medium: String,
    /// `incoming`, `pending`, `connecting`, `connected`, `missed`, `rejected`, `error`, `ended`, `paused` or
    /// `init`.
    pub state: String,
}

/// What became of a request.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize, TS)]
#[serde(rename_all = "snake_case")]
#[ts(export_to = "Frames.ts")]
pub enum PageOutcome {
    /// Amazon Connect took it; whether it is so, the next snapshot tells.
    Done,
    /// It was enqueued.
    Queued,
    /// Amazon Connect did not take it, or the rep has no such state.
    Refused,
    /// A contact rings: nothing was done.
    Ringing,
}

/// Why the panel tells nothing.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize, TS)]
#[serde(rename_all = "snake_case")]
#[ts(export_to = "Frames.ts")]
pub enum Trouble {
    /// The rep signed in to Amazon Connect, and the panel still says nothing: the page's address is not on
    /// the instance's list of approved origins.
    NotApproved,
    /// It has told before and has fallen silent.
    Silent,
    /// Nobody is signed in to Amazon Connect, or not any more.
    SignIn,
}
