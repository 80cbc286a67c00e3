//! A whole Holdline without a window, signed in to a practice org as pat.

use std::io;
use std::sync::Arc;
use std::time::Duration;

use companion::ports::DesktopPort;
use headless::{Browser, KeyringChoice, Options, Running};
use practice::Server;
use practice::console::session;
use presence::effect::Notice;
use presence::event::Origin;
use reqwest::{Client, Url, redirect};
use serde_json::Value;
use tokio::task::AbortHandle;
use wire::dispatch::Dispatch;
use wire::picture::{Picture, SessionState};
use wire::status_api::{ACCESS_FILE, Access};
use wire::support::{Ask, Check, Finding, Told};

const PATIENCE: Duration = Duration::from_secs(60);

/// Nobody looks.
struct Blind;

impl DesktopPort for Blind {
    fn notify(&self, _: Notice) {}
    fn show(&self, _: &presence::picture::Picture) {}
    fn quit(&self) {}
    fn restart(&self) {}
}

/// pat at the practice org's consent page.
struct Consents(Client);

impl Browser for Consents {
    fn open(&self, page: &Url) -> io::Result<()> {
        let (http, mut page) = (self.0.clone(), page.clone());
        tokio::spawn(async move {
            let mut form: Vec<(String, String)> = page.query_pairs().into_owned().collect();
            form.extend([("decision", "allow"), ("user", "pat")].map(|(k, v)| (k.into(), v.into())));
            page.set_query(None);
            let answer = http.post(page).form(&form).send().await.unwrap();
            let back = answer.headers()["location"].to_str().unwrap().to_owned();
            http.get(back).send().await.unwrap();
        });
        Ok(())
    }
}

pub(crate) struct House {
    pub(crate) holdline: Running,
    pub(crate) org: Server,
    pub(crate) profile: tempfile::TempDir,
    http: Client,
    console: Option<AbortHandle>,
}

impl House {
    /// Nobody is signed in yet. `policy`: more of it than the ports.
    pub(crate) async fn open(policy: &str) -> Self {
        let http = Client::builder()
            .no_proxy()
            .redirect(redirect::Policy::none())
            .build()
            .unwrap();
        let profile = tempfile::tempdir().unwrap();
        let file = profile.path().join("policy.toml");
        let ports = "[loopback]\nports = [0]\n[oauth]\nports = [0]\n[timings]\npercent = 5\n";
        std::fs::write(&file, format!("{ports}{policy}")).unwrap();
        let mut options = Options::new(Box::new(Blind));
        options.browser = Arc::new(Consents(http.clone()));
        options.keyring = KeyringChoice::Session;
        options.policy = Some(file);
        options.profile = Some(profile.path().to_owned());
        let holdline = headless::start(options).await.unwrap();
        let practice = practice::Options {
            holdline_ports: Vec::new(),
            ..practice::Options::default()
        };
        let org = Server::start(practice).await.unwrap();
        Self {
            holdline,
            org,
            profile,
            http,
            console: None,
        }
    }

    pub(crate) async fn signs_in(&self) {
        let org = Some(self.org.url().to_owned());
        self.holdline
            .dispatch(Origin::Window, Dispatch::SignIn { org })
            .await
            .unwrap();
        self.sees("signed in", |picture| {
            picture.session.state == SessionState::SignedIn && !picture.statuses.is_empty()
        })
        .await;
    }

    /// pat's console, in a browser that finds Holdline at its port, or at none.
    pub(crate) fn opens_console(&mut self, finds: bool) {
        self.closes_console();
        let mut options = session::Options::new(Url::parse(self.org.url()).unwrap(), "pat");
        options.holdline_ports = Some(if finds { vec![self.port()] } else { Vec::new() });
        options.timings.retry = Duration::from_millis(200);
        self.console = Some(tokio::spawn(session::run(options)).abort_handle());
    }

    pub(crate) fn closes_console(&mut self) {
        if let Some(console) = self.console.take() {
            console.abort();
        }
    }

    fn port(&self) -> u16 {
        let access = std::fs::read(self.profile.path().join(ACCESS_FILE)).unwrap();
        serde_json::from_slice::<Access>(&access).unwrap().port
    }

    /// Waits until the picture is so, and confirms every pairing meanwhile.
    pub(crate) async fn sees(&self, what: &str, holds: impl Fn(&Picture) -> bool) {
        let mut pictures = self.holdline.pictures();
        let wait = async {
            loop {
                let picture = pictures.borrow_and_update().clone();
                if holds(&picture) {
                    return;
                }
                for pairing in &picture.pairings {
                    let id = pairing.id.clone();
                    let _ = self
                        .holdline
                        .dispatch(Origin::Window, Dispatch::ConfirmPairing { id })
                        .await;
                }
                pictures.changed().await.unwrap();
            }
        };
        if tokio::time::timeout(PATIENCE, wait).await.is_err() {
            panic!("waited in vain for {what}: {:#?}", self.holdline.picture());
        }
    }

    pub(crate) async fn practice(&self, method: reqwest::Method, path: &str, body: Value) -> Value {
        let url = format!("{}/practice/v1/{path}", self.org.url());
        let answer = self.http.request(method, url).json(&body).send().await.unwrap();
        let (status, text) = (answer.status(), answer.text().await.unwrap());
        assert!(status.is_success(), "{path}: {status}: {text}");
        serde_json::from_str(&text).unwrap_or_default()
    }

    pub(crate) async fn ask(&self, ask: Ask) -> Told {
        self.holdline.desk().support(ask).await
    }

    /// What doctor finds at one check.
    pub(crate) async fn finds(&self, check: Check) -> Finding {
        let Told::Doctor { findings } = self.ask(Ask::Doctor).await else {
            panic!("no findings")
        };
        findings
            .into_iter()
            .find(|finding| finding.check == check)
            .unwrap()
    }

    /// Has doctor look again until it finds this.
    pub(crate) async fn waits_for(&self, check: Check, code: &str) -> Finding {
        let wait = async {
            loop {
                let found = self.finds(check).await;
                if found.code == code {
                    return found;
                }
                tokio::time::sleep(Duration::from_millis(50)).await;
            }
        };
        match tokio::time::timeout(PATIENCE, wait).await {
            Ok(found) => found,
            Err(_) => panic!("{check:?} is {:?} in the end", self.finds(check).await),
        }
    }

    pub(crate) async fn ends(mut self) {
        self.closes_console();
        self.holdline.shutdown().await;
        self.org.shutdown().await;
    }
}
