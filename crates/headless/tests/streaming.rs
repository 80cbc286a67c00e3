//! What Salesforce pushes, as a rep sees it: a whole Holdline without a window and a practice org, over real sockets.

use std::io;
use std::path::Path;
use std::sync::Arc;
use std::time::Duration;

use companion::ports::DesktopPort;
use headless::{Browser, Options, Running};
use practice::Server;
use presence::effect::Notice;
use presence::event::Origin;
use presence::problem::ProblemCode;
use reqwest::{Client, Method, Url, redirect};
use salesforce::{SessionStore, TokenStore};
use serde_json::{Value, json};
use tempfile::TempDir;
use wire::dispatch::Dispatch;
use wire::picture::{Picture, SessionState};

/// Long enough for a busy machine.
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

/// An org, and a rep's profile that outlives a Holdline.
struct Place {
    org: Server,
    http: Client,
    profile: TempDir,
    tokens: SessionStore,
}

impl Place {
    /// `settings`: besides those that every test needs. Reads are so far apart that none comes by itself.
    async fn new(settings: &str) -> Self {
        let options = practice::Options {
            holdline_ports: Vec::new(),
            ..practice::Options::default()
        };
        let http = Client::builder().no_proxy().redirect(redirect::Policy::none());
        let profile = tempfile::tempdir().unwrap();
        let settings =
            format!("[loopback]\nports = [0]\n[oauth]\nports = [0]\n[timings]\npercent = 2000\n{settings}");
        std::fs::write(profile.path().join("holdline.toml"), settings).unwrap();
        Self {
            org: Server::start(options).await.unwrap(),
            http: http.build().unwrap(),
            profile,
            tokens: SessionStore::default(),
        }
    }

    async fn starts(&self) -> Running {
        let mut options = Options::new(Box::new(Blind));
        options.browser = Arc::new(Consents(self.http.clone()));
        options.profile = Some(self.profile.path().to_owned());
        options.tokens = Some(TokenStore::Session(self.tokens.clone()));
        headless::start(options).await.unwrap()
    }

    /// A Holdline that pat has just signed in with, Available.
    async fn signs_in(&self) -> Running {
        self.sets("Available").await;
        let holdline = self.starts().await;
        let org = Some(self.org.url().to_owned());
        holdline
            .dispatch(Origin::Window, Dispatch::SignIn { org })
            .await
            .unwrap();
        sees(&holdline, "Available", |picture| is(picture, "Available")).await;
        holdline
    }

    async fn practice(&self, method: Method, path: &str, body: Value) -> Value {
        let url = format!("{}/practice/v1/{path}", self.org.url());
        let answer = self.http.request(method, url).json(&body).send().await.unwrap();
        let (status, text) = (answer.status(), answer.text().await.unwrap());
        assert!(status.is_success(), "{path}: {status}: {text}");
        serde_json::from_str(&text).unwrap_or_default()
    }

    /// pat's status changes, whoever changes it.
    async fn sets(&self, label: &str) {
        let state = self.practice(Method::GET, "state", json!(null)).await;
        let statuses = state["statuses"].as_array().unwrap();
        let status = statuses.iter().find(|status| status["label"] == label).unwrap();
        let body = json!({ "statusId": status["statusId"] });
        self.practice(Method::POST, "console/pat/toolkit/setServicePresenceStatus", body)
            .await;
    }

    /// From now on requests of this kind are counted, or worse; gives the fault's id.
    async fn fault(&self, place: &str, what: Value) -> Value {
        let fault = json!({ "where": place, "what": what });
        self.practice(Method::POST, "faults", fault).await["id"].clone()
    }

    async fn fired(&self, fault: &Value) -> u64 {
        let told = self.practice(Method::GET, "faults", json!(null)).await;
        let faults = told.as_array().or_else(|| told["faults"].as_array()).unwrap();
        faults.iter().find(|one| one["id"] == *fault).unwrap()["fired"]
            .as_u64()
            .unwrap()
    }

    /// Waits until somebody has subscribed.
    async fn listening(&self) {
        self.waits("a listener", async || {
            self.practice(Method::GET, "cometd", json!(null)).await["subscriptions"] == 1
        })
        .await;
    }

    async fn waits(&self, what: &str, holds: impl AsyncFn() -> bool) {
        let wait = async {
            while !holds().await {
                tokio::time::sleep(Duration::from_millis(20)).await;
            }
        };
        if tokio::time::timeout(PATIENCE, wait).await.is_err() {
            panic!("waited in vain for {what}");
        }
    }

    fn saved_position(&self) -> Option<i64> {
        let state = std::fs::read(Path::join(self.profile.path(), "state.json")).ok()?;
        let state: Value = serde_json::from_slice(&state).unwrap();
        state.pointer("/session/replay")?.as_i64()
    }
}

async fn sees(holdline: &Running, what: &str, holds: impl Fn(&Picture) -> bool) {
    let mut pictures = holdline.pictures();
    let seen = tokio::time::timeout(PATIENCE, pictures.wait_for(|picture| holds(picture))).await;
    if seen.is_err() {
        panic!("waited in vain for {what}: {:#?}", holdline.picture());
    }
}

/// Ends it and gives its profile back.
async fn ends(holdline: Running) {
    holdline.shutdown().await;
}

fn is(picture: &Picture, status: &str) -> bool {
    picture.session.state == SessionState::SignedIn && picture.presence.status.as_deref() == Some(status)
}

fn says_stopped(picture: &Picture) -> bool {
    picture
        .problems
        .iter()
        .any(|problem| problem.code == ProblemCode::StreamStopped)
}

#[tokio::test]
async fn a_change_reaches_the_picture_without_a_read_and_a_restart_goes_on_after_it() {
    let place = Place::new("").await;
    let holdline = place.signs_in().await;
    place.listening().await;
    // From now on no read is answered.
    let reads = place
        .fault("rest", json!({ "kind": "delay", "ms": 600_000 }))
        .await;
    place.sets("Break").await;
    sees(&holdline, "Break", |picture| is(picture, "Break")).await;
    place.sets("Training").await;
    sees(&holdline, "Training", |picture| is(picture, "Training")).await;
    let path = format!(
        "faults/{}",
        reads.as_str().map_or_else(|| reads.to_string(), str::to_owned)
    );
    place.practice(Method::DELETE, &path, json!(null)).await;
    place
        .waits("a saved position", async || place.saved_position().is_some())
        .await;
    ends(holdline).await;
    let before = place.saved_position().unwrap();

    place.sets("Break").await;
    let holdline = place.starts().await;
    sees(&holdline, "Break", |picture| is(picture, "Break")).await;
    // What was pushed meanwhile is pushed again: nothing else moves the position.
    place
        .waits("the positions of meanwhile", async || {
            place.saved_position() > Some(before)
        })
        .await;
    ends(holdline).await;
    place
        .waits("a polite end", async || {
            place.practice(Method::GET, "cometd", json!(null)).await["clients"] == 0
        })
        .await;
}

#[tokio::test]
async fn a_logout_is_found_out_though_the_stream_does_not_say_what_came_of_it() {
    let place = Place::new("").await;
    let holdline = place.signs_in().await;
    place.listening().await;
    let logout = json!({ "reason": "OmniSupervisorLogout" });
    place.practice(Method::POST, "reps/pat/logout", logout).await;
    sees(&holdline, "the logout", |picture| is(picture, "Offline")).await;
    ends(holdline).await;
}

#[tokio::test]
async fn a_position_that_is_gone_is_made_up_for_by_a_read() {
    let place = Place::new("").await;
    let holdline = place.signs_in().await;
    place.listening().await;
    place.sets("Break").await;
    sees(&holdline, "Break", |picture| is(picture, "Break")).await;
    place
        .waits("a saved position", async || place.saved_position().is_some())
        .await;
    ends(holdline).await;

    place
        .practice(Method::PUT, "settings", json!({ "cometdRetentionMs": 1 }))
        .await;
    place.sets("Training").await;
    let reads = place.fault("rest", json!({ "kind": "delay", "ms": 0 })).await;
    let holdline = place.starts().await;
    sees(&holdline, "Training", |picture| is(picture, "Training")).await;
    let at_start = place.fired(&reads).await;
    place
        .waits("a read after the gap", async || {
            place.fired(&reads).await > at_start
        })
        .await;
    ends(holdline).await;
}

#[tokio::test]
async fn an_orgs_limit_is_told_once_and_the_rest_goes_on() {
    let place = Place::new("").await;
    place
        .practice(Method::PUT, "settings", json!({ "cometdClients": 0 }))
        .await;
    let holdline = place.signs_in().await;
    sees(&holdline, "that nothing is pushed", says_stopped).await;
    let code = ProblemCode::StreamStopped;
    holdline
        .dispatch(Origin::Window, Dispatch::DismissProblem { code })
        .await
        .unwrap();
    sees(&holdline, "it put away", |picture| !says_stopped(picture)).await;
    assert!(is(&holdline.picture(), "Available"));
    ends(holdline).await;
}

#[tokio::test]
async fn turned_off_nobody_listens() {
    let place = Place::new("[streaming]\nmode = \"off\"\n").await;
    let attempts = place.fault("cometd", json!({ "kind": "delay", "ms": 0 })).await;
    let holdline = place.signs_in().await;
    // The answer was told to the loop before; a listener would have been started with it.
    ends(holdline).await;
    assert_eq!(place.fired(&attempts).await, 0);
}

#[tokio::test]
async fn a_cut_stream_catches_up_when_it_is_back() {
    let place = Place::new("").await;
    let holdline = place.signs_in().await;
    place.listening().await;
    place.sets("Break").await;
    sees(&holdline, "Break", |picture| is(picture, "Break")).await;
    let away = place.fault("cometd", json!({ "kind": "cut_after" })).await;
    let reads = place
        .fault("rest", json!({ "kind": "delay", "ms": 600_000 }))
        .await;
    // The connect that is held is none of those that are cut; it brings this, and then another one waits.
    place.sets("Training").await;
    sees(&holdline, "Training", |picture| is(picture, "Training")).await;
    // This one is lost on its way, and whatever is tried after it.
    place.sets("Break").await;
    place.waits("a cut", async || place.fired(&away).await > 1).await;
    let path = format!(
        "faults/{}",
        away.as_str().map_or_else(|| away.to_string(), str::to_owned)
    );
    place.practice(Method::DELETE, &path, json!(null)).await;
    sees(&holdline, "Break", |picture| is(picture, "Break")).await;
    assert!(place.fired(&reads).await <= 1, "no read has told it");
    ends(holdline).await;
}
