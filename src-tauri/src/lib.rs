//! Shows: the window, the tray and notifications around [`headless`]. Nothing here decides anything; every
//! request is posted to the companion, and what is drawn comes from its pictures.
//!
//! Read top-down: [`run`] starts the companion first, so that a second start on the same profile ends before
//! it has touched the desktop, then the tray, then (unless `--hidden`) the window.

mod app;
mod arguments;
mod commands;
mod companion_handle;
mod desktop;
mod environment;
mod notify;
mod signals;
mod texts;
mod tray;
mod window;

use std::process::ExitCode;

use clap::Parser;

use crate::arguments::Arguments;
use crate::companion_handle::{Companion, Started};

/// Runs Holdline until it is quit. Exit code 0: quit, or another Holdline of this profile has been asked to
/// show itself; 1: it could not start, and standard error and a notification say why.
pub fn run() -> ExitCode {
    let arguments = Arguments::parse();
    environment::lighten();
    companion_handle::log_to_stderr();
    let runtime = match tokio::runtime::Builder::new_multi_thread().worker_threads(2).enable_all().build() {
        Ok(runtime) => runtime,
        Err(error) => return failed(&format!("Holdline could not start its worker threads: {error}.")),
    };
    tauri::async_runtime::set(runtime.handle().clone());

    let (desktop, messages) = desktop::port();
    match runtime.block_on(Companion::start(&arguments, desktop)) {
        Ok(Started::Elsewhere) => ExitCode::SUCCESS,
        Ok(Started::Here(companion)) => match app::run(companion, messages, arguments.hidden) {
            Ok(()) => ExitCode::SUCCESS,
            Err(error) => failed(&format!("Holdline could not open on this desktop: {error}.")),
        },
        Err(error) => failed(&error),
    }
}

/// A desktop program's standard error is seldom seen, so the reason is also shown as a notification.
fn failed(reason: &str) -> ExitCode {
    eprintln!("{reason}");
    notify::last_words(reason);
    ExitCode::FAILURE
}
