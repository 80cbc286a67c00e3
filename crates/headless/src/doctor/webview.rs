//! The web view that draws the window.

use tokio::process::Command;
use wire::support::Check;

use super::machine::{Machine, said};
use super::seen::Seen;

/// The oldest that knows all the page uses (`URL.canParse`, `inset`): WebKitGTK 2.42, WebView2 120, macOS 14's.
const OLDEST: (u32, u32) = if cfg!(windows) {
    (120, 0)
} else if cfg!(target_os = "macos") {
    (617, 0)
} else {
    (2, 42)
};

/// Has the window's program say which one it has: it is linked to it, so that one that is missing shows too.
pub(super) async fn look(machine: &Machine) -> Seen {
    if !machine.window.is_file() {
        return Seen::of(Check::Webview, "no_window");
    }
    let mut command = Command::new(&machine.window);
    command.arg("--webview-version");
    judge(said(command).await)
}

fn judge(said: Result<String, String>) -> Seen {
    let oldest = format!("{}.{}", OLDEST.0, OLDEST.1);
    match said.as_deref().map(|version| (version, number(version))) {
        Ok((version, Some(number))) if number < OLDEST => Seen::of(Check::Webview, "old")
            .with("version", version)
            .with("oldest", oldest),
        Ok((version, Some(_))) => Seen::of(Check::Webview, "found").with("version", version),
        Ok((version, None)) => Seen::of(Check::Webview, "broken").with("about", version),
        Err(about) => Seen::of(Check::Webview, "broken").with("about", about),
    }
}

fn number(version: &str) -> Option<(u32, u32)> {
    let mut parts = version.split('.').map(str::parse);
    match (parts.next(), parts.next()) {
        (Some(Ok(major)), Some(Ok(minor))) => Some((major, minor)),
        _ => None,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_old_one_and_a_missing_one_are_named() {
        let said = |text: &str| judge(Ok(text.to_owned())).code;
        assert_eq!(said("999.0.1"), "found");
        assert_eq!(said("1.99.9"), "old");
        assert_eq!(said("what?"), "broken");
        let missing = "error while loading shared libraries: libwebkit2gtk-4.1.so.0";
        assert_eq!(
            judge(Err(missing.to_owned())),
            Seen::of(Check::Webview, "broken").with("about", missing)
        );
    }

    #[cfg(unix)]
    #[tokio::test]
    async fn a_window_that_can_not_start_says_why() {
        use std::os::unix::fs::PermissionsExt as _;
        let folder = tempfile::tempdir().unwrap();
        let window = folder.path().join("holdline-window");
        let machine = Machine {
            path: None,
            window: window.clone(),
            remote: None,
        };
        assert_eq!(look(&machine).await.code, "no_window");
        std::fs::copy("/bin/false", &window).unwrap();
        std::fs::set_permissions(&window, std::fs::Permissions::from_mode(0o700)).unwrap();
        assert_eq!(look(&machine).await.code, "broken");
    }
}
