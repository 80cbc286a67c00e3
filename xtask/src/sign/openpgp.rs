//! OpenPGP signatures, by gpg.

use std::path::{Path, PathBuf};
use std::process::Command;

use anyhow::{Context, Result, bail};

use crate::command::{command, output, run_quietly};
use crate::paths;

/// The key's fingerprint, or anything else that gpg finds it by.
pub(crate) const KEY: &str = "HOLDLINE_GPG_KEY";

/// A key in a gpg home.
pub(crate) struct OpenPgp {
    key: String,
    home: Option<PathBuf>,
}

impl OpenPgp {
    /// The key that `HOLDLINE_GPG_KEY` names, in gpg's own home (`GNUPGHOME`).
    ///
    /// # Errors
    /// None is named, or gpg has no private half of it.
    pub(crate) fn from_environment() -> Result<Self> {
        let Ok(key) = std::env::var(KEY) else {
            bail!(
                "{KEY} names no key. Set it to the fingerprint of a signing key that gpg has (a smart card's, too): \
                 gpg --list-secret-keys"
            );
        };
        Self::new(key, None)
    }

    /// A key in a home.
    ///
    /// # Errors
    /// gpg has no private half of it there.
    pub(crate) fn new(key: String, home: Option<PathBuf>) -> Result<Self> {
        let it = Self { key, home };
        if output(it.gpg().args(["--list-secret-keys", &it.key])).is_none() {
            bail!(
                "gpg has no private key {:?}: import it, or insert its card",
                it.key
            );
        }
        Ok(it)
    }

    /// A new key that nobody else has, without a passphrase: for tests.
    ///
    /// # Errors
    /// gpg refuses.
    pub(crate) fn made_for_a_test(home: &Path) -> Result<Self> {
        std::fs::create_dir_all(home)?;
        #[cfg(unix)]
        std::fs::set_permissions(home, std::os::unix::fs::PermissionsExt::from_mode(0o700))?;
        let mut make = gpg(Some(home));
        make.args(["--passphrase", "", "--quick-generate-key"]).args([
            "Holdline Test <test@holdline.invalid>",
            "rsa3072",
            "sign",
            "1d",
        ]);
        run_quietly(&mut make, "gpg-make.log").context("gpg could not make a key")?;
        let listed = output(gpg(Some(home)).args(["--list-secret-keys", "--with-colons"]));
        let fingerprint = listed.as_deref().and_then(|listed| {
            let line = listed.lines().find(|line| line.starts_with("fpr:"))?;
            line.split(':').nth(9).map(str::to_owned)
        });
        let fingerprint = fingerprint.context("gpg does not list the key it made")?;
        Self::new(fingerprint, Some(home.to_owned()))
    }

    /// The long key id, as debsig-verify names its folders.
    ///
    /// # Errors
    /// gpg does not know the key.
    pub(crate) fn id(&self) -> Result<String> {
        let listed = output(self.gpg().args(["--list-keys", "--with-colons", &self.key]));
        let id = listed.as_deref().and_then(|listed| {
            let line = listed.lines().find(|line| line.starts_with("pub:"))?;
            line.split(':').nth(4).map(str::to_owned)
        });
        id.context("gpg does not know the key")
    }

    /// Writes the public half, as apt and debsig-verify read it, or armoured, as rpm does.
    ///
    /// # Errors
    /// gpg refuses.
    pub(crate) fn export(&self, to: &Path, armoured: bool) -> Result<()> {
        let mut export = self.gpg();
        if armoured {
            export.arg("--armor");
        }
        export.arg("--output").arg(to).args(["--export", &self.key]);
        run_quietly(&mut export, "gpg-export.log")
    }

    /// Signs a .deb for `debsig-verify`: one more member of the archive, which dpkg leaves alone.
    ///
    /// # Errors
    /// debsigs refuses.
    pub(crate) fn sign_deb(&self, deb: &Path) -> Result<()> {
        let mut sign = command("debsigs");
        sign.args(["--sign=origin", "-k", &self.key]).arg(deb);
        sign.env("PATH", path_with_strong_gpg()?);
        self.at_home(&mut sign);
        run_quietly(&mut sign, "debsigs.log")
            .with_context(|| format!("{} could not be signed", deb.display()))
    }

    /// Signs an .rpm's header.
    ///
    /// # Errors
    /// rpmsign refuses.
    pub(crate) fn sign_rpm(&self, rpm: &Path) -> Result<()> {
        let gpg = which::which("gpg").context("gpg is not installed")?;
        let mut sign = command("rpmsign");
        // Debian's rpm looks for gpg in no PATH.
        sign.args(["--define", &format!("__gpg {}", gpg.display())]);
        sign.args(["--define", &format!("_gpg_name {}", self.key)]);
        if let Some(home) = &self.home {
            sign.args(["--define", &format!("_gpg_path {}", home.display())]);
        }
        sign.arg("--addsign").arg(rpm);
        self.at_home(&mut sign);
        run_quietly(&mut sign, "rpmsign.log")
            .with_context(|| format!("{} could not be signed", rpm.display()))
    }

    /// A detached, armoured signature beside the file.
    ///
    /// # Errors
    /// gpg refuses.
    pub(crate) fn sign_detached(&self, file: &Path, to: &Path) -> Result<()> {
        self.signed(file, to, &["--armor", "--detach-sign"])
    }

    /// The file with its signature around it, as apt's `InRelease` has it.
    ///
    /// # Errors
    /// gpg refuses.
    pub(crate) fn sign_clear(&self, file: &Path, to: &Path) -> Result<()> {
        self.signed(file, to, &["--clear-sign"])
    }

    fn signed(&self, file: &Path, to: &Path, how: &[&str]) -> Result<()> {
        let mut sign = self.gpg();
        sign.args(["--yes", "--digest-algo", "SHA512", "--local-user", &self.key]);
        sign.arg("--output").arg(to).args(how).arg(file);
        run_quietly(&mut sign, "gpg-sign.log")
            .with_context(|| format!("{} could not be signed", file.display()))
    }

    fn gpg(&self) -> Command {
        gpg(self.home.as_deref())
    }

    fn at_home(&self, command: &mut Command) {
        if let Some(home) = &self.home {
            command.env("GNUPGHOME", home);
        }
    }
}

/// debsigs calls `gpg --openpgp`, which signs with SHA-1 unless a preference is given, and debsig-verify takes that for
/// weak. debsigs has no way to give one, so the first gpg in its PATH does.
fn path_with_strong_gpg() -> Result<std::ffi::OsString> {
    let real = which::which("gpg").context("gpg is not installed")?;
    let folder = paths::scratch().join("strong-gpg");
    std::fs::create_dir_all(&folder)?;
    let strong = folder.join("gpg");
    let text = format!(
        "#!/bin/sh\nexec '{}' --personal-digest-preferences SHA512 \"$@\"\n",
        real.display()
    );
    std::fs::write(&strong, text)?;
    #[cfg(unix)]
    std::fs::set_permissions(&strong, std::os::unix::fs::PermissionsExt::from_mode(0o755))?;
    let path = std::env::var_os("PATH").unwrap_or_default();
    let folders = std::iter::once(folder).chain(std::env::split_paths(&path));
    Ok(std::env::join_paths(folders)?)
}

fn gpg(home: Option<&Path>) -> Command {
    let mut gpg = command("gpg");
    gpg.args(["--batch", "--no-tty"]);
    if let Some(home) = home {
        gpg.args(["--pinentry-mode", "loopback"]).env("GNUPGHOME", home);
    }
    gpg
}
