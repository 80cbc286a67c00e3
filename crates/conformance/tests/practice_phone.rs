//! The practice phone, over its real WebSocket.

use conformance::{AVAILABLE, Abilities, Adapter, Holdline};
use practice::{Options, Server, Timings};
use reqwest::Method;
use serde_json::{Value, json};

struct PracticePhone {
    org: Server,
    http: reqwest::Client,
    relay: relay::Relay,
}

#[path = "support/relay.rs"]
mod relay;

impl PracticePhone {
    async fn ask(&self, method: Method, path: &str, body: Value) -> Value {
        let url = format!("{}/practice/v1/{path}", self.org.url());
        let asked = self.http.request(method, url).json(&body);
        let answer = asked.send().await.expect("the practice org answers");
        let status = answer.status();
        let text = answer.text().await.expect("a body");
        assert!(status.is_success(), "{path}: {status}: {text}");
        serde_json::from_str(&text).unwrap_or(Value::Null)
    }

    async fn act(&self, call: &str, action: &str) {
        self.ask(Method::POST, &format!("calls/{call}/{action}"), json!({}))
            .await;
    }
}

impl Adapter for PracticePhone {
    async fn start(holdline: &Holdline) -> Self {
        let relay = relay::Relay::to(holdline.port()).await;
        let options = Options {
            holdline_ports: vec![relay.port()],
            timings: Timings {
                phone_retry: std::time::Duration::from_millis(50),
                ..Timings::default()
            },
            ..Options::default()
        };
        let org = Server::start(options).await.expect("a free port");
        let http = reqwest::Client::builder().no_proxy().build().expect("a client");
        let phone = Self { org, http, relay };
        let state = phone.ask(Method::GET, "state", json!({})).await;
        let text = |value: &Value| value.as_str().expect("an id").to_owned();
        holdline.sign_in(&text(&state["orgId"]), &text(&state["reps"][0]["userId"]));
        phone
            .ask(Method::PUT, "settings", json!({ "wrapUpMs": 3_600_000 }))
            .await;
        phone.choose_at(AVAILABLE).await;
        phone
    }

    fn abilities(&self) -> Abilities {
        Abilities {
            queue: true,
            holdlines_queue: false,
            token: true,
            after_call_work: true,
        }
    }

    async fn ring(&mut self) -> String {
        self.logs_in().await;
        let call = json!({ "rep": "pat", "force": true });
        let call = self.ask(Method::POST, "calls", call).await;
        call["callId"].as_str().expect("a call").to_owned()
    }

    async fn connect(&mut self, contact: &str) {
        self.act(contact, "accept").await;
    }

    async fn hang_up(&mut self, contact: &str) {
        self.act(contact, "hangup").await;
    }

    async fn finish(&mut self, contact: &str) {
        self.act(contact, "finish").await;
    }

    async fn miss(&mut self, contact: &str) {
        self.act(contact, "decline").await;
    }

    async fn choose(&mut self, state: &str) {
        self.choose_at(state).await;
    }

    async fn cut(&mut self) {
        self.relay.cut();
    }

    async fn dial_again(&mut self) {
        self.choose_at(AVAILABLE).await;
    }

    async fn dropped(&mut self) -> usize {
        let dropped = self.ask(Method::GET, "dropped", json!({})).await;
        dropped.as_array().expect("a list").len()
    }
}

impl PracticePhone {
    /// Calls reach only those who are logged in to Omni-Channel.
    async fn logs_in(&self) {
        let state = self.ask(Method::GET, "state", json!({})).await;
        if state["reps"][0]["presence"]["kind"] == "logged_out" {
            let status = json!({ "statusId": state["statuses"][0]["statusId"] });
            self.ask(Method::POST, "console/pat/toolkit/login", status).await;
        }
    }

    async fn choose_at(&self, state: &str) {
        self.ask(Method::POST, "phones/pat/state", json!({ "state": state }))
            .await;
    }
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn the_practice_phone_conforms() {
    conformance::run::<PracticePhone>().await;
}
