//! The one window. Closing it destroys the web view, so that Holdline in the tray stays small; showing it
//! again makes a new one, which paints from the companion's picture.

use tauri::{AppHandle, Manager as _, WebviewUrl, WebviewWindowBuilder};

/// Its label, also in the capability that names it.
pub(crate) const LABEL: &str = "main";

/// Width and height when it opens, logical pixels.
const SIZE: (f64, f64) = (380.0, 560.0);
/// The smallest in which nothing is cut off, logical pixels.
const SMALLEST: (f64, f64) = (320.0, 480.0);

/// Shows the window, or brings it to the front.
pub(crate) fn show(app: &AppHandle) -> tauri::Result<()> {
    if let Some(window) = app.get_webview_window(LABEL) {
        window.unminimize()?;
        window.show()?;
        return window.set_focus();
    }
    WebviewWindowBuilder::new(app, LABEL, WebviewUrl::App("index.html".into()))
        .title("Holdline")
        .inner_size(SIZE.0, SIZE.1)
        .min_inner_size(SMALLEST.0, SMALLEST.1)
        .build()?;
    Ok(())
}
