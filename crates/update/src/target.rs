//! What this machine takes: system, processor, and the kind of package Holdline came in.

use std::fmt;
use std::path::Path;

/// Kinds of package that the system's own installer can put in an older one's place.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Kind {
    /// macOS: an app bundle in a `.tar.gz`.
    App,
    /// Debian, Ubuntu.
    Deb,
    /// Windows, for the machine.
    Msi,
    /// Windows, for one user.
    Nsis,
    /// Fedora, RHEL, openSUSE.
    Rpm,
}

impl Kind {
    /// As Tauri's updater names it at the end of a platform's key.
    pub(crate) fn name(self) -> &'static str {
        match self {
            Self::App => "app",
            Self::Deb => "deb",
            Self::Msi => "msi",
            Self::Nsis => "nsis",
            Self::Rpm => "rpm",
        }
    }

    /// How the name of such an artefact ends.
    pub(crate) fn ending(self) -> &'static str {
        match self {
            Self::App => ".app.tar.gz",
            Self::Deb => ".deb",
            Self::Msi => ".msi",
            Self::Nsis => "-setup.exe",
            Self::Rpm => ".rpm",
        }
    }
}

/// A system, a processor and a kind of package.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub struct Target {
    /// The kind of package.
    pub kind: Kind,
    /// `linux`, `darwin` or `windows`, as Tauri names them.
    pub system: &'static str,
    /// As Rust names it, `x86_64` say.
    pub processor: &'static str,
}

impl Target {
    /// What a program on this machine came in; `None` when it was built here or unpacked by hand, which no
    /// installer knows how to replace.
    pub fn of_program(program: &Path) -> Option<Self> {
        let kind = kind_of(program)?;
        let system = match std::env::consts::OS {
            "macos" => "darwin",
            other => other,
        };
        Some(Self {
            kind,
            system,
            processor: std::env::consts::ARCH,
        })
    }

    /// The keys of a manifest that fit, the closest first.
    pub(crate) fn keys(&self) -> [String; 2] {
        let plain = format!("{}-{}", self.system, self.processor);
        [format!("{plain}-{}", self.kind.name()), plain]
    }

    /// How packages of this kind spell the processor in their names.
    pub(crate) fn spellings(&self) -> &'static [&'static str] {
        match self.processor {
            "aarch64" => &["aarch64", "arm64"],
            "x86_64" => &["amd64", "x64", "x86_64"],
            _ => &[],
        }
    }
}

impl fmt::Display for Target {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.keys()[0])
    }
}

#[cfg(target_os = "linux")]
fn kind_of(program: &Path) -> Option<Kind> {
    use std::process::{Command, Stdio};

    // The package managers know what they have installed; the two may both be there.
    let owns = |manager: &str, question: &str| {
        Command::new(manager)
            .arg(question)
            .arg(program)
            .stdin(Stdio::null())
            .stdout(Stdio::null())
            .stderr(Stdio::null())
            .status()
            .is_ok_and(|status| status.success())
    };
    if owns("dpkg-query", "--search") {
        Some(Kind::Deb)
    } else if owns("rpm", "-qf") {
        Some(Kind::Rpm)
    } else {
        None
    }
}

/// The NSIS installer leaves its uninstaller beside the program; what else is installed came by MSI.
#[cfg(windows)]
fn kind_of(program: &Path) -> Option<Kind> {
    let folder = program.parent()?;
    if folder.join("uninstall.exe").is_file() {
        return Some(Kind::Nsis);
    }
    let installed = std::env::var_os("ProgramFiles").is_some_and(|files| folder.starts_with(files));
    installed.then_some(Kind::Msi)
}

#[cfg(target_os = "macos")]
fn kind_of(program: &Path) -> Option<Kind> {
    crate::install::bundle_of(program).map(|_| Kind::App)
}
