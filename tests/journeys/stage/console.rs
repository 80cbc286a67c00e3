//! The practice console in a real browser, used by what it shows.

use journeys::wait;
use journeys::webdriver::{Find, Page};
use serde::Deserialize;
use serde_json::json;

use super::Stage;

/// Reads Holdline's item in the utility bar.
const ITEM: &str = r#"
    const shown = (id) => { const e = document.getElementById(id); return e && !e.hidden ? e.textContent : ""; };
    return {
        state: document.getElementById("holdline-dot")?.dataset.kind ?? "",
        text: shown("holdline-text"),
        code: shown("holdline-code"),
        armed: shown("holdline-armed") !== "",
        presence: shown("presence-label"),
    };"#;

/// What Holdline's item in the page shows.
#[derive(Clone, Debug, PartialEq, Eq, Deserialize)]
pub(crate) struct Item {
    /// `looking`, `pairing`, `connected`, `refused`; empty before the first.
    pub(crate) state: String,
    /// Its words.
    pub(crate) text: String,
    /// The six digits, while they are to be compared.
    pub(crate) code: String,
    /// It says that a logout is armed.
    pub(crate) armed: bool,
    /// The presence that the widget beside it shows.
    pub(crate) presence: String,
}

/// A browser with the practice console. Dropped, it is closed.
pub(crate) struct ConsolePage {
    /// The browser.
    pub(crate) browser: Page,
    org: String,
}

impl ConsolePage {
    /// A browser that has nothing open yet; `None`, with the reason reported, where there is no Chromium.
    ///
    /// The org's pages are in the public address space, as Salesforce's are: the browser wants to be allowed to
    /// reach this computer.
    #[track_caller]
    pub(crate) fn browser(stage: &Stage, journey: &str) -> Option<Self> {
        Self::browser_with(stage, journey, &[])
    }

    /// The same with further arguments.
    #[track_caller]
    pub(crate) fn browser_with(stage: &Stage, journey: &str, arguments: &[String]) -> Option<Self> {
        let org = stage.org.url().to_owned();
        let port = org.rsplit(':').next().unwrap_or_default();
        let mut all = vec![format!(
            "--ip-address-space-overrides=127.0.0.1:{port}=public,[::1]:{port}=public"
        )];
        all.extend_from_slice(arguments);
        match Page::in_headless_chromium(&stage.place.logs, &all) {
            Ok(browser) => Some(Self { browser, org }),
            Err(reason) => {
                journeys::skip(journey, &reason);
                None
            }
        }
    }

    /// The console's address.
    pub(crate) fn address(&self, rep: &str) -> String {
        format!("{}/console/{rep}", self.org)
    }

    /// Opens the console of a rep, whose user lets it reach this computer.
    #[track_caller]
    pub(crate) fn opens(&self, rep: &str) {
        self.browser.go(&format!("{}/assets/console.svg", self.org));
        self.browser.permit("loopback-network", "granted");
        self.browser.go(&self.address(rep));
    }

    /// Waits until the item shows this.
    #[track_caller]
    pub(crate) fn item(&self, what: &str, holds: impl Fn(&Item) -> bool) -> Item {
        let mut last = None;
        let found = std::panic::catch_unwind(std::panic::AssertUnwindSafe(|| {
            wait::until(what, || {
                let item = self.item_now();
                let found = holds(&item).then(|| item.clone());
                last = Some(item);
                found
            })
        }));
        found.unwrap_or_else(|_| panic!("the console page: waited in vain for: {what}\nit shows {last:#?}"))
    }

    /// What the item shows now.
    #[track_caller]
    pub(crate) fn item_now(&self) -> Item {
        let item = self.browser.script(ITEM, Vec::new());
        Item::deserialize(&item).unwrap_or_else(|error| panic!("the page has {item}: {error}"))
    }

    /// The rep chooses a status in the widget.
    #[track_caller]
    pub(crate) fn chooses(&self, status: &str) {
        wait::until(&format!("{status} to be chosen in the console"), || {
            let clicked = self.browser.script(
                "const b = [...document.querySelectorAll('#statuses button')]
                    .find((b) => b.textContent.includes(arguments[0]));
                 if (b) b.click(); return Boolean(b);",
                vec![json!(status)],
            );
            (clicked == true).then_some(())
        });
    }

    /// The rep declines the work that is offered, in the widget.
    #[track_caller]
    pub(crate) fn declines_because(&self, reason: &str) {
        wait::until("reasons to decline in the console", || {
            let script =
                "const s = document.querySelector('#works select'); s?.scrollIntoView({ block: 'center' });
                return Boolean(s);";
            (self.browser.script(script, Vec::new()) == true).then_some(())
        });
        self.is_pictured("console-decline");
        wait::until("the offered work in the console", || {
            let clicked = self.browser.script(
                "const select = document.querySelector('#works select');
                 if (!select) return false;
                 select.value = arguments[0];
                 [...select.parentElement.querySelectorAll('button')]
                    .find((b) => b.textContent === 'Decline').click();
                 return select.value === arguments[0];",
                vec![json!(reason)],
            );
            (clicked == true).then_some(())
        });
    }

    /// Whether the page would ask before it is closed now.
    #[track_caller]
    pub(crate) fn asks_before_it_closes(&self) -> bool {
        let asked = self.browser.script(
            "const e = new Event('beforeunload', { cancelable: true }); window.dispatchEvent(e);
             return e.defaultPrevented;",
            Vec::new(),
        );
        asked == true
    }

    /// Opens what the item has to say, and checks that it can be read.
    #[track_caller]
    pub(crate) fn says(&self, words: &str) {
        if !self.browser.shows(&Find::Css("#holdline-panel")) {
            self.browser.click(&Find::Css("#holdline-item"));
        }
        self.browser.wait_for_text(&Find::Css("#holdline-text"), words);
    }

    /// Keeps a picture of the page, where `HOLDLINE_SCREENSHOTS` says so.
    #[track_caller]
    pub(crate) fn is_pictured(&self, name: &str) {
        self.browser.keep_picture(name);
    }
}
