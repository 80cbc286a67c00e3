//! Holdline's window on a desktop of its own, used as a rep uses it: by what it shows.

use std::path::PathBuf;
use std::time::Instant;

use journeys::desktop::{Desktop, TrayItem};
use journeys::http::PracticeOrg;
use journeys::wait;
use journeys::webdriver::{Find, Key, Page};
use serde::Deserialize as _;

use super::icon::Icon;
use super::{Browser, Place, Rep, Seen, icon, pat};

/// Reads a [`Seen`] off the page.
const SEEN: &str = include_str!("seen.js");

/// A rep at a desktop.
pub(crate) struct Windowed {
    // The window goes before its desktop.
    page: Option<Page>,
    desktop: Desktop,
    place: Place,
    shots: usize,
    icons: Vec<Icon>,
}

impl Windowed {
    #[track_caller]
    pub(crate) fn new(_: &str, place: Place) -> Self {
        Self {
            page: None,
            desktop: Desktop::start(),
            place,
            shots: 0,
            icons: Vec::new(),
        }
    }

    /// The desktop.
    pub(crate) fn desktop(&self) -> &Desktop {
        &self.desktop
    }

    /// The desktop, to be furnished before Holdline starts.
    pub(crate) fn desktop_mut(&mut self) -> &mut Desktop {
        &mut self.desktop
    }

    /// The window's page.
    #[track_caller]
    pub(crate) fn page(&self) -> &Page {
        self.page.as_ref().expect("Holdline has been started")
    }

    /// Types an org's address and goes on; answers where the browser was sent.
    #[track_caller]
    pub(crate) fn asks_to_sign_in(&self, org: &str) -> Browser {
        self.is_sent_to_the_browser(|| self.types_org(org))
    }

    /// What the browser opens when the rep does this.
    #[track_caller]
    pub(crate) fn is_sent_to_the_browser(&self, act: impl FnOnce()) -> Browser {
        let before = self.desktop.opened().len();
        act();
        let page = wait::until("the consent page in the browser", || {
            self.desktop.opened().get(before).cloned()
        });
        Browser::at(&page)
    }

    /// Types an org's address and goes on with Enter.
    #[track_caller]
    pub(crate) fn types_org(&self, org: &str) {
        self.page().fill(&Find::Label("Org address"), org);
        self.page().press(Key::Enter);
    }

    /// Checks what is shown with axe-core, because it must be usable by everybody.
    #[track_caller]
    pub(crate) fn is_accessible(&self, when: &str) {
        let violations = self.page().accessibility_violations();
        assert!(violations.is_empty(), "axe-core at {when:?}: {violations:#?}");
    }

    /// For `HOLDLINE_SCREENSHOTS`, keeps pictures of the window and of the tray icon, numbered in order.
    #[track_caller]
    pub(crate) fn is_pictured(&mut self, name: &str, item: &TrayItem) {
        let Some(folder) = std::env::var_os("HOLDLINE_SCREENSHOTS") else {
            return;
        };
        self.shots += 1;
        let folder = PathBuf::from(folder);
        std::fs::create_dir_all(&folder).unwrap_or_else(|error| panic!("{}: {error}", folder.display()));
        let step = format!("{:02}-{name}", self.shots);
        self.desktop.screen().wait_until_painted();
        let taken = self
            .desktop
            .command("scrot")
            .args(["--overwrite", "--focused"])
            .arg(folder.join(format!("{step}.png")))
            .output();
        let taken = taken.expect("scrot is installed");
        assert!(taken.status.success(), "{taken:?}");
        icon::write(&item.pixels(), &folder.join(format!("{step}-tray.png")));
    }

    /// Opens the phone's window, and pictures it.
    #[track_caller]
    pub(crate) fn shows_the_phone(&mut self) {
        let before = self.desktop.screen().windows().len();
        self.page().click(&Find::Role("button", "Open Amazon Connect"));
        wait::until("the phone's window", || {
            (self.desktop.screen().windows().len() > before).then_some(())
        });
        if let Some(folder) = std::env::var_os("HOLDLINE_SCREENSHOTS") {
            self.desktop.screen().wait_until_painted();
            self.desktop
                .screenshot(&PathBuf::from(folder).join("phone-window.png"));
        }
    }

    /// Checks that the tray's icon is another one than at each earlier step, and keeps it.
    #[track_caller]
    pub(crate) fn shows_new_icon(&mut self, item: &TrayItem) {
        let icons = &self.icons;
        let icon = wait::until("another icon in the tray", || {
            let icon = item.pixels();
            (!icon.is_empty() && !icons.contains(&icon)).then_some(icon)
        });
        self.icons.push(icon);
    }

    #[track_caller]
    fn seen(&self) -> Seen {
        let seen = self.page().script(SEEN, Vec::new());
        Seen::deserialize(&seen).unwrap_or_else(|error| panic!("the window shows {seen}: {error}"))
    }

    /// The codes that console and phone show their rep.
    fn codes(org: &mut PracticeOrg) -> Vec<String> {
        let mut codes = Vec::new();
        if let Some(code) = pat(&org.state())["phone"]["pairingCode"].as_str() {
            codes.push(code.to_owned());
        }
        let practice = org.process().expect("the journey started it");
        for line in practice.said() {
            let notice = line.value["notice"].as_str().unwrap_or_default();
            if let Some((_, code)) = notice.split_once("pairing code ") {
                codes.push(code.trim_end_matches('.').to_owned());
            }
        }
        codes
    }
}

impl Rep for Windowed {
    fn starts(&mut self) {
        let profile = self.place.profile.to_str().expect("our own folder");
        let mut arguments = vec!["--profile", profile];
        if let Some(policy) = &self.place.policy {
            arguments.extend(["--policy", policy.to_str().expect("our own folder")]);
        }
        self.page = Some(Page::of_holdline(&self.desktop, &arguments));
    }

    fn signs_in(&mut self, org: &str) {
        self.sees("nobody signed in", &|seen| seen.session == "signed_out");
        self.asks_to_sign_in(org).allows();
        self.sees("the rep signed in", &|seen| seen.session == "signed_in");
    }

    fn pairs(&mut self, org: &mut PracticeOrg) {
        loop {
            let seen = self.sees("a code to compare, or all joined", &|seen| {
                !seen.codes.is_empty() || (seen.console && seen.phone.is_some())
            });
            let Some(shown) = seen.codes.first() else { return };
            let codes = Self::codes(org);
            assert!(
                codes.contains(shown),
                "Holdline shows the code {shown}, console and phone {codes:?}"
            );
            self.is_accessible("a code to compare");
            self.page().click(&Find::Role("button", "The codes match"));
            self.sees("the code gone", &|seen| !seen.codes.contains(shown));
        }
    }

    fn sees(&mut self, what: &str, holds: &dyn Fn(&Seen) -> bool) -> Seen {
        let end = Instant::now() + wait::PATIENCE;
        loop {
            let seen = self.seen();
            if holds(&seen) {
                return seen;
            }
            assert!(
                Instant::now() < end,
                "the window: waited {:?} in vain for: {what}\nit shows {seen:#?}",
                wait::PATIENCE
            );
            std::thread::sleep(std::time::Duration::from_millis(30));
        }
    }

    fn asks_for(&mut self, status: &str) {
        self.page().click(&Find::Role("radio", status));
    }

    fn cancels(&mut self) {
        let held = self.seen().held.expect("something is held");
        let name = format!("Cancel the held {}", held.status);
        self.page().click(&Find::Role("button", &name));
    }

    fn goes_back_online(&mut self) {
        self.page().click(&Find::Role("button", "Go back online"));
    }

    fn kill_9(&mut self) {
        self.page.take().expect("Holdline has been started").kill_9();
    }

    fn window(&mut self) -> Option<&mut Windowed> {
        Some(self)
    }
}
