//! What the window asks for: the one command of the UI.

use presence::event::WorkAction;
use presence::ids::{StatusId, WorkId};
use presence::problem::ProblemCode;
use serde::{Deserialize, Serialize};
use ts_rs::TS;

/// One request of the window or the tray.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, TS)]
#[serde(tag = "type", rename_all = "snake_case", rename_all_fields = "snake_case")]
#[ts(export_to = "Dispatch.ts")]
pub enum Dispatch {
    /// Cancel the held request.
    Cancel,
    /// Stop a sign-in that waits for the browser.
    CancelSignIn,
    /// Close a work in wrap-up: all done (guarded).
    CloseWork {
        /// From the picture.
        #[ts(type = "string")]
        id: WorkId,
    },
    /// The codes match.
    ConfirmPairing {
        /// From the picture.
        id: String,
    },
    /// Put a problem away.
    DismissProblem {
        /// Which.
        #[ts(inline)]
        code: ProblemCode,
    },
    /// Quit Holdline (guarded).
    Quit,
    /// The codes do not match.
    RefusePairing {
        /// From the picture.
        id: String,
    },
    /// Log out of Omni-Channel (guarded).
    RequestOffline,
    /// Set a status.
    RequestStatus {
        /// Which.
        #[ts(type = "string")]
        id: StatusId,
    },
    /// Have sync go on after the breaker has paused it ([`crate::picture::Action::ResumeSync`]).
    ResumeSync,
    /// Go back to the last online status ([`crate::picture::Action::Return`]).
    Return,
    /// Restart Holdline (guarded).
    Restart,
    /// Show the phone's own page (Amazon Connect's panel).
    ShowPhone,
    /// Sign in to an org; `null`: the configured one.
    SignIn {
        /// Its address, as the rep typed it.
        org: Option<String>,
    },
    /// Sign out (guarded).
    SignOut,
    /// Do something with a work.
    Work {
        /// From the picture.
        #[ts(type = "string")]
        id: WorkId,
        /// What.
        #[ts(inline)]
        action: WorkAction,
    },
    /// Leave the active org for another one that is signed in to (guarded).
    UseOrg {
        /// From the picture.
        id: String,
    },
}

/// What the window is told at once when a request can't even be posted, e.g. an address that is none.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, TS)]
#[ts(export_to = "Dispatch.ts")]
pub struct DispatchError {
    /// Stable.
    pub code: String,
    /// What happened and what to do.
    pub text: String,
}
