//! Windows, seen from here: the whole app is checked for it, linked, packed into installers, and those are tried in
//! Wine.

use std::fs;
use std::path::{Path, PathBuf};
use std::process::Command;

use anyhow::{Context, Result, bail, ensure};

use crate::command::{command, output, run_quietly};
use crate::paths;
use crate::setup;
use crate::sign::authenticode;
use crate::windows::{self, Installers};

/// Test-signs both installers with a certificate of this run's own, verifies that, and installs the MSI in Wine.
pub(super) fn installers() -> Result<()> {
    setup::windows_installers()?;
    let folder = paths::scratch().join("windows");
    let made = windows::installers(&folder)?;
    let certificate = Certificate::make(&folder)?;
    for installer in [&made.nsis, &made.msi] {
        authenticode::sign(installer, &certificate.pfx, Some(PASSWORD), false)?;
        certificate.verifies(installer)?;
    }
    Wine::new(&folder.join("wine"))?.installs(&made)
}

const PASSWORD: &str = "test";

struct Certificate {
    pem: PathBuf,
    pfx: PathBuf,
}

impl Certificate {
    fn make(folder: &Path) -> Result<Self> {
        let [key, pem, pfx] = ["test.key", "test.pem", "test.pfx"].map(|name| folder.join(name));
        let mut make = command("openssl");
        make.args([
            "req", "-x509", "-newkey", "rsa:3072", "-nodes", "-days", "1", "-sha256",
        ])
        .args([
            "-subj",
            "/CN=Holdline Test",
            "-addext",
            "extendedKeyUsage=codeSigning",
        ])
        .arg("-keyout")
        .arg(&key)
        .arg("-out")
        .arg(&pem);
        run_quietly(&mut make, "openssl-make.log")?;
        let mut pack = command("openssl");
        pack.args([
            "pkcs12",
            "-export",
            "-passout",
            &format!("pass:{PASSWORD}"),
            "-inkey",
        ])
        .arg(&key)
        .arg("-in")
        .arg(&pem)
        .arg("-out")
        .arg(&pfx);
        run_quietly(&mut pack, "openssl-pack.log")?;
        Ok(Self { pem, pfx })
    }

    fn verifies(&self, file: &Path) -> Result<()> {
        let verify = |file: &Path| {
            let mut verify = command("osslsigncode");
            verify
                .arg("verify")
                .arg("-CAfile")
                .arg(&self.pem)
                .arg("-in")
                .arg(file);
            run_quietly(&mut verify, "osslsigncode-verify.log")
        };
        verify(file)?;
        let mut content = fs::read(file)?;
        let middle = content.len() / 2;
        content[middle] ^= 1;
        let changed = file.with_extension("changed");
        fs::write(&changed, content)?;
        let outcome = verify(&changed);
        fs::remove_file(&changed)?;
        if outcome.is_ok() {
            bail!("osslsigncode takes {}, changed after signing", file.display());
        }
        Ok(())
    }
}

/// A Windows of Wine's, in a folder.
struct Wine {
    prefix: PathBuf,
}

impl Wine {
    fn new(prefix: &Path) -> Result<Self> {
        let _ = fs::remove_dir_all(prefix);
        fs::create_dir_all(prefix)?;
        let it = Self {
            prefix: prefix.to_owned(),
        };
        run_quietly(it.command("wineboot").arg("--init"), "wineboot.log")?;
        Ok(it)
    }

    fn command(&self, program: &str) -> Command {
        let mut command = match program {
            "wineboot" => command("wineboot"),
            program => {
                let mut wine = command("wine");
                wine.arg(program);
                wine
            }
        };
        command
            .env("WINEPREFIX", &self.prefix)
            .env("WINEARCH", "win64")
            .env("WINEDEBUG", "-all")
            // Neither Mono nor Gecko is asked for, and no display.
            .env("WINEDLLOVERRIDES", "mscoree,mshtml=")
            .env_remove("DISPLAY");
        command
    }

    fn installs(&self, made: &Installers) -> Result<()> {
        let installed = self.prefix.join("drive_c/Program Files/Holdline");
        let programs = ["holdline.exe", "holdline-window.exe", "holdlinectl.exe"];
        run_quietly(
            self.command("msiexec").arg("/i").arg(&made.msi).arg("/qn"),
            "msiexec.log",
        )?;
        for program in programs {
            let file = installed.join(program);
            ensure!(file.is_file(), "the MSI left no {}", file.display());
        }
        for (key, value) in [
            (r"HKLM\Software\Holdline", "InstallFolder"),
            (r"HKLM\Software\Microsoft\Windows\CurrentVersion\Run", "Holdline"),
        ] {
            let found = output(self.command("reg").args(["query", key, "/v", value]));
            ensure!(found.is_some(), "the MSI wrote no {key}, {value}");
        }
        let version = output(
            self.command(&windows_path(&installed.join("holdlinectl.exe")))
                .arg("--version"),
        );
        let version = version.context("the installed holdlinectl.exe does not start")?;
        ensure!(version.trim().starts_with("holdlinectl "), "it says {version:?}");
        run_quietly(
            self.command("msiexec").arg("/x").arg(&made.msi).arg("/qn"),
            "msiexec-remove.log",
        )?;
        for program in programs {
            ensure!(
                !installed.join(program).exists(),
                "removing the MSI left {program}"
            );
        }

        // For one user, silent, without an administrator.
        run_quietly(self.command(&windows_path(&made.nsis)).arg("/S"), "nsis.log")?;
        let own = self.find("AppData/Local/Holdline/holdline.exe")?;
        let uninstaller = own.with_file_name("uninstall.exe");
        ensure!(
            uninstaller.is_file(),
            "the NSIS installer left no {}",
            uninstaller.display()
        );
        run_quietly(
            self.command(&windows_path(&uninstaller)).args([
                "/S",
                &format!("_?={}", windows_path(own.parent().unwrap_or(&own))),
            ]),
            "nsis-remove.log",
        )?;
        ensure!(!own.exists(), "removing left {}", own.display());
        Ok(())
    }

    fn find(&self, below_a_user: &str) -> Result<PathBuf> {
        for user in fs::read_dir(self.prefix.join("drive_c/users"))? {
            let file = user?.path().join(below_a_user);
            if file.is_file() {
                return Ok(file);
            }
        }
        bail!("no user has {below_a_user}")
    }
}

impl Drop for Wine {
    fn drop(&mut self) {
        let _ = command("wineserver")
            .arg("--kill")
            .env("WINEPREFIX", &self.prefix)
            .status();
    }
}

/// Wine sees the machine's root as Z:.
fn windows_path(path: &Path) -> String {
    format!("Z:{}", path.to_string_lossy().replace('/', "\\"))
}
