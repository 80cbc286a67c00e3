//! What the end-to-end journeys stand on: a private virtual desktop, guards for processes, a WebDriver for the
//! window, and a client for the practice org.
//!
//! Everything here is for tests: what goes wrong panics, at the caller's line, with the last state seen.
//! Nothing sleeps for a fixed time; everything waits for a condition and names it when it does not come.

pub mod browser;
pub mod desktop;
pub mod http;
pub mod ports;
pub mod process;
pub mod programs;
pub mod runtime;
pub mod wait;
pub mod webdriver;

pub use runtime::wait_on;

/// Reports that the calling test leaves something out, and why; `cargo xtask test` lists it in its summary.
pub fn skip(what: &str, reason: &str) {
    use std::io::Write as _;

    eprintln!("skipped: {what}: {reason}");
    let Some(path) = std::env::var_os("HOLDLINE_SKIPPED") else {
        return;
    };
    let file = std::fs::OpenOptions::new().append(true).create(true).open(path);
    if let Ok(mut file) = file {
        // One write, so that tests in parallel don't mix their lines.
        let _ = file.write_all(format!("{what}\t{reason}\n").as_bytes());
    }
}
