//! A rep whose phone is Amazon Connect: Holdline's page in a Chromium of its own, with the real
//! `amazon-connect-streams`, around the practice org's simulated Contact Control Panel.

use std::io::Write as _;

use journeys::wait;
use journeys::webdriver::{Find, Page};
use reqwest::Method;
use serde_json::{Value, json};

use crate::stage::{Plan, Seen, Stage, Surface};

/// The line above the panel.
pub(crate) const SAYS: Find<'_> = Find::Css("#says");
/// What it says once all is well.
pub(crate) const LIVE: &str = "Joined to Holdline";

/// A set stage with the page in a browser tab.
pub(crate) struct Floor {
    pub(crate) stage: Stage,
    pub(crate) page: Page,
}

impl Floor {
    /// The rep is signed in to Amazon Connect, and its phone is joined. `None`: there is no Chromium.
    #[track_caller]
    pub(crate) fn ready(name: &str) -> Option<Self> {
        let mut floor = Self::set(name, |_| {})?;
        floor.signs_in_beforehand();
        floor.opens_the_page();
        floor.is_joined();
        Some(floor)
    }

    /// Holdline runs and has opened its page; the browser is there and has not. `prepare`: what to do with the
    /// practice org first.
    #[track_caller]
    pub(crate) fn set(name: &str, prepare: impl FnOnce(&Stage)) -> Option<Self> {
        let plan = Plan {
            practice: &["--phone", "amazon-connect"],
            ..Plan::default()
        };
        let mut stage = Stage::empty(Surface::Headless, plan);
        settings(&stage, "browser");
        prepare(&stage);
        let logs = stage.place.logs.clone();
        let page = match Page::in_headless_chromium(&logs, &[]) {
            Ok(page) => page,
            Err(reason) => {
                journeys::skip(&format!("Amazon Connect: {name}"), &reason);
                return None;
            }
        };
        stage.rep.starts();
        stage.sees("the rep signed in", |seen| {
            seen.session == "signed_in" && seen.console
        });
        Some(Self { stage, page })
    }

    /// The rep has signed in to Amazon Connect in this browser before.
    #[track_caller]
    pub(crate) fn signs_in_beforehand(&self) {
        self.page.go(&format!("{}/login", self.stage.org.url()));
        self.page.click(&Find::Role("button", "Sign in"));
        self.page.wait_for_text(&Find::Css("h1"), "Practice phone");
    }

    /// The browser opens what Holdline has sent it.
    #[track_caller]
    pub(crate) fn opens_the_page(&self) {
        let place = &self.stage.place;
        let page = wait::until("the phone's page in the browser", || place.opened().pop());
        self.page.go(&page);
    }

    /// The phone is joined.
    #[track_caller]
    pub(crate) fn is_joined(&mut self) {
        self.page.wait_for_text(&SAYS, LIVE);
        self.stage
            .sees("the phone", |seen| seen.phone.as_deref() == Some("Available"));
    }

    /// The computer has slept for a minute, as far as the page can tell: by its clock.
    #[track_caller]
    pub(crate) fn sleeps_and_wakes(&self) {
        let later = "const now = Date.now; Date.now = () => now.call(Date) + 60_000;";
        self.page.script(later, Vec::new());
    }

    /// The page has looked at its clock twice since: it does so every second.
    #[track_caller]
    pub(crate) fn looks_at_the_clock(&self) {
        let twice = "const done = arguments[0]; let looks = 0; const now = Date.now;
            Date.now = () => { if (++looks === 2) setTimeout(done); return now(); };";
        self.page.script_async(twice, Vec::new());
    }

    /// What a script had left in the page is gone.
    #[track_caller]
    pub(crate) fn is_loaded_anew(&self) {
        wait::until("the page loaded anew", || {
            let gone = self
                .page
                .script("return window.wasHereBefore === undefined", Vec::new());
            (gone == true).then_some(())
        });
    }

    #[track_caller]
    pub(crate) fn sees(&mut self, what: &str, holds: impl Fn(&Seen) -> bool) -> Seen {
        self.stage.sees(what, holds)
    }

    /// `PUT settings` of the practice org.
    #[track_caller]
    pub(crate) fn practice(&self, settings: Value) {
        self.stage.org.ask(Method::PUT, "settings", Some(settings));
    }

    /// The rep presses a state's button, in whichever panel.
    #[track_caller]
    pub(crate) fn chooses_at_the_phone(&self, state: &str, enqueue: bool) {
        let body = json!({ "state": state, "enqueue": enqueue });
        self.stage.org.ask(Method::POST, "phones/pat/state", Some(body));
    }

    /// The phone, as the practice org has it.
    #[track_caller]
    pub(crate) fn waits_for_phone(&self, what: &str, holds: impl Fn(&Value) -> bool) {
        self.stage
            .org
            .wait_for_state(what, |state| holds(&crate::stage::pat(state)["phone"]));
    }

    /// What Holdline wrote to the phone: state and `enqueueNextState`.
    #[track_caller]
    pub(crate) fn written(&self) -> Vec<(String, bool)> {
        let log = self.stage.org.log();
        log.into_iter()
            .filter(|write| write.side == "telephony" && write.source == "holdline")
            .map(|write| (write.status, write.enqueue == Some(true)))
            .collect()
    }
}

/// Adds the phone to the rep's settings.
#[track_caller]
pub(crate) fn settings(stage: &Stage, place: &str) {
    let path = stage.place.profile.join("holdline.toml");
    let mut file = std::fs::OpenOptions::new()
        .append(true)
        .open(path)
        .expect("our own file");
    let org = stage.org.url();
    write!(
        file,
        "\n[telephony]\namazon_connect = \"{org}\"\nwhere = \"{place}\"\n"
    )
    .expect("our own file");
}
