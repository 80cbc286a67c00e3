//! The connector API: Holdline and a phone, JSON text frames over a WebSocket at [`PATH`].
//!
//! The phone registers, then reports its whole state at every change (so that nothing depends on order), and
//! answers requests. A phone that is not known yet gets a pairing code that the rep confirms in Holdline.

use serde::{Deserialize, Serialize};

use crate::identity::Range;
use crate::key::Key;

/// The versions of this protocol that this program speaks.
pub const PROTOCOL: Range = Range::only(1);

/// Path of the WebSocket.
pub const PATH: &str = "/connector/v1";

/// From the phone to Holdline.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(tag = "type", rename_all = "camelCase", rename_all_fields = "camelCase")]
pub enum FromPhone {
    /// First frame.
    Register {
        /// The versions the phone speaks.
        protocol: Range,
        /// Who made it, shown to the rep.
        name: String,
        /// The Salesforce username or id of the rep this phone belongs to, where it knows: a phone is only
        /// joined to the Holdline of that rep.
        #[serde(default, skip_serializing_if = "Option::is_none")]
        user: Option<String>,
        /// From an earlier pairing.
        #[serde(default, skip_serializing_if = "Option::is_none")]
        token: Option<Key>,
        /// What it can do.
        capabilities: Capabilities,
        /// What it is; left out, it is a phone of Holdline's own.
        #[serde(default)]
        profile: Profile,
        /// The states a rep can choose, in the phone's order.
        states: Vec<AgentState>,
    },
    /// The phone's whole state, at registration and after every change.
    State(PhoneState),
    /// The outcome of a [`ToPhone::SetState`].
    Answer {
        /// The request's id.
        id: String,
        /// What became of it.
        outcome: Outcome,
    },
}

/// From Holdline to the phone.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(tag = "type", rename_all = "camelCase", rename_all_fields = "camelCase")]
pub enum ToPhone {
    /// Not known yet: show the code; the rep confirms it in Holdline. [`ToPhone::Registered`] follows.
    Pairing {
        /// Six digits, shown on both sides.
        code: String,
    },
    /// Joined.
    Registered {
        /// The version both speak.
        protocol: u32,
        /// Present this as `token` next time.
        token: Key,
    },
    /// Set the phone's state.
    SetState {
        /// Unique for ever; carried out once.
        id: String,
        /// One of the registered states' names.
        state: String,
        /// Apply it after the current contact has ended (Salesforce's and Amazon Connect's
        /// `enqueueNextState`).
        enqueue_next_state: bool,
    },
    /// The phone's frame was refused; the connection closes.
    Refused {
        /// `protocol`, `other_user`, `not_signed_in`, `pairing_refused`, `bad_frame`, `replaced` (a newer phone
        /// of this rep has joined: do not dial again unasked), `too_many` (pairings at a time).
        code: String,
        /// For people: what happened and what to do.
        detail: String,
    },
}

/// Who keeps this phone in step with Omni-Channel besides Holdline.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
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
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct Capabilities {
    /// It honours `enqueueNextState`. Where it does not, Holdline sends nothing until the contact is over.
    pub enqueue_next_state: bool,
}

/// A state of the phone.
#[derive(Clone, Debug, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct AgentState {
    /// Its name as the rep sees it.
    pub name: String,
    /// Its kind.
    pub kind: AgentStateKind,
}

/// Kinds of phone state (Amazon Connect's names, telephony.md; `system` = can be read, never set).
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
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
#[derive(Clone, Debug, PartialEq, Eq, Hash, Serialize, Deserialize)]
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
#[derive(Clone, Debug, PartialEq, Eq, Hash, Serialize, Deserialize)]
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
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
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
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(tag = "type", rename_all = "camelCase", rename_all_fields = "camelCase")]
pub enum Outcome {
    /// The phone is in that state.
    Done,
    /// It will be, after the contact.
    Queued,
    /// It will not be.
    Refused,
}
