//! What networks and orgs do: each fault has its name, and none ends the sign-in.

use std::time::Duration;

use salesforce::{Client, Error, Http, Missing, NetworkFailure, OrgConfig, TimeOuts, WaitReason};
use tokio::io::{AsyncReadExt, AsyncWriteExt};
use tokio::net::TcpListener;
use url::Url;

use crate::fake_org::{FakeOrg, Reply, account, error, html, json, memory, tokens};

/// What a question to an org with this script ends in.
async fn outcome(script: impl Fn() -> Reply + Send + Sync + 'static) -> Error {
    let org = FakeOrg::start(move |asked| match asked.path.as_str() {
        "/services/data" => json(r#"[{"version":"67.0"}]"#),
        _ => script(),
    })
    .await;
    let client = org.client(&memory()).await;
    let refused = client.works(account().user).await.unwrap_err();
    assert_eq!(
        client.works(account().user).await.unwrap_err().code(),
        refused.code(),
        "asked again"
    );
    refused
}

/// A client of an org at this address.
fn client_of(url: &str, time_outs: TimeOuts) -> Client {
    let url = Url::parse(url).unwrap();
    let tokens = tokens(&url);
    let http = Http::new(&url, time_outs).unwrap();
    Client::new(http, OrgConfig::new(url, "client"), memory(), tokens)
}

#[tokio::test]
async fn documented_refusals_have_their_remedies() {
    let limit = outcome(|| {
        error(
            403,
            r#"[{"message":"TotalRequests Limit exceeded.","errorCode":"REQUEST_LIMIT_EXCEEDED"}]"#,
        )
    })
    .await;
    assert!(
        matches!(
            limit,
            Error::WaitUntil {
                reason: WaitReason::RequestLimit,
                ..
            }
        ),
        "{limit:?}"
    );
    let busy = outcome(|| Reply(429, vec![("retry-after", "7".into())], "[]".into())).await;
    assert_eq!(busy.code(), "server_busy");
    assert_eq!(outcome(|| html(200)).await, Error::NotSalesforce);
    assert_eq!(outcome(|| html(407)).await, Error::NotSalesforce);
    let object = outcome(|| {
        error(
            400,
            r#"[{"message":"sObject type 'AgentWork' is not supported.","errorCode":"INVALID_TYPE"}]"#,
        )
    });
    assert_eq!(object.await, Error::AskAdmin(Missing::Object("AgentWork".into())));
    let unknown = outcome(|| error(500, r#"[{"message":"m","errorCode":"UNKNOWN_EXCEPTION"}]"#)).await;
    assert_eq!(
        unknown,
        Error::Unexpected {
            code: "UNKNOWN_EXCEPTION".into(),
            status: 500
        }
    );
}

#[tokio::test]
async fn what_is_not_the_wanted_json_is_malformed() {
    for body in [
        "",
        "{",
        "[]",
        "null",
        r#"{"done":true}"#,
        r#"{"done":false,"records":[]}"#,
    ] {
        let refused = outcome(move || json(body)).await;
        assert_eq!(
            refused,
            Error::Unexpected {
                code: "malformed_answer".into(),
                status: 200
            },
            "{body}"
        );
    }
}

#[tokio::test]
async fn the_kind_of_network_failure_is_named() {
    let unused = TcpListener::bind(("127.0.0.1", 0))
        .await
        .unwrap()
        .local_addr()
        .unwrap();
    let closed = client_of(&format!("http://{unused}"), TimeOuts::default());
    assert_eq!(
        closed.identity().await,
        Err(Error::CheckNetwork(NetworkFailure::Connect))
    );

    let nowhere = client_of("https://holdline-test.invalid", TimeOuts::default());
    assert_eq!(
        nowhere.identity().await,
        Err(Error::CheckNetwork(NetworkFailure::Dns))
    );

    let silent = TcpListener::bind(("127.0.0.1", 0)).await.unwrap();
    let short = TimeOuts {
        total: Duration::from_millis(200),
        ..TimeOuts::default()
    };
    let hanging = client_of(&format!("http://{}", silent.local_addr().unwrap()), short);
    assert_eq!(
        hanging.identity().await,
        Err(Error::CheckNetwork(NetworkFailure::TimeOut))
    );
}

/// Answers every connection with these bytes and closes it.
async fn answering(bytes: &'static [u8]) -> u16 {
    let listener = TcpListener::bind(("127.0.0.1", 0)).await.unwrap();
    let port = listener.local_addr().unwrap().port();
    tokio::spawn(async move {
        while let Ok((mut socket, _)) = listener.accept().await {
            let mut question = [0; 4096];
            let _ = socket.read(&mut question).await;
            let _ = socket.write_all(bytes).await;
        }
    });
    port
}

#[tokio::test]
async fn a_host_without_tls_is_told_from_one_that_is_down() {
    let port = answering(b"HTTP/1.1 400 Bad Request\r\n\r\n").await;
    let plain = client_of(&format!("https://localhost:{port}"), TimeOuts::default());
    assert_eq!(
        plain.identity().await,
        Err(Error::CheckNetwork(NetworkFailure::Tls))
    );
}

#[tokio::test]
async fn an_answer_that_breaks_off_is_a_cut() {
    let port = answering(b"HTTP/1.1 200 OK\r\ncontent-length: 100\r\n\r\n{\"user_id\":").await;
    let cut = client_of(&format!("http://127.0.0.1:{port}"), TimeOuts::default());
    assert_eq!(
        cut.identity().await,
        Err(Error::CheckNetwork(NetworkFailure::Cut))
    );
}
