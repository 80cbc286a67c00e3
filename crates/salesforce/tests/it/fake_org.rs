//! An org whose answers a test scripts, and which remembers what it was asked.

use std::collections::BTreeMap;
use std::sync::{Arc, Mutex};

use axum::Router;
use axum::body::{Body, to_bytes};
use axum::extract::Request;
use axum::http::header::AUTHORIZATION;
use axum::response::Response;
use salesforce::{Account, Client, Http, OrgConfig, SessionStore, TimeOuts, TokenStore, Tokens};
use secrecy::SecretString;
use tokio::net::TcpListener;
use url::{Url, form_urlencoded};

pub(crate) const ORG: &str = "00D000000000001EAA";
pub(crate) const USER: &str = "005000000000001AAA";

/// A question as the org saw it.
#[derive(Clone, Debug)]
pub(crate) struct Asked {
    pub(crate) path: String,
    pub(crate) query: BTreeMap<String, String>,
    pub(crate) form: BTreeMap<String, String>,
    pub(crate) body: String,
    pub(crate) bearer: String,
}

/// An answer: status, headers, body, in which `ORIGIN` stands for the org's own address.
pub(crate) struct Reply(
    pub(crate) u16,
    pub(crate) Vec<(&'static str, String)>,
    pub(crate) String,
);

pub(crate) fn json(body: impl Into<String>) -> Reply {
    Reply(
        200,
        vec![("content-type", "application/json;charset=UTF-8".into())],
        body.into(),
    )
}

pub(crate) fn error(status: u16, body: impl Into<String>) -> Reply {
    Reply(
        status,
        vec![("content-type", "application/json".into())],
        body.into(),
    )
}

pub(crate) fn html(status: u16) -> Reply {
    Reply(
        status,
        vec![("content-type", "text/html".into())],
        "<html>Please log in</html>".into(),
    )
}

pub(crate) fn expired() -> Reply {
    error(
        401,
        r#"[{"message":"Session expired or invalid","errorCode":"INVALID_SESSION_ID"}]"#,
    )
}

pub(crate) fn rows(rows: &str) -> Reply {
    json(format!(r#"{{"totalSize":1,"done":true,"records":[{rows}]}}"#))
}

pub(crate) struct FakeOrg {
    pub(crate) url: Url,
    asked: Arc<Mutex<Vec<Asked>>>,
    server: tokio::task::JoinHandle<()>,
}

impl FakeOrg {
    pub(crate) async fn start(script: impl Fn(&Asked) -> Reply + Send + Sync + 'static) -> Self {
        let listener = TcpListener::bind(("127.0.0.1", 0)).await.unwrap();
        let url = Url::parse(&format!("http://{}", listener.local_addr().unwrap())).unwrap();
        let asked = Arc::<Mutex<Vec<Asked>>>::default();
        let (log, script) = (Arc::clone(&asked), Arc::new(script));
        let origin = url.as_str().trim_end_matches('/').to_owned();
        let app = Router::new().fallback(move |request: Request| {
            let (log, script, origin) = (Arc::clone(&log), Arc::clone(&script), origin.clone());
            async move {
                let question = read(request).await;
                let Reply(status, headers, body) = script(&question);
                let body = body.replace("ORIGIN", &origin);
                log.lock().unwrap().push(question);
                let mut response = Response::builder().status(status);
                for (name, value) in headers {
                    response = response.header(name, value);
                }
                response.body(Body::from(body)).unwrap()
            }
        });
        let server = tokio::spawn(async move { axum::serve(listener, app).await.unwrap() });
        Self { url, asked, server }
    }

    pub(crate) fn asked(&self) -> Vec<Asked> {
        self.asked.lock().unwrap().clone()
    }

    /// The questions to this path.
    pub(crate) fn asked_at(&self, path: &str) -> Vec<Asked> {
        self.asked()
            .into_iter()
            .filter(|asked| asked.path == path)
            .collect()
    }

    pub(crate) fn config(&self) -> OrgConfig {
        OrgConfig::new(self.url.clone(), "client")
    }

    pub(crate) fn http(&self) -> Http {
        Http::new(&self.url, TimeOuts::default()).unwrap()
    }

    /// A client that is signed in with the tokens `access-0` and `refresh-0`, which `store` keeps.
    pub(crate) async fn client(&self, store: &TokenStore) -> Client {
        let client = Client::new(self.http(), self.config(), store.clone(), self.tokens());
        client.save(salesforce::Prompt::Allow).await.unwrap();
        client
    }

    pub(crate) fn tokens(&self) -> Tokens {
        tokens(&self.url)
    }
}

/// The tokens of a sign-in at the org at this address.
pub(crate) fn tokens(org: &Url) -> Tokens {
    Tokens {
        access_token: SecretString::from("access-0"),
        refresh_token: Some(SecretString::from("refresh-0")),
        instance_url: org.clone(),
        identity_url: org.join(&format!("/id/{ORG}/{USER}")).unwrap(),
        account: account(),
    }
}

impl Drop for FakeOrg {
    fn drop(&mut self) {
        self.server.abort();
    }
}

pub(crate) fn account() -> Account {
    Account {
        org: ORG.parse().unwrap(),
        user: USER.parse().unwrap(),
    }
}

pub(crate) fn memory() -> TokenStore {
    TokenStore::Session(SessionStore::default())
}

/// A token answer of this org.
pub(crate) fn token_answer(origin: &str, access: &str, refresh: Option<&str>) -> String {
    let refresh = refresh.map_or(String::new(), |token| format!(r#""refresh_token":"{token}","#));
    format!(
        r#"{{"access_token":"{access}",{refresh}"instance_url":"{origin}","id":"{origin}/id/{ORG}/{USER}",
            "token_type":"Bearer","issued_at":"1700000000000","signature":"s","scope":"api refresh_token"}}"#
    )
}

async fn read(request: Request) -> Asked {
    let (parts, body) = request.into_parts();
    let body = to_bytes(body, 1 << 20).await.unwrap();
    let pairs = |bytes: &[u8]| form_urlencoded::parse(bytes).into_owned().collect();
    let bearer = parts
        .headers
        .get(AUTHORIZATION)
        .map_or("", |value| value.to_str().unwrap());
    Asked {
        path: parts.uri.path().into(),
        query: pairs(parts.uri.query().unwrap_or_default().as_bytes()),
        form: pairs(&body),
        body: String::from_utf8_lossy(&body).into_owned(),
        bearer: bearer.trim_start_matches("Bearer ").into(),
    }
}
