//! Windows, seen from here: the whole app is checked for it, linked, packed into installers, and those are tried in
//! Wine.

use std::fs;
use std::path::{Path, PathBuf};

use anyhow::{Context, Result, bail, ensure};

use super::signatures::script;
use super::wine::{Wine, windows_path};
use crate::command::{command, run_quietly};
use crate::paths;
use crate::setup;
use crate::sign::Authenticode;
use crate::test;
use crate::windows;

/// Test-signs both installers with a certificate of this run's own, verifies that, and installs the MSI in Wine.
pub(super) fn installers() -> Result<()> {
    setup::windows_installers()?;
    // Journeys are played in Wine, on a screen that nobody sees.
    setup::ready(setup::Purpose::Test)?;
    let folder = paths::scratch().join("windows");
    let made = windows::installers(&folder)?;
    let certificate = Certificate::make(&folder)?;
    let by_key = Authenticode::Certificate {
        pfx: certificate.pfx.clone(),
        password: Some(PASSWORD.to_owned()),
        time_stamp: false,
    };
    for (installer, signer) in [
        (&made.nsis, by_key),
        (&made.msi, certificate.behind_a_command(&folder)?),
    ] {
        signer.sign(installer)?;
        certificate.verifies(installer)?;
    }
    let wine = Wine::new(&folder.join("wine"))?;
    installs_for_the_machine(&wine, &made.msi)?;
    installs_for_one_user(&wine, &made.nsis)?;
    windows::test_rooms(&wine.runner())
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

    /// A signer's command in the place of a key: it is called as documented, and one that signs nothing is noticed.
    fn behind_a_command(&self, folder: &Path) -> Result<Authenticode> {
        let untouched = folder.join("untouched");
        fs::write(&untouched, "not signed")?;
        let idle = script(&folder.join("idle"), "exit 0")?;
        ensure!(
            Authenticode::Command(idle).sign(&untouched).is_err(),
            "a signer's command that signs nothing goes unnoticed"
        );
        let text = format!(
            "test $# = 2 && test \"$1\" = authenticode && osslsigncode sign -h sha256 -pkcs12 '{}' -pass {PASSWORD} \
             -in \"$2\" -out \"$2.new\" && mv \"$2.new\" \"$2\"",
            self.pfx.display()
        );
        Ok(Authenticode::Command(script(&folder.join("signs"), &text)?))
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

const PROGRAMS: [&str; 3] = ["holdline.exe", "holdline-window.exe", "holdlinectl.exe"];

/// The MSI, silently; what it wrote, whether the policy in the registry reaches it, and that nothing is left of it.
fn installs_for_the_machine(wine: &Wine, msi: &Path) -> Result<()> {
    let installed = wine.drive().join("Program Files/Holdline");
    wine.run("msiexec", &["/i", &windows_path(msi), "/qn"])?;
    for file in PROGRAMS.iter().chain(&["WebView2Loader.dll"]) {
        let file = installed.join(file);
        ensure!(file.is_file(), "the MSI left no {}", file.display());
    }
    for (key, value) in [
        (r"HKLM\Software\Holdline", "InstallFolder"),
        (r"HKLM\Software\Microsoft\Windows\CurrentVersion\Run", "Holdline"),
    ] {
        let found = wine.says("reg", &["query", key, "/v", value]);
        ensure!(found.is_some(), "the MSI wrote no {key}, {value}");
    }
    let holdlinectl = windows_path(&installed.join("holdlinectl.exe"));
    let version = wine.says(&holdlinectl, &["--version"]);
    let version = version.context("the installed holdlinectl.exe does not start")?;
    ensure!(version.trim().starts_with("holdlinectl "), "it says {version:?}");
    obeys_the_registry(wine, &holdlinectl)?;
    knows_its_places(wine, &holdlinectl)?;
    plays_journeys(wine, &installed)?;
    wine.run("msiexec", &["/x", &windows_path(msi), "/qn"])?;
    for program in PROGRAMS {
        ensure!(
            !installed.join(program).exists(),
            "removing the MSI left {program}"
        );
    }
    Ok(())
}

/// A policy as Group Policy writes it: the machine's counts before the user's, each type of value is read, and what
/// does not fit is named with its key.
fn obeys_the_registry(wine: &Wine, holdlinectl: &str) -> Result<()> {
    let (machine, user) = (
        r"HKLM\Software\Policies\Holdline",
        r"HKCU\Software\Policies\Holdline",
    );
    for (hive, section, name, kind, value) in [
        (machine, "guard", "policy", "REG_SZ", "block"),
        (machine, "loopback", "ports", "REG_MULTI_SZ", r"47910\047911"),
        (machine, "trace", "megabytes", "REG_DWORD", "7"),
        (user, "guard", "policy", "REG_SZ", "queue"),
        (user, "support", "contact", "REG_EXPAND_SZ", "Service desk"),
    ] {
        let key = format!(r"{hive}\{section}");
        wine.run("reg", &["add", &key, "/v", name, "/t", kind, "/d", value, "/f"])?;
    }
    shows(
        wine,
        holdlinectl,
        &[
            ("guard.policy", "block", "policy"),
            ("loopback.ports", "47911", "policy"),
            ("support.contact", "Service desk", "policy"),
            ("trace.megabytes", "7", "policy"),
        ],
    )?;
    let key = format!(r"{machine}\trace");
    wine.run(
        "reg",
        &["add", &key, "/v", "enabled", "/t", "REG_SZ", "/d", "no", "/f"],
    )?;
    ensure!(
        wine.says(holdlinectl, &SHOW).is_none(),
        "a value of the wrong type was taken"
    );
    for hive in [machine, user] {
        wine.run("reg", &["delete", hive, "/f"])?;
    }
    Ok(())
}

const SHOW: [&str; 4] = ["policy", "show", "--set", "--json"];

/// `policy show` names each of these settings with its value, and who set it.
fn shows(wine: &Wine, holdlinectl: &str, expected: &[(&str, &str, &str)]) -> Result<()> {
    let said = wine.says(holdlinectl, &SHOW).context("`policy show` failed")?;
    let said: serde_json::Value = serde_json::from_str(&said).context("`policy show` said no JSON")?;
    for (setting, value, set_by) in expected {
        let mut rows = said["settings"].as_array().into_iter().flatten();
        let found = rows.any(|row| {
            let shown = row["value"].as_str().unwrap_or_default();
            row["key"] == *setting && shown.contains(value) && row["set_by"] == *set_by
        });
        ensure!(found, "{setting} is not {value:?}, set by {set_by}: {said}");
    }
    Ok(())
}

/// Where `docs/it-guide.md` says that a profile lies on Windows, below `%LOCALAPPDATA%`.
const PROFILE: &str = "Holdline/Holdline/data";

/// The machine's policy file and the rep's own settings lie where the guide says.
fn knows_its_places(wine: &Wine, holdlinectl: &str) -> Result<()> {
    let policy = wine.drive().join("ProgramData/Holdline/policy.toml");
    let own = wine.local_app_data()?.join(PROFILE).join("holdline.toml");
    for (file, content) in [
        (&policy, "[support]\ncontact = \"From the file\"\n"),
        (&own, "[trace]\nmegabytes = 9\n"),
    ] {
        fs::create_dir_all(file.parent().context("a file lies in a folder")?)?;
        fs::write(file, content)?;
    }
    let shown = shows(
        wine,
        holdlinectl,
        &[
            ("support.contact", "From the file", "policy"),
            ("trace.megabytes", "9", "user"),
        ],
    );
    fs::remove_file(policy)?;
    shown
}

/// Every journey without a window, with Holdline, the rep's requests and the practice org as Windows programs; and
/// the end of the session during a call, which Holdline's tray program answers.
fn plays_journeys(wine: &Wine, installed: &Path) -> Result<()> {
    let program = |name: &str| {
        let file = windows_path(&installed.join(format!("{name}.exe")));
        wine.script(name, &file, &[])
    };
    let (holdline, holdlinectl) = (program("holdline")?, program("holdlinectl")?);
    let end_session = wine.script("end-session", "wineboot", &["--end-session"])?;
    for journeys in ["headless", "session_ends_on_windows"] {
        let about = [("HOLDLINE_END_SESSION", end_session.as_os_str())];
        test::installed_journey(journeys, &holdline, &holdlinectl, &about)
            .with_context(|| format!("the journeys `{journeys}` in Wine"))?;
    }
    Ok(())
}

/// The NSIS installer, silently, without an administrator; and its uninstaller, which leaves the rep's profile alone.
fn installs_for_one_user(wine: &Wine, nsis: &Path) -> Result<()> {
    wine.run(&windows_path(nsis), &["/S"])?;
    let folder = &wine.local_app_data()?.join("Holdline");
    for file in PROGRAMS.iter().chain(&["WebView2Loader.dll", "uninstall.exe"]) {
        let file = folder.join(file);
        ensure!(file.is_file(), "the NSIS installer left no {}", file.display());
    }
    let run = r"HKCU\Software\Microsoft\Windows\CurrentVersion\Run";
    let starts = || wine.says("reg", &["query", run, "/v", "Holdline"]);
    ensure!(starts().is_some(), "the NSIS installer wrote no {run}");
    // With `_?=` it works in place, and can be waited for; it then leaves itself.
    let uninstaller = windows_path(&folder.join("uninstall.exe"));
    wine.run(&uninstaller, &["/S", &format!("_?={}", windows_path(folder))])?;
    for program in PROGRAMS {
        ensure!(!folder.join(program).exists(), "removing left {program}");
    }
    let own = folder.with_file_name(PROFILE).join("holdline.toml");
    ensure!(own.is_file(), "removing took the rep's {}", own.display());
    ensure!(starts().is_none(), "removing left its value in {run}");
    Ok(())
}
