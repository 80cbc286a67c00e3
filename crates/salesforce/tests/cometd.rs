//! The stream's driver against npm's cometd-nodejs-server, which is killed, forgets, denies and is busy. It is
//! installed once, in a fixed version; without a registry that can be reached the test says so and is skipped.

#[path = "../../practice/tests/clients/install.rs"]
mod install;

use std::io::{BufRead as _, BufReader};
use std::path::{Path, PathBuf};
use std::process::{Child, ChildStdout, Stdio};
use std::time::Duration;

use install::{node, once, skipped, step};
use salesforce::streaming::{Heard, Listening, Pushed, Stopped, listen};
use salesforce::{
    Account, Client, Http, OrgConfig, SessionStore, TimeOuts, TokenStore, Tokens, parse_org_url,
};
use secrecy::SecretString;
use serde_json::{Value, json};
use tokio::sync::mpsc::{self, UnboundedReceiver};
use tokio::task::AbortHandle;
use url::Url;

const VERSION: &str = "1.2.1";

/// Long enough for a busy machine.
const PATIENCE: Duration = Duration::from_secs(60);

/// The positions of the server's events are these times their number.
const STEP: i64 = 3;

/// The server, as an org's streaming endpoint.
struct Server {
    folder: PathBuf,
    url: Url,
    process: Child,
    /// Kept open: who cannot say anything any more, ends.
    _said: BufReader<ChildStdout>,
    http: reqwest::Client,
}

impl Server {
    fn start(folder: &Path, port: u16, events: u32) -> Self {
        let mut server = node("node");
        server
            .arg(format!("{}/tests/cometd-server.mjs", env!("CARGO_MANIFEST_DIR")))
            .arg(folder)
            .args([port.to_string(), events.to_string()])
            .stdin(Stdio::piped())
            .stdout(Stdio::piped());
        let mut process = server.spawn().unwrap();
        let mut line = String::new();
        let mut said = BufReader::new(process.stdout.take().unwrap());
        said.read_line(&mut line).unwrap();
        let first: Value = serde_json::from_str(&line).unwrap();
        Self {
            folder: folder.to_owned(),
            url: parse_org_url(first["url"].as_str().unwrap()).unwrap(),
            process,
            _said: said,
            http: reqwest::Client::builder().no_proxy().build().unwrap(),
        }
    }

    /// Killed, and started again in the same place, with so many events.
    fn killed(self, events: u32) -> Self {
        let (folder, port) = (self.folder.clone(), self.url.port().unwrap());
        drop(self);
        Self::start(&folder, port, events)
    }

    async fn test(&self, action: &str, body: Value) -> Value {
        let url = self.url.join(&format!("/test/{action}")).unwrap();
        let answer = self.http.post(url).json(&body).send().await.unwrap();
        answer.json().await.unwrap()
    }

    async fn publishes(&self) {
        self.test("publish", json!({})).await;
    }

    async fn handshakes(&self) -> u64 {
        self.test("state", json!({})).await["handshakes"]
            .as_u64()
            .unwrap()
    }

    fn listens(&self, from: Option<i64>) -> Listener {
        let tokens = Tokens {
            access_token: SecretString::from("access"),
            refresh_token: None,
            instance_url: self.url.clone(),
            identity_url: self.url.clone(),
            account: Account {
                org: "00D000000000001EAA".parse().unwrap(),
                user: "005000000000001AAA".parse().unwrap(),
            },
        };
        let http = Http::new(&self.url, TimeOuts::default()).unwrap();
        let config = OrgConfig::new(self.url.clone(), "holdline");
        let store = TokenStore::Session(SessionStore::default());
        let client = Client::new(http, config, store, tokens);
        let listening = Listening {
            topic: "HoldlinePresence".to_owned(),
            from,
            seed: 7,
            retry: Duration::from_millis(200),
        };
        let (tell, heard) = mpsc::unbounded_channel();
        let task = tokio::spawn(async move {
            let hear = |heard| {
                let _ = tell.send(heard);
            };
            listen(&client, listening, hear, std::future::pending())
                .await
                .unwrap();
        });
        let task = task.abort_handle();
        Listener { heard, task }
    }
}

impl Drop for Server {
    fn drop(&mut self) {
        let _ = self.process.kill();
        let _ = self.process.wait();
    }
}

struct Listener {
    heard: UnboundedReceiver<Heard>,
    task: AbortHandle,
}

impl Drop for Listener {
    fn drop(&mut self) {
        self.task.abort();
    }
}

impl Listener {
    #[track_caller]
    fn next(&mut self) -> impl Future<Output = Heard> {
        let place = std::panic::Location::caller();
        async move {
            match tokio::time::timeout(PATIENCE, self.heard.recv()).await {
                Ok(Some(heard)) => heard,
                Ok(None) => panic!("it has ended, at {place}"),
                Err(_) => panic!("nothing was heard, at {place}"),
            }
        }
    }

    /// The next event is the one of this number, with nothing before it but word of listening without a gap.
    async fn hears(&mut self, number: i64) {
        loop {
            match self.next().await {
                Heard::Listening { gap: false } => {}
                Heard::Message {
                    pushed: Pushed::Current(_),
                    replay,
                } => return assert_eq!(replay, Some(number * STEP)),
                other => panic!("{other:?} before event {number}"),
            }
        }
    }
}

fn installed() -> Result<PathBuf, String> {
    once(&format!("cometd-nodejs-server-{VERSION}"), |folder| {
        std::fs::write(folder.join("package.json"), r#"{"private":true}"#).unwrap();
        let mut npm = node("npm");
        npm.current_dir(folder)
            .args(["install", "--no-audit", "--no-fund", "--ignore-scripts"]);
        step(npm.arg(format!("cometd-nodejs-server@{VERSION}")))
    })
}

#[tokio::test]
async fn nothing_is_lost_or_doubled_whatever_the_server_does() {
    let folder = match installed() {
        Ok(folder) => folder,
        Err(reason) => return skipped("cometd-nodejs-server", &reason),
    };
    let server = Server::start(&folder, 0, 0);
    let mut listener = server.listens(None);
    assert_eq!(listener.next().await, Heard::Listening { gap: true });
    server.publishes().await;
    listener.hears(1).await;

    // Its sessions end, by time or by its own wish: 402.
    for number in 2..4 {
        server.test("expire", json!({})).await;
        server.publishes().await;
        listener.hears(number).await;
    }
    // It calls itself busy, and says for how long.
    let busy = json!({ "status": 503, "headers": { "Retry-After": "1" }, "times": 1 });
    server.test("fault", busy).await;
    server.test("expire", json!({})).await;
    server.publishes().await;
    listener.hears(4).await;
    // A gateway in front of it refuses, twice.
    server
        .test("fault", json!({ "status": 403, "headers": {}, "times": 2 }))
        .await;
    server.test("expire", json!({})).await;
    server.publishes().await;
    listener.hears(5).await;
    // It removes the session under a held connect and calls that a success.
    let before = server.handshakes().await;
    server.test("fault", json!({ "none": 1 })).await;
    server.publishes().await;
    listener.hears(6).await;
    server.publishes().await;
    listener.hears(7).await;
    assert!(
        server.handshakes().await > before,
        "it did not stop, and did not go on without a session"
    );
    // It is killed in the middle; what is published before it is listened to again is not lost.
    let server = server.killed(9);
    listener.hears(8).await;
    listener.hears(9).await;

    // What it does not retain any more, it says; and the new ones come.
    server.test("forget", json!({})).await;
    drop(listener);
    let mut listener = server.listens(Some(STEP));
    assert_eq!(listener.next().await, Heard::Listening { gap: false });
    assert_eq!(listener.next().await, Heard::Listening { gap: true });
    server.publishes().await;
    listener.hears(10).await;
}

#[tokio::test]
async fn a_denied_handshake_is_told_once_and_tried_again_later() {
    let folder = match installed() {
        Ok(folder) => folder,
        Err(reason) => return skipped("cometd-nodejs-server", &reason),
    };
    let server = Server::start(&folder, 0, 1);
    server.test("fault", json!({ "deny": 3 })).await;
    let mut listener = server.listens(Some(0));
    assert_eq!(listener.next().await, Heard::Stopped(Stopped::Refused));
    listener.hears(1).await;
}
