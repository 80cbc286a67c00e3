//! The web view.

use tauri::{AppHandle, Manager as _, WebviewUrl, WebviewWindowBuilder};

/// Its label, also in the capability that names it.
pub(crate) const LABEL: &str = "main";

/// Width and height when it opens, logical pixels.
const SIZE: (f64, f64) = (380.0, 720.0);
/// The smallest in which nothing is cut off, logical pixels.
const SMALLEST: (f64, f64) = (320.0, 480.0);

/// Opens it.
pub(crate) fn open(app: &AppHandle) -> tauri::Result<()> {
    WebviewWindowBuilder::new(app, LABEL, WebviewUrl::App("index.html".into()))
        .title("Holdline")
        .inner_size(SIZE.0, SIZE.1)
        .min_inner_size(SMALLEST.0, SMALLEST.1)
        .build()?;
    Ok(())
}

/// Brings it to the front.
pub(crate) fn raise(app: &AppHandle) -> tauri::Result<()> {
    let Some(window) = app.get_webview_window(LABEL) else {
        return Ok(());
    };
    window.unminimize()?;
    window.show()?;
    window.set_focus()
}
