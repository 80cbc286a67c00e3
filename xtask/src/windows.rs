//! Windows from a Debian machine: `cargo xtask check-windows`, and installers from a cross-linked program.
//!
//! What Tauri's own bundler would do on Windows (NSIS, WiX) is done here by `makensis` and `wixl`, from
//! `packaging/windows/`.

use std::ffi::OsString;
use std::fs;
use std::path::{Path, PathBuf};
use std::process::Command;

use anyhow::{Context, Result, ensure};

use crate::build::FEATURES;
use crate::command::{command, run, run_quietly};
use crate::cross;
use crate::package;
use crate::paths;
use crate::setup;

const TARGET: &str = "x86_64-pc-windows-gnu";
const PROGRAMS: [&str; 3] = ["holdline", "holdline-window", "holdlinectl"];

/// What was made.
pub(crate) struct Installers {
    /// For a machine: Group Policy, Intune.
    pub(crate) msi: PathBuf,
    /// For one user, without an administrator.
    pub(crate) nsis: PathBuf,
}

/// Checks the whole app for Windows, and all that the release workflow tests there.
pub(crate) fn check() -> Result<()> {
    setup::windows()?;
    run(cross::everything(&mut for_windows("check")))
}

/// Links the programs and makes both installers, unsigned.
pub(crate) fn installers(folder: &Path) -> Result<Installers> {
    setup::windows_installers()?;
    setup::ready(setup::Purpose::Run)?;
    let mut build = for_windows("build");
    build
        .args(["--package", "holdline", "--package", "holdlinectl"])
        .args(["--features", FEATURES, "--bins", "--profile", "cross"]);
    run(&mut build)?;
    let programs = paths::target().join("windows").join(TARGET).join("cross");
    for program in PROGRAMS {
        let file = programs.join(format!("{program}.exe"));
        ensure!(file.is_file(), "cargo linked no {}", file.display());
    }
    // A Tauri program of this target loads it from beside itself.
    let loader = find_below(&programs, "WebView2Loader.dll")?;
    fs::create_dir_all(folder).with_context(|| format!("cannot make {}", folder.display()))?;
    let version = package::version();
    let stage = folder.join("stage");
    let _ = fs::remove_dir_all(&stage);
    fs::create_dir_all(&stage)?;
    for program in PROGRAMS {
        let name = format!("{program}.exe");
        fs::copy(programs.join(&name), stage.join(&name))?;
    }
    if let Some(loader) = &loader {
        fs::copy(loader, stage.join("WebView2Loader.dll"))?;
    }
    fs::copy(paths::root().join("icons/icon.ico"), stage.join("holdline.ico"))?;
    fs::copy(paths::root().join("LICENSE"), stage.join("LICENSE.txt"))?;
    let sources = paths::packaging().join("windows");

    let nsis = folder.join(format!("holdline_{version}_x64-setup.exe"));
    let mut make = command("makensis");
    make.args(["-V2", &format!("-DVERSION={version}"), "-DSTUB=amd64-unicode"])
        .arg(format!("-DSTAGE={}", stage.display()))
        .arg(format!("-DOUT={}", nsis.display()))
        .arg(sources.join("holdline.nsi"));
    run_quietly(&mut make, "makensis.log").context("the NSIS installer could not be made")?;

    let msi = folder.join(format!("holdline_{version}_x64.msi"));
    let loaded = if loader.is_some() {
        "Loader=yes"
    } else {
        "Loader=no"
    };
    let mut make = command("wixl");
    make.args(["--arch", "x64", "-D", &format!("Version={version}")])
        // It finds no absolute one.
        .args(["-D", "Stage=.", "-D", loaded, "--output"])
        .arg(&msi)
        .arg(sources.join("holdline.wxs"))
        .current_dir(&stage);
    run_quietly(&mut make, "wixl.log").context("the MSI could not be made")?;
    Ok(Installers { msi, nsis })
}

/// The packages with rooms of Windows' own that are tried by themselves: settings and files, updates.
const ROOMS: [&str; 2] = ["companion", "update"];

/// Runs the tests of Windows' own rooms, the keyring's among them, with this environment (it names who can run them).
pub(crate) fn test_rooms(environment: &[(&str, OsString)]) -> Result<()> {
    let tests = |package: &str| {
        let mut tests = for_windows("test");
        tests
            .args(["--quiet", "--profile", "cross", "--package", package])
            .envs(environment.iter().map(|(name, value)| (name, value)));
        tests
    };
    for package in ROOMS {
        let done = run(tests(package).args(["--lib", "--tests"]));
        done.with_context(|| format!("{package}'s tests failed"))?;
    }
    run(tests("salesforce").args(["--test", "credential_manager"])).context("the keyring's test failed")
}

fn for_windows(verb: &str) -> Command {
    cross::cargo_for(TARGET, "windows", verb)
}

fn find_below(folder: &Path, name: &str) -> Result<Option<PathBuf>> {
    let mut folders = vec![folder.to_owned()];
    while let Some(folder) = folders.pop() {
        for entry in fs::read_dir(&folder)? {
            let path = entry?.path();
            if path.is_dir() {
                folders.push(path);
            } else if path.file_name().is_some_and(|found| found == name)
                && path
                    .components()
                    .any(|part| part.as_os_str() == "x64" || part.as_os_str() == "cross")
            {
                return Ok(Some(path));
            }
        }
    }
    Ok(None)
}
