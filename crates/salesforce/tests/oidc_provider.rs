//! The sign-in against npm's oidc-provider, which requires PKCE, rotates refresh tokens, and revokes the grant when
//! one comes a second time. It is installed once, in a fixed version; without a registry that can be reached the
//! test says so and is skipped.

#[path = "../../practice/tests/clients/install.rs"]
mod install;

use std::collections::BTreeMap;
use std::io::{BufRead as _, BufReader};
use std::path::Path;
use std::process::{Child, ChildStdout, Stdio};

use install::{node, once, skipped, step};
use reqwest::header::{COOKIE, LOCATION, SET_COOKIE};
use reqwest::{RequestBuilder, redirect};
use salesforce::{
    Authorization, Client, Error, Http, OrgConfig, Prompt, ResumeError, SessionStore, SignInError,
    SignInReason, StoreError, TimeOuts, TokenStore, Tokens, parse_org_url, refresh,
};
use secrecy::ExposeSecret as _;
use url::Url;

const VERSION: &str = "9.5.2";

const REDIRECT: &str = "http://localhost:1717/OauthRedirect";

/// The provider, as an org's login server. Dropped, it ends.
struct Provider {
    config: OrgConfig,
    http: Http,
    process: Child,
    /// Kept open: who cannot say anything any more, ends.
    _said: BufReader<ChildStdout>,
}

impl Provider {
    fn start(installed: &Path) -> Self {
        let mut server = node("node");
        server
            .arg(format!("{}/tests/oidc-provider.mjs", env!("CARGO_MANIFEST_DIR")))
            .args([installed.as_os_str(), REDIRECT.as_ref()])
            .stdin(Stdio::piped())
            .stdout(Stdio::piped());
        let mut process = server.spawn().unwrap();
        let mut line = String::new();
        let mut said = BufReader::new(process.stdout.take().unwrap());
        said.read_line(&mut line).unwrap();
        let first: serde_json::Value = serde_json::from_str(&line).unwrap();
        let url = parse_org_url(first["issuer"].as_str().unwrap()).unwrap();
        Self {
            http: Http::new(&url, TimeOuts::default()).unwrap(),
            config: OrgConfig::new(url, "holdline"),
            process,
            _said: said,
        }
    }

    async fn signs_in(&self) -> Tokens {
        let (page, authorization) =
            Authorization::begin(&self.config, &Url::parse(REDIRECT).unwrap()).unwrap();
        let query = Browser::default().goes_to(page).await;
        authorization.finish(&self.http, &query).await.unwrap()
    }

    /// Renews with this token.
    async fn renews(&self, tokens: &Tokens) -> Result<Tokens, SignInError> {
        refresh(&self.http, &self.config, tokens.refresh_token.as_ref().unwrap()).await
    }
}

impl Drop for Provider {
    fn drop(&mut self) {
        let _ = self.process.kill();
        let _ = self.process.wait();
    }
}

/// A rep who signs in and allows everything.
struct Browser {
    client: reqwest::Client,
    cookies: BTreeMap<String, String>,
}

impl Default for Browser {
    fn default() -> Self {
        let client = reqwest::Client::builder()
            .redirect(redirect::Policy::none())
            .no_proxy();
        Self {
            client: client.build().unwrap(),
            cookies: BTreeMap::new(),
        }
    }
}

impl Browser {
    /// Through all pages, until it is sent back to Holdline; gives the query it brings.
    async fn goes_to(&mut self, page: Url) -> String {
        let mut place = page.clone();
        let mut request = self.client.get(page);
        for _ in 0..20 {
            let (answer, to) = self.sends(request).await;
            if let Some(to) = to {
                place = place.join(&to).unwrap();
                if place.as_str().starts_with(REDIRECT) {
                    return place.query().unwrap().to_owned();
                }
                request = self.client.get(place.clone());
            } else {
                let action = between(&answer, "action=\"", "\"");
                let prompt = between(&answer, "name=\"prompt\" value=\"", "\"");
                place = place.join(action).unwrap();
                let form = [("prompt", prompt), ("login", "pat"), ("password", "any")];
                request = self.client.post(place.clone()).form(&form);
            }
        }
        panic!("the browser is sent in circles, at last to {place}");
    }

    /// The page, or where it is sent to.
    async fn sends(&mut self, request: RequestBuilder) -> (String, Option<String>) {
        let cookies: Vec<_> = self.cookies.iter().map(|(k, v)| format!("{k}={v}")).collect();
        let answer = request.header(COOKIE, cookies.join("; ")).send().await.unwrap();
        for cookie in answer.headers().get_all(SET_COOKIE) {
            let pair = cookie.to_str().unwrap().split(';').next().unwrap();
            let (name, value) = pair.split_once('=').unwrap();
            if value.is_empty() {
                self.cookies.remove(name);
            } else {
                self.cookies.insert(name.to_owned(), value.to_owned());
            }
        }
        let to = answer.headers().get(LOCATION);
        let to = to.map(|to| to.to_str().unwrap().to_owned());
        assert!(
            to.is_some() || answer.status().is_success(),
            "{}",
            answer.status()
        );
        (answer.text().await.unwrap(), to)
    }
}

fn between<'a>(text: &'a str, before: &str, after: &str) -> &'a str {
    let found = text
        .split_once(before)
        .and_then(|(_, rest)| rest.split_once(after));
    found.unwrap_or_else(|| panic!("no {before:?} in {text}")).0
}

#[tokio::test]
async fn a_reused_refresh_token_ends_in_signing_in_again() {
    let installed = once(&format!("oidc-provider-{VERSION}"), |folder| {
        std::fs::write(folder.join("package.json"), r#"{"private":true}"#).unwrap();
        let mut npm = node("npm");
        npm.current_dir(folder)
            .args(["install", "--no-audit", "--no-fund", "--ignore-scripts"]);
        step(npm.arg(format!("oidc-provider@{VERSION}")))
    });
    let installed = match installed {
        Ok(folder) => folder,
        Err(reason) => return skipped("oidc-provider", &reason),
    };
    let provider = Provider::start(&installed);

    let first = provider.signs_in().await;
    let second = provider.renews(&first).await.unwrap();
    let third = provider.renews(&second).await.unwrap();
    let secret = |tokens: &Tokens| tokens.refresh_token.as_ref().unwrap().expose_secret().to_owned();
    assert_ne!(secret(&first), secret(&second), "refresh tokens rotate");
    assert_ne!(secret(&second), secret(&third), "refresh tokens rotate");

    // An old token that was kept, as after a restored backup: said once, forgotten, and never tried again.
    let store = TokenStore::Session(SessionStore::default());
    let account = first.account;
    store
        .save(account, first.refresh_token.as_ref().unwrap())
        .await
        .unwrap();
    let resume = || {
        Client::resume(
            provider.http.clone(),
            provider.config.clone(),
            store.clone(),
            account,
        )
    };
    let refused = resume().await.err().unwrap();
    let again = Error::SignInAgain(SignInReason::GrantRefused);
    assert!(
        matches!(&refused, ResumeError::Salesforce(error) if *error == again),
        "{refused:?}"
    );
    let forgotten = resume().await.err().unwrap();
    assert!(
        matches!(forgotten, ResumeError::Store(StoreError::NoEntry)),
        "{forgotten:?}"
    );

    // It took the whole grant with it, and signing in again is the way back.
    let revoked = provider.renews(&third).await;
    assert_eq!(revoked.err(), Some(SignInError::GrantRefused));
    let tokens = provider.signs_in().await;
    let client = Client::new(
        provider.http.clone(),
        provider.config.clone(),
        store.clone(),
        tokens,
    );
    client.save(Prompt::Never).await.unwrap();
    assert!(resume().await.is_ok());

    // Without PKCE there is no code at all.
    let (mut page, authorization) =
        Authorization::begin(&provider.config, &Url::parse(REDIRECT).unwrap()).unwrap();
    let bare: Vec<(String, String)> = page
        .query_pairs()
        .into_owned()
        .filter(|(name, _)| !name.starts_with("code_challenge"))
        .collect();
    page.query_pairs_mut().clear().extend_pairs(bare);
    let query = Browser::default().goes_to(page).await;
    assert!(query.contains("error=invalid_request"), "{query}");
    assert!(authorization.read_callback(&query).is_err());
}
