//! A real update, from this version's package to the next one's, in a clean Debian system, with a call in between.

use std::ffi::OsStr;
use std::fs;

use anyhow::{Context, Result, ensure};

use super::clean_root::CleanRoot;
use super::server::Server;
use super::signatures::Release;
use crate::command::output;
use crate::package::Packages;
use crate::paths;
use crate::test;

/// Installs the older package and serves the newer; the journey has a call come and watches the update wait for it.
/// Answers the seconds from the end of the call to the newer Holdline with its rep signed in.
pub(super) fn in_clean_root(older: &std::path::Path, newer: &Packages) -> Result<f64> {
    let root = CleanRoot::make("updates")?;
    root.install(older)?;
    let served = paths::scratch().join("signatures/update/release");
    fs::create_dir_all(&served)?;
    let server = Server::start(&served)?;
    let release = Release::sign("update", newer, &server.url)?;
    // Nothing is offered before the journey says so.
    let offer = release.folder.join("stable/updates.json");
    fs::rename(&offer, offer.with_extension("json.later"))?;
    let key = fs::read_to_string(&release.public_key)?;
    let took = release.folder.join("seconds");
    let url = format!("{}/{{{{channel}}}}/updates.json", server.url);
    test::installed_journey(
        "update_waits::windowed",
        &root.wrapper("holdline")?,
        &root.wrapper("holdlinectl")?,
        &[
            ("HOLDLINE_UPDATE_URL", OsStr::new(&url)),
            ("HOLDLINE_UPDATE_KEY", OsStr::new(key.trim())),
            ("HOLDLINE_UPDATE_FOLDER", release.folder.as_os_str()),
            ("HOLDLINE_UPDATE_SECONDS_FILE", took.as_os_str()),
        ],
    )?;
    let query = ["--show", "--showformat=${Version}", "holdline"];
    let version =
        output(root.command("dpkg-query").args(query)).context("holdline is not installed any more")?;
    ensure!(version == super::NEWER, "after the update {version} is installed");
    let took = fs::read_to_string(took).context("the journey wrote no time")?;
    took.trim().parse().context("the journey's time is no number")
}
