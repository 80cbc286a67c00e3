//! The system's own installer, called when Holdline has shut down: nothing of it runs meanwhile.

use std::ffi::OsStr;
use std::io;
use std::path::Path;
use std::process::{Command, Stdio};

use crate::fetch::Ready;
use crate::target::Kind;

/// Why an update was not installed. The version before is still there.
#[derive(Debug, thiserror::Error)]
pub enum InstallError {
    /// The installer says no.
    #[error(
        "the installer refused the update ({program}, exit code {code}). Holdline goes on as it is; ask your administrator"
    )]
    Refused {
        /// Which installer.
        program: String,
        /// What it ended with; -1 when a signal ended it.
        code: i32,
    },
    /// The installer could not be started.
    #[error(
        "the installer could not be started ({program}: {source}). Holdline goes on as it is; ask your administrator"
    )]
    Start {
        /// Which installer.
        program: String,
        /// What the system said.
        source: io::Error,
    },
}

/// What the caller does next.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Next {
    /// End: the installer waits for that, and starts Holdline again.
    End,
    /// Start Holdline again.
    StartAgain,
}

/// Installs it. Blocks until the installer has ended, where it does not wait for us to end.
///
/// # Errors
/// [`InstallError`].
pub fn install(ready: &Ready) -> Result<Next, InstallError> {
    let file = ready.file.as_os_str();
    match ready.target.kind {
        Kind::Deb => privileged(&[OsStr::new("dpkg"), OsStr::new("--install"), file]),
        Kind::Rpm => privileged(&[OsStr::new("rpm"), OsStr::new("--upgrade"), file]),
        // Silent, over the version before, and with a new start of Holdline: as Tauri's template names them.
        Kind::Nsis => start(file, &[OsStr::new("/S"), OsStr::new("/UPDATE"), OsStr::new("/R")]),
        Kind::Msi => start(
            OsStr::new("msiexec"),
            &[
                OsStr::new("/i"),
                file,
                OsStr::new("/passive"),
                OsStr::new("/norestart"),
            ],
        ),
        Kind::App => app(&ready.file),
    }
}

/// As root at once; else polkit asks an administrator, with its own dialog.
fn privileged(words: &[&OsStr]) -> Result<Next, InstallError> {
    let words: Vec<&OsStr> = if is_root() {
        words.to_vec()
    } else {
        [&[OsStr::new("pkexec")], words].concat()
    };
    wait(Command::new(words[0]).args(&words[1..]))
}

fn is_root() -> bool {
    let user = Command::new("id").arg("-u").stdin(Stdio::null()).output();
    user.is_ok_and(|user| user.stdout.trim_ascii() == b"0")
}

fn wait(command: &mut Command) -> Result<Next, InstallError> {
    let program = command.get_program().to_string_lossy().into_owned();
    match command.stdin(Stdio::null()).stdout(Stdio::null()).status() {
        Ok(status) if status.success() => Ok(Next::StartAgain),
        Ok(status) => Err(InstallError::Refused {
            program,
            code: status.code().unwrap_or(-1),
        }),
        Err(source) => Err(InstallError::Start { program, source }),
    }
}

fn start(program: &OsStr, arguments: &[&OsStr]) -> Result<Next, InstallError> {
    match Command::new(program).args(arguments).spawn() {
        Ok(_) => Ok(Next::End),
        Err(source) => Err(InstallError::Start {
            program: program.to_string_lossy().into_owned(),
            source,
        }),
    }
}

/// The app bundle that a program lies in: `…/Holdline.app/Contents/MacOS/holdline`.
pub(crate) fn bundle_of(program: &Path) -> Option<&Path> {
    let bundle = program.ancestors().nth(3)?;
    bundle
        .extension()
        .is_some_and(|extension| extension == "app")
        .then_some(bundle)
}

/// Unpacks the new bundle beside the old one and exchanges the two, so that there is always a whole one.
fn app(archive: &Path) -> Result<Next, InstallError> {
    let failed = |source| InstallError::Start {
        program: "exchange of the app bundle".to_owned(),
        source,
    };
    let program = std::env::current_exe().map_err(failed)?;
    let nowhere = || failed(io::Error::other("this Holdline lies in no app bundle"));
    let old = bundle_of(&program).ok_or_else(nowhere)?;
    let unpacked = old.with_extension("update");
    let _ = std::fs::remove_dir_all(&unpacked);
    std::fs::create_dir(&unpacked).map_err(failed)?;
    let words = [
        OsStr::new("-xzf"),
        archive.as_os_str(),
        OsStr::new("-C"),
        unpacked.as_os_str(),
    ];
    wait(Command::new("tar").args(words))?;
    let name = old.file_name().ok_or_else(nowhere)?;
    let before = old.with_extension("before");
    let _ = std::fs::remove_dir_all(&before);
    std::fs::rename(old, &before).map_err(failed)?;
    if let Err(error) = std::fs::rename(unpacked.join(name), old) {
        std::fs::rename(&before, old).map_err(failed)?;
        return Err(failed(error));
    }
    // Left over at worst, and removed at the next update.
    let _ = std::fs::remove_dir_all(&before);
    let _ = std::fs::remove_dir_all(&unpacked);
    Ok(Next::StartAgain)
}
