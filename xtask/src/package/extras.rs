//! What only packages carry: man pages, completions, notices, metadata, the entry for autostart.

use std::collections::BTreeMap;
use std::fs;
use std::io::Write as _;
use std::path::{Path, PathBuf};
use std::process::{Command, Stdio};

use anyhow::{Context, Result, bail, ensure};

use super::epoch::date;
use super::{manual, notices};
use crate::command::{command, run};
use crate::paths;

/// Their places in the system; the last is a folder.
const PLACES: [&str; 12] = [
    "/etc/xdg/autostart/holdline.desktop",
    "/usr/share/bash-completion/completions/holdlinectl",
    "/usr/share/doc/holdline/CHANGELOG.md.gz",
    "/usr/share/doc/holdline/THIRD-PARTY-NOTICES.gz",
    "/usr/share/doc/holdline/changelog.gz",
    "/usr/share/doc/holdline/copyright",
    "/usr/share/fish/vendor_completions.d/holdlinectl.fish",
    "/usr/share/icons/hicolor/scalable/apps/holdline.svg",
    "/usr/share/lintian/overrides/holdline",
    "/usr/share/metainfo/io.holdline.Holdline.metainfo.xml",
    "/usr/share/zsh/vendor-completions/_holdlinectl",
    "/usr/share/man/man1",
];

/// Place in the system to file (or folder), as Tauri wants them; written by [`write`] in the middle of its build.
pub(super) fn by_place() -> BTreeMap<String, PathBuf> {
    let file = |place: &str| (place.to_owned(), folder().join(place.trim_start_matches('/')));
    let mut places: BTreeMap<_, _> = PLACES.iter().map(|place| file(place)).collect();
    let command_line = paths::program("release", "holdlinectl");
    places.insert("/usr/bin/holdlinectl".to_owned(), command_line);
    places
}

fn folder() -> PathBuf {
    super::scratch().join("extras")
}

/// Writes all of them, with the programs that were just built.
pub(super) fn write(version: &str, epoch: u64) -> Result<()> {
    let _ = fs::remove_dir_all(folder());
    let linux = paths::packaging().join("linux");
    let doc = "/usr/share/doc/holdline";
    let root = paths::root();
    copy(&format!("{doc}/copyright"), &linux.join("copyright"))?;
    copy(&format!("{doc}/CHANGELOG.md.gz"), &root.join("CHANGELOG.md"))?;
    text(
        &format!("{doc}/changelog.gz"),
        debian_changelog(version, epoch)?.as_bytes(),
    )?;
    text(&format!("{doc}/THIRD-PARTY-NOTICES.gz"), &notices::notices()?)?;
    copy(
        "/usr/share/lintian/overrides/holdline",
        &linux.join("lintian-overrides"),
    )?;
    copy(
        "/usr/share/icons/hicolor/scalable/apps/holdline.svg",
        &root.join("icons/svg/app.svg"),
    )?;
    copy(
        "/etc/xdg/autostart/holdline.desktop",
        &linux.join("autostart.desktop"),
    )?;
    let metainfo = fs::read_to_string(linux.join("io.holdline.Holdline.metainfo.xml"))?
        .replace("@VERSION@", version)
        .replace("@DATE@", &date(epoch, "%Y-%m-%d")?);
    text(
        "/usr/share/metainfo/io.holdline.Holdline.metainfo.xml",
        metainfo.as_bytes(),
    )?;
    text("/usr/share/man/man1/holdline.1.gz", &manual::holdline()?)?;
    command_line()?;
    for (place, file) in by_place() {
        ensure!(file.exists(), "{place} was not written");
    }
    Ok(())
}

/// A text at a place; one that ends in `.gz` is compressed.
fn text(place: &str, content: &[u8]) -> Result<()> {
    let file = folder().join(place.trim_start_matches('/'));
    let parent = file.parent().context("a file lies in a folder")?;
    fs::create_dir_all(parent).with_context(|| format!("cannot make {}", parent.display()))?;
    let written = if place.ends_with(".gz") {
        fs::write(&file, gzip(content)?)
    } else {
        fs::write(&file, content)
    };
    written.with_context(|| format!("cannot write {}", file.display()))
}

fn copy(place: &str, from: &Path) -> Result<()> {
    let content = fs::read(from).with_context(|| format!("cannot read {}", from.display()))?;
    text(place, &content)
}

/// Man pages and completions, as `holdlinectl` itself writes them.
fn command_line() -> Result<()> {
    let folder = super::scratch().join("manual");
    let _ = fs::remove_dir_all(&folder);
    let program = paths::program("release", "holdlinectl");
    run(command(program).arg("manual").arg(&folder))?;
    for entry in fs::read_dir(folder.join("man1"))? {
        let page = entry?.path();
        let name = page
            .file_name()
            .unwrap_or_default()
            .to_string_lossy()
            .into_owned();
        copy(&format!("/usr/share/man/man1/{name}.gz"), &page)?;
    }
    let completions = folder.join("completions");
    for (file, place) in [
        ("holdlinectl.bash", "bash-completion/completions/holdlinectl"),
        ("holdlinectl.fish", "fish/vendor_completions.d/holdlinectl.fish"),
        ("_holdlinectl", "zsh/vendor-completions/_holdlinectl"),
    ] {
        copy(&format!("/usr/share/{place}"), &completions.join(file))?;
    }
    Ok(())
}

/// Debian wants its own form; what has changed is in the project's.
fn debian_changelog(version: &str, epoch: u64) -> Result<String> {
    let date = date(epoch, "%a, %d %b %Y %H:%M:%S +0000")?;
    Ok(format!(
        "holdline ({version}) stable; urgency=medium\n\n  * See /usr/share/doc/holdline/CHANGELOG.md.gz.\n\n \
         -- {}  {date}\n",
        super::deb::MAINTAINER
    ))
}

/// Without name and time, so that the same content gives the same bytes.
fn gzip(content: &[u8]) -> Result<Vec<u8>> {
    let mut gzip = Command::new("gzip")
        .args(["--best", "--no-name", "--stdout"])
        .stdin(Stdio::piped())
        .stdout(Stdio::piped())
        .spawn()
        .context("gzip could not be started")?;
    let mut input = gzip.stdin.take().context("gzip has no standard input")?;
    let content = content.to_vec();
    let writing = std::thread::spawn(move || input.write_all(&content));
    let output = gzip.wait_with_output()?;
    let written = writing.join();
    if !output.status.success() || !matches!(written, Ok(Ok(()))) {
        bail!("gzip failed ({})", output.status);
    }
    Ok(output.stdout)
}
