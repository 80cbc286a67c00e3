//! What the integration tests of the practice org share.

use practice::{Options, Server};
use reqwest::{Client, Method, StatusCode};
use serde_json::Value;

/// A practice org on its own port, and a client of it.
pub(crate) struct Org {
    pub(crate) server: Server,
    pub(crate) http: Client,
}

impl Org {
    pub(crate) async fn start() -> Self {
        Self::start_with(Options {
            holdline_ports: Vec::new(),
            ..Options::default()
        })
        .await
    }

    pub(crate) async fn start_with(options: Options) -> Self {
        let server = Server::start(options).await.unwrap();
        let http = Client::builder()
            .redirect(reqwest::redirect::Policy::none())
            .no_proxy()
            .build()
            .unwrap();
        Self { server, http }
    }

    pub(crate) fn url(&self, path: &str) -> String {
        format!("{}{path}", self.server.url())
    }

    pub(crate) async fn send(&self, method: Method, path: &str, body: Option<Value>) -> (StatusCode, Value) {
        let mut request = self.http.request(method, self.url(path));
        if let Some(body) = body {
            request = request.json(&body);
        }
        let answer = request.send().await.unwrap();
        let status = answer.status();
        let text = answer.text().await.unwrap();
        (status, serde_json::from_str(&text).unwrap_or(Value::String(text)))
    }

    pub(crate) async fn get(&self, path: &str) -> Value {
        let (status, body) = self.send(Method::GET, path, None).await;
        assert_eq!(status, StatusCode::OK, "{path}: {body}");
        body
    }

    pub(crate) async fn post(&self, path: &str, body: Value) -> (StatusCode, Value) {
        self.send(Method::POST, path, Some(body)).await
    }

    pub(crate) async fn settings(&self, patch: Value) {
        let (status, body) = self.send(Method::PUT, "/practice/v1/settings", Some(patch)).await;
        assert_eq!(status, StatusCode::OK, "{body}");
    }

    /// One rep of `GET state`.
    pub(crate) async fn rep(&self, rep: &str) -> Value {
        self.get(&format!("/practice/v1/console/{rep}")).await
    }

    pub(crate) async fn toolkit(&self, rep: &str, method: &str, arguments: Value) -> (StatusCode, Value) {
        self.post(&format!("/practice/v1/console/{rep}/toolkit/{method}"), arguments)
            .await
    }

    /// The id of the status with this label.
    pub(crate) async fn status_id(&self, label: &str) -> String {
        let state = self.get("/practice/v1/state").await;
        let statuses = state["statuses"].as_array().unwrap();
        let status = statuses.iter().find(|status| status["label"] == label).unwrap();
        status["statusId"].as_str().unwrap().to_owned()
    }

    pub(crate) async fn set_status(&self, rep: &str, label: &str) {
        let id = self.status_id(label).await;
        let (status, body) = self
            .toolkit(
                rep,
                "setServicePresenceStatus",
                serde_json::json!({ "statusId": id }),
            )
            .await;
        assert_eq!(status, StatusCode::OK, "{body}");
    }

    /// Starts a call for a rep and answers its id.
    pub(crate) async fn call(&self, rep: &str) -> String {
        let (status, body) = self
            .post(
                "/practice/v1/calls",
                serde_json::json!({ "rep": rep, "from": "+1 555 0199" }),
            )
            .await;
        assert_eq!(status, StatusCode::CREATED, "{body}");
        body["callId"].as_str().unwrap().to_owned()
    }

    pub(crate) async fn act(&self, call: &str, action: &str) -> StatusCode {
        let path = format!("/practice/v1/calls/{call}/{action}");
        self.send(Method::POST, &path, None).await.0
    }
}
