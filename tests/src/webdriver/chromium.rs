//! Chromium without a screen, as a rep's browser: tabs, and what its user has allowed.

use std::path::Path;
use std::process::Command;

use fantoccini::wd::{WebDriverCompatibleCommand, WindowHandle};
use reqwest::{Method, Url};
use serde_json::{Value, json};

use super::{Page, start, wait_on};
use crate::process::Guard;
use crate::programs;

/// One tab of a browser.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Tab(WindowHandle);

impl Page {
    /// Headless Chromium with a profile of its own in `folder`, or why that cannot be had here.
    #[track_caller]
    pub fn in_headless_chromium(folder: &Path, arguments: &[String]) -> Result<Self, String> {
        let chromium = programs::chromium()?;
        let driver = programs::in_path("chromedriver").ok_or("there is no chromedriver in PATH")?;
        let profile = tempfile::Builder::new()
            .prefix("chromium-")
            .tempdir_in(folder)
            .expect("our own folder")
            .keep();
        // Its own sandbox needs privileges that containers withhold; the pages here are our own.
        let mut all: Vec<String> = [
            "--headless=new",
            "--no-sandbox",
            "--no-first-run",
            "--no-proxy-server",
            "--disable-dev-shm-usage",
            "--disable-component-update",
            "--disable-background-networking",
        ]
        .map(str::to_owned)
        .to_vec();
        all.push(format!("--user-data-dir={}", profile.display()));
        all.extend_from_slice(arguments);
        let options = json!({
            "goog:chromeOptions": { "binary": chromium, "args": all },
            "unhandledPromptBehavior": "accept",
        });
        let spawn = |command: &mut Command| Guard::start("chromedriver", command, folder);
        Ok(start::start(
            "chromedriver",
            &mut Command::new(driver),
            spawn,
            chromium,
            options,
        ))
    }

    /// The tab that is looked at.
    #[track_caller]
    pub fn tab(&self) -> Tab {
        Tab(self.done("the tab", wait_on(self.client.window())))
    }

    /// Opens an address in a new tab, and looks at it.
    #[track_caller]
    pub fn open_tab(&self, url: &str) -> Tab {
        let opened = self.done("a new tab", wait_on(self.client.new_window(true)));
        let tab = Tab(opened.handle);
        self.look_at(&tab);
        self.go(url);
        tab
    }

    /// Looks at another tab.
    #[track_caller]
    pub fn look_at(&self, tab: &Tab) {
        let looked = wait_on(self.client.switch_to_window(tab.0.clone()));
        self.done("another tab", looked);
    }

    /// Closes the tab that is looked at, and looks at another one.
    #[track_caller]
    pub fn close_tab(&self, next: &Tab) {
        self.done("close", wait_on(self.client.close_window()));
        self.look_at(next);
    }

    /// Answers for the browser's user: `name` is a permission, `state` is `granted`, `denied` or `prompt`. For the
    /// origin of the page that is shown.
    #[track_caller]
    pub fn permit(&self, name: &str, state: &str) {
        let body = json!({ "descriptor": { "name": name }, "state": state });
        let set = wait_on(self.client.issue_cmd(SetPermission(body)));
        self.done("set a permission", set);
    }

    /// Has the tab that is looked at run a script before every page it loads from now on (by the Chrome DevTools
    /// Protocol).
    #[track_caller]
    pub fn before_each_page(&self, script: &str) {
        let added = wait_on(self.client.issue_cmd(DevTools(json!({
            "cmd": "Page.addScriptToEvaluateOnNewDocument",
            "params": { "source": script },
        }))));
        self.done("a script before each page", added);
    }

    /// What a script gives to its last argument, a function.
    #[track_caller]
    pub fn script_async(&self, script: &str, arguments: Vec<Value>) -> Value {
        self.done("script", wait_on(self.client.execute_async(script, arguments)))
    }
}

/// WebDriver's Set Permission (Permissions, section 7).
#[derive(Debug)]
struct SetPermission(Value);

impl WebDriverCompatibleCommand for SetPermission {
    fn endpoint(&self, base: &Url, session: Option<&str>) -> Result<Url, url::ParseError> {
        base.join(&format!("session/{}/permissions", session.unwrap_or_default()))
    }

    fn method_and_body(&self, _: &Url) -> (Method, Option<String>) {
        (Method::POST, Some(self.0.to_string()))
    }
}

/// Chromedriver's way to a command of the Chrome DevTools Protocol.
#[derive(Debug)]
struct DevTools(Value);

impl WebDriverCompatibleCommand for DevTools {
    fn endpoint(&self, base: &Url, session: Option<&str>) -> Result<Url, url::ParseError> {
        base.join(&format!(
            "session/{}/goog/cdp/execute",
            session.unwrap_or_default()
        ))
    }

    fn method_and_body(&self, _: &Url) -> (Method, Option<String>) {
        (Method::POST, Some(self.0.to_string()))
    }
}
