//! What a fleet's collector gets: numbers, and nobody's name.

use std::collections::BTreeSet;

use opentelemetry_proto::tonic::common::v1::any_value::Value;
use opentelemetry_proto::tonic::metrics::v1::metric::Data;
use presence::event::Origin;
use reqwest::Method;
use serde_json::json;
use wire::dispatch::Dispatch;
use wire::picture::PresenceKind;

use crate::house::House;
use crate::receiver::Receiver;

/// Nobody else has this number.
const CALLER: &str = "+1 555 0142 7396";

/// A call, an Offline held in it, and its end.
async fn a_shift(house: &mut House) {
    house.signs_in().await;
    house.opens_console(true);
    house
        .sees("online", |picture| {
            picture.console.connected
                && picture.presence.kind == PresenceKind::Online
                && picture.call.evidence_at.is_some()
        })
        .await;
    let call = house
        .practice(Method::POST, "calls", json!({ "rep": "pat", "from": CALLER }))
        .await;
    let id = call["callId"].as_str().unwrap().to_owned();
    let step = async |step: &str| {
        house
            .practice(Method::POST, &format!("calls/{id}/{step}"), json!({}))
            .await
    };
    step("accept").await;
    house
        .sees("the call", |picture| {
            serde_json::to_value(picture.call.phase).unwrap() == "on_call"
        })
        .await;
    house
        .holdline
        .dispatch(Origin::Window, Dispatch::RequestOffline)
        .await
        .unwrap();
    house.sees("the hold", |picture| picture.held.is_some()).await;
    step("hangup").await;
    step("finish").await;
    house
        .sees("offline", |picture| {
            picture.presence.kind == PresenceKind::LoggedOut
        })
        .await;
}

#[tokio::test]
async fn a_hold_is_counted_and_nobody_is_named() {
    let receiver = Receiver::open().await;
    let policy = format!("[telemetry]\nendpoint = \"http://127.0.0.1:{}\"\n", receiver.port);
    let mut house = House::open(&policy).await;
    a_shift(&mut house).await;
    let picture = house.holdline.picture();
    // The last export comes with the end.
    house.ends().await;

    let (mut names, mut attributes) = (BTreeSet::new(), BTreeSet::new());
    for export in receiver.exports() {
        for resource in export.resource_metrics {
            for metric in resource.scope_metrics.into_iter().flat_map(|scope| scope.metrics) {
                let points: Vec<_> = match metric.data.unwrap() {
                    Data::Sum(sum) => sum
                        .data_points
                        .into_iter()
                        .map(|point| point.attributes)
                        .collect(),
                    Data::Histogram(histogram) => histogram
                        .data_points
                        .into_iter()
                        .map(|point| point.attributes)
                        .collect(),
                    other => panic!("{other:?}"),
                };
                for attribute in points.into_iter().flatten() {
                    let Some(Value::StringValue(value)) = attribute.value.unwrap().value else {
                        panic!("a text")
                    };
                    attributes.insert(format!("{}: {}={value}", metric.name, attribute.key));
                }
                names.insert(metric.name);
            }
        }
    }
    for name in [
        "holdline.apply.duration",
        "holdline.calls",
        "holdline.decide.duration",
        "holdline.holds",
        "holdline.requests",
        "holdline.salesforce.requests",
    ] {
        assert!(names.contains(name), "{name}: {names:?}");
    }
    for attribute in [
        "holdline.requests: guard=held",
        "holdline.requests: reason=call_active",
        "holdline.holds: end=applied",
    ] {
        assert!(attributes.contains(attribute), "{attribute}: {attributes:?}");
    }
    // Whatever it is that was sent: nothing of the rep, the org or the caller is in it.
    let session = picture.session;
    let secrets = [
        Some(CALLER.to_owned()),
        Some("pat".to_owned()),
        session.name,
        session.org_url,
        session.org_id.map(|id| id.to_string()),
        session.user_id.map(|id| id.to_string()),
        Some("Available".to_owned()),
    ];
    for body in receiver.bodies() {
        let text = String::from_utf8_lossy(&body).to_ascii_lowercase();
        for secret in secrets.iter().flatten() {
            assert!(!text.contains(&secret.to_ascii_lowercase()), "{secret} in {text}");
        }
    }
}

#[tokio::test]
async fn without_an_endpoint_nothing_is_sent() {
    let house = House::open("[telemetry]\ninterval = \"1s\"\n").await;
    house.signs_in().await;
    // There is no exporter, so that none of its defaults or environment variables can name a collector.
    assert!(!house.holdline.exports_telemetry());
    house.ends().await;
}
