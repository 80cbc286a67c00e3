//! Signing in, refreshing, signing out, over real sockets.

use base64::Engine as _;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use reqwest::{Method, StatusCode, header};
use serde_json::{Value, json};
use sha2::{Digest as _, Sha256};
use url::Url;

use crate::support::Org;

const REDIRECT: &str = "http://localhost:47820/OauthRedirect";
const VERIFIER: &str = "a-verifier-that-is-long-enough-for-the-rfc-0123456789";

fn challenge() -> String {
    URL_SAFE_NO_PAD.encode(Sha256::digest(VERIFIER))
}

fn authorization() -> Vec<(&'static str, String)> {
    vec![
        ("response_type", "code".to_owned()),
        ("client_id", "holdline".to_owned()),
        ("redirect_uri", REDIRECT.to_owned()),
        ("code_challenge", challenge()),
        ("state", "a b&c\"".to_owned()),
    ]
}

impl Org {
    async fn decide(&self, form: &[(&'static str, String)]) -> reqwest::Response {
        self.http
            .post(self.url("/services/oauth2/authorize"))
            .form(form)
            .send()
            .await
            .unwrap()
    }

    /// Walks the consent page; answers where it leads.
    async fn consent(&self, user: &str, decision: &str) -> Url {
        let mut form = authorization();
        form.push(("user", user.to_owned()));
        form.push(("decision", decision.to_owned()));
        let answer = self.decide(&form).await;
        assert_eq!(answer.status(), StatusCode::FOUND);
        Url::parse(answer.headers()[header::LOCATION].to_str().unwrap()).unwrap()
    }

    async fn form(&self, path: &str, form: &[(&str, &str)]) -> (StatusCode, Value) {
        let answer = self.http.post(self.url(path)).form(form).send().await.unwrap();
        let status = answer.status();
        let text = answer.text().await.unwrap();
        (status, serde_json::from_str(&text).unwrap_or(Value::String(text)))
    }

    async fn exchange(&self, code: &str, verifier: &str) -> (StatusCode, Value) {
        let form = [
            ("grant_type", "authorization_code"),
            ("code", code),
            ("client_id", "holdline"),
            ("redirect_uri", REDIRECT),
            ("code_verifier", verifier),
        ];
        self.form("/services/oauth2/token", &form).await
    }

    pub(crate) async fn refresh(&self, token: &str) -> (StatusCode, Value) {
        let form = [
            ("grant_type", "refresh_token"),
            ("refresh_token", token),
            ("client_id", "holdline"),
        ];
        self.form("/services/oauth2/token", &form).await
    }

    /// Signs a rep in; answers the token endpoint's answer.
    pub(crate) async fn sign_in(&self, user: &str) -> Value {
        let back = self.consent(user, "allow").await;
        let code = query(&back, "code").unwrap();
        let (status, body) = self.exchange(&code, VERIFIER).await;
        assert_eq!(status, StatusCode::OK, "{body}");
        body
    }

    /// A GET with an access token.
    pub(crate) async fn authorized(&self, token: &str, path: &str) -> reqwest::Response {
        self.http
            .get(self.url(path))
            .bearer_auth(token)
            .send()
            .await
            .unwrap()
    }
}

fn query(url: &Url, name: &str) -> Option<String> {
    url.query_pairs()
        .find(|(key, _)| key == name)
        .map(|(_, value)| value.into_owned())
}

fn text<'v>(body: &'v Value, name: &str) -> &'v str {
    body[name].as_str().unwrap()
}

#[tokio::test]
async fn the_consent_page_lists_the_reps_and_escapes_what_it_was_given() {
    let org = Org::start().await;
    let mut asked = authorization();
    asked[1].1 = "<script>alert(1)</script>".to_owned();
    let page = org
        .http
        .get(org.url("/services/oauth2/authorize"))
        .query(&asked)
        .send()
        .await
        .unwrap();
    assert_eq!(page.status(), StatusCode::OK);
    assert_eq!(page.headers()["x-frame-options"], "DENY");
    let html = page.text().await.unwrap();
    for rep in ["pat", "sam", "kim", "alex"] {
        assert!(html.contains(&format!("value=\"{rep}\"")), "{rep}");
    }
    assert!(html.contains("value=\"deny\""));
    assert!(html.contains("a b&amp;c&quot;"), "the state is sent on");
    assert!(!html.contains("<script>"));
}

#[tokio::test]
async fn allowing_gives_tokens_in_salesforces_shape() {
    let org = Org::start().await;
    let back = org.consent("pat@practice.example", "allow").await;
    assert!(back.as_str().starts_with(REDIRECT));
    assert_eq!(query(&back, "state").as_deref(), Some("a b&c\""));
    let (_, tokens) = org.exchange(&query(&back, "code").unwrap(), VERIFIER).await;
    assert_eq!(tokens["token_type"], "Bearer");
    assert_eq!(tokens["instance_url"], org.server.url());
    assert!(text(&tokens, "issued_at").parse::<u64>().is_ok());
    let state = org.get("/practice/v1/state").await;
    let token = text(&tokens, "access_token");
    assert!(token.starts_with(&text(&state, "orgId")[..15]));
    let who: Value = org
        .authorized(token, "/services/oauth2/userinfo")
        .await
        .json()
        .await
        .unwrap();
    assert_eq!(who["user_id"], state["reps"][0]["userId"]);
    assert_eq!(who["organization_id"], state["orgId"]);
    let id = Url::parse(text(&tokens, "id")).unwrap();
    let identity = org
        .http
        .get(id)
        .query(&[("format", "json"), ("oauth_token", token)])
        .send()
        .await
        .unwrap();
    let identity: Value = identity.json().await.unwrap();
    assert_eq!(identity["username"], "pat@practice.example");
}

#[tokio::test]
async fn denying_and_bad_requests_go_back_with_an_error() {
    let org = Org::start().await;
    let back = org.consent("pat", "deny").await;
    assert_eq!(query(&back, "error").as_deref(), Some("access_denied"));
    assert!(query(&back, "code").is_none());
    for (place, value, error) in [
        (0, "token", "unsupported_response_type"),
        (1, "", "invalid_request"),
        (3, "", "invalid_request"),
        (3, "short", "invalid_request"),
    ] {
        let mut asked = authorization();
        asked[place].1 = value.to_owned();
        let answer = org
            .http
            .get(org.url("/services/oauth2/authorize"))
            .query(&asked)
            .send()
            .await
            .unwrap();
        assert_eq!(answer.status(), StatusCode::FOUND);
        let back = Url::parse(answer.headers()[header::LOCATION].to_str().unwrap()).unwrap();
        assert_eq!(query(&back, "error").as_deref(), Some(error));
        assert!(query(&back, "state").is_some());
    }
}

#[tokio::test]
async fn a_foreign_redirect_gets_an_error_page_and_no_redirect() {
    let org = Org::start().await;
    for redirect in [
        "https://localhost:47820/OauthRedirect",
        "http://evil.example/OauthRedirect",
        "http://localhost.evil.example/OauthRedirect",
        "http://localhost:47820/Other",
        "http://localhost:47820/OauthRedirect?x=1",
        "http://user@localhost:47820/OauthRedirect",
        "nonsense",
        "",
    ] {
        let mut form = authorization();
        form[2].1 = redirect.to_owned();
        form.push(("user", "pat".to_owned()));
        form.push(("decision", "allow".to_owned()));
        let answer = org.decide(&form).await;
        assert_eq!(answer.status(), StatusCode::BAD_REQUEST, "{redirect}");
        assert!(!answer.headers().contains_key(header::LOCATION));
    }
    let mut form = authorization();
    form[2].1 = "http://127.0.0.1:9/OauthRedirect".to_owned();
    form.push(("user", "nobody".to_owned()));
    form.push(("decision", "allow".to_owned()));
    let answer = org.decide(&form).await;
    assert_eq!(answer.status(), StatusCode::BAD_REQUEST);
    assert!(answer.text().await.unwrap().contains("no rep"));
}

#[tokio::test]
async fn a_wrong_verifier_or_unknown_grant_gets_nothing() {
    let org = Org::start().await;
    let code = query(&org.consent("pat", "allow").await, "code").unwrap();
    let (status, body) = org.exchange(&code, "wrong").await;
    assert_eq!(
        (status, text(&body, "error")),
        (StatusCode::BAD_REQUEST, "invalid_grant")
    );
    let (status, body) = org
        .form("/services/oauth2/token", &[("grant_type", "password")])
        .await;
    assert_eq!(
        (status, text(&body, "error")),
        (StatusCode::BAD_REQUEST, "unsupported_grant_type")
    );
    let (status, body) = org.refresh("never-issued").await;
    assert_eq!(
        (status, text(&body, "error")),
        (StatusCode::BAD_REQUEST, "invalid_grant")
    );
}

#[tokio::test]
async fn rotation_replaces_the_refresh_token_and_reuse_revokes_all() {
    let org = Org::start().await;
    org.settings(json!({ "rotation": true })).await;
    let first = org.sign_in("pat").await;
    let (_, second) = org.refresh(text(&first, "refresh_token")).await;
    assert_ne!(first["refresh_token"], second["refresh_token"]);
    let access = text(&second, "access_token").to_owned();
    let alive = org.authorized(&access, "/services/oauth2/userinfo").await;
    assert_eq!(alive.status(), StatusCode::OK);
    let (status, _) = org.refresh(text(&first, "refresh_token")).await;
    assert_eq!(status, StatusCode::BAD_REQUEST);
    let dead = org.authorized(&access, "/services/oauth2/userinfo").await;
    assert_eq!(dead.status(), StatusCode::FORBIDDEN);
}

#[tokio::test]
async fn revoking_ends_the_session() {
    let org = Org::start().await;
    let tokens = org.sign_in("sam").await;
    let revoke = [("token", text(&tokens, "refresh_token"))];
    assert_eq!(
        org.form("/services/oauth2/revoke", &revoke).await.0,
        StatusCode::OK
    );
    assert_eq!(
        org.form("/services/oauth2/revoke", &revoke).await.0,
        StatusCode::BAD_REQUEST
    );
    let dead = org
        .authorized(text(&tokens, "access_token"), "/services/oauth2/userinfo")
        .await;
    assert_eq!(dead.status(), StatusCode::FORBIDDEN);
}

#[tokio::test]
async fn the_start_page_leads_to_every_console() {
    let org = Org::start().await;
    let (status, page) = org.send(Method::GET, "/", None).await;
    assert_eq!(status, StatusCode::OK);
    let html = page.as_str().unwrap();
    for rep in ["pat", "sam", "kim", "alex"] {
        assert!(html.contains(&format!("href=\"/console/{rep}\"")), "{rep}");
    }
}
