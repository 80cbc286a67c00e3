//! Faults that only a running Holdline can see: each is made, and named.

use reqwest::Method;
use serde_json::json;
use wire::picture::PresenceKind;
use wire::support::{Check, Health};

use crate::house::House;

#[tokio::test]
async fn a_console_is_missing_then_elsewhere_then_here() {
    let mut house = House::open("[streaming]\ntopic = \"NoSuchTopic\"\n").await;
    assert_eq!(house.finds(Check::Console).await.code, "signed_out");
    assert_eq!(house.finds(Check::Permissions).await.code, "not_asked");
    house.signs_in().await;
    let missing = house.finds(Check::Console).await;
    assert_eq!(
        (missing.code.as_str(), missing.health),
        ("missing", Health::Warning)
    );
    assert!(missing.remedy.unwrap().contains("local network access"));
    assert_eq!(house.finds(Check::Ports).await.code, "serving");
    assert_eq!(house.finds(Check::Network).await.code, "reached");
    assert_eq!(house.finds(Check::Clock).await.code, "right");
    assert_eq!(house.finds(Check::Adapter).await.code, "apart");
    assert_eq!(house.finds(Check::Keyring).await.code, "memory");
    let streaming = house.finds(Check::Streaming).await;
    assert_eq!(
        (streaming.code.as_str(), streaming.health),
        ("no_topic", Health::Warning)
    );
    assert!(streaming.text.contains("NoSuchTopic"), "{}", streaming.text);

    house.opens_console(false);
    house
        .sees("online in Salesforce", |picture| {
            picture.presence.kind == PresenceKind::Online
        })
        .await;
    let elsewhere = house.finds(Check::ConsoleHost).await;
    assert_eq!(
        (elsewhere.code.as_str(), elsewhere.health),
        ("elsewhere", Health::Error)
    );

    house.opens_console(true);
    house
        .sees("the console", |picture| picture.console.connected)
        .await;
    assert_eq!(house.finds(Check::ConsoleHost).await.code, "here");
    assert_eq!(house.finds(Check::Console).await.code, "connected");
    house.ends().await;
}

#[tokio::test]
async fn an_org_that_pushes_is_told_from_one_whose_limit_is_reached() {
    let house = House::open("").await;
    house.signs_in().await;
    house.waits_for(Check::Streaming, "listening").await;
    house.ends().await;

    let house = House::open("").await;
    let nobody = json!({ "cometdClients": 0 });
    house.practice(Method::PUT, "settings", nobody).await;
    house.signs_in().await;
    let limit = house.waits_for(Check::Streaming, "limit").await;
    assert_eq!(limit.health, Health::Warning);
    assert!(limit.remedy.unwrap().contains("Streaming API"));
    house.ends().await;
}

#[tokio::test]
async fn a_right_that_a_rep_lacks_is_named() {
    let house = House::open("").await;
    let hidden = json!({ "hidden": ["PresenceUserConfig", "PushTopic"] });
    house.practice(Method::PUT, "settings", hidden).await;
    house.signs_in().await;
    let missing = house.finds(Check::Permissions).await;
    assert_eq!(
        (missing.code.as_str(), missing.health),
        ("missing", Health::Warning)
    );
    assert!(missing.text.contains("PresenceUserConfig"), "{}", missing.text);
    assert_eq!(house.finds(Check::Streaming).await.code, "no_permission");
    house.ends().await;
}

#[tokio::test]
async fn an_org_that_does_not_answer_and_a_second_writer_are_named() {
    let policy =
        "[holdline]\nprofile = \"cti_adapter\"\n[sync]\nwrite_phone = true\n[streaming]\nmode = \"off\"\n";
    let house = House::open(policy).await;
    let fight = house.finds(Check::Adapter).await;
    assert_eq!(
        (fight.code.as_str(), fight.health),
        ("two_writers", Health::Warning)
    );
    assert_eq!(house.finds(Check::Streaming).await.code, "off");
    assert_eq!(house.finds(Check::Policy).await.code, "valid");
    assert_eq!(house.finds(Check::Network).await.code, "no_org");
    house.signs_in().await;
    let fault = json!({ "where": "rest", "path": "/services/data", "what": { "kind": "html" } });
    house.practice(Method::POST, "faults", fault).await;
    assert_eq!(house.finds(Check::Network).await.code, "not_salesforce");
    house.ends().await;
}
