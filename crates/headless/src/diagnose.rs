//! The diagnostic bundle of a running or a resting Holdline.

use std::path::{Path, PathBuf};

use companion::bundle::{self, Parts};
use companion::settings::{self, PolicySource, USER_FILE};
use companion::texts::Texts;
use directories::UserDirs;
use jiff::Timestamp;
use wire::support::{Bundle, Finding, Setting};

use crate::doctor::{self, Machine};

/// The bundle of a profile that no Holdline runs on.
pub async fn resting(profile: &Path, policy: &[PolicySource], machine: Machine) -> Bundle {
    let findings = doctor::resting(profile, policy, machine).await;
    let loaded = settings::load(&profile.join(USER_FILE), policy);
    let texts = Texts::english();
    let settings: Vec<Setting> = loaded.shown.iter().map(|shown| shown.told(&texts)).collect();
    of(profile.to_owned(), findings, settings, false).await
}

/// Puts it together, off the asynchronous threads.
pub(crate) async fn of(
    profile: PathBuf,
    findings: Vec<Finding>,
    settings: Vec<Setting>,
    running: bool,
) -> Bundle {
    let collected = tokio::task::spawn_blocking(move || {
        bundle::collect(&Parts {
            profile: &profile,
            findings: &findings,
            settings: &settings,
            about: &about(running),
            now: Timestamp::now(),
        })
    });
    collected.await.unwrap_or_else(|_| Bundle {
        name: "holdline-diagnostics.zip".to_owned(),
        files: Vec::new(),
    })
}

fn about(running: bool) -> Vec<(&'static str, String)> {
    let variable = |name: &'static str| Some((name, std::env::var(name).ok()?));
    let desktop = ["XDG_CURRENT_DESKTOP", "XDG_SESSION_TYPE", "LANG"]
        .into_iter()
        .filter_map(variable);
    let kernel = std::fs::read_to_string("/proc/sys/kernel/osrelease").ok();
    let system = std::fs::read_to_string("/etc/os-release").ok().and_then(|text| {
        let name = text.lines().find_map(|line| line.strip_prefix("PRETTY_NAME="))?;
        Some(name.trim_matches('"').to_owned())
    });
    let found = [("kernel", kernel), ("release", system)];
    let found = found
        .into_iter()
        .filter_map(|(name, text)| Some((name, text?.trim().to_owned())));
    [("running", running.to_string())]
        .into_iter()
        .chain(found)
        .chain(desktop)
        .collect()
}

/// Where the rep will look for it.
pub(crate) fn place(bundle: &Bundle) -> Option<PathBuf> {
    let dirs = UserDirs::new()?;
    let folder = dirs
        .download_dir()
        .filter(|folder| folder.is_dir())
        .unwrap_or(dirs.home_dir());
    Some(folder.join(&bundle.name))
}
