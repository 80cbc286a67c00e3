//! The OAuth redirect.

use std::time::Duration;

use loopback::redirect::{Listener, NoCallback};
use secrecy::ExposeSecret as _;

use crate::harness::PATIENCE;

fn client() -> reqwest::Client {
    reqwest::Client::builder().no_proxy().build().unwrap()
}

async fn page(url: String) -> (u16, String) {
    let response = client().get(url).send().await.unwrap();
    assert_eq!(response.headers()["cache-control"], "no-store");
    assert_eq!(response.headers()["referrer-policy"], "no-referrer");
    assert!(
        response.headers()["content-security-policy"]
            .to_str()
            .unwrap()
            .contains("default-src 'none'")
    );
    (response.status().as_u16(), response.text().await.unwrap())
}

#[tokio::test]
async fn the_browser_s_answer_is_handed_over_and_answered() {
    let mut listener = Listener::open(&[0]).await.unwrap();
    let uri = listener.redirect_uri();
    assert!(
        uri.starts_with("http://localhost:") && uri.ends_with("/OauthRedirect"),
        "{uri}"
    );
    let browser = tokio::spawn(page(format!("{uri}?code=aPrx%3D%3D&state=s1")));
    let callback = listener.wait(PATIENCE).await.unwrap();
    assert_eq!(callback.query.expose_secret(), "code=aPrx%3D%3D&state=s1");
    assert!(!format!("{callback:?}").contains("aPrx"));
    callback.reply.finish(Ok(())).await;
    let (status, text) = browser.await.unwrap();
    assert_eq!(status, 200);
    assert!(text.contains("Signed in. You can go back to Holdline."), "{text}");
    listener.close().await;
    assert!(client().get(&uri).send().await.is_err());
}

#[tokio::test]
async fn closing_still_delivers_the_page() {
    let mut listener = Listener::open(&[0]).await.unwrap();
    let browser = tokio::spawn(page(format!("{}?error=access_denied", listener.redirect_uri())));
    let callback = listener.wait(PATIENCE).await.unwrap();
    callback.reply.finish(Err("Access was <denied>.".into())).await;
    listener.close().await;
    let (status, text) = browser.await.unwrap();
    assert_eq!(status, 400);
    assert!(text.contains("Access was &lt;denied&gt;."), "{text}");
}

#[tokio::test]
async fn a_wrong_answer_does_not_use_the_sign_in_up() {
    let mut listener = Listener::open(&[0]).await.unwrap();
    let uri = listener.redirect_uri();
    let hostile = tokio::spawn(page(format!("{uri}?code=x&state=forged")));
    listener
        .wait(PATIENCE)
        .await
        .unwrap()
        .reply
        .finish(Err("Not this sign-in's.".into()))
        .await;
    assert_eq!(hostile.await.unwrap().0, 400);
    let browser = tokio::spawn(page(format!("{uri}?code=y&state=right")));
    let callback = listener.wait(PATIENCE).await.unwrap();
    assert_eq!(callback.query.expose_secret(), "code=y&state=right");
    drop(callback);
    let (status, text) = browser.await.unwrap();
    assert_eq!(status, 409);
    assert!(text.contains("did not go on"), "{text}");
}

#[tokio::test]
async fn nothing_else_is_served() {
    let mut listener = Listener::open(&[0]).await.unwrap();
    let uri = listener.redirect_uri();
    let root = uri.trim_end_matches("/OauthRedirect");
    assert_eq!(
        client()
            .get(format!("{root}/favicon.ico"))
            .send()
            .await
            .unwrap()
            .status(),
        404
    );
    assert_eq!(client().get(&uri).send().await.unwrap().status(), 400);
    assert_eq!(client().post(&uri).send().await.unwrap().status(), 405);
    let rebound = client()
        .get(format!("{uri}?code=x&state=y"))
        .header("host", "evil.example");
    assert_eq!(rebound.send().await.unwrap().status(), 403);
    let none = listener.wait(Duration::from_millis(20)).await.unwrap_err();
    assert_eq!(none, NoCallback::TimedOut);
}

#[tokio::test]
async fn without_a_free_port_the_error_says_which() {
    let listener = Listener::open(&[0]).await.unwrap();
    let uri = listener.redirect_uri();
    let port: u16 = uri.split([':', '/']).nth(4).unwrap().parse().unwrap();
    let error = Listener::open(&[port]).await.unwrap_err();
    assert_eq!(error.ports, [port]);
    assert!(Listener::open(&[port, 0]).await.is_ok());
}
