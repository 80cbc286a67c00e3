//! The slow tier.

use std::path::Path;

use anyhow::Result;

use crate::build::locked;
use crate::command::{cargo, command, output, run};
use crate::paths;
use crate::summary::Summary;
use crate::test;

/// Cases for each property; the tests' own default is proptest's 256.
const CASES: u32 = 20_000;

/// Simulated shifts, by their seeds.
const SHIFTS: &str = "0..10000";

/// How long each fuzz target runs, seconds: a smoke test. `cargo fuzz run` alone runs until it is stopped.
const FUZZ_SECONDS: u32 = 20;

/// Every test with long runs of the properties, the model check of the large worlds, the simulated shifts, and
/// a little fuzzing. Fails if any promise is broken.
pub(crate) fn verify() -> Result<()> {
    let mut summary = Summary::default();
    let tests = format!("Every test, with {CASES} cases for each property");
    summary.step(&tests, || test::tests(None, Some(CASES)));
    summary.step("Model check", || proof("model", &[]));
    summary.step("Simulated shifts", || proof("shift", &[SHIFTS]));
    for package in ["bayeux", "presence", "rules"] {
        fuzz(&mut summary, package);
    }
    summary.finish()
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
