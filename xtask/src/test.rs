//! Every test: the window's, the console package's, Rust's, and the journeys in a real window.

use std::env;
use std::fs;
use std::path::Path;
use std::process::Command;

use anyhow::{Context, Result, bail};

use crate::build::{self, FEATURES, Programs, locked};
use crate::command::{cargo, output, run};
use crate::paths;
use crate::setup::{self, Purpose, Ready};
use crate::summary::Summary;

/// Where the fast tier's properties begin: the same cases for every change, so that a change that fails has
/// broken something. The slow tier draws new ones; `PROPTEST_RNG_SEED` in the environment is left alone.
const SEED: &str = "2026";

/// Runs them all; with a filter, the Rust tests and journeys whose name contains it.
pub(crate) fn test(filter: Option<&str>) -> Result<()> {
    tests(filter, None)
}

/// [`test`], with that many cases for each property.
pub(crate) fn tests(filter: Option<&str>, cases: Option<u32>) -> Result<()> {
    let ready = setup::ready(Purpose::Test)?;
    let mut summary = Summary::default();
    if filter.is_some() {
        summary.skip(
            "UI and console package",
            "a filter was given: only Rust tests and journeys",
        );
    } else {
        summary.step("UI unit tests", || npm(&ready, &paths::ui(), "test"));
        summary.step("Amazon Connect page tests", || npm(&ready, &paths::ccp(), "test"));
        summary.step("Console package: lint and tests", || {
            npm(&ready, &paths::console_package(), "verify")
        });
        summary.step("Voice guard tests", || npm(&ready, &paths::voice_guard(), "test"));
        summary.step("Connector API documents", || {
            npm(&ready, &paths::connector_check(), "test")
        });
    }
    let skips = paths::scratch().join("skipped");
    summary.step("Rust tests and journeys", || {
        let programs = build::everything()?;
        rust_tests(&programs, &ready, filter, cases, &skips)
    });
    for line in fs::read_to_string(&skips).unwrap_or_default().lines() {
        let (name, reason) = line.split_once('\t').unwrap_or((line, "no reason was given"));
        summary.skip(name, reason);
    }
    summary.finish()
}

fn npm(ready: &Ready, package: &Path, script: &str) -> Result<()> {
    let mut npm = ready.node.command("npm")?;
    npm.current_dir(package)
        .args(["run", script, "--silent"])
        .env("CI", "true");
    run(&mut npm)
}

fn rust_tests(
    programs: &Programs,
    ready: &Ready,
    filter: Option<&str>,
    cases: Option<u32>,
    skips: &Path,
) -> Result<()> {
    fs::create_dir_all(paths::scratch())?;
    fs::write(skips, "").with_context(|| format!("cannot write {}", skips.display()))?;
    let mut tests = runner();
    tests.args(filter);
    programs.name(&mut tests);
    tests.env("HOLDLINE_SKIPPED", skips);
    if let Some(reason) = &ready.no_chromium {
        tests.env("HOLDLINE_NO_CHROMIUM", reason);
    }
    if let Some(cases) = cases {
        if nextest() {
            tests.args(["--profile", "verify"]);
        }
        tests.env("PROPTEST_CASES", cases.to_string());
        tests.env("HOLDLINE_REAL_FAULTS", "1");
    } else if env::var_os("PROPTEST_RNG_SEED").is_none() {
        tests.env("PROPTEST_RNG_SEED", SEED);
    }
    run(&mut tests)
}

/// nextest where present, else cargo's own; both for the whole workspace as [`build::everything`] built it.
fn runner() -> Command {
    let mut tests = cargo();
    if nextest() {
        tests.args(["nextest", "run", "--no-fail-fast"]);
    } else {
        tests.args(["test", "--no-fail-fast", "--quiet"]);
    }
    tests.args(["--workspace", "--features", FEATURES]);
    locked(&mut tests);
    tests
}

fn nextest() -> bool {
    output(cargo().args(["nextest", "--version"])).is_some()
}

/// One journey, windowed, that writes its screenshots into a folder.
pub(crate) fn journey(name: &str, screenshots: &Path) -> Result<()> {
    let programs = build::everything()?;
    let mut tests = runner();
    tests.args(["--test", "journeys", name]);
    programs.name(&mut tests);
    tests.env("HOLDLINE_SCREENSHOTS", screenshots);
    if run(&mut tests).is_err() {
        bail!("the journey `{name}` failed");
    }
    Ok(())
}

/// One journey with installed programs, and what it is to know besides.
pub(crate) fn installed_journey(
    name: &str,
    holdline: &Path,
    holdlinectl: &Path,
    about: &[(&str, &std::ffi::OsStr)],
) -> Result<()> {
    let ready = setup::ready(Purpose::Test)?;
    let mut tests = runner();
    tests.args(["--test", "journeys", name]);
    if let Some(reason) = &ready.no_chromium {
        tests.env("HOLDLINE_NO_CHROMIUM", reason);
    }
    tests
        .env("HOLDLINE_BIN", holdline)
        .env("HOLDLINECTL_BIN", holdlinectl)
        .envs(about.iter().copied());
    run(&mut tests)
}
