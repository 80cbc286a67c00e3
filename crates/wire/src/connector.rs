//! The connector API: Holdline and a phone, on loopback. Two ways say the same things: JSON text frames over a
//! WebSocket at [`PATH`], and REST with a long poll ([`rest`]) for phones that can't hold a socket.
//!
//! The phone registers, then reports its whole state at every change (so that nothing depends on order), and
//! answers requests. A phone that has no token yet gets a pairing code that the rep confirms in Holdline. The
//! documents in `docs/connector/` are generated from these types or checked against them.

pub mod rest;

use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

use crate::identity::Range;
use crate::key::{Code, Key};

/// The versions of this protocol that this program speaks.
pub const PROTOCOL: Range = Range::only(1);

/// Path of the WebSocket.
pub const PATH: &str = "/connector/v1";

/// From the phone to Holdline.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(tag = "type", rename_all = "camelCase", rename_all_fields = "camelCase")]
pub enum FromPhone {
    /// First frame.
    Register(Registration),
    /// The phone's whole state, at registration and after every change.
    State(PhoneState),
    /// The outcome of a [`ToPhone::SetState`].
    Answer(Answer),
    /// For phones without a queue of their own: Holdline is to set a state once the last contact is over.
    Enqueue(Enqueue),
}

/// Who the phone is and what it can do.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "camelCase")]
pub struct Registration {
    /// The versions the phone speaks.
    pub protocol: Range,
    /// Who made it, shown to the rep: 1 to 100 characters.
    pub name: String,
    /// The Salesforce username or id of the rep this phone belongs to, where it knows: a phone is only joined
    /// to the Holdline of that rep. With a token from the machine's policy it must be told.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub user: Option<String>,
    /// From an earlier pairing, or handed out; left out, the rep is asked to pair it. Over REST it may stand in
    /// the header `Authorization: Bearer TOKEN` instead.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub token: Option<Key>,
    /// What it is content with; left out, all that its token lets it have. A pairing gives what is said here.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub rights: Option<Rights>,
    /// What it can do.
    pub capabilities: Capabilities,
    /// What it is; left out, it is a phone of Holdline's own.
    #[serde(default)]
    pub profile: Profile,
    /// The states a rep can choose, in the phone's order.
    pub states: Vec<AgentState>,
}

/// The outcome of a request.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "camelCase")]
pub struct Answer {
    /// The request's id.
    pub id: String,
    /// What became of it.
    pub outcome: Outcome,
}

/// Asks for Holdline's queue.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "camelCase")]
pub struct Enqueue {
    /// One of the registered states' names; the newest replaces an older one. Left out, what was asked for is
    /// taken back.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub state: Option<String>,
}

/// From Holdline to the phone.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(tag = "type", rename_all = "camelCase", rename_all_fields = "camelCase")]
pub enum ToPhone {
    /// Not known yet: show the code; the rep confirms it in Holdline. [`ToPhone::Registered`] follows.
    Pairing {
        /// Six digits, shown on both sides.
        code: Code,
    },
    /// Joined.
    Registered {
        /// The version both speak.
        protocol: u32,
        /// Present this as `token` next time.
        token: Key,
        /// What this phone may do.
        rights: Rights,
    },
    /// Set the phone's state.
    SetState(StateRequest),
    /// The phone's frame was refused; the connection closes.
    Refused {
        /// `protocol`, `other_user`, `user_missing`, `not_signed_in`, `pairing_refused`, `bad_frame`, `revoked`
        /// (its token is no longer good), `replaced` (a newer phone of this rep has joined: do not dial again
        /// unasked), `too_many` (pairings at a time).
        code: String,
        /// For people: what happened and what to do.
        detail: String,
    },
}

/// Asks a phone for a state.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "camelCase")]
pub struct StateRequest {
    /// Unique for ever; carried out once.
    pub id: String,
    /// One of the registered states' names.
    pub state: String,
    /// Apply it after the current contact has ended (Salesforce's and Amazon Connect's `enqueueNextState`). A
    /// phone that can't queue and has a contact answers `refused`.
    pub enqueue_next_state: bool,
}

/// What a token lets a phone do.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "snake_case")]
pub enum Rights {
    /// Report states and calls. Holdline never writes it.
    Report,
    /// Also be asked for states.
    Control,
}

/// Who keeps this phone in step with Omni-Channel besides Holdline.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "snake_case")]
pub enum Profile {
    /// Nobody: it is joined through Holdline alone.
    #[default]
    Connector,
    /// An Open CTI adapter in the console, with sync rules of its own.
    CtiAdapter,
    /// A Salesforce Voice connector in the console.
    SalesforceVoice,
}

/// What a phone can do.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "camelCase")]
pub struct Capabilities {
    /// It honours `enqueueNextState` with a queue of its own. Where it does not, Holdline queues for it: it sends
    /// nothing until the contact is over.
    pub enqueue_next_state: bool,
}

/// A state of the phone.
#[derive(Clone, Debug, PartialEq, Eq, Hash, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "camelCase")]
pub struct AgentState {
    /// Its name as the rep sees it.
    pub name: String,
    /// Its kind.
    pub kind: AgentStateKind,
}

/// Kinds of phone state (Amazon Connect's names, telephony.md; `system` = can be read, never set).
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "snake_case")]
pub enum AgentStateKind {
    /// The backend sees no agent: set mid-call without enqueue it drops the call.
    Offline,
    /// Signed in, gets no contacts.
    NotRoutable,
    /// Gets contacts.
    Routable,
    /// Set by the phone system itself: Busy, AfterCallWork, MissedCallAgent and the like.
    System,
}

/// A phone's whole state.
#[derive(Clone, Debug, PartialEq, Eq, Hash, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "camelCase")]
pub struct PhoneState {
    /// The state now.
    pub state: AgentState,
    /// The enqueued next state's name, if one is enqueued.
    #[serde(default)]
    pub next_state: Option<String>,
    /// Contacts that are not over, those in after-contact work included.
    pub contacts: Vec<Contact>,
    /// When the state began, milliseconds since 1970 UTC by the phone's own clock; nothing is taken off it. Left
    /// out where the phone does not know.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub since_ms: Option<i64>,
}

/// One contact on the phone.
#[derive(Clone, Debug, PartialEq, Eq, Hash, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "camelCase")]
pub struct Contact {
    /// The phone system's id.
    pub id: String,
    /// Its phase.
    pub phase: ContactPhase,
    /// What VoiceCall.VendorCallKey holds for it, where known.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub vendor_call_key: Option<String>,
}

/// A contact's phase.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "snake_case")]
pub enum ContactPhase {
    /// After-contact work: nobody is on the line.
    AfterCallWork,
    /// Somebody is on the line (on hold included).
    Connected,
    /// It rings.
    Ringing,
}

/// What became of a state request.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Serialize, Deserialize, JsonSchema)]
#[serde(tag = "type", rename_all = "camelCase", rename_all_fields = "camelCase")]
pub enum Outcome {
    /// The phone is in that state.
    Done,
    /// It will be, after the contact.
    Queued,
    /// It will not be.
    Refused,
}
