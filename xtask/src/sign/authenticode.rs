//! Authenticode signatures of Windows installers and programs, by osslsigncode.

use std::fs;
use std::path::Path;

use anyhow::{Context, Result};

use super::minisign::COMMAND;
use crate::command::{command, run_quietly};

/// A certificate with its key in PKCS#12 (PFX), and its password, where there is one.
const CERTIFICATE: &str = "HOLDLINE_AUTHENTICODE_PFX";
const PASSWORD: &str = "HOLDLINE_AUTHENTICODE_PASSWORD";

/// Signs in place, by `HOLDLINE_SIGN_COMMAND authenticode FILE` or the certificate in `HOLDLINE_AUTHENTICODE_PFX`;
/// without either the file is left unsigned and that is said.
pub(crate) fn sign_if_asked(file: &Path) -> Result<()> {
    if let Ok(program) = std::env::var(COMMAND) {
        return run_quietly(command(program).arg("authenticode").arg(file), "authenticode.log");
    }
    match std::env::var(CERTIFICATE) {
        Ok(certificate) => sign(
            file,
            Path::new(&certificate),
            std::env::var(PASSWORD).ok().as_deref(),
            true,
        ),
        Err(_) => {
            println!(
                "{} has no Authenticode signature: {CERTIFICATE} is not set",
                file.display()
            );
            Ok(())
        }
    }
}

/// Signs in place with a certificate; with a time stamp the signature outlives it.
pub(crate) fn sign(file: &Path, certificate: &Path, password: Option<&str>, time_stamp: bool) -> Result<()> {
    let signed = file.with_extension("signed");
    let mut sign = command("osslsigncode");
    sign.args(["sign", "-h", "sha256", "-n", "Holdline", "-pkcs12"])
        .arg(certificate);
    if let Some(password) = password {
        sign.args(["-pass", password]);
    }
    if time_stamp {
        sign.args(["-ts", "http://timestamp.digicert.com"]);
    }
    sign.arg("-in").arg(file).arg("-out").arg(&signed);
    run_quietly(&mut sign, "osslsigncode.log")
        .with_context(|| format!("{} could not be signed", file.display()))?;
    fs::rename(&signed, file).with_context(|| format!("cannot replace {}", file.display()))
}
