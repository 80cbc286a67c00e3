//! Who may speak at all.

use loopback::Timings;
use serde_json::json;
use wire::bridge::{HELLO_PATH, PAIR_PATH, POLL_PATH, PROVE_PATH, REPORT_PATH, WAIT_PATH};
use wire::{connector, identity, status_api};

use crate::harness::{House, ORIGIN, PAT, hello, reply, with};

const ALLOW_ORIGIN: &str = "access-control-allow-origin";

fn every_route() -> Vec<(&'static str, &'static str)> {
    vec![
        ("GET", identity::PATH),
        ("POST", HELLO_PATH),
        ("POST", PAIR_PATH),
        ("POST", PROVE_PATH),
        ("POST", WAIT_PATH),
        ("POST", POLL_PATH),
        ("POST", REPORT_PATH),
        ("GET", connector::PATH),
        ("GET", status_api::PICTURE_PATH),
        ("POST", status_api::REQUESTS_PATH),
        ("POST", status_api::ACTIONS_PATH),
        ("POST", status_api::CANCEL_PATH),
        ("POST", status_api::SHOW_PATH),
        ("GET", "/elsewhere"),
    ]
}

#[tokio::test]
async fn another_host_name_is_refused_on_every_route() {
    let mut house = House::open(Timings::default()).await;
    let key = format!("Bearer {}", house.doors.access().key.expose());
    let port = house.doors.port();
    for (method, path) in every_route() {
        for host in [
            "evil.example",
            &format!("evil.example:{port}"),
            "localhost:1",
            &format!("0.0.0.0:{port}"),
        ] {
            let headers = [("host", host), ("authorization", &key)];
            reply(with(house.request(method, path), &headers))
                .await
                .refused(403, "wrong_host");
        }
    }
    house.no_event();
    assert!(house.desk.asked().is_empty());
}

#[tokio::test]
async fn every_loopback_name_is_answered() {
    let house = House::open(Timings::default()).await;
    for host in ["localhost", "127.0.0.1", "[::1]"] {
        let host = format!("{host}:{}", house.doors.port());
        let identity = house.get(identity::PATH, &[("host", &host)]).await.ok();
        assert_eq!(identity["app"], "holdline");
        assert_eq!(identity["userId"], PAT);
        assert_eq!(identity["protocols"]["bridge"], json!({"min": 1, "max": 1}));
    }
    if std::net::TcpListener::bind("[::1]:0").is_ok() {
        let url = format!("http://[::1]:{}/holdline", house.doors.port());
        let client = reqwest::Client::builder().no_proxy().build().unwrap();
        assert_eq!(client.get(url).send().await.unwrap().status(), 200);
    }
}

#[tokio::test]
async fn pages_of_other_sites_are_refused_on_every_route() {
    let mut house = House::open(Timings::default()).await;
    let key = format!("Bearer {}", house.doors.access().key.expose());
    for (method, path) in every_route() {
        if path == "/elsewhere" {
            continue;
        }
        for origin in [
            "https://evil.example",
            "null",
            "http://practice.lightning.force.com",
            "https://practice.lightning.force.com.evil.example",
            "https://practice.lightning.force.com:8443",
        ] {
            let headers = [("origin", origin), ("authorization", key.as_str())];
            let reply = reply(with(house.request(method, path), &headers).json(&json!({}))).await;
            reply.refused(403, "wrong_origin");
            assert!(
                !reply.headers.contains_key(ALLOW_ORIGIN),
                "{origin} could read {path}"
            );
        }
    }
    let two = [("origin", ORIGIN), ("origin", "https://evil.example")];
    house.get(identity::PATH, &two).await.refused(403, "wrong_origin");
    house.no_event();
    assert!(house.desk.asked().is_empty());
}

#[tokio::test]
async fn the_orgs_own_pages_read_bridge_answers_also_bad_ones() {
    let house = House::open(Timings::default()).await;
    let own = [("origin", ORIGIN)];
    let good = house.get(identity::PATH, &own).await;
    let bad = house.post_with(POLL_PATH, &own, json!({"session": "none"})).await;
    let worse = house.post_with(POLL_PATH, &own, json!({"session": 3})).await;
    assert_eq!((good.status, bad.status, worse.status), (200, 401, 400));
    for reply in [good, bad, worse] {
        assert_eq!(reply.headers[ALLOW_ORIGIN], ORIGIN);
        let vary = reply.headers["vary"].to_str().unwrap().to_ascii_lowercase();
        assert!(vary.contains("origin"), "{vary}");
        assert!(!reply.headers.contains_key("access-control-allow-credentials"));
        assert_eq!(reply.headers["cache-control"], "no-store");
    }
}

#[tokio::test]
async fn preflights_are_answered_for_the_org_alone() {
    let house = House::open(Timings::default()).await;
    let ask = async |origin: &str, network: &str| {
        let headers = [
            ("origin", origin),
            ("access-control-request-method", "POST"),
            ("access-control-request-headers", "content-type"),
            (network, "true"),
        ];
        reply(with(house.request("OPTIONS", POLL_PATH), &headers)).await
    };
    for network in ["private", "local"] {
        let answer = ask(ORIGIN, &format!("access-control-request-{network}-network")).await;
        assert_eq!(answer.status, 200);
        assert_eq!(answer.headers[ALLOW_ORIGIN], ORIGIN);
        assert_eq!(
            answer.headers[&format!("access-control-allow-{network}-network")],
            "true"
        );
        assert!(
            answer.headers["access-control-allow-methods"]
                .to_str()
                .unwrap()
                .contains("POST")
        );
        assert_eq!(answer.headers["access-control-allow-headers"], "content-type");

        let answer = ask(
            "https://evil.example",
            &format!("access-control-request-{network}-network"),
        )
        .await;
        answer.refused(403, "wrong_origin");
        assert!(!answer.headers.contains_key(ALLOW_ORIGIN));
        assert!(
            !answer
                .headers
                .contains_key(format!("access-control-allow-{network}-network"))
        );
    }
}

#[tokio::test]
async fn no_page_reaches_status_api_and_connector_not_even_the_orgs() {
    let house = House::open(Timings::default()).await;
    let key = format!("Bearer {}", house.doors.access().key.expose());
    let headers = [("origin", ORIGIN), ("authorization", key.as_str())];
    house
        .get(status_api::PICTURE_PATH, &headers)
        .await
        .refused(403, "wrong_origin");
    house
        .get(connector::PATH, &headers)
        .await
        .refused(403, "wrong_origin");
    let request = house.request("POST", status_api::CANCEL_PATH);
    reply(with(request, &headers)).await.refused(403, "wrong_origin");
    let preflight = house.request("OPTIONS", status_api::CANCEL_PATH);
    reply(with(preflight, &headers))
        .await
        .refused(403, "wrong_origin");
    assert!(house.desk.asked().is_empty());
}

#[tokio::test]
async fn with_nobody_signed_in_a_console_learns_that_and_nothing_else() {
    let house = House::open(Timings::default()).await;
    house.doors.set_identity(None);
    for console in [ORIGIN, "https://other.my.salesforce.com", "http://localhost:4711"] {
        let reply = house.get(identity::PATH, &[("origin", console)]).await;
        assert_eq!(reply.headers[ALLOW_ORIGIN], console);
        let answer = reply.ok();
        assert_eq!(answer["app"], "holdline");
        assert_eq!((answer.get("orgId"), answer.get("userId")), (None, None));
        for path in [HELLO_PATH, PAIR_PATH, PROVE_PATH, POLL_PATH, REPORT_PATH] {
            let reply = house.post_with(path, &[("origin", console)], json!({})).await;
            reply.refused(403, "not_signed_in");
            assert!(
                !reply.headers.contains_key(ALLOW_ORIGIN),
                "{console} could read {path}"
            );
        }
    }
    let preflight = reply(with(
        house.request("OPTIONS", identity::PATH),
        &[("origin", ORIGIN), ("access-control-request-method", "GET")],
    ));
    assert_eq!(preflight.await.headers[ALLOW_ORIGIN], ORIGIN);

    // As soon as somebody is signed in, it is the org's pages alone again.
    house.sign_in(PAT);
    house
        .get(identity::PATH, &[("origin", "https://other.my.salesforce.com")])
        .await
        .refused(403, "wrong_origin");
}

#[tokio::test]
async fn with_nobody_signed_in_no_other_page_may_speak() {
    let mut house = House::open(Timings::default()).await;
    house.doors.set_identity(None);
    let reply = house
        .get(identity::PATH, &[("origin", "https://evil.example")])
        .await;
    reply.refused(403, "not_signed_in");
    assert!(!reply.headers.contains_key(ALLOW_ORIGIN));
    let identity = house.get(identity::PATH, &[]).await.ok();
    assert_eq!((identity.get("orgId"), identity.get("userId")), (None, None));
    house
        .post(HELLO_PATH, hello("page", None))
        .await
        .refused(403, "not_signed_in");
    house.no_event();
}

#[tokio::test]
async fn forms_are_refused() {
    let mut house = House::open(Timings::default()).await;
    let body = hello("page", None).to_string();
    for kind in [
        "text/plain",
        "application/x-www-form-urlencoded",
        "multipart/form-data; boundary=x",
    ] {
        let form = house
            .request("POST", HELLO_PATH)
            .header("content-type", kind)
            .body(body.clone());
        reply(form).await.refused(415, "bad_request");
    }
    reply(house.request("POST", HELLO_PATH).body(body))
        .await
        .refused(415, "bad_request");

    let key = format!("Bearer {}", house.doors.access().key.expose());
    for path in [status_api::CANCEL_PATH, status_api::SHOW_PATH] {
        let form = house.request("POST", path).header("authorization", &key);
        reply(form.header("content-type", "text/plain").body(""))
            .await
            .refused(415, "bad_request");
    }
    house.no_event();
    assert!(house.desk.asked().is_empty());
}

#[tokio::test]
async fn long_bodies_and_broken_ones_are_refused() {
    let mut house = House::open(Timings::default()).await;
    let long = "x".repeat(300 * 1024);
    house
        .post(HELLO_PATH, hello(&long, None))
        .await
        .refused(413, "bad_request");
    let broken = house
        .request("POST", HELLO_PATH)
        .header("content-type", "application/json")
        .body("{");
    reply(broken).await.refused(400, "bad_request");
    house
        .post(HELLO_PATH, json!({"orgId": "nonsense"}))
        .await
        .refused(400, "bad_request");
    house.no_event();
}

#[tokio::test]
async fn other_paths_and_methods_have_nothing() {
    let house = House::open(Timings::default()).await;
    house.get("/", &[]).await.refused(404, "not_found");
    house.get("/holdline/", &[]).await.refused(404, "not_found");
    house.get(HELLO_PATH, &[]).await.refused(405, "not_found");
}
