//! What Tauri has no words for in a .deb: dependencies by what the programs are linked with, conffiles, one time
//! stamp for everything.

use std::fs;
use std::path::{Path, PathBuf};
use std::process::Command;

use anyhow::{Context, Result, bail};
use sha2::Digest as _;

use crate::command::{command, output, run_quietly};

pub(super) const MAINTAINER: &str = "The Holdline developers <packages@holdline.invalid>";

const DESCRIPTION: &str = "desktop companion for Salesforce Omni-Channel service reps
 Holdline shows an explicit On call, which Omni-Channel does not have, from the
 work that is assigned to the rep. It holds every request to go Offline while a
 call is active, because an Offline applied in the middle of a call drops it,
 and applies it when the call is over.
 .
 It runs in the tray beside the Salesforce console and brings a practice org
 that needs no Salesforce.";

/// What is not linked but wanted: a browser to sign in with, a place for tokens, notifications.
const RECOMMENDS: &str = "gnome-keyring | libsecret-service, notification-daemon, xdg-utils";

/// What is needed and not linked: the certificate authorities that TLS trusts.
const DEPENDS: &str = "ca-certificates";

/// What every machine may change, and dpkg asks about.
const CONFFILES: &str = "/etc/xdg/autostart/holdline.desktop\n";

/// Makes `to` from the package that Tauri has bundled.
pub(super) fn finish(bundled: &Path, to: &Path, scratch: &Path, epoch: u64) -> Result<()> {
    let tree = scratch.join("deb");
    let _ = fs::remove_dir_all(&tree);
    run_quietly(
        command("dpkg-deb").arg("--raw-extract").arg(bundled).arg(&tree),
        "dpkg-deb-extract.log",
    )?;
    let control = tree.join("DEBIAN");
    for extra in ["md5sums", "postinst", "prerm"] {
        let _ = fs::remove_file(control.join(extra));
    }
    let files = files_below(&tree, &control)?;
    let modes = files.iter().map(|file| mode(file)).collect::<Vec<_>>();
    for (file, mode) in files.iter().zip(modes) {
        set_mode(file, mode)?;
    }
    fs::write(control.join("md5sums"), md5sums(&tree, &files)?)?;
    fs::write(control.join("conffiles"), CONFFILES)?;
    fs::write(control.join("control"), control_file(&tree, &files)?)?;
    for file in ["md5sums", "conffiles", "control"] {
        set_mode(&control.join(file), 0o644)?;
    }
    let mut build = command("dpkg-deb");
    build
        // The programs share most of their libraries: the largest dictionary sees it, a third of the package.
        .args(["--root-owner-group", "-Zxz", "-z9", "-Sextreme", "--build"])
        .arg(&tree)
        .arg(to)
        // dpkg-deb takes it as the latest time that anything in the package may have.
        .env("SOURCE_DATE_EPOCH", epoch.to_string());
    touch(&tree, epoch)?;
    run_quietly(&mut build, "dpkg-deb-build.log")
}

fn control_file(tree: &Path, files: &[PathBuf]) -> Result<String> {
    let version = output(
        command("sed")
            .args(["-n", "s/^Version: //p"])
            .arg(tree.join("DEBIAN/control")),
    )
    .context("Tauri's control file has no version")?;
    let architecture =
        output(command("dpkg").arg("--print-architecture")).context("`dpkg --print-architecture` failed")?;
    let mut kilobytes = 0;
    for file in files {
        kilobytes += fs::metadata(file)?.len().div_ceil(1024);
    }
    Ok(format!(
        "Package: holdline\nVersion: {version}\nArchitecture: {architecture}\nMaintainer: {MAINTAINER}\n\
         Installed-Size: {kilobytes}\nDepends: {DEPENDS}, {}\nRecommends: {RECOMMENDS}\nSection: comm\nPriority: optional\n\
         Description: {DESCRIPTION}\n",
        depends(tree)?
    ))
}

/// As dpkg-shlibdeps finds them in the programs.
fn depends(tree: &Path) -> Result<String> {
    // It reads the names of packages from a debian/control; ours has no other use.
    let source = tree.with_file_name("shlibdeps");
    fs::create_dir_all(source.join("debian"))?;
    fs::write(
        source.join("debian/control"),
        "Source: holdline\n\nPackage: holdline\nArchitecture: any\n",
    )?;
    let mut shlibdeps = Command::new("dpkg-shlibdeps");
    shlibdeps.current_dir(&source).arg("-O");
    for program in ["holdline", "holdline-window", "holdlinectl"] {
        shlibdeps.arg(format!("-e{}", tree.join("usr/bin").join(program).display()));
    }
    let found = output(&mut shlibdeps).context("dpkg-shlibdeps failed: is dpkg-dev installed?")?;
    let Some(depends) = found.strip_prefix("shlibs:Depends=") else {
        bail!("dpkg-shlibdeps said {found:?}");
    };
    Ok(depends.to_owned())
}

fn md5sums(tree: &Path, files: &[PathBuf]) -> Result<String> {
    let mut sums = String::new();
    for file in files {
        let sum = output(command("md5sum").arg(file)).context("md5sum failed")?;
        let sum = sum.split_whitespace().next().unwrap_or_default();
        let place = file.strip_prefix(tree).unwrap_or(file);
        // conffiles are not listed: people may change them.
        if !place.starts_with("etc") {
            sums.push_str(&format!("{sum}  {}\n", place.display()));
        }
    }
    Ok(sums)
}

/// Every file but dpkg's own, sorted.
fn files_below(folder: &Path, except: &Path) -> Result<Vec<PathBuf>> {
    let mut files = Vec::new();
    let mut folders = vec![folder.to_owned()];
    while let Some(folder) = folders.pop() {
        for entry in fs::read_dir(&folder).with_context(|| format!("cannot read {}", folder.display()))? {
            let path = entry?.path();
            if path == except {
                continue;
            }
            if path.is_dir() {
                folders.push(path);
            } else {
                files.push(path);
            }
        }
    }
    files.sort();
    Ok(files)
}

fn mode(file: &Path) -> u32 {
    if file.parent().is_some_and(|folder| folder.ends_with("usr/bin")) {
        0o755
    } else {
        0o644
    }
}

fn set_mode(file: &Path, mode: u32) -> Result<()> {
    #[cfg(unix)]
    fs::set_permissions(file, std::os::unix::fs::PermissionsExt::from_mode(mode))?;
    #[cfg(not(unix))]
    let _ = (file, mode);
    Ok(())
}

/// One time for everything, folders too.
fn touch(tree: &Path, epoch: u64) -> Result<()> {
    run_quietly(
        command("find").arg(tree).args([
            "-exec",
            "touch",
            "--no-dereference",
            &format!("--date=@{epoch}"),
            "{}",
            "+",
        ]),
        "touch.log",
    )?;
    run_quietly(
        command("find")
            .arg(tree)
            .args(["-type", "d", "-exec", "chmod", "755", "{}", "+"]),
        "chmod.log",
    )
}

/// SHA-256 of a file, in hexadecimal.
pub(crate) fn sha256(file: &Path) -> Result<String> {
    let content = fs::read(file).with_context(|| format!("cannot read {}", file.display()))?;
    Ok(sha2::Sha256::digest(&content)
        .iter()
        .map(|byte| format!("{byte:02x}"))
        .collect())
}
