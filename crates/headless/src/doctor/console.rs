//! The console partner.

use wire::support::Check;

use super::live::ConsoleView;
use super::seen::Seen;

pub(super) fn judge(console: Option<ConsoleView>) -> Seen {
    let code = match console {
        None => "not_running",
        Some(ConsoleView { signed_in: false, .. }) => "signed_out",
        Some(ConsoleView { connected: true, .. }) => "connected",
        Some(ConsoleView { .. }) => "missing",
    };
    Seen::of(Check::Console, code)
}
