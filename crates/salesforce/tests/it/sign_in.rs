//! From the sign-in button to the first tokens.

use std::time::Duration;

use salesforce::{Authorization, Http, NetworkFailure, OrgConfig, SignInError, TimeOuts, Tokens};
use secrecy::ExposeSecret;
use tokio::net::TcpListener;
use url::Url;

use crate::fake_org::{FakeOrg, ORG, Reply, USER, error, html, json, token_answer};

const REDIRECT: &str = "http://localhost:1717/OauthRedirect";

fn begin(config: &OrgConfig) -> (Url, Authorization) {
    Authorization::begin(config, &Url::parse(REDIRECT).unwrap()).unwrap()
}

fn parameter(url: &Url, name: &str) -> String {
    url.query_pairs()
        .find(|(key, _)| key == name)
        .map(|(_, value)| value.into_owned())
        .unwrap()
}

async fn finish_with(reply: impl Fn(&str) -> Reply + Send + Sync + 'static) -> Result<Tokens, SignInError> {
    let org = FakeOrg::start(move |_| reply("")).await;
    let (url, authorization) = begin(&org.config());
    let query = format!("code=c0de&state={}", parameter(&url, "state"));
    authorization.finish(&org.http(), &query).await
}

#[test]
fn the_browser_is_sent_with_pkce_and_state() {
    let config = OrgConfig::new(Url::parse("https://acme.my.salesforce.com").unwrap(), "client");
    let (url, _) = begin(&config);
    assert!(
        url.as_str()
            .starts_with("https://acme.my.salesforce.com/services/oauth2/authorize?")
    );
    assert_eq!(parameter(&url, "response_type"), "code");
    assert_eq!(parameter(&url, "client_id"), "client");
    assert_eq!(parameter(&url, "redirect_uri"), REDIRECT);
    assert_eq!(parameter(&url, "scope"), "api refresh_token id openid");
    assert_eq!(parameter(&url, "code_challenge_method"), "S256");
    assert!(parameter(&url, "code_challenge").len() >= 43);
    let (other, _) = begin(&config);
    assert_ne!(parameter(&url, "state"), parameter(&other, "state"));
    assert_ne!(
        parameter(&url, "code_challenge"),
        parameter(&other, "code_challenge")
    );
}

#[test]
fn another_machine_is_reached_by_https_only() {
    let config = OrgConfig::new(Url::parse("http://acme.my.salesforce.com").unwrap(), "client");
    let begun = Authorization::begin(&config, &Url::parse(REDIRECT).unwrap());
    assert_eq!(begun.err(), Some(SignInError::InsecureUrl));
}

#[test]
fn the_callback_is_checked_before_anything_is_sent() {
    let (url, authorization) = begin(&OrgConfig::new(
        Url::parse("http://localhost:1").unwrap(),
        "client",
    ));
    let state = parameter(&url, "state");
    let read = |query: &str| authorization.read_callback(query).err();
    assert_eq!(read("code=x&state=other"), Some(SignInError::StateMismatch));
    assert_eq!(read("code=x"), Some(SignInError::StateMismatch));
    assert_eq!(
        read("error=access_denied&state=other"),
        Some(SignInError::StateMismatch)
    );
    let denied = format!("error=access_denied&error_description=end-user+denied&state={state}");
    assert_eq!(read(&denied), Some(SignInError::AccessDenied));
    let refused = SignInError::ClientRefused {
        code: "OAUTH_APP_BLOCKED".into(),
    };
    assert_eq!(
        read(&format!("?error=OAUTH_APP_BLOCKED&state={state}")),
        Some(refused)
    );
    let unexpected = SignInError::Unexpected { code: "ax".into() };
    assert_eq!(read(&format!("error=%3Ca%3Ex&state={state}")), Some(unexpected));
    assert_eq!(read(""), Some(SignInError::CallbackIncomplete));
    assert_eq!(
        read(&format!("state={state}")),
        Some(SignInError::CallbackIncomplete)
    );
    assert_eq!(
        read(&format!("code=&state={state}")),
        Some(SignInError::CallbackIncomplete)
    );
    // None of these ended the sign-in.
    assert_eq!(read(&format!("code=x&state={state}")), None);
}

#[tokio::test]
async fn the_code_is_exchanged_with_the_verifier() {
    let org = FakeOrg::start(|asked| {
        let origin = "http://localhost:9";
        assert_eq!(asked.path, "/services/oauth2/token");
        json(token_answer(origin, "access", Some("refresh")))
    })
    .await;
    let (url, authorization) = begin(&org.config());
    let query = format!("code=c0de&state={}", parameter(&url, "state"));
    let tokens = authorization.finish(&org.http(), &query).await.unwrap();
    assert_eq!(tokens.access_token.expose_secret(), "access");
    assert_eq!(tokens.refresh_token.unwrap().expose_secret(), "refresh");
    assert_eq!(tokens.instance_url.as_str(), "http://localhost:9/");
    assert_eq!(tokens.account.to_string(), format!("{ORG}:{USER}"));
    let form = &org.asked()[0].form;
    let verifier = oauth2::PkceCodeVerifier::new(form["code_verifier"].clone());
    let challenge = oauth2::PkceCodeChallenge::from_code_verifier_sha256(&verifier);
    assert_eq!(challenge.as_str(), parameter(&url, "code_challenge"));
    assert_eq!(form["grant_type"], "authorization_code");
    assert_eq!(form["code"], "c0de");
    assert_eq!(form["redirect_uri"], REDIRECT);
    assert_eq!(form["client_id"], "client");
}

#[tokio::test]
async fn each_bad_token_answer_has_its_own_name() {
    let code = async |reply: fn() -> Reply| finish_with(move |_| reply()).await.unwrap_err();
    assert_eq!(code(|| html(200)).await, SignInError::NotSalesforce);
    assert_eq!(code(|| html(403)).await, SignInError::NotSalesforce);
    let redirect = || {
        Reply(
            302,
            vec![("location", "https://portal.example/".into())],
            String::new(),
        )
    };
    assert_eq!(code(redirect).await, SignInError::NotSalesforce);
    assert_eq!(code(|| json("access_token=1")).await, SignInError::NotJson);
    assert_eq!(code(|| json("")).await, SignInError::NotJson);
    assert_eq!(code(|| json("{}")).await, SignInError::BadAnswer("token"));
    let grant = || error(400, r#"{"error":"invalid_grant","error_description":"expired"}"#);
    assert_eq!(code(grant).await, SignInError::GrantRefused);
    let client = || error(400, r#"{"error":"invalid_client_id","error_description":"x"}"#);
    assert_eq!(
        code(client).await,
        SignInError::ClientRefused {
            code: "invalid_client_id".into()
        }
    );
    let insecure = || json(token_answer("http://evil.example", "a", None));
    assert_eq!(code(insecure).await, SignInError::InsecureUrl);
    let nobody = || json(token_answer("http://localhost:9", "a", None).replace(USER, "me"));
    assert_eq!(code(nobody).await, SignInError::BadAnswer("user id"));
    let unsendable = || json(token_answer("http://localhost:9", "a\\nb", None));
    assert_eq!(code(unsendable).await, SignInError::BadAnswer("token"));
    let busy = code(|| Reply(503, vec![("retry-after", "60".into())], String::new())).await;
    assert!(matches!(busy, SignInError::WaitUntil { .. }), "{busy:?}");
}

#[tokio::test]
async fn an_org_that_does_not_answer_is_a_time_out() {
    let silent = TcpListener::bind(("127.0.0.1", 0)).await.unwrap();
    let url = Url::parse(&format!("http://{}", silent.local_addr().unwrap())).unwrap();
    let time_outs = TimeOuts {
        total: Duration::from_millis(200),
        ..TimeOuts::default()
    };
    let http = Http::new(&url, time_outs).unwrap();
    let (sent_to, authorization) = begin(&OrgConfig::new(url, "client"));
    let query = format!("code=x&state={}", parameter(&sent_to, "state"));
    let failed = authorization.finish(&http, &query).await.unwrap_err();
    assert_eq!(failed, SignInError::Network(NetworkFailure::TimeOut));
}

#[tokio::test]
async fn no_token_shows_in_debug_output() {
    let tokens = finish_with(|_| json(token_answer("http://localhost:9", "acc3ss", Some("r3fresh"))))
        .await
        .unwrap();
    let shown = format!("{tokens:?}");
    assert!(!shown.contains("acc3ss") && !shown.contains("r3fresh"), "{shown}");
}
