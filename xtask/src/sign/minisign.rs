//! Updater artefacts: minisign signatures as Tauri's tools make them, and the manifest that offers them.

use std::collections::BTreeMap;
use std::fs;
use std::path::{Path, PathBuf};
use std::process::Command;

use anyhow::{Context, Result, bail};
use serde_json::json;

use crate::command::{command, run_quietly};
use crate::paths;

/// Called as `COMMAND minisign FILE`; it has to write `FILE.sig` as `tauri signer sign` does, with the file's name in
/// the trusted comment.
pub(crate) const COMMAND: &str = "HOLDLINE_SIGN_COMMAND";
/// The key's text, as Tauri's own tools take it.
const KEY: &str = "TAURI_SIGNING_PRIVATE_KEY";

/// Who signs.
pub(crate) enum Minisign {
    /// A command, backed by hardware maybe.
    Command(String),
    /// A key from the environment (Tauri reads it there itself).
    Environment,
    /// A key in a file without a password: for tests.
    File(PathBuf),
}

impl Minisign {
    /// The signer's command, or else the key, that the environment names.
    ///
    /// # Errors
    /// It names neither.
    pub(crate) fn from_environment() -> Result<Self> {
        if let Ok(command) = std::env::var(COMMAND) {
            return Ok(Self::Command(command));
        }
        if std::env::var_os(KEY).is_some() {
            return Ok(Self::Environment);
        }
        bail!(
            "no key for updates: set {KEY} (and {KEY}_PASSWORD) to what `tauri signer generate` wrote, or {COMMAND} to \
             a signer's command"
        )
    }

    /// A new key of nobody's, for tests: the private half at `file`, the public one at `file.pub`.
    ///
    /// # Errors
    /// Tauri's tool refuses.
    pub(crate) fn made_for_a_test(file: &Path) -> Result<Self> {
        let mut make = tauri();
        make.args(["signer", "generate", "--ci", "--force", "-p", "", "-w"])
            .arg(file);
        run_quietly(&mut make, "minisign-make.log").context("the updater's key could not be made")?;
        Ok(Self::File(file.to_owned()))
    }

    /// Signs a file; answers where the signature is.
    ///
    /// # Errors
    /// The signer refuses.
    pub(crate) fn sign(&self, file: &Path) -> Result<PathBuf> {
        let mut sign = match self {
            Self::Command(program) => {
                let mut sign = command(program);
                sign.arg("minisign");
                sign
            }
            Self::Environment => {
                let mut sign = tauri();
                sign.args(["signer", "sign"]);
                sign
            }
            Self::File(key) => {
                let mut sign = tauri();
                sign.args(["signer", "sign", "-p", "", "-f"]).arg(key);
                sign.env_remove(KEY);
                sign
            }
        };
        run_quietly(sign.arg(file), "minisign.log")
            .with_context(|| format!("{} could not be signed", file.display()))?;
        let signature = with_suffix(file, ".sig");
        if !signature.is_file() {
            bail!("the signer wrote no {}", signature.display());
        }
        Ok(signature)
    }
}

/// Writes the static manifest of Tauri's updater for these signatures, whose artefacts lie below `base`.
pub(crate) fn manifest(to: &Path, base: &str, signatures: &[PathBuf]) -> Result<()> {
    let mut platforms = BTreeMap::new();
    for signature in signatures {
        let name = signature
            .file_stem()
            .unwrap_or_default()
            .to_string_lossy()
            .into_owned();
        let Some(platform) = platform(&name) else { continue };
        let content = fs::read_to_string(signature)?;
        let url = format!("{}/{name}", base.trim_end_matches('/'));
        platforms.insert(platform, json!({ "url": url, "signature": content.trim() }));
    }
    let Some(version) = signatures.iter().find_map(|signature| version(signature)) else {
        bail!("no package's name holds a version");
    };
    fs::create_dir_all(to.parent().unwrap_or(to))?;
    let manifest = json!({ "version": version, "platforms": platforms });
    fs::write(to, format!("{manifest:#}\n")).with_context(|| format!("cannot write {}", to.display()))
}

/// `holdline_1.2.3_amd64.deb.sig` -> `1.2.3`; an rpm has hyphens instead.
fn version(signature: &Path) -> Option<String> {
    let name = signature.file_name()?.to_str()?;
    let rest = name.strip_prefix("holdline")?;
    let separator = rest.chars().next().filter(|first| matches!(first, '_' | '-'))?;
    let version = rest[1..].split(separator).next()?;
    version
        .starts_with(|first: char| first.is_ascii_digit())
        .then(|| version.to_owned())
}

/// As the updater's manifest names it.
fn platform(name: &str) -> Option<String> {
    let kinds = [
        (".deb", "linux", "deb"),
        (".rpm", "linux", "rpm"),
        ("-setup.exe", "windows", "nsis"),
        (".msi", "windows", "msi"),
        (".app.tar.gz", "darwin", "app"),
    ];
    let (ending, system, kind) = kinds.into_iter().find(|(ending, ..)| name.ends_with(ending))?;
    let stem = name.strip_suffix(ending)?;
    let processor = match stem.rsplit(['_', '.']).next()? {
        "arm64" | "aarch64" => "aarch64",
        // "x86_64" is cut in two.
        "amd64" | "x64" | "64" => "x86_64",
        _ => return None,
    };
    Some(format!("{system}-{processor}-{kind}"))
}

fn with_suffix(file: &Path, suffix: &str) -> PathBuf {
    let mut name = file.as_os_str().to_owned();
    name.push(suffix);
    name.into()
}

fn tauri() -> Command {
    let mut tauri = command(paths::packaging().join("node_modules/.bin/tauri"));
    // It is a script for Node, which a machine may have from the set-up only.
    let own = paths::tools().join("node/bin");
    let path = std::env::var_os("PATH").unwrap_or_default();
    let folders = own.is_dir().then_some(own).into_iter();
    if let Ok(path) = std::env::join_paths(folders.chain(std::env::split_paths(&path))) {
        tauri.env("PATH", path);
    }
    tauri
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn platforms_are_named_as_the_updater_asks_for_them() {
        for (name, expected) in [
            ("holdline_1.2.3_amd64.deb", "linux-x86_64-deb"),
            ("holdline-1.2.3-1.x86_64.rpm", "linux-x86_64-rpm"),
            ("holdline_1.2.3_x64-setup.exe", "windows-x86_64-nsis"),
            ("holdline_1.2.3_x64.msi", "windows-x86_64-msi"),
            ("holdline_1.2.3_aarch64.app.tar.gz", "darwin-aarch64-app"),
        ] {
            assert_eq!(platform(name).as_deref(), Some(expected), "{name}");
        }
        assert_eq!(platform("SHA256SUMS"), None);
    }

    #[test]
    fn every_kind_of_name_says_its_version() {
        for name in ["holdline-1.2.3-1.x86_64.rpm.sig", "holdline_1.2.3_amd64.deb.sig"] {
            assert_eq!(version(Path::new(name)).as_deref(), Some("1.2.3"), "{name}");
        }
        assert_eq!(version(Path::new("SHA256SUMS.sig")), None);
    }
}
