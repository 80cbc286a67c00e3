//! simple-salesforce, from PyPI.

use std::path::{Path, PathBuf};
use std::process::Command;

use base64::Engine as _;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use serde_json::Value;
use sha2::{Digest as _, Sha256};
use url::Url;

use crate::install::{once, skipped, step};
use crate::{org, runs, script};

const VERSION: &str = "1.12.10";

#[tokio::test]
async fn simple_salesforce_reads_and_writes() {
    let installed = once(&format!("simple-salesforce-{VERSION}"), |folder| {
        // Debian's own Python: python3-venv belongs to it, a version manager's may lack it.
        let own = Path::new("/usr/bin/python3");
        let mut venv = Command::new(if own.exists() { own } else { Path::new("python3") });
        step(venv.args(["-m", "venv", "--clear"]).arg(folder.join("venv")))?;
        let mut pip = Command::new(python(folder));
        pip.args(["-m", "pip", "install", "--quiet", "--disable-pip-version-check"]);
        step(pip.arg(format!("simple-salesforce=={VERSION}")))
    });
    let folder = match installed {
        Ok(folder) => folder,
        Err(reason) => return skipped("simple-salesforce", &reason),
    };
    let org = org().await;
    let mut client = Command::new(python(&folder));
    client.arg(script("with_simple_salesforce.py")).arg(org.url());
    client.arg(access_token(org.url()).await);
    runs(client).await;
    org.shutdown().await;
}

fn python(folder: &Path) -> PathBuf {
    let programs = if cfg!(windows) {
        "Scripts/python.exe"
    } else {
        "bin/python"
    };
    folder.join("venv").join(programs)
}

/// simple-salesforce knows no authorization code flow: it is handed a token.
async fn access_token(org: &str) -> String {
    const REDIRECT: &str = "http://localhost:47820/OauthRedirect";
    const VERIFIER: &str = "a-verifier-that-is-long-enough-for-the-rfc-0123456789";
    let http = reqwest::Client::builder()
        .no_proxy()
        .redirect(reqwest::redirect::Policy::none())
        .build()
        .unwrap();
    let challenge = URL_SAFE_NO_PAD.encode(Sha256::digest(VERIFIER));
    let consent = [
        ("response_type", "code"),
        ("client_id", "simple-salesforce"),
        ("redirect_uri", REDIRECT),
        ("code_challenge", &challenge),
        ("user", "pat"),
        ("decision", "allow"),
    ];
    let asked = http
        .post(format!("{org}/services/oauth2/authorize"))
        .form(&consent);
    let answer = asked.send().await.unwrap();
    let back = Url::parse(answer.headers()["location"].to_str().unwrap()).unwrap();
    let code = back.query_pairs().find(|(name, _)| name == "code").unwrap().1;
    let exchange = [
        ("grant_type", "authorization_code"),
        ("code", &code),
        ("client_id", "simple-salesforce"),
        ("redirect_uri", REDIRECT),
        ("code_verifier", VERIFIER),
    ];
    let asked = http.post(format!("{org}/services/oauth2/token")).form(&exchange);
    let tokens: Value = asked.send().await.unwrap().json().await.unwrap();
    tokens["access_token"].as_str().unwrap().to_owned()
}
