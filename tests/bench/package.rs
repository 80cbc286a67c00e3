//! The package that is handed out: its size, how long installing it takes, and the start of what it installed.
//!
//! `cargo xtask bench` makes the package and names it here; it measures an update by itself, in a system of its own,
//! and names its seconds.

use std::path::{Path, PathBuf};
use std::process::{Command, Stdio};
use std::time::Instant;

use journeys::desktop::Desktop;
use journeys::process::Guard;
use rustix::process::Signal;
use tempfile::TempDir;

use crate::figure::{Bench, Figure, Missing, Target, percentile};

/// Starts; the first of them only warms the machine's caches.
const RUNS: usize = 8;

pub(crate) const FIGURES: &[Figure] = &[
    Figure {
        name: "package.deb_mb",
        unit: "MB",
        target: Target::AtMost(10.0),
        measure: |_| size(),
    },
    Figure {
        name: "package.install_seconds",
        unit: "s",
        target: Target::None,
        measure: |_| Installed::new().map(|installed| installed.seconds),
    },
    Figure {
        name: "start.tray_ms",
        unit: "ms",
        target: Target::AtMost(250.0),
        measure: tray,
    },
    Figure {
        name: "update.apply_seconds",
        unit: "s",
        target: Target::None,
        measure: |_| update(),
    },
];

fn package() -> Result<PathBuf, Missing> {
    let missing = "HOLDLINE_PACKAGE names no .deb: `cargo xtask bench` makes one on Debian";
    std::env::var_os("HOLDLINE_PACKAGE")
        .map(PathBuf::from)
        .ok_or_else(|| Missing(missing.to_owned()))
}

/// Megabytes of 1,000,000 bytes.
#[expect(clippy::cast_precision_loss, reason = "a package has fewer than 2^52 bytes")]
fn size() -> Result<f64, Missing> {
    let package = package()?;
    let bytes = std::fs::metadata(&package).expect("the package is there").len();
    Ok(bytes as f64 / 1e6)
}

/// The package, installed by dpkg below a folder.
struct Installed {
    folder: TempDir,
    seconds: f64,
}

impl Installed {
    fn new() -> Result<Self, Missing> {
        let package = package()?;
        if !rustix::process::geteuid().is_root() {
            return Err(Missing("dpkg installs for root only".to_owned()));
        }
        let folder = tempfile::tempdir().expect("a temporary folder");
        let database = folder.path().join("var/lib/dpkg");
        for part in ["info", "updates", "triggers"] {
            std::fs::create_dir_all(database.join(part)).expect("our own folder");
        }
        for file in ["status", "available"] {
            std::fs::write(database.join(file), "").expect("our own folder");
        }
        let started = Instant::now();
        // What it depends on is this machine's.
        let installed = Command::new("dpkg")
            .arg(format!("--root={}", folder.path().display()))
            .args(["--force-depends", "--force-script-chrootless", "--install"])
            .arg(&package)
            .stdin(Stdio::null())
            .output()
            .expect("dpkg is there");
        let seconds = started.elapsed().as_secs_f64();
        assert!(
            installed.status.success(),
            "{}",
            String::from_utf8_lossy(&installed.stderr)
        );
        Ok(Self { folder, seconds })
    }

    fn holdline(&self) -> PathBuf {
        self.folder.path().join("usr/bin/holdline")
    }
}

/// From the start of the installed program to its icon in the tray, without a window.
fn tray(_: &mut Bench) -> Result<f64, Missing> {
    let installed = Installed::new()?;
    let program = installed.holdline();
    let samples: Vec<_> = (0..RUNS).map(|_| one_start(&program)).collect();
    Ok(percentile(&samples[1..], 0.5))
}

fn one_start(program: &Path) -> f64 {
    let desktop = Desktop::start();
    let mut command = desktop.command(program);
    command
        .arg("--hidden")
        .arg("--profile")
        .arg(desktop.folder().join("profile"));
    let started = Instant::now();
    let mut holdline: Guard = desktop.spawn("holdline", &mut command);
    desktop.tray().wait_for_item();
    let shown = started.elapsed();
    holdline.signal(Signal::TERM);
    holdline.exit();
    shown.as_secs_f64() * 1e3
}

/// From the end of the call that an update waited for to the next version with its rep signed in.
fn update() -> Result<f64, Missing> {
    let said = std::env::var("HOLDLINE_UPDATE_SECONDS")
        .map_err(|_| Missing("`cargo xtask bench update` measures it, as root on Debian".to_owned()))?;
    Ok(said.parse().expect("cargo xtask writes a number"))
}
