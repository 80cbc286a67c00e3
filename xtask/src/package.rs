//! Packages for Linux: `cargo xtask package` makes .deb and .rpm with one `tauri build`.
//!
//! Read top-down: Tauri builds the programs, calls back for what only packages carry (man pages, completions,
//! notices), bundles both, and then the .deb gets what Tauri has no words for (`deb.rs`).

mod check;
mod compare;
mod deb;
mod epoch;
mod extras;
mod manual;
mod notices;

use std::fs;
use std::path::{Path, PathBuf};

use anyhow::{Context, Result, bail};
use serde_json::json;

use crate::build;
use crate::command::{command, run};
use crate::paths;
use crate::setup;

pub(crate) use check::check;
pub(crate) use compare::compare;
pub(crate) use deb::sha256;
pub(crate) use epoch::epoch;

/// What was made.
pub(crate) struct Packages {
    /// Debian, Ubuntu.
    pub(crate) deb: PathBuf,
    /// Fedora, RHEL, openSUSE.
    pub(crate) rpm: PathBuf,
}

impl Packages {
    /// Those that lie in a folder.
    ///
    /// # Errors
    /// It does not hold one of each kind.
    pub(crate) fn lying_in(folder: &Path) -> Result<Self> {
        Ok(Self {
            deb: the_only_one(folder, "deb")?,
            rpm: the_only_one(folder, "rpm")?,
        })
    }
}

/// Makes and checks them, into `target/packages` (or the folder that is named), and says where they are.
pub(crate) fn package(folder: Option<&Path>) -> Result<()> {
    let folder = folder.map_or_else(packages, |folder| paths::root().join(folder));
    let made = make(&folder, &version())?;
    check(&made.deb)?;
    for package in [&made.deb, &made.rpm] {
        let bytes = fs::metadata(package)?.len();
        println!("{}  {:.2} MB", package.display(), mega(bytes));
    }
    Ok(())
}

/// Where packages go.
pub(crate) fn packages() -> PathBuf {
    paths::target().join("packages")
}

/// Called by Tauri's build, with the environment that [`make`] gave it.
pub(crate) fn write_extras() -> Result<()> {
    let version = std::env::var(build::VERSION).unwrap_or_else(|_| version());
    extras::write(&version, epoch()?)
}

fn scratch() -> PathBuf {
    paths::scratch().join("package")
}

/// This checkout's version.
pub(crate) fn version() -> String {
    env!("CARGO_PKG_VERSION").to_owned()
}

/// Makes them, unchecked. A version other than the checkout's is built into the programs too: how an update from
/// one to the next is tried.
pub(crate) fn make(folder: &Path, version: &str) -> Result<Packages> {
    let ready = setup::packaging()?;
    let epoch = epoch()?;
    fs::create_dir_all(scratch())?;
    let config = scratch().join("tauri.package.json");
    let files = extras::by_place();
    // In the middle of Tauri's build, when the programs are there and before they are bundled.
    let extras = format!("\"{}\" package-extras", std::env::current_exe()?.display());
    let content = json!({
        "version": version,
        // The set-up has built the page.
        "build": { "beforeBuildCommand": null, "beforeBundleCommand": extras },
        "bundle": { "linux": {
            "deb": { "desktopTemplate": desktop_entry(), "files": files },
            "rpm": { "desktopTemplate": desktop_entry(), "files": files, "depends": RPM_DEPENDS, "release": "1",
                "postRemoveScript": paths::packaging().join("linux/rpm-after-removal.sh"),
                "compression": { "type": "xz", "level": 9 } },
        } },
    });
    fs::write(&config, content.to_string()).with_context(|| format!("cannot write {}", config.display()))?;

    let bundles = paths::target().join("release/bundle");
    for kind in ["deb", "rpm"] {
        // An older version's package would be taken for this one's.
        let _ = fs::remove_dir_all(bundles.join(kind));
    }
    let mut tauri = ready.node.command("node")?;
    tauri
        .arg(paths::packaging().join("node_modules/@tauri-apps/cli/tauri.js"))
        .args([
            "build",
            "--bundles",
            "deb,rpm",
            "--features",
            build::FEATURES,
            "--config",
        ])
        .arg(&config)
        .args(["--", "--package", "holdline", "--package", "holdlinectl"])
        .env("SOURCE_DATE_EPOCH", epoch.to_string())
        .current_dir(paths::root());
    // Set for another version only: a build with it is not a build without it, and would be compiled again.
    if version == self::version() {
        tauri.env_remove(build::VERSION);
    } else {
        tauri.env(build::VERSION, version);
    }
    if std::env::var_os("CI").is_some() {
        tauri.arg("--locked");
    }
    run(&mut tauri)?;

    fs::create_dir_all(folder).with_context(|| format!("cannot make {}", folder.display()))?;
    let deb = folder.join(format!("holdline_{version}_{}.deb", debian_architecture()?));
    deb::finish(
        &the_only_one(&bundles.join("deb"), "deb")?,
        &deb,
        &scratch(),
        epoch,
    )?;
    let bundled = the_only_one(&bundles.join("rpm"), "rpm")?;
    let rpm = folder.join(bundled.file_name().unwrap_or_default().to_ascii_lowercase());
    fs::copy(&bundled, &rpm).with_context(|| format!("cannot write {}", rpm.display()))?;
    Ok(Packages { deb, rpm })
}

/// By soname, which Fedora, RHEL and openSUSE all understand; their packages' names differ.
const RPM_DEPENDS: [&str; 4] = [
    "ca-certificates",
    "libgtk-3.so.0()(64bit)",
    "libwebkit2gtk-4.1.so.0()(64bit)",
    "xdg-utils",
];

fn desktop_entry() -> PathBuf {
    paths::packaging().join("linux/holdline.desktop")
}

/// As dpkg names this machine.
fn debian_architecture() -> Result<String> {
    crate::command::output(command("dpkg").arg("--print-architecture"))
        .context("`dpkg --print-architecture` failed")
}

fn the_only_one(folder: &Path, extension: &str) -> Result<PathBuf> {
    let mut found = Vec::new();
    for entry in fs::read_dir(folder).with_context(|| format!("cannot read {}", folder.display()))? {
        let path = entry?.path();
        if path.extension().is_some_and(|found| found == extension) {
            found.push(path);
        }
    }
    match <[PathBuf; 1]>::try_from(found) {
        Ok([package]) => Ok(package),
        Err(found) => bail!("{} .{extension} in {}, not one", found.len(), folder.display()),
    }
}

#[expect(clippy::cast_precision_loss, reason = "a size to be read")]
fn mega(bytes: u64) -> f64 {
    bytes as f64 / 1e6
}
