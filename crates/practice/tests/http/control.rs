//! The control API and the console endpoints over real sockets.

use crate::support::Org;
use practice::{Options, Server, StartError, Timings};
use reqwest::{Method, StatusCode};
use serde_json::{Value, json};
use std::time::Duration;

#[tokio::test]
async fn a_call_changes_no_presence_and_takes_all_capacity() {
    let org = Org::start().await;
    org.set_status("pat", "Available").await;
    let call = org.call("pat").await;
    assert_eq!(org.rep("pat").await["workload"]["currentWorkload"], 10);
    assert_eq!(org.act(&call, "accept").await, StatusCode::OK);
    let pat = org.rep("pat").await;
    assert_eq!(pat["presence"]["status"], "Available");
    assert_eq!(pat["works"][0]["phase"], "on_call");
    assert_eq!(org.act(&call, "hangup").await, StatusCode::OK);
    assert_eq!(org.rep("pat").await["works"][0]["phase"], "wrap_up");
    assert_eq!(org.act(&call, "finish").await, StatusCode::OK);
    assert_eq!(org.rep("pat").await["works"], json!([]));
    assert_eq!(org.act(&call, "hangup").await, StatusCode::CONFLICT);
}

#[tokio::test]
async fn the_naive_connector_drops_the_call_and_the_honouring_one_does_not() {
    for (connector, drops, enqueue) in [("naive", 1, false), ("honours", 0, true)] {
        let org = Org::start().await;
        org.settings(json!({ "connector": connector })).await;
        org.set_status("pat", "Available").await;
        let call = org.call("pat").await;
        org.act(&call, "accept").await;
        let (status, _) = org.toolkit("pat", "logout", json!({})).await;
        assert_eq!(status, StatusCode::OK);
        let dropped = org.get("/practice/v1/dropped").await;
        assert_eq!(dropped.as_array().unwrap().len(), drops, "{connector}");
        let log = org.get("/practice/v1/log").await;
        let offline: Vec<&Value> = log
            .as_array()
            .unwrap()
            .iter()
            .filter(|entry| entry["status"] == "Offline")
            .collect();
        assert_eq!(offline.len(), 2);
        assert_eq!(offline[0]["side"], "presence");
        assert_eq!(offline[0]["source"], "console");
        assert_eq!(offline[1]["side"], "telephony");
        assert_eq!(offline[1]["source"], "connector");
        assert_eq!(offline[1]["enqueue"], enqueue);
        assert!(offline.iter().all(|entry| entry["callActive"] == true));
        let numbers: Vec<u64> = log
            .as_array()
            .unwrap()
            .iter()
            .map(|entry| entry["seq"].as_u64().unwrap())
            .collect();
        assert_eq!(numbers, (1..=numbers.len() as u64).collect::<Vec<_>>());
    }
}

#[tokio::test]
async fn a_call_for_a_busy_rep_waits_and_is_assigned_as_the_first_ends() {
    let org = Org::start().await;
    org.set_status("pat", "Available").await;
    let first = org.call("pat").await;
    org.act(&first, "accept").await;
    let (status, second) = org.post("/practice/v1/calls", json!({ "rep": "pat" })).await;
    assert_eq!(status, StatusCode::CREATED);
    assert_eq!(second["queued"], true);
    org.act(&first, "hangup").await;
    assert_eq!(org.rep("pat").await["queued"], 1);
    org.act(&first, "finish").await;
    let pat = org.rep("pat").await;
    assert_eq!(pat["works"][0]["workId"], second["agentWorkId"]);
    assert_eq!(pat["works"][0]["phase"], "ringing");
    let (_, forced) = org
        .post("/practice/v1/calls", json!({ "rep": "pat", "force": true }))
        .await;
    assert_eq!(forced["queued"], false);
    assert_eq!(org.rep("pat").await["works"].as_array().unwrap().len(), 2);
}

#[tokio::test]
async fn a_call_that_cannot_reach_its_rep_is_refused_with_a_remedy() {
    let org = Org::start().await;
    let (status, body) = org.post("/practice/v1/calls", json!({ "rep": "pat" })).await;
    assert_eq!(
        (status, body["code"].as_str()),
        (StatusCode::CONFLICT, Some("not_logged_in"))
    );
    assert!(body["detail"].as_str().unwrap().contains("Set a presence status"));
    org.set_status("pat", "Available for Messages").await;
    let (status, body) = org.post("/practice/v1/calls", json!({ "rep": "pat" })).await;
    assert_eq!(
        (status, body["code"].as_str()),
        (StatusCode::CONFLICT, Some("no_channel"))
    );
    let (status, body) = org.post("/practice/v1/calls", json!({ "rep": "nobody" })).await;
    assert_eq!(
        (status, body["code"].as_str()),
        (StatusCode::NOT_FOUND, Some("unknown_rep"))
    );
    let (status, body) = org.post("/practice/v1/calls", json!({ "who": 1 })).await;
    assert_eq!(
        (status, body["code"].as_str()),
        (StatusCode::BAD_REQUEST, Some("bad_request"))
    );
    let (status, body) = org
        .send(Method::POST, "/practice/v1/calls/nope/accept", None)
        .await;
    assert_eq!(
        (status, body["code"].as_str()),
        (StatusCode::NOT_FOUND, Some("unknown_call"))
    );
    assert_eq!(
        org.send(Method::GET, "/practice/v1/nope", None).await.0,
        StatusCode::NOT_FOUND
    );
}

#[tokio::test]
async fn wrap_up_ends_by_itself() {
    let org = Org::start_with(Options {
        holdline_ports: Vec::new(),
        timings: Timings {
            wrap_up: Duration::from_millis(50),
            ..Timings::default()
        },
        ..Options::default()
    })
    .await;
    org.set_status("pat", "Available").await;
    let mut events = org
        .http
        .get(org.url("/practice/v1/console/pat/events"))
        .send()
        .await
        .unwrap();
    let call = org.call("pat").await;
    org.act(&call, "accept").await;
    org.act(&call, "hangup").await;
    let mut text = String::new();
    while !text.contains("workClosed") {
        let chunk = events.chunk().await.unwrap().unwrap();
        text.push_str(std::str::from_utf8(&chunk).unwrap());
    }
    assert_eq!(org.rep("pat").await["works"], json!([]));
    let kinds: Vec<&str> = [
        "event: hello",
        "\"type\":\"workAssigned\"",
        "\"type\":\"workAccepted\"",
        "\"type\":\"conversationEnded\"",
        "\"type\":\"workClosed\"",
    ]
    .to_vec();
    let places: Vec<usize> = kinds.iter().map(|kind| text.find(kind).unwrap()).collect();
    assert!(places.is_sorted(), "{text}");
}

#[tokio::test]
async fn the_console_packages_apex_tells_the_set_up_and_how_far_calls_are() {
    let org = Org::start().await;
    let hidden = ["PresenceUserConfig", "VoiceCall", "ServiceChannelStatus"];
    let settings = json!({
        "declineReasons": ["Busy"], "wrapUpMs": 45_000, "hidden": hidden, "viewDeveloperName": false,
    });
    org.settings(settings).await;
    let apex = async |rep: &str, method: &str, body: Value| {
        org.post(&format!("/practice/v1/console/{rep}/apex/{method}"), body)
            .await
    };
    let (status, mine) = apex("pat", "mine", json!({})).await;
    assert_eq!(status, StatusCode::OK);
    let setup: wire::rep_setup::RepSetup = serde_json::from_value(mine).unwrap();
    assert!(setup.statuses_are_own, "whatever REST hides");
    let channels: Vec<_> = (setup.statuses.iter())
        .map(|status| (status.label.as_str(), status.channels.len()))
        .collect();
    assert_eq!(channels[0], ("Available", 3));
    assert_eq!(channels[2], ("Break", 0));
    assert_eq!(setup.channels[0].key_prefix.as_deref(), Some("0LQ"));
    let configuration = setup.configuration.unwrap();
    assert_eq!(configuration.decline_reasons, ["Busy"]);
    assert_eq!(configuration.wrap_up_seconds, Some(45));

    org.set_status("pat", "Available").await;
    let call = org.call("pat").await;
    org.act(&call, "accept").await;
    let state = org.rep("pat").await;
    let item = state["works"][0]["workItemId"].clone();
    let ended = async |rep: &str| {
        let items = json!({ "workItemIds": [item, "0LQ000000000001"] });
        let (status, calls) = apex(rep, "calls", items).await;
        assert_eq!(status, StatusCode::OK, "{calls}");
        let calls = calls.as_array().unwrap().clone();
        calls
            .iter()
            .map(|call| call["hasEnded"] == true)
            .collect::<Vec<_>>()
    };
    assert_eq!(ended("pat").await, [false]);
    org.act(&call, "hangup").await;
    assert_eq!(ended("pat").await, [true]);
    assert!(ended("sam").await.is_empty(), "only the rep's own");
    let (status, _) = apex("nobody", "mine", json!({})).await;
    assert_eq!(status, StatusCode::NOT_FOUND);
}

#[tokio::test]
async fn console_events_are_the_wire_contract() {
    let org = Org::start().await;
    let mut events = org
        .http
        .get(org.url("/practice/v1/console/pat%40practice.example/events"))
        .send()
        .await
        .unwrap();
    let mut text = String::new();
    while !text.contains("event: phone") {
        text.push_str(std::str::from_utf8(&events.chunk().await.unwrap().unwrap()).unwrap());
    }
    assert_eq!(org.rep("pat").await["consoles"], 1);
    org.set_status("pat", "Break").await;
    while !text.contains("event: console") || !text.contains("Break") {
        text.push_str(std::str::from_utf8(&events.chunk().await.unwrap().unwrap()).unwrap());
    }
    let data = text
        .lines()
        .skip_while(|line| *line != "event: console")
        .nth(1)
        .unwrap();
    let event: wire::bridge::ConsoleEvent =
        serde_json::from_str(data.strip_prefix("data: ").unwrap()).unwrap();
    let id = org.status_id("Break").await;
    assert_eq!(
        event,
        wire::bridge::ConsoleEvent::LoginSuccess {
            status_id: id.parse().unwrap()
        }
    );
    drop(events);
    // The server notices when it next writes to the closed stream.
    while org.rep("pat").await["consoles"] != 0 {
        org.set_status("pat", "Training").await;
    }
}

#[tokio::test]
async fn the_toolkit_answers_as_the_guide_says() {
    let org = Org::start().await;
    let (_, body) = org.toolkit("pat", "getServicePresenceStatusId", json!({})).await;
    assert_eq!(body["result"]["statusId"], Value::Null);
    let id = org.status_id("Available").await;
    let (_, body) = org
        .toolkit(
            "pat",
            "setServicePresenceStatus",
            json!({ "statusId": &id[..15] }),
        )
        .await;
    assert_eq!(body["result"]["statusId"], id.as_str());
    assert_eq!(body["result"]["statusApiName"], "Available");
    let channels: Value = serde_json::from_str(body["result"]["channels"].as_str().unwrap()).unwrap();
    assert_eq!(channels[0]["developerName"], "sfdc_phone");
    org.call("pat").await;
    let (_, body) = org.toolkit("pat", "getAgentWorks", json!({})).await;
    let works: Vec<wire::bridge::AgentWork> =
        serde_json::from_str(body["result"]["works"].as_str().unwrap()).unwrap();
    assert!(!works[0].is_engaged);
    let work = json!({ "workId": works[0].work_id });
    let (status, body) = org.toolkit("pat", "acceptAgentWork", work.clone()).await;
    assert_eq!((status, &body["result"]), (StatusCode::OK, &Value::Bool(true)));
    let (status, body) = org.toolkit("pat", "acceptAgentWork", work.clone()).await;
    assert_eq!(status, StatusCode::CONFLICT);
    assert_eq!(body["error"]["code"], "not_assigned");
    let (status, body) = org.toolkit("sam", "closeAgentWork", work).await;
    assert_eq!(
        (status, &body["error"]["code"]),
        (StatusCode::BAD_REQUEST, &json!("unknown_work"))
    );
    let (status, body) = org.toolkit("pat", "danceAgentWork", json!({})).await;
    assert_eq!(
        (status, &body["error"]["code"]),
        (StatusCode::BAD_REQUEST, &json!("unknown_method"))
    );
    let (_, body) = org.toolkit("pat", "getAgentWorkload", json!({})).await;
    assert_eq!(body["result"]["configuredCapacity"], 10);
}

#[tokio::test]
async fn web_pages_cannot_drive_it() {
    let org = Org::start().await;
    let request = |origin: &str| {
        org.http
            .post(org.url("/practice/v1/calls"))
            .header("origin", origin)
            .body(r#"{"rep":"pat"}"#)
            .send()
    };
    let foreign = request("https://evil.example").await.unwrap();
    assert_eq!(foreign.status(), StatusCode::FORBIDDEN);
    let own = request(org.server.url()).await.unwrap();
    assert_eq!(own.status(), StatusCode::CONFLICT, "it got through to the org");
    let rebound = org
        .http
        .get(org.url("/practice/v1/state"))
        .header("host", "evil.example")
        .send()
        .await
        .unwrap();
    assert_eq!(rebound.status(), StatusCode::FORBIDDEN);
}

#[tokio::test]
async fn settings_are_checked() {
    let org = Org::start().await;
    for bad in [
        json!({ "connector": "rude" }),
        json!({ "wrapUpMs": -1 }),
        json!({ "wrapUpMs": 1_000_000_000_000_u64 }),
        json!({ "colour": "red" }),
        json!({ "statusOnDecline": "Nap" }),
        json!([]),
    ] {
        let (status, body) = org
            .send(Method::PUT, "/practice/v1/settings", Some(bad.clone()))
            .await;
        assert_eq!(status, StatusCode::BAD_REQUEST, "{bad}: {body}");
    }
    org.settings(json!({ "statusOnDecline": "Break" })).await;
    org.set_status("pat", "Available").await;
    let call = org.call("pat").await;
    org.act(&call, "decline").await;
    let pat = org.rep("pat").await;
    assert_eq!(pat["presence"]["status"], "Break");
    assert_eq!(pat["phone"]["state"]["name"], "Missed");
}

#[tokio::test]
async fn a_taken_port_is_named_with_a_remedy() {
    let org = Org::start().await;
    let error = Server::start(Options {
        port: org.server.port(),
        ..Options::default()
    })
    .await
    .err()
    .unwrap();
    assert!(matches!(error, StartError::PortTaken { .. }));
    assert!(error.to_string().contains("another port"));
}

#[tokio::test]
async fn two_starts_are_two_orgs_and_shutdown_ends_streams() {
    let (one, two) = (Org::start().await, Org::start().await);
    let (a, b) = (
        one.get("/practice/v1/state").await,
        two.get("/practice/v1/state").await,
    );
    assert_ne!(a["orgId"], b["orgId"]);
    let mut events = one
        .http
        .get(one.url("/practice/v1/console/kim/events"))
        .send()
        .await
        .unwrap();
    assert!(events.chunk().await.unwrap().is_some());
    one.server.shutdown().await;
    while let Ok(Some(_)) = events.chunk().await {}
}

#[tokio::test]
async fn a_wrap_up_is_extended_and_the_org_moves() {
    let org = Org::start().await;
    org.settings(json!({ "wrapUpExtensionMs": 60_000, "mostExtensions": 1 }))
        .await;
    org.set_status("pat", "Available").await;
    let call = org.call("pat").await;
    assert_eq!(org.act(&call, "accept").await, StatusCode::OK);
    assert_eq!(
        org.act(&call, "extend").await,
        StatusCode::CONFLICT,
        "no wrap-up yet"
    );
    assert_eq!(org.act(&call, "hangup").await, StatusCode::OK);
    let ends = async || {
        org.rep("pat").await["works"][0]["wrapUpEndsAt"]
            .as_str()
            .unwrap()
            .to_owned()
    };
    let before = ends().await;
    assert_eq!(org.act(&call, "extend").await, StatusCode::OK);
    assert!(ends().await > before);
    assert_eq!(
        org.act(&call, "extend").await,
        StatusCode::CONFLICT,
        "once is the most"
    );

    let moved = json!({ "instance": "PRACTICE2" });
    let (status, body) = org.post("/practice/v1/instance", moved.clone()).await;
    assert_eq!((status, &body["instance"]), (StatusCode::OK, &json!("PRACTICE2")));
    let pat = org.rep("pat").await;
    assert_eq!(
        (&pat["presence"]["status"], &pat["works"]),
        (&json!("Offline"), &json!([]))
    );
    let (status, body) = org.post("/practice/v1/instance", moved).await;
    assert_eq!(
        (status, &body["code"]),
        (StatusCode::CONFLICT, &json!("same_instance"))
    );
    let (status, _) = org
        .post("/practice/v1/instance", json!({ "instance": " " }))
        .await;
    assert_eq!(status, StatusCode::BAD_REQUEST);
}

#[tokio::test]
async fn settings_that_fit_nothing_are_refused() {
    let org = Org::start().await;
    for (patch, named) in [
        (json!({ "hidden": ["AgentWork.Mood"] }), "AgentWork.Mood"),
        (json!({ "mostExtensions": 11 }), "mostExtensions"),
        (json!({ "wrapUpExtensionMs": 86_400_001 }), "wrapUpExtensionMs"),
        (json!({ "phoneProfile": "own" }), "own"),
    ] {
        let (status, body) = org.send(Method::PUT, "/practice/v1/settings", Some(patch)).await;
        assert_eq!(status, StatusCode::BAD_REQUEST);
        assert!(body["detail"].as_str().unwrap().contains(named), "{body}");
    }
}
