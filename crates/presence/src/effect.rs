//! What the engine wants done; the loop starts it, and its outcome comes back as an event.

use serde::{Deserialize, Serialize};

use crate::event::{CommandId, ConsoleId, Ticket, WorkAction};
use crate::ids::{StatusId, WorkId};

/// One thing to do at an edge.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(tag = "type", rename_all = "snake_case")]
pub enum Effect {
    /// Answer a requester.
    Answer {
        /// Who waits.
        ticket: Ticket,
        /// What became of the request.
        answer: Answer,
    },
    /// Have the console partner do something.
    Console {
        /// Only this connection; if it is gone, so is the command.
        console: ConsoleId,
        /// Names the command.
        command: CommandId,
        /// Not to be begun later than this, milliseconds from now.
        expires_in_ms: u64,
        /// What to do.
        action: ConsoleAction,
    },
    /// Tell the rep by a desktop notification.
    Notify(Notice),
    /// Have the phone change its state.
    Phone {
        /// Names the request.
        command: CommandId,
        /// One of its states' names.
        state: String,
        /// Apply it after the contact.
        enqueue: bool,
    },
    /// Leave.
    Quit,
    /// Leave, and start again.
    Restart,
    /// Read works and presence by REST.
    Read {
        /// Also these works, over or not.
        watch: Vec<WorkId>,
    },
    /// Write [`crate::saved::Saved`] to disk, then post `Event::Saved`.
    Save {
        /// Names what is to be saved.
        revision: u64,
    },
    /// Revoke the tokens and forget the sign-in.
    SignOut,
    /// The command must not be begun any more; an armed one is disarmed.
    Withdraw {
        /// Which.
        command: CommandId,
    },
}

/// Something a console partner can do.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(tag = "type", rename_all = "snake_case")]
pub enum ConsoleAction {
    /// Log out at the last voice WorkClosed, after a last look (DESIGN P4).
    Arm {
        /// Key prefixes of work items that are calls: one or more.
        voice_prefixes: Vec<String>,
    },
    /// Close a work (`closeAgentWork`), after a last look: not while its conversation goes on.
    CloseWork {
        /// Which.
        work: WorkId,
        /// Key prefixes of work items that are calls: one or more.
        voice_prefixes: Vec<String>,
    },
    /// Log in with a status.
    Login {
        /// Which.
        status: StatusId,
    },
    /// Log out of Omni-Channel, after a last look.
    Logout {
        /// Key prefixes of work items that are calls: one or more.
        voice_prefixes: Vec<String>,
        /// Works in wrap-up, which do not stop it.
        wrapping_up: Vec<WorkId>,
    },
    /// Set a status.
    SetStatus {
        /// Which.
        status: StatusId,
        /// The toolkit's method logs in first if needed. Only the rep's own word may: otherwise the partner
        /// looks once more, and refuses with `logged_out`.
        log_in: bool,
    },
    /// Tell works, status and workload.
    Snapshot,
    /// Accept, decline or flag a work; closing is [`ConsoleAction::CloseWork`].
    Work {
        /// Which.
        work: WorkId,
        /// What.
        action: WorkAction,
    },
}

/// What became of a request.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(tag = "type", content = "why", rename_all = "snake_case")]
pub enum Answer {
    /// Durably accepted and being applied.
    Applying,
    /// The hold is gone.
    Cancelled,
    /// Durably held.
    Held(HoldReason),
    /// Nothing to do.
    Nothing,
    /// Not accepted.
    Refused(RefusalReason),
}

/// Why the guard holds.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize, ts_rs::TS)]
#[serde(rename_all = "snake_case")]
pub enum HoldReason {
    /// A call is going on.
    CallActive,
    /// A call is ringing.
    CallRinging,
    /// Nobody knows: no fresh evidence.
    NoEvidence,
    /// The phone reports a contact.
    PhoneContact,
    /// After-conversation work.
    WrapUp,
}

/// Why a request was not accepted.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum RefusalReason {
    /// Policy `block`, and the guard would have held it; or it is closing a work, which cannot wait.
    Blocked(HoldReason),
    /// The presence configuration does not allow it.
    NotAllowed,
    /// The console refused, did not answer, or is not there.
    NotCarriedOut,
    /// The presence configuration asks for one of its reasons.
    ReasonNeeded,
    /// A newer request came before this one was on disk.
    Replaced,
    /// It could not be written to disk.
    NotSaved,
    /// Nobody is signed in.
    NotSignedIn,
    /// `mode = observe`: Holdline writes nothing.
    Observing,
    /// It is not the rep's own word, and the rep's own wish stands.
    RepHasSpoken,
    /// There is no such work, or it is over.
    UnknownWork,
    /// The org has no such status for this rep.
    UnknownStatus,
}

/// Something to tell the rep once.
#[derive(Clone, Debug, PartialEq, Eq, Hash, Serialize, Deserialize)]
pub struct Notice {
    /// Names the text.
    pub code: NoticeCode,
    /// The status it is about; empty where there is none.
    pub status: String,
}

/// What the rep is told by a notification. Each has a text in the catalogue under its snake_case name.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum NoticeCode {
    /// Another call came before the hold could be applied.
    AnotherCall,
    /// The held request was applied and confirmed.
    Applied,
    /// The hold was cancelled.
    Cancelled,
    /// A write is not confirmed; it is tried again.
    Failed,
    /// A request is held.
    Held,
    /// A hold has lasted very long: is it to go on?
    HoldLasts,
    /// A hold lapsed.
    Lapsed,
    /// Logged out of Omni-Channel during a call.
    LoggedOutDuringCall,
    /// Logged out by Omni-Channel, with its reason.
    LoggedOut,
    /// A storm of automatic writes: sync is paused.
    SyncPaused,
}
