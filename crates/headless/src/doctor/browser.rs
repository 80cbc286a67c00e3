//! The browser that a sign-in's page opens in.

use tokio::process::Command;
use wire::support::Check;

use super::machine::{Machine, said};
use super::seen::Seen;

/// What opens a page on a Linux desktop, in the order in which it is tried.
const OPENERS: [&str; 5] = ["xdg-open", "gio", "gnome-open", "kde-open", "wslview"];

pub(super) async fn look(machine: &Machine) -> Seen {
    // Windows and macOS bring one that can't be taken out.
    if !cfg!(target_os = "linux") {
        return Seen::of(Check::Browser, "found").with("name", "the system's");
    }
    if !OPENERS.iter().any(|opener| machine.program(opener).is_some()) {
        return Seen::of(Check::Browser, "none");
    }
    let Some(settings) = machine.program("xdg-settings") else {
        return Seen::of(Check::Browser, "found").with("name", "the desktop's");
    };
    let mut command = Command::new(settings);
    command.args(["get", "default-web-browser"]);
    command.env("PATH", machine.path.clone().unwrap_or_default());
    judge(said(command).await.ok().as_deref())
}

/// `default`: what the desktop says, a desktop entry's name.
fn judge(default: Option<&str>) -> Seen {
    match default.map(str::trim) {
        Some(name) if !name.is_empty() => {
            Seen::of(Check::Browser, "found").with("name", name.trim_end_matches(".desktop"))
        }
        _ => Seen::of(Check::Browser, "no_default"),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_desktop_without_a_default_browser_is_told_so() {
        assert_eq!(judge(None).code, "no_default");
        assert_eq!(judge(Some("\n")).code, "no_default");
        assert_eq!(judge(Some("chromium.desktop\n")).code, "found");
    }

    #[cfg(target_os = "linux")]
    #[tokio::test]
    async fn a_machine_without_a_way_to_open_pages_is_told_so() {
        let folder = tempfile::tempdir().unwrap();
        let machine = Machine {
            path: Some(folder.path().into()),
            window: folder.path().join("none"),
            remote: None,
        };
        assert_eq!(look(&machine).await.code, "none");
        std::fs::write(folder.path().join("xdg-open"), "").unwrap();
        assert_eq!(look(&machine).await.code, "found");
    }
}
