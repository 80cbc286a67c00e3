//! The one way in which this checkout is built, so that nothing is compiled twice.
//!
//! Features are resolved for the packages that are selected together, so building and testing select the
//! whole workspace, with the same features and profile.

use std::path::PathBuf;
use std::process::Command;

use anyhow::{Result, bail};

use crate::command::{cargo, run};
use crate::package::epoch;
use crate::paths;

/// The window's pages come from the program itself instead of a development server.
pub(crate) const FEATURES: &str = "holdline/custom-protocol";

/// Names the version that is built into the programs, when it is not the checkout's.
pub(crate) const VERSION: &str = "HOLDLINE_VERSION";

/// The programs that run and test need.
pub(crate) struct Programs {
    /// Holdline with its window and tray.
    pub(crate) holdline: PathBuf,
    /// The command line.
    pub(crate) holdlinectl: PathBuf,
}

impl Programs {
    fn of(profile: &str) -> Result<Self> {
        let programs = Self {
            holdline: paths::program(profile, "holdline"),
            holdlinectl: paths::program(profile, "holdlinectl"),
        };
        for program in [&programs.holdline, &programs.holdlinectl] {
            if !program.is_file() {
                bail!(
                    "{} was built but is not there: is build.target-dir set?",
                    program.display()
                );
            }
        }
        Ok(programs)
    }

    /// As a release build has left them.
    ///
    /// # Errors
    /// There has been none.
    pub(crate) fn released() -> Result<Self> {
        Self::of("release")
    }

    /// Names them for the journeys.
    pub(crate) fn name(&self, command: &mut Command) {
        command
            .env("HOLDLINE_BIN", &self.holdline)
            .env("HOLDLINECTL_BIN", &self.holdlinectl);
    }
}

/// Holdline and the command line, to be run.
pub(crate) fn programs() -> Result<Programs> {
    run(locked(cargo().args([
        "build",
        "--workspace",
        "--bins",
        "--features",
        FEATURES,
    ])))?;
    Programs::of("debug")
}

/// Holdline and the command line as they are handed out, to be measured. With a package's time stamp: the TLS
/// library is compiled anew for another one, and all that uses it.
pub(crate) fn released() -> Result<Programs> {
    let packages = ["--package", "holdline", "--package", "holdlinectl"];
    run(locked(
        cargo()
            .args(["build", "--release"])
            .args(packages)
            .args(["--features", FEATURES])
            .env("SOURCE_DATE_EPOCH", epoch()?.to_string()),
    ))?;
    Programs::released()
}

/// Has the next release build compile our own crates again; those of others stay.
pub(crate) fn forget_ours() -> Result<()> {
    let mut clean = cargo();
    clean.args(["clean", "--quiet", "--release", "--workspace"]);
    run(&mut clean)
}

/// The whole workspace with its tests.
pub(crate) fn everything() -> Result<Programs> {
    run(locked(cargo().args([
        "build",
        "--workspace",
        "--all-targets",
        "--features",
        FEATURES,
    ])))?;
    Programs::of("debug")
}

/// On build machines the lockfile is the law.
pub(crate) fn locked(cargo: &mut Command) -> &mut Command {
    if std::env::var_os("CI").is_some() {
        cargo.arg("--locked");
    }
    cargo
}
