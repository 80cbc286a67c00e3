//! Whether the console's browser runs on this computer: from another one it can't find Holdline's loopback ports.

use wire::support::Check;

use super::live::ConsoleView;
use super::machine::Machine;
use super::seen::Seen;

pub(super) fn judge(machine: &Machine, console: Option<ConsoleView>) -> Seen {
    match (console, &machine.remote) {
        (Some(ConsoleView { connected: true, .. }), _) => Seen::of(Check::ConsoleHost, "here"),
        // Nobody is online without a console that is open somewhere.
        (Some(ConsoleView { online: true, .. }), _) => Seen::of(Check::ConsoleHost, "elsewhere"),
        (_, Some(remote)) => Seen::of(Check::ConsoleHost, "remote_session").with("about", remote),
        (_, None) => Seen::of(Check::ConsoleHost, "not_told"),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_console_on_another_computer_is_named() {
        let machine = |remote: Option<&str>| Machine {
            path: None,
            window: "none".into(),
            remote: remote.map(str::to_owned),
        };
        let console = |connected, online| ConsoleView {
            signed_in: true,
            connected,
            online,
        };
        let code = |remote, console| judge(&machine(remote), console).code;
        assert_eq!(code(None, Some(console(true, true))), "here");
        assert_eq!(code(None, Some(console(false, true))), "elsewhere");
        assert_eq!(code(None, Some(console(false, false))), "not_told");
        assert_eq!(code(Some("Citrix"), Some(console(true, true))), "here");
        assert_eq!(code(Some("Citrix"), None), "remote_session");
        assert_eq!(code(None, None), "not_told");
    }
}
