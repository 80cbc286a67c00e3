//! One refresher: concurrent refusals, rotation, its order, and its end.

use std::sync::Arc;
use std::sync::atomic::{AtomicU32, Ordering};

use salesforce::{Client, Error, ResumeError, SignInReason, StoreError, TokenStore};
use secrecy::{ExposeSecret, SecretString};

use crate::fake_org::{Asked, FakeOrg, Reply, account, error, expired, json, memory, token_answer};

const TOKEN: &str = "/services/oauth2/token";
const VERSIONS: &str = r#"[{"version":"67.0"}]"#;

fn spent() -> Reply {
    error(
        400,
        r#"{"error":"invalid_grant","error_description":"expired access/refresh token"}"#,
    )
}

/// An org that rotates: it accepts only the newest access and refresh token.
async fn rotating_org() -> FakeOrg {
    let generation = AtomicU32::new(1);
    FakeOrg::start(move |asked: &Asked| {
        let now = generation.load(Ordering::SeqCst);
        match asked.path.as_str() {
            TOKEN if asked.form["refresh_token"] == format!("refresh-{}", now - 1) => {
                generation.store(now + 1, Ordering::SeqCst);
                json(token_answer(
                    "ORIGIN",
                    &format!("access-{now}"),
                    Some(&format!("refresh-{now}")),
                ))
            }
            TOKEN => spent(),
            _ if asked.bearer == format!("access-{}", now - 1) && now > 1 => presence_or_versions(asked),
            _ => expired(),
        }
    })
    .await
}

fn presence_or_versions(asked: &Asked) -> Reply {
    match asked.path.as_str() {
        "/services/data" => json(VERSIONS),
        _ => json(r#"{"done":true,"records":[]}"#),
    }
}

async fn kept(store: &TokenStore) -> String {
    store.load(account()).await.unwrap().expose_secret().to_owned()
}

#[tokio::test]
async fn refusals_at_the_same_time_refresh_once_and_keep_the_new_token() {
    let org = Arc::new(rotating_org().await);
    let store = memory();
    let client = org.client(&store).await;
    let mut questions = tokio::task::JoinSet::new();
    for _ in 0..8 {
        let client = client.clone();
        questions.spawn(async move { client.presence(account().user).await });
    }
    for answer in questions.join_all().await {
        assert_eq!(answer, Ok(None));
    }
    assert_eq!(org.asked_at(TOKEN).len(), 1);
    assert_eq!(kept(&store).await, "refresh-1");
    assert_eq!(client.unsaved(), None);
}

#[tokio::test]
async fn a_kept_sign_in_is_taken_up_again() {
    let org = rotating_org().await;
    let store = memory();
    store
        .save(account(), &SecretString::from("refresh-0"))
        .await
        .unwrap();
    let client = Client::resume(org.http(), org.config(), store.clone(), account())
        .await
        .unwrap();
    assert_eq!(kept(&store).await, "refresh-1");
    assert_eq!(client.presence(account().user).await, Ok(None));
    let again = Client::resume(org.http(), org.config(), store.clone(), account())
        .await
        .unwrap();
    assert_eq!(again.presence(account().user).await, Ok(None));
    assert_eq!(kept(&store).await, "refresh-2");
}

#[tokio::test]
async fn nothing_kept_and_a_spent_token_are_told_apart() {
    let org = rotating_org().await;
    let store = memory();
    let resume = || Client::resume(org.http(), org.config(), store.clone(), account());
    assert_eq!(
        resume().await.err(),
        Some(ResumeError::Store(StoreError::NoEntry))
    );
    store
        .save(account(), &SecretString::from("refresh-of-old"))
        .await
        .unwrap();
    let refused = Error::SignInAgain(SignInReason::GrantRefused);
    assert_eq!(resume().await.err(), Some(ResumeError::Salesforce(refused)));
    // What was refused is not shown again, not at the next start either.
    let asked = org.asked_at(TOKEN).len();
    assert_eq!(
        resume().await.err(),
        Some(ResumeError::Store(StoreError::NoEntry))
    );
    assert_eq!(org.asked_at(TOKEN).len(), asked);
}

#[tokio::test]
async fn a_crash_before_the_new_token_was_kept_ends_in_sign_in_again() {
    let org = rotating_org().await;
    let (kept_store, lost_store) = (memory(), memory());
    for store in [&kept_store, &lost_store] {
        store
            .save(account(), &SecretString::from("refresh-0"))
            .await
            .unwrap();
    }
    // The first process rotates and dies: what the second one finds is spent.
    let first = Client::resume(org.http(), org.config(), kept_store, account()).await;
    drop(first.unwrap());
    let second = Client::resume(org.http(), org.config(), lost_store, account()).await;
    let refused = Error::SignInAgain(SignInReason::GrantRefused);
    assert_eq!(second.err(), Some(ResumeError::Salesforce(refused.clone())));
    assert!(refused.to_string().contains("replaced") && refused.to_string().contains("sign in again"));
    assert_eq!(org.asked_at(TOKEN).len(), 2);
}

#[tokio::test]
async fn a_lost_rotation_ends_in_sign_in_again_and_never_in_a_loop() {
    let org = FakeOrg::start(|asked| if asked.path == TOKEN { spent() } else { expired() }).await;
    let client = org.client(&memory()).await;
    let ended = Err(Error::SignInAgain(SignInReason::GrantRefused));
    for _ in 0..3 {
        assert_eq!(client.presence(account().user).await, ended);
    }
    assert_eq!(org.asked_at(TOKEN).len(), 1);
    assert_eq!(org.asked().len(), 2);
}

#[tokio::test]
async fn a_renewed_session_that_is_refused_again_ends() {
    let org = FakeOrg::start(|asked| {
        if asked.path == TOKEN {
            json(token_answer("ORIGIN", "access-1", None))
        } else {
            expired()
        }
    })
    .await;
    let client = org.client(&memory()).await;
    let ended = Err(Error::SignInAgain(SignInReason::RefusedAgain));
    assert_eq!(client.presence(account().user).await, ended);
    assert_eq!(client.presence(account().user).await, ended);
    assert_eq!(org.asked_at(TOKEN).len(), 1);
}

#[tokio::test]
async fn a_refresh_that_could_not_be_asked_for_passes() {
    let down = Arc::new(AtomicU32::new(1));
    let switch = Arc::clone(&down);
    let org = FakeOrg::start(move |asked| match asked.path.as_str() {
        TOKEN if switch.load(Ordering::SeqCst) == 1 => Reply(503, vec![], String::new()),
        TOKEN => json(token_answer("ORIGIN", "access-1", None)),
        _ if asked.bearer == "access-1" => presence_or_versions(asked),
        _ => expired(),
    })
    .await;
    let client = org.client(&memory()).await;
    let refused = client.presence(account().user).await.unwrap_err();
    assert!(matches!(refused, Error::WaitUntil { .. }), "{refused:?}");
    down.store(0, Ordering::SeqCst);
    assert_eq!(client.presence(account().user).await, Ok(None));
}

#[tokio::test]
async fn another_users_token_is_not_taken() {
    let org = FakeOrg::start(|asked| {
        if asked.path == TOKEN {
            json(
                token_answer("ORIGIN", "access-1", None)
                    .replace("/005000000000001AAA", "/005000000000002AAA"),
            )
        } else {
            expired()
        }
    })
    .await;
    let client = org.client(&memory()).await;
    let ended = Err(Error::SignInAgain(SignInReason::GrantRefused));
    assert_eq!(client.presence(account().user).await, ended);
}

#[tokio::test]
async fn signing_out_revokes_forgets_and_asks_nothing_more() {
    let org = FakeOrg::start(|_| Reply(200, vec![], String::new())).await;
    let store = memory();
    let client = org.client(&store).await;
    let out = client.sign_out().await;
    assert_eq!((out.revoked, out.forgotten), (Ok(()), Ok(())));
    assert_eq!(
        org.asked_at("/services/oauth2/revoke")[0].form["token"],
        "refresh-0"
    );
    assert_eq!(store.load(account()).await.err(), Some(StoreError::NoEntry));
    let ended = Err(Error::SignInAgain(SignInReason::SignedOut));
    assert_eq!(client.presence(account().user).await, ended);
    assert_eq!(org.asked().len(), 1);
}

#[tokio::test]
async fn signing_out_without_the_org_still_forgets() {
    let org = FakeOrg::start(|_| Reply(500, vec![], "{}".into())).await;
    let store = memory();
    let client = org.client(&store).await;
    let out = client.sign_out().await;
    assert!(out.revoked.is_err());
    assert_eq!(store.load(account()).await.err(), Some(StoreError::NoEntry));
    let gone = FakeOrg::start(|_| error(400, r#"{"error":"invalid_token"}"#)).await;
    assert_eq!(gone.client(&memory()).await.sign_out().await.revoked, Ok(()));
}
