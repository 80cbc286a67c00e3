//! What a console session tells, in words.

use practice::console::session::Notice;

/// One line for people.
pub(crate) fn words_of(rep: &str, notice: &Notice) -> String {
    match notice {
        Notice::Connected { port } => format!("{rep}'s console is connected to Holdline on port {port}."),
        Notice::ConsoleLost { detail } => format!("{rep}'s console lost the practice org: {detail}"),
        Notice::ConsoleOpen { .. } => format!("{rep}'s console is open."),
        Notice::LoggedIn { outcome: Ok(status) } => format!("{rep} is logged in to Omni-Channel: {status}."),
        Notice::LoggedIn { outcome: Err(detail) } => {
            format!("{rep} could not be logged in to Omni-Channel: {detail}")
        }
        Notice::Looking { found } => format!("{rep}'s console: {found}"),
        Notice::Pairing { code } => format!("{rep}'s console shows the pairing code {code}."),
        Notice::Refused { detail, .. } => format!("{rep}'s console was not let in: {detail}"),
    }
}
