//! What every journey stands on: a practice org, a profile and ports of its own, and a rep in front of
//! Holdline on one of the two surfaces.

mod console;
mod ending;
mod gateway;
mod headless;
mod icon;
mod rep;
mod seen;
mod site;
mod windowed;

use std::path::{Path, PathBuf};
use std::sync::Arc;

use journeys::http::PracticeOrg;
use journeys::ports::Ports;
use presence::saved::Saved;
use tempfile::TempDir;

pub(crate) use console::ConsolePage;
pub(crate) use gateway::Gateway;
pub(crate) use headless::Headless;
pub(crate) use journeys::browser::Browser;
pub(crate) use rep::Rep;
pub(crate) use seen::Seen;
pub(crate) use site::Site;
pub(crate) use windowed::Windowed;

/// What the rep has in front of them.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Surface {
    /// `holdlinectl run`, `request`, `cancel`.
    Headless,
    /// The window and the tray.
    Windowed,
}

/// What a journey wants otherwise than usual.
#[derive(Clone, Debug, Default)]
pub(crate) struct Plan {
    /// Further arguments of `holdlinectl practice`.
    pub(crate) practice: &'static [&'static str],
    /// Further lines of `holdline.toml`.
    pub(crate) settings: &'static str,
    /// `pat` has no console yet: a browser is to open it.
    pub(crate) no_console: bool,
    /// The content of a policy file.
    pub(crate) policy: Option<&'static str>,
}

/// A set stage. Dropped, everything on it ends.
pub(crate) struct Stage {
    /// The rep.
    pub(crate) rep: Box<dyn Rep>,
    /// The practice org, where `pat` has a console.
    pub(crate) org: PracticeOrg,
    /// Where Holdline keeps its files, and which ports are its own.
    pub(crate) place: Place,
    _folder: TempDir,
}

/// Where a Holdline lives.
#[derive(Clone)]
pub(crate) struct Place {
    pub(crate) profile: PathBuf,
    pub(crate) policy: Option<PathBuf>,
    pub(crate) logs: PathBuf,
    /// In front of PATH: a browser that only notes what it is to open.
    bin: PathBuf,
    pub(crate) oauth_port: u16,
    holdline_ports: [u16; 2],
    _ports: Arc<Ports>,
}

impl Place {
    /// Where Holdline listens for console and phone.
    pub(crate) fn ports(&self) -> [u16; 2] {
        self.holdline_ports
    }

    /// Another profile on the same computer, with the same ports to choose from.
    #[track_caller]
    pub(crate) fn beside(&self, name: &str) -> Self {
        let profile = self.profile.with_file_name(name);
        std::fs::create_dir(&profile).expect("our own folder");
        let settings = "holdline.toml";
        std::fs::copy(self.profile.join(settings), profile.join(settings)).expect("our own folder");
        Self {
            profile,
            ..self.clone()
        }
    }

    /// What a Holdline without a desktop has opened in the rep's browser, in order.
    pub(crate) fn opened(&self) -> Vec<String> {
        let opened = std::fs::read_to_string(self.bin.with_file_name("opened")).unwrap_or_default();
        opened.lines().map(str::to_owned).collect()
    }

    /// PATH, with that browser first.
    pub(crate) fn path(&self) -> std::ffi::OsString {
        let path = std::env::var_os("PATH").unwrap_or_default();
        let folders = std::iter::once(self.bin.clone()).chain(std::env::split_paths(&path));
        std::env::join_paths(folders).expect("PATH has no odd names")
    }

    fn new(folder: &Path, plan: &Plan) -> (Self, String) {
        let ports = Ports::free(3);
        let [first, second, oauth] = *ports.list() else {
            panic!("three ports were asked for")
        };
        let profile = folder.join("profile");
        let logs = folder.join("logs");
        let bin = folder.join("bin");
        for new in [&profile, &logs, &bin] {
            std::fs::create_dir(new).expect("our own folder");
        }
        journeys::programs::install_browser(&bin, &folder.join("opened"));
        let settings = format!(
            "[loopback]\nports = [{first}, {second}]\n[oauth]\nports = [{oauth}]\n{}",
            plan.settings
        );
        std::fs::write(profile.join("holdline.toml"), settings).expect("our own folder");
        let policy = plan.policy.map(|policy| {
            let path = folder.join("policy.toml");
            std::fs::write(&path, policy).expect("our own folder");
            path
        });
        let place = Self {
            profile,
            policy,
            logs,
            bin,
            oauth_port: oauth,
            holdline_ports: [first, second],
            _ports: Arc::new(ports),
        };
        (place, format!("{first},{second}"))
    }
}

impl Stage {
    /// Everything stands, Holdline runs, and nobody is signed in to it yet. `pat` is Available.
    #[track_caller]
    pub(crate) fn set(surface: Surface, plan: Plan) -> Self {
        let mut stage = Self::empty(surface, plan);
        stage.rep.starts();
        stage
    }

    /// Like [`Stage::set`], and Holdline does not run yet.
    #[track_caller]
    pub(crate) fn empty(surface: Surface, plan: Plan) -> Self {
        let folder = tempfile::Builder::new()
            .prefix("holdline-journey-")
            .tempdir()
            .expect("a temporary folder");
        let (place, ports) = Place::new(folder.path(), &plan);
        let mut arguments = vec!["--port", "0", "--holdline-ports", &ports];
        if !plan.no_console {
            arguments.extend(["--console", "pat"]);
        }
        arguments.extend(plan.practice);
        let org = PracticeOrg::start(&arguments, &place.logs);
        if !plan.no_console {
            org.wait_for_state("pat to be Available", |state| {
                pat(state)["presence"]["status"] == "Available"
            });
        }
        let rep: Box<dyn Rep> = match surface {
            Surface::Headless => Box::new(Headless::new(org.url(), place.clone())),
            Surface::Windowed => Box::new(Windowed::new(org.url(), place.clone())),
        };
        Self {
            rep,
            org,
            place,
            _folder: folder,
        }
    }

    /// The rep is signed in, console and phone are joined, and nothing is going on.
    #[track_caller]
    pub(crate) fn ready(surface: Surface) -> Self {
        Self::ready_with(surface, Plan::default())
    }

    /// [`Stage::ready`] with a plan.
    #[track_caller]
    pub(crate) fn ready_with(surface: Surface, plan: Plan) -> Self {
        let mut stage = Self::set(surface, plan);
        stage.sign_in();
        stage.sees("nothing going on", |seen| {
            seen.call == "idle"
                && seen.presence.as_deref() == Some("Available")
                && seen.phone.as_deref() == Some("Available")
        });
        stage
    }

    /// The rep signs in and lets console and phone join.
    #[track_caller]
    pub(crate) fn sign_in(&mut self) {
        let org = self.org.url().to_owned();
        self.rep.signs_in(&org);
        self.rep.pairs(&mut self.org);
    }

    /// The rep was signed in before Holdline ended and need not sign in again; console and phone know it.
    #[track_caller]
    pub(crate) fn comes_back(&mut self) {
        self.sees("the rep signed in again, with console and phone", |seen| {
            seen.session == "signed_in" && seen.console && seen.phone.is_some()
        });
    }

    /// Waits until the state file holds no wish any more.
    #[track_caller]
    pub(crate) fn forgets_the_wish(&self) {
        let path = self.place.profile.join("state.json");
        journeys::wait::until("a state file without a wish", || {
            let saved: Saved = serde_json::from_slice(&std::fs::read(&path).ok()?).ok()?;
            saved.intent.is_none().then_some(())
        });
    }

    /// Waits until the rep sees this, and answers what there is to see.
    #[track_caller]
    pub(crate) fn sees(&mut self, what: &str, holds: impl Fn(&Seen) -> bool) -> Seen {
        self.rep.sees(what, &holds)
    }

    /// A call begins to ring and is accepted, and the rep sees it.
    #[track_caller]
    pub(crate) fn on_a_call(&mut self) -> journeys::http::Call {
        let call = self.org.call("pat", "+1 555 0142");
        self.sees("the call ringing", |seen| seen.call == "ringing");
        self.org.accept(&call);
        self.sees("the call", |seen| {
            seen.call == "on_call" && seen.presence.as_deref() == Some("Available")
        });
        call
    }

    /// The rep asks for Offline and sees it held.
    #[track_caller]
    pub(crate) fn offline_is_held(&mut self, because: &str) {
        self.rep.asks_for("Offline");
        self.sees_offline_held(because);
    }

    /// The rep sees Offline held, for a reason that contains these words.
    #[track_caller]
    pub(crate) fn sees_offline_held(&mut self, because: &str) {
        self.sees(&format!("Offline held because {because:?}"), |seen| {
            seen.held
                .as_ref()
                .is_some_and(|held| held.status == "Offline" && held.text.contains(because))
        });
    }

    /// The rep sees that Offline is set, here and on the phone, and that nothing waits any more.
    #[track_caller]
    pub(crate) fn sees_offline_set(&mut self) {
        self.sees("Offline set", |seen| {
            seen.call == "idle"
                && seen.held.is_none()
                && seen.presence.as_deref() == Some("Offline")
                && seen.phone.as_deref() == Some("Offline")
        });
        self.org
            .wait_for_state("pat logged out, with the phone Offline", |state| {
                pat(state)["presence"]["kind"] == "logged_out"
                    && pat(state)["phone"]["state"]["name"] == "Offline"
            });
    }

    /// `pat` uses the Omni-Channel widget in the practice console.
    #[track_caller]
    pub(crate) fn in_the_console(&self, method: &str, arguments: serde_json::Value) {
        self.org.ask(
            reqwest::Method::POST,
            &format!("console/pat/toolkit/{method}"),
            Some(arguments),
        );
    }

    /// `pat` logs in to Omni-Channel in the practice console.
    #[track_caller]
    pub(crate) fn logs_in_in_the_console(&self) {
        let state = self.org.state();
        let available = &state["statuses"][0];
        assert_eq!(available["label"], "Available");
        self.in_the_console("login", serde_json::json!({ "statusId": available["statusId"] }));
    }

    /// What `pat` has in the practice org.
    #[track_caller]
    pub(crate) fn pat(&self) -> serde_json::Value {
        pat(&self.org.state()).clone()
    }

    /// What the window shows now, if there is one, is usable by everybody.
    #[track_caller]
    pub(crate) fn is_accessible(&mut self, when: &str) {
        if let Some(window) = self.window() {
            window.is_accessible(when);
        }
    }

    /// The window, where there is one.
    pub(crate) fn window(&mut self) -> Option<&mut Windowed> {
        self.rep.window()
    }

    /// Nothing that Holdline wrote could have dropped a call, whatever others did.
    #[track_caller]
    pub(crate) fn holdline_did_no_harm(&self) {
        ending::holdline_did_no_harm(&self.org);
    }

    /// What must be true at the end of every journey, and that Holdline wrote exactly these statuses.
    #[track_caller]
    pub(crate) fn ends_with_writes(&self, presence: &[&str]) {
        ending::nothing_was_dropped(&self.org);
        ending::presence_was_written(&self.org, presence);
    }
}

impl Drop for Stage {
    fn drop(&mut self) {
        if std::thread::panicking() {
            ending::tell(&self.org);
        }
    }
}

/// `pat` in the state of the practice org.
pub(crate) fn pat(state: &serde_json::Value) -> &serde_json::Value {
    state["reps"]
        .as_array()
        .and_then(|reps| reps.iter().find(|rep| rep["rep"] == "pat"))
        .expect("pat works here")
}
