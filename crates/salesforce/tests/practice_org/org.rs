//! A practice org, and what a person and their console would do to it.

use practice::{Options, Server};
use reqwest::redirect::Policy;
use salesforce::{
    Authorization, Client, Http, OrgConfig, Prompt, SessionStore, TimeOuts, TokenStore, parse_org_url,
};
use serde_json::{Value, json};
use url::Url;

/// A registered callback of the practice org; nothing listens there, the test reads the redirect itself.
pub(crate) const REDIRECT: &str = "http://localhost:1717/OauthRedirect";

/// A practice org, and what a person and their console would do to it.
pub(crate) struct Practice {
    pub(crate) server: Server,
    pub(crate) browser: reqwest::Client,
}

impl Practice {
    pub(crate) async fn start() -> Self {
        let options = Options {
            holdline_ports: Vec::new(),
            ..Options::default()
        };
        let browser = reqwest::Client::builder()
            .redirect(Policy::none())
            .no_proxy()
            .build()
            .unwrap();
        Self {
            server: Server::start(options).await.unwrap(),
            browser,
        }
    }

    pub(crate) fn login_url(&self) -> Url {
        parse_org_url(self.server.url()).unwrap()
    }

    pub(crate) fn config(&self) -> OrgConfig {
        OrgConfig::new(self.login_url(), "holdline")
    }

    pub(crate) fn http(&self) -> Http {
        Http::new(&self.login_url(), TimeOuts::default()).unwrap()
    }

    /// Answers the consent page, and gives the query that the browser would bring back.
    pub(crate) async fn consent(&self, authorize: &Url, decision: &str) -> String {
        let page = self.browser.get(authorize.clone()).send().await.unwrap();
        assert!(page.status().is_success(), "the consent page: {}", page.status());
        let mut form: Vec<(String, String)> = authorize.query_pairs().into_owned().collect();
        form.push(("decision".into(), decision.into()));
        form.push(("user".into(), "pat".into()));
        let mut action = authorize.clone();
        action.set_query(None);
        let answer = self.browser.post(action).form(&form).send().await.unwrap();
        let location = answer.headers()["location"].to_str().unwrap();
        Url::parse(location).unwrap().query().unwrap().to_owned()
    }

    pub(crate) async fn sign_in(&self, store: &TokenStore) -> Client {
        let config = self.config();
        let (url, authorization) = Authorization::begin(&config, &Url::parse(REDIRECT).unwrap()).unwrap();
        let query = self.consent(&url, "allow").await;
        let tokens = authorization.finish(&self.http(), &query).await.unwrap();
        let client = Client::new(self.http(), config, store.clone(), tokens);
        client.save(Prompt::Allow).await.unwrap();
        client
    }

    pub(crate) async fn post(&self, path: &str, body: Value) -> Value {
        let url = format!("{}/practice/v1/{path}", self.server.url());
        let answer = self.browser.post(url).json(&body).send().await.unwrap();
        assert!(answer.status().is_success(), "{path}: {}", answer.status());
        let text = answer.text().await.unwrap();
        serde_json::from_str(&text).unwrap_or(Value::Null)
    }

    pub(crate) async fn settings(&self, patch: Value) {
        let url = format!("{}/practice/v1/settings", self.server.url());
        let answer = self.browser.put(url).json(&patch).send().await.unwrap();
        assert!(answer.status().is_success(), "settings: {}", answer.status());
    }

    pub(crate) async fn set_status(&self, id: impl ToString) {
        let body = json!({ "statusId": id.to_string() });
        self.post("console/pat/toolkit/setServicePresenceStatus", body)
            .await;
    }
}

pub(crate) fn memory() -> TokenStore {
    TokenStore::Session(SessionStore::default())
}
