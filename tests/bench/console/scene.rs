//! A rep at a desktop: Holdline's window, and the console in a real Chromium that has joined it.

use std::path::{Path, PathBuf};

use journeys::browser::Browser;
use journeys::desktop::Desktop;
use journeys::http::PracticeOrg;
use journeys::ports::Ports;
use journeys::wait;
use journeys::webdriver::{Find, Key, Page};
use serde_json::{Value, json};

use crate::figure::Missing;

const CONSOLE: &str = include_str!("console_page.js");
const WINDOW: &str = include_str!("window.js");

const PRESENCE: Find<'_> = Find::Css("[aria-labelledby=presence-title] .state");

pub(crate) struct Scene {
    // Windows go before their desktop.
    pub(crate) console: Page,
    pub(crate) window: Page,
    pub(crate) org: PracticeOrg,
    pub(crate) profile: PathBuf,
    _ports: Ports,
    _desktop: Desktop,
}

impl Scene {
    /// The rep is signed in, the console has been paired and leads, and Pat is Available. There is no phone: its
    /// own reports would change the picture beside the console's.
    pub(crate) fn set() -> Result<Self, Missing> {
        let desktop = Desktop::start();
        let ports = Ports::free(2);
        let [holdline, oauth] = *ports.list() else {
            panic!("two ports were asked for")
        };
        let arguments = [
            "--port",
            "0",
            "--phone",
            "amazon-connect",
            "--holdline-ports",
            &holdline.to_string(),
        ];
        let org = PracticeOrg::start(&arguments, &desktop.logs());
        // A call ends with its conversation: three events each.
        org.ask(reqwest::Method::PUT, "settings", Some(json!({ "wrapUpMs": 0 })));
        let profile = desktop.folder().join("profile");
        settings(&profile, holdline, oauth);

        let console = browser(&org, &desktop.logs())?;
        let window = Page::of_holdline(
            &desktop,
            &["--profile", profile.to_str().expect("our own folder")],
        );
        signs_in(&window, &desktop, org.url());
        console.go(&format!("{}/console/pat", org.url()));
        window.click(&Find::Role("button", "The codes match"));
        console.wait_for_text(&Find::Css("#holdline-short"), "connected");
        let scene = Self {
            console,
            window,
            org,
            profile,
            _ports: ports,
            _desktop: desktop,
        };
        scene.logs_in();
        Ok(scene)
    }

    /// The rep logs in to Omni-Channel, and the window shows it.
    fn logs_in(&self) {
        let status = self.org.state()["statuses"][0]["statusId"].clone();
        let login = "console/pat/toolkit/login?source=console";
        self.org
            .ask(reqwest::Method::POST, login, Some(json!({ "statusId": status })));
        self.shows_presence("Available");
        self.window
            .wait_for_text(&Find::Css("section[aria-label=Call] h1"), "No call");
        self.window.script(WINDOW, Vec::new());
    }

    /// The console, in the tab that is looked at.
    #[track_caller]
    pub(crate) fn opens_console(&self) {
        self.console.before_each_page(CONSOLE);
        self.console.go(&format!("{}/console/pat", self.org.url()));
    }

    /// Waits until the window shows this presence.
    #[track_caller]
    pub(crate) fn shows_presence(&self, status: &str) {
        self.window.wait_for_text(&PRESENCE, status);
    }

    /// When the window has drawn this as the call's heading: milliseconds of the machine's clock.
    #[track_caller]
    pub(crate) fn drawn(&self, heading: &str) -> f64 {
        let wait = "window.bench.wait(arguments[0], arguments[1])";
        milliseconds(&self.window.script_async(wait, vec![json!(heading)]))
    }

    /// The note of that number in the console's page: what, and when.
    #[track_caller]
    pub(crate) fn noted(&self, kind: &str, number: usize) -> (String, f64) {
        let wait = "window.bench.wait(arguments[0], arguments[1], arguments[2])";
        let note = self.console.script_async(wait, vec![json!(kind), json!(number)]);
        (
            note[0].as_str().unwrap_or_default().to_owned(),
            milliseconds(&note[1]),
        )
    }

    /// How many notes of a kind there are.
    #[track_caller]
    pub(crate) fn notes(&self, kind: &str) -> usize {
        let notes = self.console.script(
            "return window.bench.notes[arguments[0]].length",
            vec![json!(kind)],
        );
        usize::try_from(notes.as_u64().expect("a number")).expect("few")
    }
}

/// Milliseconds of the machine's clock, as `Date.now()` gives them.
pub(crate) fn milliseconds(value: &Value) -> f64 {
    value.as_f64().unwrap_or_else(|| panic!("no time: {value}"))
}

fn settings(profile: &Path, holdline: u16, oauth: u16) {
    std::fs::create_dir(profile).expect("our own folder");
    let settings = format!("[loopback]\nports = [{holdline}]\n[oauth]\nports = [{oauth}]\n");
    std::fs::write(profile.join("holdline.toml"), settings).expect("our own folder");
}

/// Chromium, with the org in the public address space and allowed to reach this computer, as Salesforce's pages.
fn browser(org: &PracticeOrg, logs: &Path) -> Result<Page, Missing> {
    let port = org.url().rsplit(':').next().unwrap_or_default();
    let spaces = format!("--ip-address-space-overrides=127.0.0.1:{port}=public,[::1]:{port}=public");
    let console = Page::in_headless_chromium(logs, &[spaces]).map_err(Missing)?;
    console.before_each_page(CONSOLE);
    console.go(&format!("{}/assets/console.svg", org.url()));
    console.permit("loopback-network", "granted");
    Ok(console)
}

fn signs_in(window: &Page, desktop: &Desktop, org: &str) {
    window.fill(&Find::Label("Org address"), org);
    window.press(Key::Enter);
    let page = wait::until("the consent page in the browser", || desktop.opened().pop());
    Browser::at(&page).allows();
}
