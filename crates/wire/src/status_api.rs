//! The status API: `holdlinectl` and other local programs of the same rep.
//!
//! `GET /status/v1/picture` -> the picture with ages; `POST /status/v1/requests` with [`Request`] ->
//! [`Answer`]; `POST /status/v1/actions` with [`Action`] -> [`Answer`]; `POST /status/v1/cancel` -> [`Answer`]; `POST /status/v1/support` with
//! [`crate::support::Ask`] -> [`crate::support::Told`]; `POST /status/v1/orgs/use` with [`UseOrg`] -> [`Answer`]. Each with `Authorization: Bearer KEY`, the key of
//! this run from [`Access`] in the profile.

use presence::event::WorkAction;
use presence::ids::WorkId;
use serde::{Deserialize, Serialize};

use crate::connector::Rights;
use crate::identity::Range;
use crate::key::Key;

/// The versions of this protocol that this program speaks.
pub const PROTOCOL: Range = Range::only(1);

/// `GET`: the picture.
pub const PICTURE_PATH: &str = "/status/v1/picture";
/// `POST`: a [`Request`].
pub const REQUESTS_PATH: &str = "/status/v1/requests";
/// `POST`: [`UseOrg`].
pub const USE_ORG_PATH: &str = "/status/v1/orgs/use";
/// `POST`: an [`Action`].
pub const ACTIONS_PATH: &str = "/status/v1/actions";
/// `POST`: a [`crate::support::Ask`], answered with a [`crate::support::Told`].
pub const SUPPORT_PATH: &str = "/status/v1/support";
/// `POST`, no body: cancels the held request.
pub const CANCEL_PATH: &str = "/status/v1/cancel";
/// Path of [`WorkRequest`].
pub const WORKS_PATH: &str = "/status/v1/works";
/// `POST`, no body: brings the window to the front (a second start asks the first).
pub const SHOW_PATH: &str = "/status/v1/show";

/// `GET`: [`PhoneTokens`]; `POST`: [`NewPhoneToken`] -> [`NewPhoneTokenAnswer`].
pub const PHONE_TOKENS_PATH: &str = "/status/v1/phone-tokens";
/// `POST`: [`RevokePhoneToken`] -> [`RevokedPhoneTokens`].
pub const REVOKE_PHONE_TOKEN_PATH: &str = "/status/v1/phone-tokens/revoke";

/// Name of the file in the profile that holds [`Access`], mode 0600.
pub const ACCESS_FILE: &str = "status-api.json";

/// How to reach the running Holdline of a profile.
#[derive(Clone, Debug, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct Access {
    /// Its loopback port.
    pub port: u16,
    /// The key of this run.
    pub key: Key,
    /// Its process id.
    pub pid: u32,
}

/// Asks for a presence status.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct Request {
    /// A status label, or `Offline` for logging out of Omni-Channel.
    pub status: String,
}

/// Asks for another org that is signed in to (guarded). The picture has them all.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct UseOrg {
    /// Its id in the picture, org id, or address (up to the first dot is enough).
    pub org: String,
}

/// What can be asked besides a status. Whatever would leave a call unguarded goes through the guard.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(tag = "type", rename_all = "snake_case")]
pub enum Action {
    /// All done: close the work in wrap-up.
    EndWrapUp,
    /// A hold that has lasted very long is to go on.
    KeepHolding,
    /// Quit Holdline (guarded).
    Quit,
    /// Restart Holdline (guarded).
    Restart,
    /// Have sync go on after the breaker has paused it.
    ResumeSync,
    /// Sign out of Holdline (guarded).
    SignOut,
}

/// Asks for something to be done with a work of the picture's.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct WorkRequest {
    /// The AgentWork.
    pub work: WorkId,
    /// What.
    pub action: WorkAction,
}

/// What became of it.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(tag = "type", rename_all = "snake_case", rename_all_fields = "snake_case")]
pub enum Answer {
    /// Durably accepted: being applied now.
    Applying,
    /// A hold was cancelled.
    Cancelled,
    /// Durably held until the call is over.
    Held {
        /// Why: `call_active`, `call_ringing`, `wrap_up`, `no_evidence`, `phone_contact`.
        reason: String,
    },
    /// There was nothing to do.
    Nothing,
    /// Not accepted.
    Refused {
        /// A stable code.
        code: String,
        /// For people: what happened, what it means for the current call, what to do.
        text: String,
    },
}

/// The phones that may join without a new pairing.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct PhoneTokens {
    /// Without the tokens themselves, which nobody keeps.
    pub tokens: Vec<PhoneTokenInfo>,
}

/// A phone's token, without the token.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct PhoneTokenInfo {
    /// Who has it.
    pub name: String,
    /// What it may do.
    pub rights: Rights,
    /// Where it came from.
    pub source: PhoneTokenSource,
}

/// Where a phone's token came from.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum PhoneTokenSource {
    /// Handed out by the rep.
    HandedOut,
    /// A code that the rep confirmed.
    Paired,
    /// The machine's policy.
    Policy,
}

/// Asks for a new token.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct NewPhoneToken {
    /// Who gets it; names tell tokens apart.
    pub name: String,
    /// What it may do.
    pub rights: Rights,
}

/// A new token.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct NewPhoneTokenAnswer {
    /// Told this once.
    pub token: Key,
}

/// Takes tokens back.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct RevokePhoneToken {
    /// All of this name; those of the policy are IT's.
    pub name: String,
}

/// What was taken back.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct RevokedPhoneTokens {
    /// How many.
    pub revoked: usize,
}
