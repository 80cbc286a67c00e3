//! Holdline: the companion with its tray and notifications. Nothing here decides anything; every request is
//! posted to the companion, and what is drawn comes from its pictures.
//!
//! Read top-down: the companion starts first, so that a second start on the same profile ends before it has
//! touched the desktop, then the tray, then (unless `--hidden`) the window.

// Without this a console window opens beside a release build on Windows.
#![cfg_attr(not(debug_assertions), windows_subsystem = "windows")]

mod app;
mod arguments;
mod companion_handle;
mod desktop;
mod notify;
mod phone_window;
mod session;
mod shortcut;
mod signals;
mod texts;
mod tray;
mod updates;
mod window_process;

use std::process::ExitCode;

use clap::Parser as _;

use crate::app::App;
use crate::arguments::Arguments;
use crate::companion_handle::{Companion, Started};
use crate::tray::Model;

/// Runs Holdline until it is quit. Exit code 0: quit, or nobody wants it to start with the desktop, or another
/// Holdline of this profile has been asked to show itself; 1: it could not start or not go on, and standard error and
/// a notification say why.
fn main() -> ExitCode {
    let mut arguments = Arguments::parse();
    let logging = companion::logging::start();
    if arguments.autostart {
        match headless::autostarts(arguments.profile.clone(), arguments.policy.clone()) {
            Ok(true) => arguments.hidden = true,
            Ok(false) => return ExitCode::SUCCESS,
            Err(error) => return failed(&error.to_string()),
        }
    }
    let runtime = match tokio::runtime::Builder::new_multi_thread()
        .worker_threads(2)
        .enable_all()
        .build()
    {
        Ok(runtime) => runtime,
        Err(error) => return failed(&format!("Holdline could not start its worker threads: {error}.")),
    };
    let (desktop, messages) = desktop::port();
    let companion = match runtime.block_on(Companion::start(&arguments, desktop, logging)) {
        Ok(Started::Here(companion)) => companion,
        Ok(Started::Elsewhere) => return ExitCode::SUCCESS,
        Err(reason) => return failed(&reason),
    };
    let first = Model::of(&companion.picture());
    tray::with_tray(&runtime, first, move |tray| async move {
        App::new(companion, messages, tray, arguments.hidden).run().await
    })
}

/// A desktop program's standard error is seldom seen, so the reason is also shown as a notification.
fn failed(reason: &str) -> ExitCode {
    eprintln!("{reason}");
    notify::last_words(reason);
    ExitCode::FAILURE
}
