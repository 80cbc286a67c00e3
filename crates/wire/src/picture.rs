//! The picture as window, `holdlinectl` and the status API get it: one JSON object with the words filled in.
//! Documented in `docs/picture.md`. Times are RFC 3339 in UTC.

use presence::effect::HoldReason;
use presence::event::PairingKind;
use presence::ids::{OrgId, StatusId, UserId, WorkId};
use presence::phone::{AgentStateKind, ContactPhase};
use presence::picture::CallPhase;
use presence::problem::ProblemCode;
use presence::settings::Profile;
use serde::{Deserialize, Serialize};
use ts_rs::TS;

/// The schema number in [`Picture::schema`]; a change that old readers would misread raises it.
pub const SCHEMA: u32 = 1;

/// Everything there is to see.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, TS)]
#[ts(export_to = "Picture.ts")]
pub struct Picture {
    /// [`SCHEMA`].
    pub schema: u32,
    /// Who is signed in.
    pub session: Session,
    /// The call, from AgentWork alone.
    pub call: Call,
    /// Omni-Channel presence.
    pub presence: Presence,
    /// The phone.
    pub telephony: Telephony,
    /// Whether a console partner is connected.
    pub console: Console,
    /// The request that waits for the call to end.
    pub held: Option<Held>,
    /// The request that waits for Salesforce's confirmation.
    pub pending: Option<Pending>,
    /// The statuses the rep can choose, in the org's order, Offline not among them.
    pub statuses: Vec<Status>,
    /// What the rep has open in the console, calls or not, oldest first.
    #[serde(default)]
    pub works: Vec<Work>,
    /// Reasons to choose from at a decline; empty: none is asked for.
    #[serde(default)]
    pub decline_reasons: Vec<String>,
    /// Partners that wait for the rep to compare a code.
    pub pairings: Vec<Pairing>,
    /// What is wrong, worst first.
    pub problems: Vec<Problem>,
    /// Who writes what: connector, cti_adapter or salesforce_voice.
    #[ts(inline)]
    pub profile: Profile,
    /// Holdline only observes and writes nothing (`mode = "observe"`).
    pub observing: bool,
    /// The breaker has paused sync.
    pub sync_paused: bool,
    /// A request to go Offline would be held now.
    pub guarding: bool,
}

/// A work and what may be done with it now ([`crate::dispatch::Dispatch::Work`]).
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, TS)]
#[ts(export_to = "Picture.ts")]
pub struct Work {
    /// The AgentWork.
    #[ts(type = "string")]
    pub id: WorkId,
    /// What it is: "Call", or its service channel's name.
    pub label: String,
    /// It is a call.
    pub voice: bool,
    /// It is only offered: neither accepted nor declined yet.
    pub offered: bool,
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
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, TS)]
#[ts(export_to = "Picture.ts")]
pub struct Session {
    /// Where sign-in stands.
    pub state: SessionState,
    /// The rep's name; null while signed out.
    pub name: Option<String>,
    /// The rep's user id.
    #[ts(type = "string | null")]
    pub user_id: Option<UserId>,
    /// The org's id.
    #[ts(type = "string | null")]
    pub org_id: Option<OrgId>,
    /// The org's address; while nobody is signed in, the one a sign-in would go to.
    pub org_url: Option<String>,
    /// Every org one is signed in to, the active one among them.
    #[serde(default)]
    pub orgs: Vec<Org>,
}

/// An org one is signed in to.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, TS)]
#[ts(export_to = "Picture.ts")]
pub struct Org {
    /// For [`crate::dispatch::Dispatch::UseOrg`].
    pub id: String,
    /// Whether it is the one that is used now.
    pub active: bool,
    /// The rep's name there.
    pub name: String,
    /// Its address.
    pub org_url: String,
}

/// Where sign-in stands.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize, TS)]
#[serde(rename_all = "snake_case")]
#[ts(export_to = "Picture.ts")]
pub enum SessionState {
    /// Somebody is signed in.
    SignedIn,
    /// Nobody is signed in.
    SignedOut,
    /// The browser has the rep.
    SigningIn,
}

/// The call.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, TS)]
#[ts(export_to = "Picture.ts")]
pub struct Call {
    /// idle, ringing, on_call, wrap_up or unknown.
    #[ts(inline)]
    pub phase: CallPhase,
    /// Since when.
    pub since: String,
    /// The newest evidence; null before the first.
    pub evidence_at: Option<String>,
    /// When the wrap-up's time is over, extensions counted; null without wrap-up, or where it has no timer.
    pub wrap_up_ends_at: Option<String>,
    /// The AgentWorks in wrap-up, for [`crate::dispatch::Dispatch::CloseWork`].
    #[ts(type = "Array<string>")]
    pub wrapping_up: Vec<WorkId>,
    /// Whether the org routes calls through Omni-Channel at all; null until it has told. Where it does not,
    /// the indicator can't know of calls; the phone's contacts still guard.
    pub voice_routed: Option<bool>,
    /// Only in the status API's answer: the age of that evidence when the answer was made, milliseconds.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    #[ts(optional)]
    pub evidence_age_ms: Option<u64>,
}

impl Call {
    /// The org routes no calls through Omni-Channel, so that "no call" would say too much.
    pub fn is_out_of_sight(&self) -> bool {
        self.voice_routed == Some(false) && self.phase == CallPhase::Idle
    }
}

/// The presence.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, TS)]
#[ts(export_to = "Picture.ts")]
pub struct Presence {
    /// The label; "Offline" when logged out of Omni-Channel; null while unknown.
    pub status: Option<String>,
    /// The status' id; null when logged out or unknown.
    #[ts(type = "string | null")]
    pub status_id: Option<StatusId>,
    /// Its kind.
    pub kind: PresenceKind,
    /// Logged in to Omni-Channel.
    pub online: bool,
    /// Since when; null while unknown.
    pub since: Option<String>,
}

/// The kind of a presence, by its service channels and never by its name.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize, TS)]
#[serde(rename_all = "snake_case")]
#[ts(export_to = "Picture.ts")]
pub enum PresenceKind {
    /// Logged in, gets no work.
    Busy,
    /// Logged out of Omni-Channel.
    LoggedOut,
    /// Logged in, gets work.
    Online,
    /// Not known.
    Unknown,
}

/// The phone.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, TS)]
#[ts(export_to = "Picture.ts")]
pub struct Telephony {
    /// A phone has joined.
    pub connected: bool,
    /// Who made it.
    pub name: Option<String>,
    /// Its state.
    pub state: Option<String>,
    /// The state's kind.
    #[ts(inline)]
    pub kind: Option<AgentStateKind>,
    /// The states a rep can choose on it.
    pub states: Vec<AgentState>,
    /// The state it will have after the contact.
    pub next_state: Option<String>,
    /// Its contacts.
    pub contacts: Vec<Contact>,
    /// It has a page of its own that can be shown ([`crate::dispatch::Dispatch::ShowPhone`]).
    #[serde(default)]
    pub page: bool,
}

/// A state of the phone.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, TS)]
#[ts(export_to = "Picture.ts")]
pub struct AgentState {
    /// Its name.
    pub name: String,
    /// Its kind.
    #[ts(inline)]
    pub kind: AgentStateKind,
}

/// A contact on the phone.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, TS)]
#[ts(export_to = "Picture.ts")]
pub struct Contact {
    /// The phone system's id.
    pub id: String,
    /// Its phase.
    #[ts(inline)]
    pub phase: ContactPhase,
}

/// The console.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, TS)]
#[ts(export_to = "Picture.ts")]
pub struct Console {
    /// A partner has a session.
    pub connected: bool,
}

/// The hold.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, TS)]
#[ts(export_to = "Picture.ts")]
pub struct Held {
    /// What is held: a label, "Offline", or what leaving is called.
    pub status: String,
    /// Why: call_active, call_ringing, no_evidence, phone_contact or wrap_up.
    #[ts(inline)]
    pub reason: HoldReason,
    /// The reason in words: what happened, what it means for the call, what to do.
    pub text: String,
    /// Since when.
    pub since: String,
    /// It has lasted very long: the rep is asked whether it is to go on.
    pub lasts_long: bool,
    /// The Busy status that Holdline has set meanwhile, so that no new work comes; null without one.
    pub held_as: Option<String>,
}

/// The request under way.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, TS)]
#[ts(export_to = "Picture.ts")]
pub struct Pending {
    /// What was asked for.
    pub status: String,
    /// Since when.
    pub since: String,
}

/// A status to choose.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, TS)]
#[ts(export_to = "Picture.ts")]
pub struct Status {
    /// Its record.
    #[ts(type = "string")]
    pub id: StatusId,
    /// Its label.
    pub label: String,
    /// Its developer name; null where this rep may not read it.
    pub developer_name: Option<String>,
    /// online or busy.
    pub kind: PresenceKind,
}

/// A partner that wants to be paired.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, TS)]
#[ts(export_to = "Picture.ts")]
pub struct Pairing {
    /// Names the attempt in [`crate::dispatch::Dispatch`].
    pub id: String,
    /// A console or a phone.
    #[ts(inline)]
    pub kind: PairingKind,
    /// Six digits to compare.
    pub code: String,
    /// The phone's name; empty for a console.
    pub name: String,
}

/// Something that is wrong.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, TS)]
#[ts(export_to = "Picture.ts")]
pub struct Problem {
    /// Stable.
    #[ts(inline)]
    pub code: ProblemCode,
    /// What happened and what it means for the current call.
    pub text: String,
    /// What to do.
    pub remedy: String,
    /// What a button next to it can do.
    pub action: Option<Action>,
}

/// What can be done about a problem at once.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize, TS)]
#[serde(rename_all = "snake_case")]
#[ts(export_to = "Picture.ts")]
pub enum Action {
    /// It has been read: put it away.
    Dismiss,
    /// Have the hold go on.
    KeepHolding,
    /// Have sync go on.
    ResumeSync,
    /// Go back to an online status.
    Return,
    /// Show the phone's own page.
    ShowPhone,
    /// Sign in.
    SignIn,
}
