//! The lines of the tray's menu, as data.

use wire::dispatch::Dispatch;

/// One line.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) enum Entry {
    /// Something to choose.
    Choice {
        /// What it says.
        text: String,
        /// What it does.
        choice: Choice,
    },
    /// Something to read.
    Line {
        /// What it says.
        text: String,
    },
    /// A rule.
    Separator,
}

/// What a line does.
#[derive(Clone, Debug, PartialEq, Eq)]
#[cfg_attr(
    any(not(target_os = "linux"), feature = "native-tray"),
    derive(serde::Serialize, serde::Deserialize)
)]
pub(crate) enum Choice {
    /// Makes a request.
    Dispatch(Dispatch),
    /// Shows the window.
    Show,
}
