//! Holdline without a window: `holdlinectl run`, and requests by `holdlinectl request` and `cancel`.

use std::process::{Command, Output, Stdio};

use journeys::http::PracticeOrg;
use journeys::process::Guard;
use journeys::programs;

use super::{Place, Rep, Seen};

/// A rep at a terminal.
pub(crate) struct Headless {
    org: String,
    place: Place,
    run: Option<Guard>,
    refusal: Option<String>,
    log_level: &'static str,
}

impl Headless {
    pub(crate) fn new(org: &str, place: Place) -> Self {
        Self {
            org: org.to_owned(),
            place,
            run: None,
            refusal: None,
            log_level: "info",
        }
    }

    /// The same, with `RUST_LOG` at this level.
    pub(crate) fn logging(mut self, log_level: &'static str) -> Self {
        self.log_level = log_level;
        self
    }

    /// `holdlinectl VERB … --profile DIR`
    #[track_caller]
    pub(crate) fn ask(place: &Place, arguments: &[&str]) -> Output {
        Self::command(place, arguments)
            .output()
            .expect("holdlinectl runs")
    }

    /// [`Headless::ask`], not started yet.
    #[track_caller]
    pub(crate) fn command(place: &Place, arguments: &[&str]) -> Command {
        let mut command = Command::new(programs::holdlinectl());
        command
            .args(arguments)
            .arg("--profile")
            .arg(&place.profile)
            .env_remove("RUST_LOG")
            .stdin(Stdio::null());
        command
    }

    /// `holdlinectl run` for this org, signed in as `pat`.
    #[track_caller]
    pub(crate) fn run(place: &Place, org: &str) -> Command {
        let arguments = [
            "run",
            "--json",
            "--keyring",
            "session",
            "--sign-in-as",
            "pat",
            "--org",
            org,
        ];
        let mut run = Self::command(place, &arguments);
        if let Some(policy) = &place.policy {
            run.arg("--policy").arg(policy);
        }
        run.env("RUST_LOG", "info").env("PATH", place.path());
        run
    }

    /// Starts `holdlinectl run` for an address of the org's.
    #[track_caller]
    pub(crate) fn starts_for(&mut self, org: &str) {
        let mut run = Self::run(&self.place, org);
        run.env("RUST_LOG", self.log_level);
        self.run = Some(Guard::start("holdlinectl-run", &mut run, &self.place.logs));
    }

    #[track_caller]
    fn request(&mut self, arguments: &[&str]) {
        let output = Self::ask(&self.place, arguments);
        let error = String::from_utf8_lossy(&output.stderr).trim().to_owned();
        let answer = String::from_utf8_lossy(&output.stdout).trim().to_owned();
        if output.status.success() {
            assert!(
                !answer.is_empty() && error.is_empty(),
                "an accepted request says so, and nothing else: {answer:?}, {error:?}"
            );
            self.refusal = None;
        } else {
            assert!(
                answer.is_empty() && !error.is_empty(),
                "a refusal gives its reason on standard error: {answer:?}, {error:?}"
            );
            self.refusal = Some(error);
        }
    }
}

impl Rep for Headless {
    fn starts(&mut self) {
        let org = self.org.clone();
        self.starts_for(&org);
    }

    fn signs_in(&mut self, _: &str) {
        // `--sign-in-as` does.
        self.sees("the rep signed in", &|seen| seen.session == "signed_in");
    }

    fn pairs(&mut self, _: &mut PracticeOrg) {
        self.sees("console and phone joined", &|seen| {
            seen.console && seen.phone.is_some()
        });
    }

    fn sees(&mut self, what: &str, holds: &dyn Fn(&Seen) -> bool) -> Seen {
        let refusal = self.refusal.clone();
        let run = self.run.as_mut().expect("Holdline has been started");
        let picture = run.wait_for(what, |line| holds(&Seen::of_picture(line, refusal.as_deref())));
        Seen::of_picture(&picture, refusal.as_deref())
    }

    fn asks_for(&mut self, status: &str) {
        self.request(&["request", status]);
    }

    fn cancels(&mut self) {
        self.request(&["cancel"]);
    }

    fn goes_back_online(&mut self) {
        self.request(&["request", "Available"]);
    }

    fn kill_9(&mut self) {
        self.run.take().expect("Holdline has been started").kill_9();
    }
}
