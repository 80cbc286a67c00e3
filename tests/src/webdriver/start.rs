//! Starting driven programs.

use std::net::TcpStream;
use std::path::{Path, PathBuf};
use std::process::Command;

use fantoccini::ClientBuilder;
use hyper_util::client::legacy::connect::HttpConnector;
use serde_json::{Map, Value, json};

use super::{Page, wait_on};
use crate::desktop::Desktop;
use crate::ports::Ports;
use crate::process::Guard;
use crate::programs;
use crate::wait;

impl Page {
    /// Starts a program with a WebKitGTK window on a desktop, with these arguments.
    #[track_caller]
    pub fn of_program(desktop: &Desktop, program: &Path, arguments: &[&str]) -> Self {
        let mut driver = desktop.command("WebKitWebDriver");
        driver.env("TAURI_WEBVIEW_AUTOMATION", "true");
        let options = json!({ "webkitgtk:browserOptions": { "binary": program, "args": arguments } });
        start(
            "WebKitWebDriver",
            &mut driver,
            |command| desktop.spawn("WebKitWebDriver", command),
            program.to_owned(),
            options,
        )
    }

    /// Holdline's window, with these arguments.
    #[track_caller]
    pub fn of_holdline(desktop: &Desktop, arguments: &[&str]) -> Self {
        Self::of_program(desktop, &programs::holdline(), arguments)
    }

    /// A page in Chromium, or why that cannot be had here.
    #[track_caller]
    pub fn in_chromium(desktop: &Desktop, url: &str) -> Result<Self, String> {
        let chromium = programs::chromium()?;
        let driver = programs::in_path("chromedriver").ok_or("there is no chromedriver in PATH")?;
        // Its own sandbox needs privileges that containers withhold; the pages here are our own.
        let options = json!({ "goog:chromeOptions": {
            "binary": chromium,
            "args": [
                "--no-sandbox", "--no-first-run", "--disable-dev-shm-usage", "--disable-component-update",
                format!("--user-data-dir={}", desktop.folder().join("chromium").display()),
            ],
        }});
        let page = start(
            "chromedriver",
            &mut desktop.command(driver),
            |command| desktop.spawn("chromedriver", command),
            chromium,
            options,
        );
        page.go(url);
        Ok(page)
    }
}

#[track_caller]
pub(super) fn start(
    name: &str,
    driver: &mut Command,
    spawn: impl FnOnce(&mut Command) -> Guard,
    program: PathBuf,
    capabilities: Value,
) -> Page {
    let port = Ports::free(1);
    let number = port.list()[0];
    let driver = spawn(driver.arg(format!("--port={number}")));
    wait::until(&format!("{name} on its port"), || {
        TcpStream::connect(("127.0.0.1", number)).ok()
    });
    let capabilities: Map<_, _> = capabilities.as_object().cloned().unwrap_or_default();
    let mut session = ClientBuilder::new(HttpConnector::new());
    session.capabilities(capabilities);
    let client = wait_on(session.connect(&format!("http://127.0.0.1:{number}")));
    let client = client.unwrap_or_else(|error| {
        panic!(
            "{} cannot be driven: {error}\n{}",
            program.display(),
            driver.stderr()
        )
    });
    Page {
        client,
        driver,
        program,
        _port: port,
    }
}
