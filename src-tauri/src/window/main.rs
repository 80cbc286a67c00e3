//! Holdline's window: draws the picture it is sent and passes on what the rep asks for. Started by
//! `holdline`, which it ends with; see [`holdline::protocol`].

// Without this a console window opens beside a release build on Windows.
#![cfg_attr(not(debug_assertions), windows_subsystem = "windows")]

mod commands;
mod host;
mod phone;
mod view;

use std::io::{self, BufRead as _};
use std::process::ExitCode;
use std::thread;

use holdline::protocol::ToWindow;

use crate::host::Host;

fn main() -> ExitCode {
    // Asked by `holdlinectl doctor`: this program is the one that is linked to the web view.
    if std::env::args().nth(1).as_deref() == Some("--webview-version") {
        return webview_version();
    }
    if std::env::args().nth(1).as_deref() == Some("phone") {
        return phone::run();
    }
    let mut first = String::new();
    let picture = match io::stdin()
        .lock()
        .read_line(&mut first)
        .map(|_| serde_json::from_str(&first))
    {
        Ok(Ok(ToWindow::Picture(picture))) => picture,
        _ => {
            eprintln!("This is only Holdline's window. Start Holdline itself: holdline");
            return ExitCode::FAILURE;
        }
    };
    let ran = tauri::Builder::default()
        .manage(Host::new(*picture))
        .invoke_handler(tauri::generate_handler![
            commands::dispatch,
            commands::picture,
            commands::support
        ])
        .setup(|app| {
            view::open(app.handle())?;
            let handle = app.handle().clone();
            thread::Builder::new()
                .name("host".into())
                .spawn(move || host::listen(&handle))?;
            Ok(())
        })
        .run(context());
    match ran {
        Ok(()) => ExitCode::SUCCESS,
        Err(error) => {
            eprintln!("Holdline's window could not open on this desktop: {error}.");
            ExitCode::FAILURE
        }
    }
}

fn webview_version() -> ExitCode {
    match tauri::webview_version() {
        Ok(version) => {
            println!("{version}");
            ExitCode::SUCCESS
        }
        Err(error) => {
            eprintln!("{error}");
            ExitCode::FAILURE
        }
    }
}

/// The pages that are built in; used once, because each use would build them in again.
fn context() -> tauri::Context {
    tauri::generate_context!()
}
