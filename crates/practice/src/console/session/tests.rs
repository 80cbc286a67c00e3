//! The session against the practice org and a small Holdline, over real sockets.

mod commands;
mod fake;
mod joining;

use std::sync::{Arc, Mutex};
use std::time::Duration;

use presence::ids::StatusId;
use serde_json::{Value, json};
use wire::bridge::{Action, ConsoleEvent, Outcome, Refusal};

use super::{Absent, Notice, Options, Timings, run};
use crate::{Server, Timings as OrgTimings};
use fake::{Fake, until};

fn logout() -> Action {
    Action::Logout {
        voice_prefixes: vec!["0LQ".to_owned()],
        wrapping_up: Vec::new(),
    }
}

fn arm() -> Action {
    Action::Arm {
        voice_prefixes: vec!["0LQ".to_owned()],
    }
}

/// A practice org, a Holdline and a console session of pat's.
struct World {
    server: Server,
    fake: Fake,
    notices: Arc<Mutex<Vec<Notice>>>,
    console: tokio::task::JoinHandle<()>,
    http: reqwest::Client,
}

impl Drop for World {
    fn drop(&mut self) {
        self.console.abort();
    }
}

fn timings() -> Timings {
    Timings {
        retry: Duration::from_millis(20),
        longest_retry: Duration::from_millis(80),
        gather: Duration::from_millis(20),
        ..Timings::default()
    }
}

async fn org() -> Server {
    Server::start(crate::Options {
        holdline_ports: Vec::new(),
        timings: OrgTimings::default(),
        ..crate::Options::default()
    })
    .await
    .unwrap()
}

impl World {
    async fn new() -> Self {
        Self::with(|_| {}).await
    }

    async fn with(change: impl FnOnce(&mut Options)) -> Self {
        let server = org().await;
        let fake = Fake::start();
        let http = reqwest::Client::builder().no_proxy().build().unwrap();
        let view: Value = http
            .get(format!("{}/practice/v1/console/pat", server.url()))
            .send()
            .await
            .unwrap()
            .json()
            .await
            .unwrap();
        fake.serve(view["orgId"].as_str().unwrap(), view["userId"].as_str().unwrap());
        let notices = Arc::new(Mutex::new(Vec::new()));
        let mut options = Options::new(server.url().parse().unwrap(), "pat");
        options.holdline_ports = Some(vec![fake.port]);
        options.timings = timings();
        let heard = Arc::clone(&notices);
        options.notify = Arc::new(move |notice| heard.lock().unwrap().push(notice.clone()));
        change(&mut options);
        let console = tokio::spawn(async move {
            let Err(error) = run(options).await;
            panic!("the session ended: {error}");
        });
        Self {
            server,
            fake,
            notices,
            console,
            http,
        }
    }

    /// Paired, joined, and polling.
    async fn joined() -> Self {
        let world = Self::new().await;
        world.pair().await;
        world
    }

    async fn pair(&self) {
        until("the pairing", || self.fake.state().pairing.is_some()).await;
        self.fake.confirm("id-1.secret-1");
        until("the first poll", || self.fake.state().polling).await;
    }

    fn told(&self, wanted: &Notice) -> bool {
        self.notices.lock().unwrap().contains(wanted)
    }

    async fn post(&self, path: &str, body: Value) -> Value {
        let url = format!("{}/practice/v1/{path}", self.server.url());
        let response = self.http.post(url).json(&body).send().await.unwrap();
        assert!(response.status().is_success(), "{path}: {}", response.status());
        response.json().await.unwrap()
    }

    async fn view(&self) -> Value {
        let url = format!("{}/practice/v1/console/pat", self.server.url());
        self.http.get(url).send().await.unwrap().json().await.unwrap()
    }

    async fn presence(&self) -> String {
        self.view().await["presence"]["status"]
            .as_str()
            .unwrap()
            .to_owned()
    }

    /// A call that pat has accepted; its name.
    async fn on_call(&self) -> String {
        let call = self.post("calls", json!({ "rep": "pat" })).await;
        let call = call["callId"].as_str().unwrap().to_owned();
        self.post(&format!("calls/{call}/accept"), json!({})).await;
        until("the acceptance", || {
            self.fake
                .has_event(|e| matches!(e, ConsoleEvent::WorkAccepted { .. }))
        })
        .await;
        call
    }

    /// Sends a command and waits for its outcome.
    async fn ask(&self, id: &str, action: Action) -> Outcome {
        self.fake.send(id, 60_000, action);
        self.outcome(id).await
    }

    async fn outcome(&self, id: &str) -> Outcome {
        until(id, || self.fake.outcome(id).is_some()).await;
        self.fake.outcome(id).unwrap()
    }
}

fn refusal(outcome: &Outcome) -> Option<Refusal> {
    match outcome {
        Outcome::Refused { code, .. } => Some(*code),
        Outcome::Done { .. } => None,
    }
}
