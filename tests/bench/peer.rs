//! The peer of the comparisons: a similar page in Chromium's application window.

use journeys::desktop::Desktop;
use journeys::process::Guard;
use journeys::programs;

use crate::figure::Missing;

/// Shows [`PAGE`] in a window of the size of Holdline's, with a profile that stays with the desktop.
pub(crate) fn start(desktop: &Desktop) -> Result<Guard, Missing> {
    let chromium = programs::chromium().map_err(Missing)?;
    let page = desktop.folder().join("peer.html");
    std::fs::write(&page, PAGE).expect("our own folder");
    let mut command = desktop.command(chromium);
    command
        // Root has no sandbox in Chromium, and build machines are often root.
        .args([
            "--no-sandbox",
            "--no-first-run",
            "--no-default-browser-check",
            "--window-size=380,560",
        ])
        .arg(format!(
            "--user-data-dir={}",
            desktop.folder().join("peer").display()
        ))
        .arg(format!("--app=file://{}", page.display()));
    Ok(desktop.spawn("chromium", &mut command))
}

/// About as much text, as many controls and as much style as Holdline's window; static, so in Chromium's favour.
const PAGE: &str = include_str!("peer.html");
