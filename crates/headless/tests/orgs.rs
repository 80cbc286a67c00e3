//! Two orgs, one active: a whole Holdline without a window, two practice orgs, over real sockets.

use std::io;
use std::path::PathBuf;
use std::sync::Arc;
use std::time::Duration;

use companion::ports::DesktopPort;
use headless::{Browser, Options, Running};
use practice::Server;
use presence::effect::Notice;
use presence::event::Origin;
use presence::picture::CallPhase;
use reqwest::{Client, Url, redirect};
use salesforce::{SessionStore, TokenStore};
use serde_json::{Value, json};
use tempfile::TempDir;
use wire::dispatch::Dispatch;
use wire::picture::{Picture, SessionState};
use wire::status_api::Answer;

const PATIENCE: Duration = Duration::from_secs(60);

/// Nobody looks.
struct Blind;

impl DesktopPort for Blind {
    fn notify(&self, _: Notice) {}
    fn show(&self, _: &presence::picture::Picture) {}
    fn quit(&self) {}
    fn restart(&self) {}
}

/// pat at the practice orgs' consent pages.
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
            let answer = http.get(back).send().await.unwrap();
            let text = answer.text().await.unwrap();
            assert!(text.contains("You can go back to Holdline"), "{text}");
        });
        Ok(())
    }
}

/// With a keyring of its own, in which sign-ins outlive a process.
async fn start(profile: &TempDir, tokens: &SessionStore, http: &Client, policy: Option<PathBuf>) -> Running {
    let mut options = Options::new(Box::new(Blind));
    options.browser = Arc::new(Consents(http.clone()));
    options.policy = policy;
    options.profile = Some(profile.path().to_owned());
    options.tokens = Some(TokenStore::Session(tokens.clone()));
    headless::start(options).await.unwrap()
}

struct House {
    holdline: Running,
    orgs: [Server; 2],
    http: Client,
    tokens: SessionStore,
    profile: TempDir,
}

impl House {
    /// A Holdline that knows no org yet.
    async fn open() -> Self {
        let org = async || {
            let options = practice::Options {
                holdline_ports: Vec::new(),
                ..practice::Options::default()
            };
            Server::start(options).await.unwrap()
        };
        let http = Client::builder()
            .no_proxy()
            .redirect(redirect::Policy::none())
            .build()
            .unwrap();
        let profile = tempfile::tempdir().unwrap();
        // Without a console every answer comes by REST: twenty times as often as usual.
        let settings = "[loopback]\nports = [0]\n[oauth]\nports = [0]\n[timings]\npercent = 5\n";
        std::fs::write(profile.path().join("holdline.toml"), settings).unwrap();
        let tokens = SessionStore::default();
        Self {
            holdline: start(&profile, &tokens, &http, None).await,
            orgs: [org().await, org().await],
            http,
            tokens,
            profile,
        }
    }

    /// The same Holdline, started anew under a policy.
    async fn started_again_under(self, policy: &str) -> Self {
        let Self {
            holdline,
            orgs,
            http,
            tokens,
            profile,
        } = self;
        holdline.shutdown().await;
        // The profile is one Holdline's at a time.
        drop(holdline);
        let file = profile.path().join("policy.toml");
        std::fs::write(&file, policy).unwrap();
        Self {
            holdline: start(&profile, &tokens, &http, Some(file)).await,
            orgs,
            http,
            tokens,
            profile,
        }
    }

    fn address(&self, org: usize) -> String {
        format!("{}/", self.orgs[org].url())
    }

    async fn asks(&self, request: Dispatch) {
        self.holdline.dispatch(Origin::Window, request).await.unwrap();
    }

    async fn signs_in(&self, org: usize) {
        let org = Some(self.orgs[org].url().to_owned());
        self.asks(Dispatch::SignIn { org }).await;
    }

    async fn uses(&self, org: usize) -> Answer {
        let word = self.address(org);
        self.holdline.desk().use_org(Origin::Window, &word).await
    }

    /// Waits until the picture is so.
    async fn sees(&self, what: &str, holds: impl FnMut(&Picture) -> bool) -> Picture {
        let mut holds = holds;
        let mut pictures = self.holdline.pictures();
        let seen = tokio::time::timeout(PATIENCE, pictures.wait_for(|picture| holds(picture))).await;
        let Ok(seen) = seen else {
            panic!("waited in vain for {what}: {:#?}", self.holdline.picture());
        };
        Picture::clone(&seen.unwrap())
    }

    async fn is_active(&self, org: usize) -> Picture {
        let address = self.address(org);
        self.sees(
            &format!("org {org} active, with its statuses and a fresh answer"),
            |picture| {
                picture.session.state == SessionState::SignedIn
                    && picture.session.org_url.as_deref() == Some(&address)
                    && !picture.statuses.is_empty()
                    && picture.call.phase == CallPhase::Idle
            },
        )
        .await
    }

    async fn post(&self, org: usize, path: &str, body: Value) -> Value {
        let url = format!("{}/practice/v1/{path}", self.orgs[org].url());
        let answer = self.http.post(url).json(&body).send().await.unwrap();
        assert!(answer.status().is_success(), "{}", answer.status());
        answer.json().await.unwrap()
    }
}

/// Address and activity of each kept org.
fn kept(picture: &Picture) -> Vec<(&str, bool)> {
    let orgs = picture.session.orgs.iter();
    orgs.map(|org| (org.org_url.as_str(), org.active)).collect()
}

#[tokio::test]
async fn a_rep_switches_between_orgs_and_signs_out_of_one() {
    let house = House::open().await;
    house.signs_in(0).await;
    let picture = house.is_active(0).await;
    let (first, second) = (house.address(0), house.address(1));
    assert_eq!(kept(&picture), [(first.as_str(), true)]);
    assert_eq!(house.uses(0).await, Answer::Nothing);
    let unknown = house.uses(1).await;
    assert!(
        matches!(&unknown, Answer::Refused { code, text } if code == "unknown_org" && text.contains(&second))
    );

    // A sign-in to another org is a switch to it.
    house.signs_in(1).await;
    let picture = house.is_active(1).await;
    assert_eq!(kept(&picture), [(first.as_str(), false), (second.as_str(), true)]);

    assert_eq!(house.uses(0).await, Answer::Applying);
    let picture = house.is_active(0).await;
    assert_eq!(kept(&picture), [(first.as_str(), true), (second.as_str(), false)]);

    house.asks(Dispatch::SignOut).await;
    let picture = house
        .sees("nobody signed in", |picture| {
            picture.session.state == SessionState::SignedOut
        })
        .await;
    assert_eq!(kept(&picture), [(second.as_str(), false)]);
    // The other one's sign-in has outlived both.
    let [rest] = picture.session.orgs.as_slice() else {
        panic!()
    };
    house.asks(Dispatch::UseOrg { id: rest.id.clone() }).await;
    let picture = house.is_active(1).await;
    assert_eq!(kept(&picture), [(second.as_str(), true)]);
    house.holdline.shutdown().await;
}

#[tokio::test]
async fn a_switch_waits_for_the_call_to_end() {
    let house = House::open().await;
    house.signs_in(1).await;
    house.is_active(1).await;
    house.signs_in(0).await;
    let available = house.is_active(0).await.statuses[0].id;
    let login = json!({ "statusId": available });
    house.post(0, "console/pat/toolkit/login", login).await;
    let call = house.post(0, "calls", json!({ "rep": "pat" })).await;
    let call = call["callId"].as_str().unwrap();
    house.post(0, &format!("calls/{call}/accept"), json!({})).await;
    house
        .sees("the call", |picture| picture.call.phase == CallPhase::OnCall)
        .await;

    let held = house.uses(1).await;
    assert!(
        matches!(&held, Answer::Held { reason } if reason == "call_active"),
        "{held:?}"
    );
    let picture = house
        .sees("the switch held", |picture| picture.held.is_some())
        .await;
    assert_eq!(picture.session.org_url, Some(house.address(0)));

    house.post(0, &format!("calls/{call}/hangup"), json!({})).await;
    house.post(0, &format!("calls/{call}/finish"), json!({})).await;
    let picture = house.is_active(1).await;
    let (first, second) = (house.address(0), house.address(1));
    assert_eq!(kept(&picture), [(second.as_str(), true), (first.as_str(), false)]);
    assert_eq!(picture.held, None);

    // What is asked for last counts: a cancelled switch is no switch, and a sign-out is one.
    house.asks(Dispatch::SignOut).await;
    let picture = house
        .sees("nobody signed in", |picture| {
            picture.session.state == SessionState::SignedOut
        })
        .await;
    assert_eq!(kept(&picture), [(first.as_str(), false)]);
    house.holdline.shutdown().await;
}

#[tokio::test]
async fn a_policys_org_is_the_only_one_that_is_switched_to() {
    let house = House::open().await;
    house.signs_in(0).await;
    house.is_active(0).await;
    house.signs_in(1).await;
    house.is_active(1).await;

    let policy = format!("[org]\nurl = \"{}\"\n", house.orgs[0].url());
    let house = house.started_again_under(&policy).await;
    let (first, second) = (house.address(0), house.address(1));
    let picture = house
        .sees("both kept", |picture| picture.session.orgs.len() == 2)
        .await;
    assert_eq!(
        kept(&picture),
        [(first.as_str(), false), (second.as_str(), false)]
    );
    let refused = |answer: &Answer| match answer {
        Answer::Refused { code, text } => code == "org_of_policy" && text.contains(&first),
        _ => false,
    };
    let answer = house.uses(1).await;
    assert!(refused(&answer), "{answer:?}");
    assert_eq!(house.uses(0).await, Answer::Applying);
    house.is_active(0).await;
    // Nor from there, which would begin with leaving it.
    let answer = house.uses(1).await;
    assert!(refused(&answer), "{answer:?}");
    house.is_active(0).await;
    house.holdline.shutdown().await;
}
