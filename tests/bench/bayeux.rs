//! How many pushed messages a second our listener takes, against npm's `cometd` and `faye` in the same run from the
//! same server.

use std::fs;
use std::path::PathBuf;
use std::process::Command;

use journeys::programs;

use crate::example::{number, ran};
use crate::figure::{Bench, Figure, Missing, Target};

/// What the measurement tells, in the order in which the figures take it.
const TOLD: [&str; 5] = [
    "messages_vs_cometd",
    "messages_vs_faye",
    "cpu_vs_cometd",
    "ours_per_second",
    "cometd_per_second",
];

const PACKAGES: [&str; 3] = ["cometd@9.0.0", "cometd-nodejs-client@2.0.0", "faye@1.4.3"];

pub(crate) const FIGURES: &[Figure] = &[
    Figure {
        name: "bayeux.messages_vs_cometd",
        unit: "",
        target: Target::AtLeast(3.0),
        measure: |bench| told(bench, 0),
    },
    Figure {
        name: "bayeux.messages_vs_faye",
        unit: "",
        target: Target::None,
        measure: |bench| told(bench, 1),
    },
    Figure {
        name: "bayeux.cpu_vs_cometd",
        unit: "",
        target: Target::AtMost(0.33),
        measure: |bench| told(bench, 2),
    },
    Figure {
        name: "bayeux.messages_per_second",
        unit: "1/s",
        target: Target::None,
        measure: |bench| told(bench, 3),
    },
    Figure {
        name: "bayeux.messages_per_second_of_cometd",
        unit: "1/s",
        target: Target::None,
        measure: |bench| told(bench, 4),
    },
];

fn told(bench: &mut Bench, place: usize) -> Result<f64, Missing> {
    let told = bench.once("bayeux", || {
        let peers = peers()?;
        let folder = peers.to_string_lossy();
        let (told, succeeded) = ran("salesforce", "bayeux_throughput", &[&folder]);
        assert!(succeeded, "the measurement failed");
        Ok(TOLD.iter().map(|key| number(&told, key)).collect())
    })?;
    Ok(told[place])
}

/// A folder with the peers, installed once.
fn peers() -> Result<PathBuf, Missing> {
    let folder = programs::root().join("target/bench-peers");
    if folder.join("installed").is_file() {
        return Ok(folder);
    }
    fs::create_dir_all(&folder).expect("a folder for the peers");
    fs::write(folder.join("package.json"), r#"{"private":true}"#).expect("it can be written to");
    let mut npm = Command::new("npm");
    npm.current_dir(&folder)
        .args(["install", "--no-audit", "--no-fund", "--ignore-scripts"]);
    let installed = npm.args(PACKAGES).output();
    let installed = installed.map_err(|error| Missing(format!("`npm` does not start: {error}")))?;
    if !installed.status.success() {
        let said = String::from_utf8_lossy(&installed.stderr);
        let last = said.lines().last().unwrap_or_default();
        return Err(Missing(format!("npm could not install the peers: {last}")));
    }
    fs::write(folder.join("installed"), "").expect("it can be written to");
    Ok(folder)
}
