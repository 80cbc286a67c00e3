//! Pat's phone in a practice org, used as people would.

use conformance::{AVAILABLE, Holdline};
use reqwest::Method;
use serde_json::{Value, json};

pub(crate) struct PracticeOrg {
    url: String,
    http: reqwest::Client,
}

impl PracticeOrg {
    pub(crate) fn at(url: &str) -> Self {
        Self {
            url: url.to_owned(),
            http: reqwest::Client::builder().no_proxy().build().expect("a client"),
        }
    }

    /// Pat is signed in to this Holdline, and Available; wrap-up ends only by hand.
    pub(crate) async fn is_ready_for(&self, holdline: &Holdline) {
        let state = self.ask(Method::GET, "state", json!({})).await;
        let text = |value: &Value| value.as_str().expect("an id").to_owned();
        holdline.sign_in(&text(&state["orgId"]), &text(&state["reps"][0]["userId"]));
        self.settings(json!({ "wrapUpMs": 3_600_000 })).await;
        self.choose(AVAILABLE).await;
    }

    pub(crate) async fn settings(&self, settings: Value) {
        self.ask(Method::PUT, "settings", settings).await;
    }

    /// A call begins to ring: its contact.
    pub(crate) async fn ring(&self) -> String {
        self.logs_in().await;
        let call = json!({ "rep": "pat", "force": true });
        let call = self.ask(Method::POST, "calls", call).await;
        call["callId"].as_str().expect("a call").to_owned()
    }

    /// `accept`, `hangup`, `finish` or `decline`.
    pub(crate) async fn act(&self, call: &str, action: &str) {
        self.ask(Method::POST, &format!("calls/{call}/{action}"), json!({}))
            .await;
    }

    /// The rep presses a button of the phone.
    pub(crate) async fn choose(&self, state: &str) {
        self.ask(Method::POST, "phones/pat/state", json!({ "state": state }))
            .await;
    }

    pub(crate) async fn dropped(&self) -> usize {
        let dropped = self.ask(Method::GET, "dropped", json!({})).await;
        dropped.as_array().expect("a list").len()
    }

    /// Calls reach only those who are logged in to Omni-Channel.
    async fn logs_in(&self) {
        let state = self.ask(Method::GET, "state", json!({})).await;
        if state["reps"][0]["presence"]["kind"] == "logged_out" {
            let status = json!({ "statusId": state["statuses"][0]["statusId"] });
            self.ask(Method::POST, "console/pat/toolkit/login", status).await;
        }
    }

    async fn ask(&self, method: Method, path: &str, body: Value) -> Value {
        let url = format!("{}/practice/v1/{path}", self.url);
        let asked = self.http.request(method, url).json(&body);
        let answer = asked.send().await.expect("the practice org answers");
        let status = answer.status();
        let text = answer.text().await.expect("a body");
        assert!(status.is_success(), "{path}: {status}: {text}");
        serde_json::from_str(&text).unwrap_or(Value::Null)
    }
}
