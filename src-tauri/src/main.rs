//! Holdline with its window and tray.

// Without this a console window opens beside a release build on Windows.
#![cfg_attr(not(debug_assertions), windows_subsystem = "windows")]

fn main() -> std::process::ExitCode {
    holdline::run()
}
