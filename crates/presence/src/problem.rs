//! What is wrong, as codes; the words are the text catalogue's.

use serde::{Deserialize, Serialize};
use ts_rs::TS;

/// Everything that can be wrong in a way a person must know. Each has a text and a remedy in the catalogue
/// under its snake_case name.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize, TS)]
#[serde(rename_all = "snake_case")]
pub enum ProblemCode {
    /// Another call came in as the last one ended; the hold goes on.
    AnotherCall,
    /// The rep is signed in to Amazon Connect, whose panel does not show itself in our page: the page's address
    /// is not on the instance's list of approved origins; argument: that address.
    ConnectNotApproved,
    /// No page with Amazon Connect's panel is open.
    ConnectPageClosed,
    /// Nobody is signed in to Amazon Connect, or not any more; argument: the instance.
    ConnectSignIn,
    /// The console lost its connection to Omni-Channel.
    ConsoleConnectionError,
    /// Signed in, but no console partner is connected.
    ConsoleMissing,
    /// The settings name a status for `hold_as` that is none of this rep's Busy ones; argument: its name.
    HoldAsUnknown,
    /// A hold has lasted longer than the settings say: the rep is asked; argument: the status.
    HoldLasts,
    /// A held request lapsed (new login, or its calls ended long ago); argument: the status.
    HoldLapsed,
    /// There is no keyring on this desktop; argument: detail.
    KeyringAbsent,
    /// The keyring refused.
    KeyringDenied,
    /// The keyring does not answer; a prompt may be waiting behind a window.
    KeyringHung,
    /// The keyring is locked.
    KeyringLocked,
    /// The rep was logged out of Omni-Channel during a call; the call lives, the way back is offered.
    LoggedOutDuringCall,
    /// Omni-Channel logged the rep out; argument: its reason.
    LoggedOutBy,
    /// The rep was logged out after a declined or missed call (Omni-Channel's own setting, seed 004).
    LoggedOutAfterMiss,
    /// Salesforce has moved the org to another data centre (seed 002): everybody was logged out.
    OrgMoved,
    /// The org can't be reached; argument: what failed.
    OrgUnreachable,
    /// Every loopback port of the list is taken.
    PortsTaken,
    /// The organisation's policy is invalid; the strict default stands; argument: each place and line.
    PolicyInvalid,
    /// A permission is missing in the org; argument: its name.
    PermissionMissing,
    /// The phone refused a state; argument: the state.
    PhoneRefused,
    /// Salesforce did not take on a status that a rule asked for; argument: the status.
    PresenceRefused,
    /// The org's request limit is used up.
    RequestLimit,
    /// It nearly is, so that the org is read less often; argument: the share that is used.
    RequestLimitNear,
    /// The policy or settings file is invalid; the strict default stands; argument: file and line.
    SettingsInvalid,
    /// The sign-in is no longer valid.
    SignInAgain,
    /// The sign-in failed; argument: why.
    SignInFailed,
    /// The state file was corrupt and has been set aside; argument: its new name.
    StateCorrupt,
    /// The state file can't be written; argument: the system's reason.
    StateNotSaved,
    /// Salesforce pushes no changes of presence for now; argument: `limit`, `refused` or `unavailable`.
    StreamStopped,
    /// Rules have written so often that something must be wrong: sync is paused.
    SyncPaused,
    /// The trace can't be written; argument: the system's reason.
    TraceNotWritten,
    /// Salesforce has not confirmed a status change; it is tried again; argument: the status.
    WriteNotConfirmed,
}

impl ProblemCode {
    /// Whether a person can put it away. The others say what is so at this moment and go by themselves.
    pub fn can_be_dismissed(self) -> bool {
        match self {
            Self::ConnectNotApproved
            | Self::ConnectPageClosed
            | Self::ConnectSignIn
            | Self::ConsoleConnectionError
            | Self::ConsoleMissing
            | Self::OrgUnreachable
            | Self::PolicyInvalid
            | Self::RequestLimit
            | Self::RequestLimitNear
            | Self::SignInAgain
            | Self::StateNotSaved
            | Self::SyncPaused
            | Self::TraceNotWritten
            | Self::WriteNotConfirmed => false,
            Self::AnotherCall
            | Self::HoldAsUnknown
            | Self::HoldLapsed
            | Self::HoldLasts
            | Self::KeyringAbsent
            | Self::KeyringDenied
            | Self::KeyringHung
            | Self::KeyringLocked
            | Self::LoggedOutAfterMiss
            | Self::LoggedOutBy
            | Self::LoggedOutDuringCall
            | Self::OrgMoved
            | Self::PermissionMissing
            | Self::PhoneRefused
            | Self::PortsTaken
            | Self::PresenceRefused
            | Self::SettingsInvalid
            | Self::SignInFailed
            | Self::StateCorrupt
            | Self::StreamStopped => true,
        }
    }
}

/// One problem.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize, TS)]
pub struct Problem {
    /// Which.
    pub code: ProblemCode,
    /// What it is about, where its text names something; else empty.
    pub about: String,
}
