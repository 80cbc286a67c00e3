//! Signatures, made with keys of this run's own and checked by the tools that an administrator has. Each check must
//! also refuse what was changed.

use std::fs;
use std::io::Write as _;
use std::path::{Path, PathBuf};
use std::process::Command;

use anyhow::{Context, Result, bail, ensure};

use super::server::Server;
use crate::command::{command, output, run_quietly};
use crate::package::Packages;
use crate::paths;
use crate::sign::{self, Authenticode, Minisign, OpenPgp, apt};

/// The suite of the test's repository and the channel of its updates.
const CHANNEL: &str = "stable";

/// A release, signed with keys that are thrown away.
pub(super) struct Release {
    pub(super) folder: PathBuf,
    pub(super) public_key: PathBuf,
    keys: PathBuf,
    openpgp: OpenPgp,
}

impl Release {
    /// Copies these packages into a folder of their own and signs all of it.
    pub(super) fn sign(name: &str, packages: &Packages, base: &str) -> Result<Self> {
        let scratch = paths::scratch().join("signatures").join(name);
        let _ = fs::remove_dir_all(&scratch);
        let folder = scratch.join("release");
        fs::create_dir_all(&folder)?;
        // gpg's agent has a socket in its home, and a socket's path may not be long.
        let keys = std::env::temp_dir().join(format!("holdline-keys-{}-{name}", std::process::id()));
        let openpgp = OpenPgp::made_for_a_test(&keys)?;
        let key = scratch.join("update.key");
        let minisign = Minisign::made_for_a_test(&key)?;
        for package in [&packages.deb, &packages.rpm] {
            fs::copy(
                package,
                folder.join(package.file_name().context("a package has a name")?),
            )?;
        }
        // There is no installer among them.
        let authenticode = Authenticode::Nobody;
        sign::everything(&folder, CHANNEL, Some(base), &openpgp, &minisign, &authenticode)?;
        Ok(Self {
            folder,
            public_key: key.with_extension("key.pub"),
            keys,
            openpgp,
        })
    }

    fn only(&self, ending: &str) -> Result<PathBuf> {
        let mut found = sign::with_ending(&self.folder, &[ending])?;
        ensure!(found.len() == 1, "{} files end in {ending}", found.len());
        found.pop().context("one")
    }
}

impl Drop for Release {
    fn drop(&mut self) {
        let _ = command("gpgconf")
            .args(["--kill", "all"])
            .env("GNUPGHOME", &self.keys)
            .status();
        let _ = fs::remove_dir_all(&self.keys);
    }
}

/// Every signature of a release.
pub(super) fn check(release: &Release) -> Result<()> {
    deb(release).context("debsig-verify")?;
    rpm(release).context("rpm -K")?;
    apt_repository(release).context("apt")?;
    updates(release).context("minisign")?;
    signer(release).context("HOLDLINE_SIGN_COMMAND")?;
    sums(release).context("SHA256SUMS")?;
    bill(release).context("the bill of materials")
}

fn deb(release: &Release) -> Result<()> {
    let deb = release.only(".deb")?;
    let id = release.openpgp.id()?;
    let scratch = release.folder.with_file_name("debsig");
    let (policies, keyrings) = (scratch.join("policies"), scratch.join("keyrings"));
    for folder in [policies.join(&id), keyrings.join(&id)] {
        fs::create_dir_all(folder)?;
    }
    release
        .openpgp
        .export(&keyrings.join(&id).join("holdline.gpg"), false)?;
    fs::write(
        policies.join(&id).join("holdline.pol"),
        format!(
            "<?xml version=\"1.0\"?>\n<!DOCTYPE Policy SYSTEM \"https://www.debian.org/debsig/1.0/policy.dtd\">\n\
             <Policy xmlns=\"https://www.debian.org/debsig/1.0/\">\n<Origin Name=\"Holdline\" id=\"{id}\" \
             Description=\"Holdline\"/>\n<Selection><Required Type=\"origin\" File=\"holdline.gpg\" id=\"{id}\"/>\
             </Selection>\n<Verification><Required Type=\"origin\" File=\"holdline.gpg\" id=\"{id}\"/>\
             </Verification>\n</Policy>\n"
        ),
    )?;
    let verify = |deb: &Path| {
        let mut verify = command("debsig-verify");
        verify
            .arg("--policies-dir")
            .arg(&policies)
            .arg("--keyrings-dir")
            .arg(&keyrings)
            .arg(deb);
        run_quietly(&mut verify, "debsig-verify.log")
    };
    verify(&deb)?;
    refused(verify(&changed(&deb)?))
}

fn rpm(release: &Release) -> Result<()> {
    let rpm = release.only(".rpm")?;
    let database = release.folder.with_file_name("rpmdb");
    fs::create_dir_all(&database)?;
    let key = release.folder.with_file_name("rpm.asc");
    release.openpgp.export(&key, true)?;
    let rpm_with = |words: &[&str], file: &Path| {
        let mut rpm = command("rpm");
        rpm.arg("--dbpath").arg(&database).args(words).arg(file);
        rpm.env("LC_ALL", "C");
        rpm
    };
    run_quietly(&mut rpm_with(&["--import"], &key), "rpm-import.log")?;
    let said = output(&mut rpm_with(&["--checksig"], &rpm)).context("rpm refuses its own signature")?;
    // It also succeeds, with digests alone, for a package without a signature.
    ensure!(said.contains("signatures OK"), "rpm says {said:?}");
    refused(run_quietly(
        &mut rpm_with(&["--checksig"], &changed(&rpm)?),
        "rpm-changed.log",
    ))
}

fn updates(release: &Release) -> Result<()> {
    let deb = release.only(".deb")?;
    let signature = release.only(".deb.sig")?;
    verify_update(release, &deb, &signature)?;
    refused(verify_update(release, &changed(&deb)?, &signature))?;
    let manifest = fs::read_to_string(release.folder.join(CHANNEL).join("updates.json"))?;
    let manifest: serde_json::Value = serde_json::from_str(&manifest)?;
    let version = manifest["version"].as_str().unwrap_or_default();
    ensure!(
        deb.to_string_lossy().contains(&format!("_{version}_")),
        "the manifest offers {version:?}"
    );
    for platform in ["linux-x86_64-deb", "linux-x86_64-rpm"] {
        ensure!(
            manifest["platforms"][platform]["signature"].is_string(),
            "{platform} is not in {manifest}"
        );
    }
    Ok(())
}

/// By Debian's minisign.
fn verify_update(release: &Release, file: &Path, signature: &Path) -> Result<()> {
    // Tauri packs minisign's own files into base64 once more.
    let unpack = |file: &Path| -> Result<PathBuf> {
        let name = file.file_name().unwrap_or_default().to_string_lossy();
        let unpacked = release.folder.with_file_name(format!("unpacked-{name}"));
        let text = output(command("base64").arg("--decode").arg(file)).context("it is not base64")?;
        fs::write(&unpacked, text + "\n")?;
        Ok(unpacked)
    };
    let mut verify = command("minisign");
    verify.arg("-V").arg("-p").arg(unpack(&release.public_key)?);
    verify.arg("-x").arg(unpack(signature)?).arg("-m").arg(file);
    run_quietly(&mut verify, "minisign-verify.log")
}

/// A signer's command in the place of a key: it is called as documented, and one that writes nothing is noticed.
fn signer(release: &Release) -> Result<()> {
    let folder = release.folder.with_file_name("signer");
    fs::create_dir_all(&folder)?;
    let key = release.public_key.with_extension("");
    let tauri = paths::packaging().join("node_modules/.bin/tauri");
    let signs = script(
        &folder.join("signs"),
        &format!(
            "test $# = 2 && test \"$1\" = minisign && exec '{}' signer sign -p '' -f '{}' \"$2\"",
            tauri.display(),
            key.display()
        ),
    )?;
    let deb = folder.join("signed-elsewhere.deb");
    fs::copy(release.only(".deb")?, &deb)?;
    let signature = Minisign::Command(signs).sign(&deb)?;
    verify_update(release, &deb, &signature)?;
    fs::remove_file(signature)?;
    let idle = script(&folder.join("idle"), "exit 0")?;
    refused(Minisign::Command(idle).sign(&deb).map(drop))
}

pub(super) fn script(file: &Path, text: &str) -> Result<String> {
    fs::write(file, format!("#!/bin/sh\n{text}\n"))?;
    #[cfg(unix)]
    fs::set_permissions(file, std::os::unix::fs::PermissionsExt::from_mode(0o755))?;
    Ok(file.to_string_lossy().into_owned())
}

fn sums(release: &Release) -> Result<()> {
    let mut check = command("sha256sum");
    run_quietly(
        check
            .current_dir(&release.folder)
            .args(["--check", "--strict", "SHA256SUMS"]),
        "sha256sum.log",
    )?;
    let keyring = release.folder.join("apt").join(apt::KEYRING);
    let sums = release.folder.join("SHA256SUMS");
    let verify = |sums: &Path| {
        let mut verify = command("gpgv");
        verify
            .arg("--keyring")
            .arg(&keyring)
            .arg(release.folder.join("SHA256SUMS.asc"))
            .arg(sums);
        run_quietly(&mut verify, "gpgv.log")
    };
    verify(&sums)?;
    refused(verify(&changed(&sums)?))
}

/// It is covered by the signed checksums, and names what is in the programs.
fn bill(release: &Release) -> Result<()> {
    let bill = fs::read_to_string(release.folder.join("holdline.cdx.json"))?;
    let bill: serde_json::Value = serde_json::from_str(&bill)?;
    ensure!(bill["bomFormat"] == "CycloneDX", "it is {}", bill["bomFormat"]);
    let components = bill["components"].as_array().map_or(0, Vec::len);
    ensure!(components > 100, "it names {components} components only");
    let sums = fs::read_to_string(release.folder.join("SHA256SUMS"))?;
    ensure!(sums.contains("holdline.cdx.json"), "it has no checksum");
    Ok(())
}

/// The repository is served on loopback; apt with a root and lists of its own takes it, and refuses it changed.
fn apt_repository(release: &Release) -> Result<()> {
    let repository = release.folder.join("apt");
    let server = Server::start(&repository)?;
    let lists = release.folder.with_file_name("apt-client");
    for folder in [
        "lists/partial",
        "cache/archives/partial",
        "etc/preferences.d",
        "etc/apt.conf.d",
    ] {
        fs::create_dir_all(lists.join(folder))?;
    }
    fs::write(lists.join("status"), "")?;
    fs::write(
        lists.join("etc/sources.list"),
        format!(
            "deb [signed-by={}] {} {CHANNEL} main\n",
            repository.join(apt::KEYRING).display(),
            server.url
        ),
    )?;
    let apt = |program: &str, words: &[&str]| -> Command {
        let mut apt = command(program);
        for (name, value) in [
            ("Dir::Etc", "etc"),
            ("Dir::State::lists", "lists"),
            ("Dir::State::status", "status"),
            ("Dir::Cache", "cache"),
        ] {
            apt.arg(format!("--option={name}={}", lists.join(value).display()));
        }
        // The folder lies in a home that apt's own user may not enter.
        apt.args([
            "--option=APT::Sandbox::User=root",
            "--option=APT::Update::Error-Mode=any",
        ]);
        apt.args([
            "--option=Acquire::Languages=none",
            "--option=Acquire::http::Proxy=DIRECT",
        ])
        .args(words);
        apt
    };
    run_quietly(&mut apt("apt-get", &["update"]), "apt-update.log")?;
    let known = output(&mut apt("apt-cache", &["show", "holdline"])).context("apt knows no holdline")?;
    ensure!(known.contains("Package: holdline"), "apt says {known:?}");
    // The package itself: its checksum is in the signed list.
    let mut download = apt("apt-get", &["download", "holdline"]);
    run_quietly(download.current_dir(&lists), "apt-download.log")?;

    let release_file = repository.join("dists").join(CHANNEL).join("InRelease");
    let text = fs::read_to_string(&release_file)?;
    fs::write(&release_file, text.replace("Label: Holdline", "Label: holdline"))?;
    let fresh = lists.join("lists");
    fs::remove_dir_all(&fresh)?;
    fs::create_dir_all(fresh.join("partial"))?;
    let changed = run_quietly(&mut apt("apt-get", &["update"]), "apt-update-changed.log");
    fs::write(&release_file, text)?;
    refused(changed)
}

/// A copy with one bit in its middle changed.
fn changed(file: &Path) -> Result<PathBuf> {
    let mut content = fs::read(file)?;
    let middle = content.len() / 2;
    content[middle] ^= 1;
    let folder = paths::scratch().join("signatures/changed");
    fs::create_dir_all(&folder)?;
    let copy = folder.join(file.file_name().unwrap_or_default());
    fs::File::create(&copy)?.write_all(&content)?;
    Ok(copy)
}

fn refused(outcome: Result<()>) -> Result<()> {
    match outcome {
        Ok(()) => bail!("it takes what was changed after signing"),
        Err(_) => Ok(()),
    }
}
