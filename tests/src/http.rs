//! The practice org from outside: starts one, and speaks its control API `/practice/v1`.

use std::path::Path;
use std::process::Command;
use std::time::Duration;

use reqwest::{Client, Method, StatusCode};
use serde::Deserialize;
use serde_json::{Value, json};

use crate::process::Guard;
use crate::programs;
use crate::runtime::wait_on;
use crate::wait;

/// A running practice org. Dropped, it ends.
pub struct PracticeOrg {
    url: String,
    client: Client,
    process: Option<Guard>,
}

/// The ids of a call.
#[derive(Clone, Debug, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct Call {
    /// Of the call in the practice org.
    pub call_id: String,
    /// Of its AgentWork.
    pub agent_work_id: String,
    /// Of its VoiceCall.
    pub voice_call_id: String,
}

/// A presence or telephony write that reached the org or the phone.
#[derive(Clone, Debug, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct Write {
    /// Its place in the order of all writes.
    pub seq: u64,
    /// When it came.
    pub at: Value,
    /// Who wrote.
    pub source: String,
    /// What was written: the org's presence or the phone.
    pub side: String,
    /// The status or state; `Offline` also for logging out of Omni-Channel.
    pub status: String,
    /// It was to apply after the contact.
    pub enqueue: Option<bool>,
    /// A call was active when it came.
    pub call_active: bool,
}

impl PracticeOrg {
    /// Starts one by `holdlinectl practice`, with these further arguments and its output in `logs`.
    #[track_caller]
    pub fn start(arguments: &[&str], logs: &Path) -> Self {
        let mut command = Command::new(programs::holdlinectl());
        command.args(["practice", "--json"]).args(arguments);
        let mut process = Guard::start("practice", &mut command, logs);
        let first = process.wait_for("its first line, with its url", |line| line["url"].is_string());
        let url = first["url"]
            .as_str()
            .unwrap_or_default()
            .trim_end_matches('/')
            .to_owned();
        Self {
            process: Some(process),
            ..Self::at(&url)
        }
    }

    /// One that runs already.
    pub fn at(url: &str) -> Self {
        let client = Client::builder()
            .timeout(Duration::from_secs(10))
            .no_proxy()
            .build();
        Self {
            url: url.to_owned(),
            client: client.expect("a client without special wishes"),
            process: None,
        }
    }

    /// Its address, without a slash at the end.
    pub fn url(&self) -> &str {
        &self.url
    }

    /// Its process, where this started it.
    pub fn process(&mut self) -> Option<&mut Guard> {
        self.process.as_mut()
    }

    /// `GET state`
    #[track_caller]
    pub fn state(&self) -> Value {
        self.ask(Method::GET, "state", None)
    }

    /// `POST calls`: a call for a rep begins to ring.
    #[track_caller]
    pub fn call(&self, rep: &str, from: &str) -> Call {
        let answer = self.ask(Method::POST, "calls", Some(json!({ "rep": rep, "from": from })));
        parse(answer)
    }

    /// `POST calls/{callId}/accept`
    #[track_caller]
    pub fn accept(&self, call: &Call) {
        self.step(call, "accept");
    }

    /// `POST calls/{callId}/decline`
    #[track_caller]
    pub fn decline(&self, call: &Call) {
        self.step(call, "decline");
    }

    /// `POST calls/{callId}/hangup`: the conversation ends, wrap-up begins.
    #[track_caller]
    pub fn hangup(&self, call: &Call) {
        self.step(call, "hangup");
    }

    /// `POST calls/{callId}/finish`: the work is closed.
    #[track_caller]
    pub fn finish(&self, call: &Call) {
        self.step(call, "finish");
    }

    /// `GET log`: every write, in order.
    #[track_caller]
    pub fn log(&self) -> Vec<Write> {
        parse(self.ask(Method::GET, "log", None))
    }

    /// `GET dropped`: the calls that an Offline tore down.
    #[track_caller]
    pub fn dropped(&self) -> Vec<Value> {
        parse(self.ask(Method::GET, "dropped", None))
    }

    /// Waits for a write.
    #[track_caller]
    pub fn wait_for_write(&self, what: &str, holds: impl Fn(&Write) -> bool) -> Write {
        wait::until(&format!("the write: {what}"), || {
            self.log().into_iter().find(|write| holds(write))
        })
    }

    /// Waits for the org's state; panics with `what`.
    #[track_caller]
    pub fn wait_for_state(&self, what: &str, holds: impl Fn(&Value) -> bool) -> Value {
        wait::until(what, || Some(self.state()).filter(|state| holds(state)))
    }

    /// Any request of the control API; panics unless it succeeds. An empty answer is null.
    #[track_caller]
    pub fn ask(&self, method: Method, path: &str, body: Option<Value>) -> Value {
        let (status, answer) = self.try_ask(method.clone(), path, body);
        assert!(status.is_success(), "{method} {path}: {status}: {answer}");
        answer
    }

    /// [`PracticeOrg::ask`], whatever the status.
    #[track_caller]
    pub fn try_ask(&self, method: Method, path: &str, body: Option<Value>) -> (StatusCode, Value) {
        let url = format!("{}/practice/v1/{path}", self.url);
        let mut request = self.client.request(method.clone(), &url);
        if let Some(body) = body {
            request = request.json(&body);
        }
        let answered = wait_on(async {
            let response = request.send().await?;
            Ok::<_, reqwest::Error>((response.status(), response.text().await?))
        });
        let (status, text) = answered.unwrap_or_else(|error| panic!("{method} {url}: {error}"));
        let answer = if text.is_empty() {
            Value::Null
        } else {
            serde_json::from_str(&text).unwrap_or(Value::from(text))
        };
        (status, answer)
    }

    #[track_caller]
    fn step(&self, call: &Call, step: &str) {
        self.ask(Method::POST, &format!("calls/{}/{step}", call.call_id), None);
    }
}

#[track_caller]
fn parse<T: serde::de::DeserializeOwned>(answer: Value) -> T {
    serde_json::from_value(answer.clone())
        .unwrap_or_else(|error| panic!("unexpected answer: {error}: {answer}"))
}
