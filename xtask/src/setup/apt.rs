//! System packages on Debian and Ubuntu.

use std::collections::BTreeSet;
use std::fs;
use std::io::IsTerminal;
use std::path::PathBuf;
use std::process::Command;

use anyhow::{Context, Result, bail};

use super::{Purpose, node};
use crate::command::{self, output, run_quietly};

/// To compile and link the app.
const BUILD: &[&str] = &[
    "build-essential",
    "libayatana-appindicator3-dev",
    "libdbus-1-dev",
    "librsvg2-dev",
    "libwebkit2gtk-4.1-dev",
    "pkg-config",
];

/// A venv holds Node where the machine's own is missing or too old.
const NODE: &[&str] = &["python3-venv"];

/// A desktop without a screen: X server, window manager, session bus, keyring, notifications, WebDriver; and
/// `ip`, which cuts networks.
const DESKTOP: &[&str] = &[
    "adwaita-icon-theme",
    "at-spi2-core",
    "curl",
    "dbus",
    "dbus-x11",
    "desktop-file-utils",
    "dunst",
    "fonts-dejavu-core",
    "fonts-noto-cjk",
    "gnome-keyring",
    "iproute2",
    "libnotify-bin",
    "libsecret-tools",
    "openbox",
    "python3-dbusmock",
    "scrot",
    "webkit2gtk-driver",
    "x11-utils",
    "xdotool",
    "xvfb",
];

/// The browser that reps use, for the practice console's tests and for comparison in the benchmark.
const CHROMIUM: &[&str] = &["chromium", "chromium-driver"];

/// To make, sign and check packages for Linux.
pub(super) const PACKAGES: &[&str] = &[
    "appstream",
    "apt-utils",
    "debsig-verify",
    "debsigs",
    "desktop-file-utils",
    "dpkg-dev",
    "gpg",
    "gpg-agent",
    "gpgv",
    "lintian",
    "minisign",
    "rpm",
    "xz-utils",
];

/// For a Debian system in a folder.
pub(super) const CLEAN_ROOT: &[&str] = &["debootstrap"];

/// To compile for other systems: Debian's own Rust brings the standard library's sources that their targets need.
pub(super) const OTHER_SYSTEMS: &[&str] = &["rust-web-src", "rustc-web"];

/// To compile and link for Windows, besides.
pub(super) const WINDOWS: &[&str] = &["gcc-mingw-w64-x86-64-win32"];

/// To make installers for Windows, sign them and install them in Wine.
pub(super) const WINDOWS_INSTALLERS: &[&str] =
    &["msitools", "nsis", "osslsigncode", "wine", "wine64", "wixl"];

/// Installs what is missing; answers why there is no Chromium, where there is none.
pub(super) fn install(purpose: Purpose) -> Result<Option<String>> {
    if which::which("dpkg-query").is_err() || which::which("apt-get").is_err() {
        return Ok(by_hand());
    }
    let mut wanted = BUILD.to_vec();
    if !node::at_hand() {
        wanted.extend(NODE);
    }
    if purpose == Purpose::Test {
        wanted.extend(DESKTOP);
    }
    let no_chromium = if purpose == Purpose::Test {
        no_chromium()
    } else {
        None
    };
    if purpose == Purpose::Test && no_chromium.is_none() {
        wanted.extend(CHROMIUM);
    }
    bring(&wanted)?;
    Ok(no_chromium)
}

/// Installs those that are missing, with apt.
pub(super) fn bring(wanted: &[&str]) -> Result<()> {
    let missing = missing(wanted);
    if !missing.is_empty() {
        println!("Installing system packages: {}", missing.join(" "));
        let privilege = Privilege::find(&missing)?;
        privilege
            .apt_get(&["update"])
            .context("the list of packages could not be brought up to date")?;
        privilege
            .apt_get(&[&["install", "--yes", "--no-install-recommends"], &missing[..]].concat())
            .context("the system packages could not be installed")?;
    }
    Ok(())
}

/// [`bring`], where packaging needs Debian's own tools.
pub(super) fn bring_on_debian(wanted: &[&str], to_do: &str) -> Result<()> {
    if which::which("dpkg-query").is_err() || which::which("apt-get").is_err() {
        bail!(
            "to {to_do}, a Debian or Ubuntu system is needed (packages {})",
            wanted.join(" ")
        );
    }
    bring(wanted)
}

fn missing<'a>(wanted: &[&'a str]) -> Vec<&'a str> {
    // Answers for the packages it knows and fails for the others, so the exit code says nothing.
    let answer = Command::new("dpkg-query")
        .args(["--show", "--showformat=${Package} ${db:Status-Status}\n"])
        .args(wanted)
        .output();
    let text = answer
        .map(|answer| String::from_utf8_lossy(&answer.stdout).into_owned())
        .unwrap_or_default();
    let installed: BTreeSet<_> = text
        .lines()
        .filter_map(|line| line.strip_suffix(" installed"))
        .collect();
    wanted
        .iter()
        .copied()
        .filter(|name| !installed.contains(name))
        .collect()
}

/// Ubuntu's packages of that name install a snap, which neither takes private profiles in /tmp nor runs in
/// containers.
fn no_chromium() -> Option<String> {
    let release = fs::read_to_string("/etc/os-release").unwrap_or_default();
    let ubuntu = release.lines().any(|line| line == "ID=ubuntu");
    let own = which::which("chromium").is_ok_and(|path| !path.starts_with("/snap"));
    (ubuntu && !own).then(|| "Ubuntu offers Chromium only as a snap".to_owned())
}

/// How this user may install packages.
enum Privilege {
    Root,
    Sudo(PathBuf),
}

impl Privilege {
    fn find(missing: &[&str]) -> Result<Self> {
        if output(Command::new("id").arg("-u")).is_some_and(|id| id == "0") {
            return Ok(Self::Root);
        }
        if let Ok(sudo) = which::which("sudo") {
            // Ask for the password here, at the terminal, because apt's own output goes to a log.
            let mut ask = command::command(&sudo);
            ask.arg("--validate");
            if !std::io::stdin().is_terminal() {
                ask.arg("--non-interactive");
            }
            if ask.status().is_ok_and(|status| status.success()) {
                return Ok(Self::Sudo(sudo));
            }
        }
        bail!(
            "installing them needs root, and sudo is not there or refused. Run this as root, then try again:\n  \
             apt-get update && apt-get install --no-install-recommends {}",
            missing.join(" ")
        );
    }

    fn apt_get(&self, arguments: &[&str]) -> Result<()> {
        let mut command = match self {
            Self::Root => command::command("env"),
            Self::Sudo(sudo) => {
                let mut command = command::command(sudo);
                command.arg("env");
                command
            }
        };
        command.args([
            "DEBIAN_FRONTEND=noninteractive",
            "apt-get",
            "--quiet",
            "--option=Dpkg::Use-Pty=0",
        ]);
        run_quietly(command.args(arguments), &format!("apt-{}.log", arguments[0]))
    }
}

/// Other Linux systems: nothing is installed, but it is said what has to be there.
fn by_hand() -> Option<String> {
    if output(Command::new("pkg-config").args(["--exists", "webkit2gtk-4.1"])).is_none() {
        println!(
            "This system has no apt. Make sure that it has what these Debian packages hold:\n  {}\nand for the \
             tests:\n  {}",
            BUILD.join(" "),
            DESKTOP.join(" ")
        );
    }
    which::which("chromium")
        .is_err()
        .then(|| "there is no chromium in PATH".to_owned())
}
