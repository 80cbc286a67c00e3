//! A Holdline without a window, a practice org and a console, all in this process.

use std::collections::BTreeSet;
use std::io;
use std::sync::atomic::{AtomicI64, Ordering};
use std::sync::{Arc, Mutex, PoisonError};
use std::time::Duration;

use companion::clock::Clock;
use companion::ports::DesktopPort;
use headless::{Browser, Options, Running};
use practice::Server;
use practice::console::session;
use presence::effect::Notice;
use presence::event::Origin;
use presence::picture::CallPhase;
use reqwest::{Client, Method, Url, redirect};
use salesforce::{SessionStore, TokenStore};
use serde_json::{Value, json};
use tempfile::TempDir;
use tokio::task::AbortHandle;
use wire::dispatch::Dispatch;
use wire::picture::{Picture, SessionState};
use wire::status_api::{ACCESS_FILE, Access};

use crate::broken::Broken;
use crate::front::Front;

/// Long enough for a busy machine.
const PATIENCE: Duration = Duration::from_secs(90);

/// Every duration of Holdline's, in percent of its own.
pub(crate) const PERCENT: u32 = 10;

pub(crate) struct House {
    pub(crate) broken: Arc<Broken>,
    pub(crate) holdline: Arc<Running>,
    pub(crate) tokens: SessionStore,
    name: String,
    org: Server,
    front: Option<Front>,
    http: Client,
    console: Mutex<Option<AbortHandle>>,
    ahead_ms: &'static AtomicI64,
    pairing: AbortHandle,
    port: u16,
    _profile: TempDir,
}

impl House {
    /// pat is signed in and Available, console and phone are joined, and nothing goes on.
    pub(crate) async fn open(name: String) -> Self {
        Self::open_in(name, tempfile::tempdir().unwrap()).await
    }

    /// [`House::open`] with this profile.
    pub(crate) async fn open_in(name: String, profile: TempDir) -> Self {
        Self::open_with(name, profile, None).await
    }

    /// [`House::open`] with an org that Holdline reaches by a name, a network and TLS.
    #[cfg(target_os = "linux")]
    pub(crate) async fn behind_a_front(name: String) -> Self {
        let front = Front::start(crate::real_network::namespace()).await;
        Self::open_with(name, tempfile::tempdir().unwrap(), Some(front)).await
    }

    async fn open_with(name: String, profile: TempDir, front: Option<Front>) -> Self {
        let http = Client::builder().no_proxy().redirect(redirect::Policy::none());
        let trusted = front.iter().map(Front::certificate);
        let http = http.tls_certs_merge(trusted).build().unwrap();
        let mut settings =
            format!("[loopback]\nports = [0]\n[oauth]\nports = [0]\n[timings]\npercent = {PERCENT}\n");
        settings.extend(front.iter().map(Front::settings));
        std::fs::write(profile.path().join("holdline.toml"), settings).unwrap();
        let (broken, tokens) = (Arc::<Broken>::default(), SessionStore::default());
        let ahead_ms: &'static AtomicI64 = Box::leak(Box::default());
        let mut options = Options::new(Box::new(Blind));
        options.browser = Arc::new(Consents(http.clone()));
        options.clock = Clock::that_leaps(ahead_ms);
        let between = Arc::clone(&broken);
        options.interpose = Some(Box::new(move |ports, inbox| between.between(ports, inbox)));
        options.profile = Some(profile.path().to_owned());
        options.tokens = Some(TokenStore::Session(tokens.clone()));
        let holdline = Arc::new(headless::start(options).await.unwrap());
        let access = std::fs::read(profile.path().join(ACCESS_FILE)).unwrap();
        let port = serde_json::from_slice::<Access>(&access).unwrap().port;
        let mut practice = practice::Options {
            holdline_ports: vec![port],
            ..practice::Options::default()
        };
        practice.timings.phone_retry = Duration::from_millis(100);
        let org = Server::start(practice).await.unwrap();
        if let Some(front) = &front {
            front.leads_to(org.url());
        }
        let pairing = tokio::spawn(confirm_pairings(Arc::clone(&holdline))).abort_handle();
        let house = Self {
            broken,
            holdline,
            tokens,
            name,
            org,
            front,
            http,
            console: Mutex::default(),
            ahead_ms,
            pairing,
            port,
            _profile: profile,
        };
        house.opens_console();
        house.signs_in().await;
        house
            .sees("nothing going on", |picture| {
                picture.call.phase == CallPhase::Idle
                    && picture.console.connected
                    && picture.telephony.state.as_deref() == Some("Available")
                    && picture.presence.status.as_deref() == Some("Available")
            })
            .await;
        house
    }

    pub(crate) async fn signs_in(&self) {
        let front = self.front.as_ref().map(Front::url);
        let org = Some(front.unwrap_or_else(|| self.org.url().to_owned()));
        self.asks(Dispatch::SignIn { org }).await.unwrap();
        self.sees("signed in", |picture| {
            picture.session.state == SessionState::SignedIn
        })
        .await;
    }

    #[cfg(target_os = "linux")]
    pub(crate) fn front(&self) -> &Front {
        self.front.as_ref().expect("a front to break")
    }

    pub(crate) fn opens_console(&self) {
        let mut options = session::Options::new(Url::parse(self.org.url()).unwrap(), "pat");
        options.holdline_ports = Some(vec![self.port]);
        options.origin = self.front.as_ref().map(|front| Url::parse(&front.url()).unwrap());
        options.timings.retry = Duration::from_millis(200);
        let console = tokio::spawn(session::run(options)).abort_handle();
        self.sets_console(Some(console));
    }

    pub(crate) fn closes_console(&self) {
        self.sets_console(None);
    }

    fn sets_console(&self, console: Option<AbortHandle>) {
        let mut place = self.console.lock().unwrap_or_else(PoisonError::into_inner);
        if let Some(before) = std::mem::replace(&mut *place, console) {
            before.abort();
        }
    }

    /// An hour passes that the machine does not notice.
    pub(crate) fn sleeps_an_hour(&self) {
        self.ahead_ms.fetch_add(3_600_000, Ordering::Relaxed);
    }

    /// A request of the rep's; an error is its refusal.
    pub(crate) async fn asks(&self, request: Dispatch) -> Result<(), String> {
        let asked = self.holdline.dispatch(Origin::Window, request).await;
        asked.map_err(|error| error.code)
    }

    /// Waits until the picture is so.
    pub(crate) async fn sees(&self, what: &str, mut holds: impl FnMut(&Picture) -> bool) -> Picture {
        let mut pictures = self.holdline.pictures();
        let wait = async { pictures.wait_for(|picture| holds(picture)).await.unwrap().clone() };
        if let Ok(seen) = tokio::time::timeout(PATIENCE, wait).await {
            return Picture::clone(&seen);
        }
        let shown = serde_json::to_string(&self.holdline.picture()).unwrap();
        let org = self.practice(Method::GET, "state", None).await;
        panic!("{}: waited in vain for {what}: {shown}\n{org}", self.name);
    }

    /// Waits until the practice org says so.
    pub(crate) async fn org_tells(&self, what: &str, path: &str, holds: impl Fn(&Value) -> bool) {
        let end = tokio::time::Instant::now() + PATIENCE;
        loop {
            let told = self.practice(Method::GET, path, None).await;
            if holds(&told) {
                return;
            }
            assert!(
                tokio::time::Instant::now() < end,
                "{}: waited in vain for {what}: {told}",
                self.name
            );
            tokio::time::sleep(Duration::from_millis(50)).await;
        }
    }

    /// The practice org's control API.
    pub(crate) async fn practice(&self, method: Method, path: &str, body: Option<Value>) -> Value {
        let url = format!("{}/practice/v1/{path}", self.org.url());
        let mut request = self.http.request(method, url);
        if let Some(body) = body {
            request = request.json(&body);
        }
        let answer = request.send().await.unwrap();
        let (status, text) = (answer.status(), answer.text().await.unwrap());
        assert!(status.is_success(), "{}: {path}: {status}: {text}", self.name);
        serde_json::from_str(&text).unwrap_or_default()
    }

    pub(crate) async fn post(&self, path: &str, body: Value) -> Value {
        self.practice(Method::POST, path, Some(body)).await
    }

    pub(crate) async fn step(&self, call: &str, step: &str) {
        self.post(&format!("calls/{call}/{step}"), json!({})).await;
    }

    pub(crate) async fn ends(self) {
        self.pairing.abort();
        self.closes_console();
        self.holdline.shutdown().await;
        self.org.shutdown().await;
    }
}

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

/// The partners that ask are the practice org's own.
async fn confirm_pairings(holdline: Arc<Running>) {
    let (mut confirmed, mut pictures) = (BTreeSet::new(), holdline.pictures());
    loop {
        let asking = pictures.borrow_and_update().pairings.clone();
        for id in asking.into_iter().map(|pairing| pairing.id) {
            if confirmed.insert(id.clone()) {
                let confirm = Dispatch::ConfirmPairing { id };
                let _ = holdline.dispatch(Origin::Window, confirm).await;
            }
        }
        if pictures.changed().await.is_err() {
            return;
        }
    }
}
