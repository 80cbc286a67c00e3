//! What has to be in the process' environment before GTK starts.

/// Starts this program anew, in the same process, with `GDK_GL=disable`.
///
/// GTK loads a whole GL driver when it opens the display, about 30 MB for a program that draws a tray icon
/// and one web view that brings its own renderer. GTK reads the variable once, from the environment, and
/// changing the environment of a running program is unsafe; an exec is not. Whoever has set the variable
/// keeps their value. When the exec fails Holdline runs on, only larger.
#[cfg(target_os = "linux")]
pub(crate) fn lighten() {
    use std::os::unix::process::CommandExt as _;

    if std::env::var_os(GDK_GL).is_some() {
        return;
    }
    let Ok(program) = std::env::current_exe() else {
        return;
    };
    let mut arguments = std::env::args_os();
    let mut again = std::process::Command::new(program);
    if let Some(name) = arguments.next() {
        again.arg0(name);
    }
    let error = again.args(arguments).env(GDK_GL, "disable").exec();
    tracing::debug!(%error, "running on with GL");
}

#[cfg(target_os = "linux")]
const GDK_GL: &str = "GDK_GL";

/// Only GTK needs it.
#[cfg(not(target_os = "linux"))]
pub(crate) fn lighten() {}
