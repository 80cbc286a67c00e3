//! The desktop that Holdline runs on: where its programs are, and whether anybody sits in front of it.

use std::ffi::OsString;
use std::path::PathBuf;
use std::process::Stdio;
use std::time::Duration;

use tokio::process::Command;

/// A program that takes longer than this to say its version does not work.
const PATIENCE: Duration = Duration::from_secs(5);

/// What the checks ask of the machine.
#[derive(Clone, Debug)]
pub struct Machine {
    /// Where programs are looked for; `None`: nowhere.
    pub(crate) path: Option<OsString>,
    /// The window's program.
    pub(crate) window: PathBuf,
    /// What makes this a session whose desktop is on another computer.
    pub(crate) remote: Option<String>,
}

impl Machine {
    /// This one, with the window's program beside the running one.
    pub fn this() -> Self {
        let name = format!("holdline-window{}", std::env::consts::EXE_SUFFIX);
        let window = std::env::current_exe().map(|program| program.with_file_name(&name));
        Self {
            path: std::env::var_os("PATH"),
            window: window.unwrap_or_else(|_| name.into()),
            remote: remote(|name| std::env::var_os(name).is_some_and(|value| !value.is_empty())),
        }
    }

    /// A program on the path.
    pub(super) fn program(&self, name: &str) -> Option<PathBuf> {
        let folders = std::env::split_paths(self.path.as_ref()?).collect::<Vec<_>>();
        folders
            .into_iter()
            .map(|folder| folder.join(name))
            .find(|path| path.is_file())
    }
}

/// What a program says, or why it says nothing.
pub(super) async fn said(mut command: Command) -> Result<String, String> {
    command.stdin(Stdio::null()).kill_on_drop(true);
    let output = match tokio::time::timeout(PATIENCE, command.output()).await {
        Ok(Ok(output)) => output,
        Ok(Err(error)) => return Err(error.to_string()),
        Err(_) => return Err("it does not answer".to_owned()),
    };
    let text = |bytes: &[u8]| String::from_utf8_lossy(bytes).trim().to_owned();
    if output.status.success() {
        Ok(text(&output.stdout))
    } else {
        Err(text(&output.stderr))
    }
}

/// Set by the programs that bring a desktop to another computer.
const REMOTE: [(&str, &str); 4] = [
    ("SSH_CONNECTION", "SSH"),
    ("XRDP_SESSION", "Remote Desktop"),
    ("ICAROOT", "Citrix"),
    ("PCOIP_SESSION", "PCoIP"),
];

fn remote(is_set: impl Fn(&str) -> bool) -> Option<String> {
    // On Windows the session's own name tells: "Console", or "RDP-Tcp#3", "ICA-tcp#1".
    let windows = std::env::var("SESSIONNAME").ok().filter(|_| cfg!(windows));
    let windows = windows.filter(|name| !name.eq_ignore_ascii_case("console"));
    let found = REMOTE.iter().find(|(name, _)| is_set(name));
    found.map(|(_, what)| (*what).to_owned()).or(windows)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_remote_desktop_is_known_by_what_it_sets() {
        assert_eq!(remote(|_| false), None);
        assert_eq!(
            remote(|name| name == "XRDP_SESSION").as_deref(),
            Some("Remote Desktop")
        );
    }
}
