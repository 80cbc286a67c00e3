//! The window, driven as a rep would: found by what it says, clicked, typed into, and checked by axe-core.
//!
//! WebKitWebDriver starts the program itself (`webkitgtk:browserOptions`); the program lets itself be driven
//! because `TAURI_WEBVIEW_AUTOMATION` is set. The same works for a page in Chromium.

mod chromium;
mod find;
mod start;

use std::time::{Duration, Instant};

use fantoccini::Client;
use fantoccini::elements::Element;
use serde_json::Value;

pub use chromium::Tab;
pub use fantoccini::key::Key;
pub use find::Find;

use crate::ports::Ports;
use crate::process::Guard;
use crate::programs;
use crate::runtime;
use crate::wait;

/// A driven page: Holdline's window, or a page in Chromium. Dropped, its program ends.
pub struct Page {
    client: Client,
    driver: Guard,
    program: std::path::PathBuf,
    _port: Ports,
}

impl Page {
    /// The process id of the driven program.
    #[track_caller]
    pub fn process(&self) -> u32 {
        let program = self
            .program
            .canonicalize()
            .unwrap_or_else(|_| self.program.clone());
        let is_it = |id: &u32| std::fs::read_link(format!("/proc/{id}/exe")).is_ok_and(|exe| exe == program);
        let found = crate::desktop::tree(self.driver.id()).into_iter().find(is_it);
        found.unwrap_or_else(|| panic!("{} is not running any more", program.display()))
    }

    /// Goes to an address.
    #[track_caller]
    pub fn go(&self, url: &str) {
        self.done("go", wait_on(self.client.goto(url)));
    }

    /// Loads the page again.
    #[track_caller]
    pub fn reload(&self) {
        self.done("reload", wait_on(self.client.refresh()));
    }

    /// Waits until a second window is there, does something in it, and comes back to the first.
    #[track_caller]
    pub fn in_the_other_window(&self, act: impl FnOnce(&Self)) {
        let here = self.done("window", wait_on(self.client.window()));
        let other = self.until("a second window", || {
            let all = wait_on(self.client.windows()).ok()?;
            all.into_iter().find(|window| *window != here)
        });
        self.done("the other window", wait_on(self.client.switch_to_window(other)));
        act(self);
        self.done("the first window", wait_on(self.client.switch_to_window(here)));
    }

    /// Closes the window that is driven now.
    #[track_caller]
    pub fn close_window(&self) {
        self.done("close", wait_on(self.client.close_window()));
    }

    /// Is it there, and visible, now?
    pub fn shows(&self, what: &Find<'_>) -> bool {
        wait_on(what.visible(&self.client)).is_some()
    }

    /// Waits until it is there.
    #[track_caller]
    pub fn wait_for(&self, what: &Find<'_>) {
        self.element(what);
    }

    /// Waits until it is not there any more.
    #[track_caller]
    pub fn wait_until_gone(&self, what: &Find<'_>) {
        self.until(&format!("{what} to be gone"), || {
            (!self.shows(what)).then_some(())
        });
    }

    /// Waits until it is there and can be clicked, and clicks it.
    #[track_caller]
    pub fn click(&self, what: &Find<'_>) {
        // Found anew at each attempt: the page may have drawn itself again in between.
        self.until(&format!("a click on {what}"), || {
            wait_on(async {
                let element = what.visible(&self.client).await?;
                if !element.is_enabled().await.ok()? {
                    return None;
                }
                element.click().await.ok()
            })
        });
    }

    /// Its text, as it is shown.
    #[track_caller]
    pub fn text(&self, what: &Find<'_>) -> String {
        self.until(&format!("the text of {what}"), || {
            wait_on(async { what.visible(&self.client).await?.text().await.ok() })
        })
    }

    /// Waits until its text contains this.
    #[track_caller]
    pub fn wait_for_text(&self, what: &Find<'_>, text: &str) {
        self.until(&format!("{text:?} in {what}"), || {
            wait_on(async { what.visible(&self.client).await?.text().await.ok() })
                .filter(|shown| shown.contains(text))
        });
    }

    /// Types into it, in place of what is there.
    #[track_caller]
    pub fn fill(&self, what: &Find<'_>, text: &str) {
        let element = self.element(what);
        self.done("clear", wait_on(element.clear()));
        self.done("type", wait_on(element.send_keys(text)));
    }

    /// Presses a key on whatever has the focus: `Key::Tab`, `Key::Enter`, …
    #[track_caller]
    pub fn press(&self, key: Key) {
        let element = self.done("focus", wait_on(self.client.active_element()));
        self.done("key", wait_on(element.send_keys(&char::from(key).to_string())));
    }

    /// The accessible name of what has the focus.
    #[track_caller]
    pub fn focused(&self) -> String {
        wait_on(async {
            let element = self.client.active_element().await.ok()?;
            find::label(&self.client, &element).await
        })
        .unwrap_or_default()
    }

    /// What a script returns.
    #[track_caller]
    pub fn script(&self, script: &str, arguments: Vec<Value>) -> Value {
        self.done("script", wait_on(self.client.execute(script, arguments)))
    }

    /// Keeps a picture of the page as `NAME.png` in the folder that `HOLDLINE_SCREENSHOTS` names, if it names one.
    #[track_caller]
    pub fn keep_picture(&self, name: &str) {
        let Some(folder) = std::env::var_os("HOLDLINE_SCREENSHOTS") else {
            return;
        };
        let path = std::path::PathBuf::from(folder).join(format!("{name}.png"));
        let picture = self.done("a screenshot", wait_on(self.client.screenshot()));
        std::fs::write(&path, picture).unwrap_or_else(|error| panic!("{}: {error}", path.display()));
    }

    /// What axe-core finds wrong on the page: one line for each violation. Empty is good.
    #[track_caller]
    pub fn accessibility_violations(&self) -> Vec<String> {
        let path = programs::root().join("ui/node_modules/axe-core/axe.min.js");
        let axe = std::fs::read_to_string(&path)
            .unwrap_or_else(|error| panic!("{}: {error}: `cargo xtask setup` installs it", path.display()));
        self.script(&format!("{axe}; return null;"), Vec::new());
        let run = "const done = arguments[arguments.length - 1];
            axe.run(document).then(
                (found) => done(found.violations.map((v) =>
                    `${v.impact} ${v.id}: ${v.help}: ${v.nodes.map((n) => n.html).join(' | ')}`)),
                (error) => done([`axe-core failed: ${error}`]))";
        let found = self.done("axe-core", wait_on(self.client.execute_async(run, Vec::new())));
        let list = found
            .as_array()
            .unwrap_or_else(|| panic!("axe-core answered {found}"));
        list.iter()
            .map(|line| line.as_str().unwrap_or_default().to_owned())
            .collect()
    }

    /// Kills the program as `kill -9` does, and the driver after it.
    #[track_caller]
    pub fn kill_9(mut self) {
        let id = i32::try_from(self.process())
            .ok()
            .and_then(rustix::process::Pid::from_raw)
            .expect("a process id");
        rustix::process::kill_process(id, rustix::process::Signal::KILL)
            .expect("our own program can be killed");
        self.driver.kill_9();
    }

    #[track_caller]
    fn element(&self, what: &Find<'_>) -> Element {
        self.until(&what.to_string(), || wait_on(what.visible(&self.client)))
    }

    /// Like [`wait::until`], and shows the page's text when it was in vain.
    #[track_caller]
    fn until<T>(&self, what: &str, mut look: impl FnMut() -> Option<T>) -> T {
        let end = Instant::now() + wait::PATIENCE;
        loop {
            if let Some(answer) = look() {
                return answer;
            }
            if Instant::now() > end {
                let text = wait_on(self.client.execute("return document.body.innerText", Vec::new()));
                let text = text.map_or_else(
                    |error| error.to_string(),
                    |text| text.as_str().unwrap_or_default().to_owned(),
                );
                panic!(
                    "waited {:?} in vain for: {what}\n── the page says:\n{text}",
                    wait::PATIENCE
                );
            }
            std::thread::sleep(Duration::from_millis(30));
        }
    }

    #[track_caller]
    fn done<T>(&self, what: &str, outcome: Result<T, fantoccini::error::CmdError>) -> T {
        outcome.unwrap_or_else(|error| panic!("{what}: {error}"))
    }
}

/// The driver's answer. A window that hangs makes its driver wait for ever, so a test must not.
#[track_caller]
fn wait_on<T>(work: impl Future<Output = T>) -> T {
    // Longer than the driver's own patience with a script, so that its message comes first.
    let patience = Duration::from_secs(60);
    let answer = runtime::wait_on(async { tokio::time::timeout(patience, work).await });
    answer.unwrap_or_else(|_| panic!("the window's driver did not answer for {patience:?}"))
}

impl Drop for Page {
    fn drop(&mut self) {
        // Closes the program; the driver's guard ends the driver.
        let client = self.client.clone();
        let _ = wait_on(async { tokio::time::timeout(Duration::from_secs(5), client.close()).await });
    }
}
