//! The .deb in a clean Debian system: installed, used, upgraded, removed.

use std::fs;
use std::path::Path;

use anyhow::{Context, Result, bail, ensure};

use super::clean_root::CleanRoot;
use crate::command::{output, run, run_quietly};
use crate::test;

/// The rep's files, in the system.
const PROFILE: &str = "/root/.local/share/holdline/holdline.toml";
const KEPT: &str = "# the rep's own\n";

/// Installs a version, plays the main job with it on both surfaces, upgrades to the next, and removes it.
pub(super) fn in_clean_root(deb: &Path, newer: &Path) -> Result<()> {
    let root = CleanRoot::make("packages")?;
    let before = root.holdlines()?;
    ensure!(before.is_empty(), "the clean system is not clean: {before:?}");

    root.install(deb)?;
    says_its_version(&root, deb)?;
    starts_with_the_desktop_only_by_policy(&root)?;
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
    says_its_version(&root, newer)?;
    kept(&root)?;

    run_quietly(
        root.command("apt-get")
            .args(["remove", "--yes", "--quiet", "holdline"]),
        "clean-root-remove.log",
    )?;
    kept(&root)?;
    let programs = [
        "/usr/bin/holdline",
        "/usr/bin/holdline-window",
        "/usr/bin/holdlinectl",
    ];
    for program in programs {
        ensure!(!root.path(program).exists(), "{program} is left after remove");
    }
    run_quietly(
        root.command("apt-get")
            .args(["purge", "--yes", "--quiet", "holdline"]),
        "clean-root-purge.log",
    )?;
    kept(&root)?;
    let left: Vec<_> = root
        .holdlines()?
        .into_iter()
        .filter(|path| {
            !path.starts_with("/root/.local/share/holdline") && !path.starts_with("/var/cache/apt")
        })
        .collect();
    ensure!(left.is_empty(), "left after purge: {left:?}");
    Ok(())
}

fn kept(root: &CleanRoot) -> Result<()> {
    let now = fs::read_to_string(root.path(PROFILE)).context("the rep's settings are gone")?;
    ensure!(now == KEPT, "the rep's settings were changed: {now:?}");
    Ok(())
}

fn says_its_version(root: &CleanRoot, deb: &Path) -> Result<()> {
    let name = deb.file_name().unwrap_or_default().to_string_lossy();
    let version = name
        .split('_')
        .nth(1)
        .context("a package's name holds its version")?;
    let Some(said) = output(root.command("holdline").arg("--version")) else {
        bail!("the installed holdline does not start");
    };
    ensure!(
        said == format!("holdline {version}"),
        "{name} says it is {said:?}"
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
