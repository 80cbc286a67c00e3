//! Requests by the status API.

use serde_json::Value;

/// The status API of a running Holdline.
pub(crate) struct Requests {
    client: reqwest::Client,
    access: Value,
}

impl Requests {
    #[track_caller]
    pub(crate) fn of(profile: &std::path::Path) -> Self {
        let access = std::fs::read(profile.join(wire::status_api::ACCESS_FILE)).expect("its key");
        Self {
            client: reqwest::Client::builder().no_proxy().build().expect("a client"),
            access: serde_json::from_slice(&access).expect("its key"),
        }
    }

    /// Sends it; the answer is not what is measured, so nobody waits for it.
    pub(crate) fn post(&self, what: &str, body: Value) {
        let path = match what {
            "cancel" => wire::status_api::CANCEL_PATH,
            _ => wire::status_api::REQUESTS_PATH,
        };
        let url = format!("http://127.0.0.1:{}{path}", self.access["port"]);
        let key = self.access["key"].as_str().unwrap_or_default();
        let request = self.client.post(url).bearer_auth(key).json(&body).send();
        journeys::runtime::spawn(async move {
            let _ = request.await;
        });
    }
}
