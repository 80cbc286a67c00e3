//! The slow tier.

mod clean_root;
mod packages;
mod server;
mod signatures;
mod updates;
mod windows;
mod wine;

use std::fs;
use std::path::{Path, PathBuf};

use anyhow::Result;

use crate::build::{self, locked};
use crate::command::{cargo, command, output, run};
use crate::package::{self, Packages};
use crate::paths;
use crate::stamp::Stamp;
use crate::summary::Summary;
use crate::test;

/// Cases for each property; the tests' own default is proptest's 256.
const CASES: u32 = 20_000;

/// Simulated shifts, by their seeds.
const SHIFTS: &str = "0..10000";

/// How long each fuzz target runs, seconds: a smoke test. `cargo fuzz run` alone runs until it is stopped.
const FUZZ_SECONDS: u32 = 20;

/// Every test with long runs of the properties, the model check of the large worlds, the simulated shifts, and
/// a little fuzzing. Fails if any promise is broken. With names, only the steps whose name contains one of them.
pub(crate) fn verify(only: &[String]) -> Result<()> {
    let mut summary = Summary::only(only);
    let tests = format!("Every test, with {CASES} cases for each property");
    summary.step(&tests, || test::tests(None, Some(CASES)));
    summary.step("Model check", || proof("model", &[]));
    summary.step("Simulated shifts", || proof("shift", &[SHIFTS]));
    for package in ["bayeux", "presence", "rules"] {
        fuzz(&mut summary, package);
    }
    delivery(&mut summary);
    summary.finish()
}

/// A version that comes after the checkout's: updates are tried from one to the other.
const NEWER: &str = "99.0.0";

/// What is handed out: packages, signatures, updates, and Windows and macOS as far as they can be seen from here.
fn delivery(summary: &mut Summary) {
    summary.step("Packages, twice from one commit", twice_the_same);
    summary.step("Signatures", || {
        let (now, _) = this_and_the_next()?;
        let release = signatures::Release::sign("checked", &now, "https://updates.invalid")?;
        signatures::check(&release)
    });
    match clean_root::CleanRoot::impossible() {
        Some(reason) => summary.skip("Packages in a clean system", reason),
        None => {
            summary.step("Packages in a clean system", || {
                let (now, newer) = this_and_the_next()?;
                packages::in_clean_root(&now, &newer)
            });
            summary.step("An update in a clean system", || {
                let (now, newer) = this_and_the_next()?;
                let seconds = updates::in_clean_root(&now.deb, &newer)?;
                println!("The update took {seconds:.1} s from the end of the call.");
                Ok(())
            });
        }
    }
    summary.step("macOS: the whole app is checked", crate::macos::check);
    summary.step("Windows: the whole app is checked", crate::windows::check);
    summary.step(
        "Windows: installers, signed, and installed in Wine",
        windows::installers,
    );
}

/// Whether this machine allows a system in a folder.
pub(crate) fn updates_can_be_tried() -> bool {
    clean_root::CleanRoot::impossible().is_none()
}

/// How long an update takes from the end of the call it waited for, seconds.
pub(crate) fn update_seconds() -> Result<f64> {
    let (now, newer) = this_and_the_next()?;
    updates::in_clean_root(&now.deb, &newer)
}

/// This version's package, made twice: the two must be the same. The second time our own crates are compiled anew.
fn twice_the_same() -> Result<()> {
    let make = |name| package::make(&folder().join(name), &package::version());
    let first = make("first")?;
    package::check(&first.deb)?;
    build::forget_ours()?;
    let second = make("second")?;
    package::compare(&first.deb, &second.deb)
}

/// This version's packages, and the next one's; those of an earlier run where nothing has changed since.
fn this_and_the_next() -> Result<(Packages, Packages)> {
    let [now, newer] = ["now", "newer"].map(|name| folder().join(name));
    let stamp = Stamp::of("verify-packages", &sources(), &["dist", "node_modules", "target"])?;
    if stamp.holds()
        && let (Ok(now), Ok(newer)) = (Packages::lying_in(&now), Packages::lying_in(&newer))
    {
        return Ok((now, newer));
    }
    for folder in [&now, &newer] {
        let _ = fs::remove_dir_all(folder);
    }
    // The checkout's version first: its programs may be there already.
    let now = package::make(&now, &package::version())?;
    let newer = package::make(&newer, NEWER)?;
    stamp.set()?;
    Ok((now, newer))
}

fn folder() -> PathBuf {
    paths::scratch().join("verify-packages")
}

/// What packages are made from.
fn sources() -> Vec<PathBuf> {
    [
        "CHANGELOG.md",
        "Cargo.lock",
        "Cargo.toml",
        "LICENSE",
        "crates",
        "icons",
        "packages/ccp",
        "packaging",
        "src-tauri",
        "tauri.conf.json",
        "ui",
        "xtask/src/package",
        "xtask/src/package.rs",
    ]
    .map(|name| paths::root().join(name))
    .to_vec()
}

/// An example of the crate `proof`, in release; it fails by itself for a broken promise.
fn proof(example: &str, arguments: &[&str]) -> Result<()> {
    let mut proof = cargo();
    proof.args([
        "run",
        "--quiet",
        "--release",
        "--package",
        "proof",
        "--example",
        example,
    ]);
    locked(&mut proof).arg("--").args(arguments);
    run(&mut proof)
}

/// Each fuzz target of a package for a short while.
fn fuzz(summary: &mut Summary, package: &str) {
    let folder = paths::root().join("crates").join(package);
    let name = format!("Fuzzing {package}");
    let nightly = || {
        let mut cargo = command("cargo");
        cargo.arg("+nightly").current_dir(&folder);
        cargo
    };
    if output(nightly().args(["fuzz", "--version"])).is_none() {
        return summary.skip(&name, "cargo-fuzz or a nightly toolchain is not installed");
    }
    let targets = output(nightly().args(["fuzz", "list"])).unwrap_or_default();
    if targets.is_empty() {
        return summary.skip(&name, &format!("{} has no fuzz targets", shown(&folder)));
    }
    for target in targets.lines() {
        let time = format!("-max_total_time={FUZZ_SECONDS}");
        summary.step(&format!("{name}: {target}"), || {
            run(nightly().args(["fuzz", "run", target, "--", &time]))
        });
    }
}

fn shown(folder: &Path) -> String {
    let name = folder.file_name().unwrap_or_default();
    name.to_string_lossy().into_owned()
}
