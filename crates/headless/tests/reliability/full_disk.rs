//! A disk that is really full. Skipped, with the reason, where nobody may mount one.

use std::fs::File;
use std::io::Write as _;
use std::path::Path;
use std::process::Command;

use presence::problem::ProblemCode;
use tempfile::TempDir;
use wire::dispatch::Dispatch;

use crate::cell::has;
use crate::house::House;

/// A small file system of its own. Dropped, it is taken away.
struct Disk(TempDir);

impl Disk {
    fn mount() -> Result<Self, String> {
        let folder = tempfile::tempdir().unwrap();
        let mut mount = Command::new("mount");
        mount
            .args(["-t", "tmpfs", "-o", "size=1m", "tmpfs"])
            .arg(folder.path());
        let mounted = mount
            .output()
            .map_err(|error| format!("`mount` does not start: {error}"))?;
        if mounted.status.success() {
            Ok(Self(folder))
        } else {
            Err(String::from_utf8_lossy(&mounted.stderr).trim().to_owned())
        }
    }
}

impl Drop for Disk {
    fn drop(&mut self) {
        let _ = Command::new("umount").arg("--lazy").arg(self.0.path()).status();
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn a_wish_that_a_full_disk_cannot_take_is_refused() {
    let disk = match Disk::mount() {
        Ok(disk) => disk,
        Err(reason) => return skipped("a really full disk", &reason),
    };
    let profile = tempfile::tempdir_in(disk.0.path()).unwrap();
    let house = House::open_in("a full disk".to_owned(), profile).await;
    let ballast = disk.0.path().join("ballast");
    fill(&ballast);
    let refused = house.asks(Dispatch::RequestOffline).await;
    assert_eq!(refused, Err("not_saved".to_owned()));
    house
        .sees("that nothing can be saved", |seen| {
            has(seen, ProblemCode::StateNotSaved) && seen.presence.status.as_deref() == Some("Available")
        })
        .await;

    std::fs::remove_file(ballast).unwrap();
    house
        .sees("that all is saved", |seen| !has(seen, ProblemCode::StateNotSaved))
        .await;
    house.asks(Dispatch::RequestOffline).await.unwrap();
    house
        .sees("Offline", |seen| {
            seen.pending.is_none() && seen.presence.status.as_deref() == Some("Offline")
        })
        .await;
    house.ends().await;
}

/// Writes until nothing more fits.
fn fill(path: &Path) {
    let mut file = File::create(path).unwrap();
    for size in [4096, 1] {
        while file.write_all(&vec![0; size]).is_ok() {}
    }
}

/// `cargo xtask test` and `verify` repeat it at the end.
pub(crate) fn skipped(test: &str, reason: &str) {
    eprintln!("skipped: {test}: {reason}");
    if let Some(path) = std::env::var_os("HOLDLINE_SKIPPED") {
        let file = File::options().append(true).create(true).open(path);
        writeln!(file.unwrap(), "{test}\t{reason}").unwrap();
    }
}
