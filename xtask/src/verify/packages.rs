//! The packages in a clean Debian system: installed, used, upgraded, removed.

use std::fs;
use std::path::Path;

use anyhow::{Context, Result, bail, ensure};

use super::NEWER;
use super::clean_root::CleanRoot;
use crate::command::{command, output, run, run_quietly};
use crate::package::{self, Packages};
use crate::test;

/// The rep's files, in the system.
const PROFILE: &str = "/root/.local/share/holdline/holdline.toml";
const KEPT: &str = "# the rep's own\n";

/// Both kinds, one after the other.
pub(super) fn in_clean_root(now: &Packages, newer: &Packages) -> Result<()> {
    let root = CleanRoot::make("packages")?;
    let before = root.holdlines()?;
    ensure!(before.is_empty(), "the clean system is not clean: {before:?}");
    deb(&root, &now.deb, &newer.deb).context(".deb")?;
    rpm(&root, &now.rpm, &newer.rpm).context(".rpm")
}

/// Installs a version, plays the main job with it on both surfaces, upgrades to the next, and removes it.
fn deb(root: &CleanRoot, deb: &Path, newer: &Path) -> Result<()> {
    root.install(deb)?;
    says_its_version(root, &package::version())?;
    starts_with_the_desktop_only_by_policy(root)?;
    for journey in [
        "main_job::headless",
        "main_job::windowed",
        "starts_with_the_desktop",
    ] {
        test::installed_journey(
            journey,
            &root.wrapper("holdline")?,
            &root.wrapper("holdlinectl")?,
            &[],
        )
        .with_context(|| format!("{journey}, installed from {}", deb.display()))?;
    }

    let profile = root.path(PROFILE);
    fs::create_dir_all(profile.parent().context("a file in a folder")?)?;
    fs::write(&profile, KEPT)?;
    root.install(newer)?;
    says_its_version(root, NEWER)?;
    kept(root)?;

    run_quietly(
        root.command("apt-get")
            .args(["remove", "--yes", "--quiet", "holdline"]),
        "clean-root-remove.log",
    )?;
    kept(root)?;
    for program in PROGRAMS {
        ensure!(!root.path(program).exists(), "{program} is left after remove");
    }
    run_quietly(
        root.command("apt-get")
            .args(["purge", "--yes", "--quiet", "holdline"]),
        "clean-root-purge.log",
    )?;
    kept(root)?;
    leaves_no_rest(root)
}

/// The same without the main job. Fedora's libraries are not here, so that dependencies are not asked for; the system
/// has Debian's from the .deb.
fn rpm(root: &CleanRoot, rpm: &Path, newer: &Path) -> Result<()> {
    let rpm_does = |words: &[&str], what: &Path| {
        let mut rpm = command("rpm");
        rpm.arg("--root").arg(root.path("/"));
        rpm.args(["--dbpath", "/var/lib/rpm", "--nodeps"]);
        run_quietly(rpm.args(words).arg(what), "clean-root-rpm.log")
    };
    rpm_does(&["--install"], rpm)?;
    says_its_version(root, &package::version())?;
    rpm_does(&["--upgrade"], newer)?;
    says_its_version(root, NEWER)?;
    rpm_does(&["--erase"], Path::new("holdline"))?;
    kept(root)?;
    leaves_no_rest(root)
}

const PROGRAMS: [&str; 3] = [
    "/usr/bin/holdline",
    "/usr/bin/holdline-window",
    "/usr/bin/holdlinectl",
];

/// But the rep's own files and what apt keeps of what it has downloaded.
fn leaves_no_rest(root: &CleanRoot) -> Result<()> {
    let mut left = root.holdlines()?;
    left.retain(|path| {
        !path.starts_with("/root/.local/share/holdline") && !path.starts_with("/var/cache/apt")
    });
    ensure!(left.is_empty(), "left behind: {left:?}");
    Ok(())
}

fn kept(root: &CleanRoot) -> Result<()> {
    let now = fs::read_to_string(root.path(PROFILE)).context("the rep's settings are gone")?;
    ensure!(now == KEPT, "the rep's settings were changed: {now:?}");
    Ok(())
}

fn says_its_version(root: &CleanRoot, version: &str) -> Result<()> {
    let Some(said) = output(root.command("holdline").arg("--version")) else {
        bail!("the installed holdline does not start");
    };
    ensure!(
        said == format!("holdline {version}"),
        "{version} says it is {said:?}"
    );
    ensure!(
        output(root.command("holdlinectl").arg("--version")).is_some(),
        "the installed holdlinectl does not start"
    );
    Ok(())
}

/// Without a policy the autostart entry ends at once: nothing is opened, no profile made.
fn starts_with_the_desktop_only_by_policy(root: &CleanRoot) -> Result<()> {
    run(root.command("timeout").args(["20", "holdline", "--autostart"]))
        .context("without a policy the autostart entry should end at once")?;
    let profile = root.path("/root/.local/share/holdline");
    ensure!(!profile.exists(), "it made a profile");
    Ok(())
}
