//! Why the org did not do what it was asked, each with what to do about it.

use serde::Serialize;

/// A refusal. Its text says what happened and what to do.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum Refusal {
    /// A setting with a bad value.
    #[error("These settings were not understood: {detail}. GET /practice/v1/settings shows all of them.")]
    BadSettings {
        /// What is wrong.
        detail: String,
    },
    /// The rep has no capacity left for other work than calls.
    #[error("{rep} is at capacity. Close other work of this rep first.")]
    AtCapacity {
        /// The rep's short name.
        rep: &'static str,
    },
    /// The conversation is over already.
    #[error("This conversation has ended already. Finish the work, or start a new call.")]
    ConversationEnded,
    /// The presence configuration does not let reps decline.
    #[error("The presence configuration does not let {rep} decline. Set mayDecline to true to allow it.")]
    MayNotDecline {
        /// The rep's short name.
        rep: &'static str,
    },
    /// The rep is logged out of Omni-Channel.
    #[error("{rep} is logged out of Omni-Channel. Set a presence status in the practice console first.")]
    NotLoggedIn {
        /// The rep's short name.
        rep: &'static str,
    },
    /// Wrap-up cannot be extended (again).
    #[error(
        "{rep} cannot extend this wrap-up (again): at most {most} times, and only where the setting wrapUpExtensionMs is above 0."
    )]
    NoExtension {
        /// The rep's short name.
        rep: &'static str,
        /// The setting `mostExtensions`.
        most: u32,
    },
    /// There is no wrap-up to extend.
    #[error(
        "This call is not in wrap-up. Hang it up first; GET /practice/v1/state shows where every call is."
    )]
    NoWrapUp,
    /// A data-centre switch to where the org is already.
    #[error("The org is on the instance \"{0}\" already. Name another one.")]
    SameInstance(String),
    /// The rep's status has no channel for this work.
    #[error(
        "{rep} is in \"{status}\", which has no {channel} channel. Set the presence status \"Available\" first."
    )]
    NoChannel {
        /// The rep's short name.
        rep: &'static str,
        /// The presence status.
        status: &'static str,
        /// The channel's label.
        channel: &'static str,
    },
    /// No such row of UserServicePresence.
    #[error("There is no UserServicePresence \"{0}\". Query UserServicePresence for the rows there are.")]
    UnknownPresence(String),
    /// The work is not waiting to be accepted.
    #[error(
        "This work is {status}, not Assigned: it can be neither accepted nor declined. GET /practice/v1/state shows where every call is."
    )]
    NotAssigned {
        /// The work's status.
        status: &'static str,
    },
    /// The work is not open.
    #[error(
        "This work is {status}, not Opened: accept it first. GET /practice/v1/state shows where every call is."
    )]
    NotOpened {
        /// The work's status.
        status: &'static str,
    },
    /// The call is still waiting for the rep's capacity.
    #[error(
        "This call is queued: it is assigned as soon as the rep has capacity. Finish the rep's other call first."
    )]
    Queued,
    /// A call that does not exist.
    #[error("There is no call \"{0}\". POST /practice/v1/calls answers with the ids of a call.")]
    UnknownCall(String),
    /// A channel that does not exist.
    #[error("There is no channel \"{0}\". The channels are phone, messaging and case.")]
    UnknownChannel(String),
    /// A phone state that does not exist or cannot be chosen.
    #[error("A phone state \"{0}\" cannot be chosen. Choose Available, Break, Lunch or Offline.")]
    UnknownPhoneState(String),
    /// A rep that does not exist.
    #[error(
        "There is no rep \"{0}\". The reps are pat, sam, kim and alex; a username or a user id works too."
    )]
    UnknownRep(String),
    /// A presence status that does not exist.
    #[error(
        "There is no presence status \"{0}\". The statuses are Available, Available for Messages, Break, Training and Lunch; to go Offline, log out."
    )]
    UnknownStatus(String),
    /// A work that does not exist, or belongs to another rep.
    #[error("{rep} has no work \"{work}\". getAgentWorks lists this rep's works.")]
    UnknownWork {
        /// The rep's short name.
        rep: &'static str,
        /// As it was given.
        work: String,
    },
}

/// What kind of refusal it is, for an HTTP status.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Kind {
    /// The request itself is wrong.
    Bad,
    /// It does not fit the state of things.
    Conflict,
    /// What it names does not exist.
    NotFound,
}

/// The JSON body of a refusal.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct Problem {
    /// A stable code.
    pub code: &'static str,
    /// For people: what happened and what to do.
    pub detail: String,
}

impl Refusal {
    /// A stable code for programs.
    pub fn code(&self) -> &'static str {
        match self {
            Self::AtCapacity { .. } => "at_capacity",
            Self::BadSettings { .. } => "bad_settings",
            Self::ConversationEnded => "conversation_ended",
            Self::MayNotDecline { .. } => "may_not_decline",
            Self::NoChannel { .. } => "no_channel",
            Self::NoExtension { .. } => "no_extension",
            Self::NoWrapUp => "no_wrap_up",
            Self::NotAssigned { .. } => "not_assigned",
            Self::NotLoggedIn { .. } => "not_logged_in",
            Self::NotOpened { .. } => "not_opened",
            Self::Queued => "queued",
            Self::SameInstance(_) => "same_instance",
            Self::UnknownCall(_) => "unknown_call",
            Self::UnknownChannel(_) => "unknown_channel",
            Self::UnknownPhoneState(_) => "unknown_phone_state",
            Self::UnknownPresence(_) => "unknown_presence",
            Self::UnknownRep(_) => "unknown_rep",
            Self::UnknownStatus(_) => "unknown_status",
            Self::UnknownWork { .. } => "unknown_work",
        }
    }

    /// Its kind.
    pub fn kind(&self) -> Kind {
        match self {
            Self::BadSettings { .. }
            | Self::UnknownChannel(_)
            | Self::UnknownPhoneState(_)
            | Self::UnknownStatus(_) => Kind::Bad,
            Self::UnknownCall(_)
            | Self::UnknownPresence(_)
            | Self::UnknownRep(_)
            | Self::UnknownWork { .. } => Kind::NotFound,
            Self::AtCapacity { .. }
            | Self::ConversationEnded
            | Self::NoChannel { .. }
            | Self::MayNotDecline { .. }
            | Self::NoExtension { .. }
            | Self::NoWrapUp
            | Self::NotAssigned { .. }
            | Self::NotLoggedIn { .. }
            | Self::NotOpened { .. }
            | Self::Queued
            | Self::SameInstance(_) => Kind::Conflict,
        }
    }

    /// Code and text.
    pub fn problem(&self) -> Problem {
        Problem {
            code: self.code(),
            detail: self.to_string(),
        }
    }
}
