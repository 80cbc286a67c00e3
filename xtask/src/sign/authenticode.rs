//! Authenticode signatures of Windows installers and programs, by osslsigncode.

use std::fs;
use std::path::{Path, PathBuf};

use anyhow::{Context, Result, bail};

use super::minisign::COMMAND;
use crate::command::{command, run_quietly};

/// A certificate with its key in PKCS#12 (PFX), and its password, where there is one.
const CERTIFICATE: &str = "HOLDLINE_AUTHENTICODE_PFX";
const PASSWORD: &str = "HOLDLINE_AUTHENTICODE_PASSWORD";

/// A signature with a time stamp stays good after its certificate has ended.
const TIME_STAMPS: &str = "http://timestamp.digicert.com";

/// Who signs.
pub(crate) enum Authenticode {
    /// A command, backed by hardware maybe: called as `COMMAND authenticode FILE`, it signs in place.
    Command(String),
    /// A certificate with its key.
    Certificate {
        pfx: PathBuf,
        password: Option<String>,
        /// By an authority on the network.
        time_stamp: bool,
    },
    /// Nobody here: an installer stays as it came, signed where it was made or not at all.
    Nobody,
}

impl Authenticode {
    /// The signer's command, or else the certificate, that the environment names.
    pub(crate) fn from_environment() -> Self {
        if let Ok(command) = std::env::var(COMMAND) {
            return Self::Command(command);
        }
        match std::env::var_os(CERTIFICATE) {
            Some(pfx) => Self::Certificate {
                pfx: pfx.into(),
                password: std::env::var(PASSWORD).ok(),
                time_stamp: true,
            },
            None => Self::Nobody,
        }
    }

    /// Signs in place.
    ///
    /// # Errors
    /// The signer refuses, or its command changed nothing.
    pub(crate) fn sign(&self, file: &Path) -> Result<()> {
        match self {
            Self::Command(program) => by_command(program, file),
            Self::Certificate {
                pfx,
                password,
                time_stamp,
            } => by_certificate(file, pfx, password.as_deref(), *time_stamp),
            Self::Nobody => {
                println!(
                    "{} gets no Authenticode signature here: neither {CERTIFICATE} nor {COMMAND} is set",
                    file.display()
                );
                return Ok(());
            }
        }
        .with_context(|| format!("{} could not be signed", file.display()))
    }
}

fn by_command(program: &str, file: &Path) -> Result<()> {
    let before = fs::read(file)?;
    run_quietly(command(program).arg("authenticode").arg(file), "authenticode.log")?;
    if fs::read(file)? == before {
        bail!("`{program} authenticode` ended well and left the file as it was");
    }
    Ok(())
}

fn by_certificate(file: &Path, pfx: &Path, password: Option<&str>, time_stamp: bool) -> Result<()> {
    let signed = file.with_extension("signed");
    let mut sign = command("osslsigncode");
    sign.args(["sign", "-h", "sha256", "-n", "Holdline", "-pkcs12"])
        .arg(pfx);
    if let Some(password) = password {
        sign.args(["-pass", password]);
    }
    if time_stamp {
        sign.args(["-ts", TIME_STAMPS]);
    }
    sign.arg("-in").arg(file).arg("-out").arg(&signed);
    run_quietly(&mut sign, "osslsigncode.log")?;
    fs::rename(&signed, file).with_context(|| format!("cannot replace {}", file.display()))
}
