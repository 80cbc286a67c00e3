//! The status API.

use loopback::Timings;
use serde_json::{Value, json};
use wire::status_api::{
    ACTIONS_PATH, CANCEL_PATH, PICTURE_PATH, REQUESTS_PATH, SHOW_PATH, SUPPORT_PATH, USE_ORG_PATH,
};

use crate::harness::{House, reply, with};

#[tokio::test]
async fn the_key_of_this_run_opens_it() {
    let house = House::open(Timings::default()).await;
    let access = house.doors.access();
    assert_eq!(
        (access.port, access.pid),
        (house.doors.port(), std::process::id())
    );
    let key = format!("Bearer {}", access.key.expose());
    let headers = [("authorization", key.as_str())];

    let picture = house.get(PICTURE_PATH, &headers).await.ok();
    assert_eq!(
        (&picture["schema"], &picture["call"]["evidence_age_ms"]),
        (&json!(1), &json!(7))
    );

    let offline = house
        .post_with(REQUESTS_PATH, &headers, json!({"status": "Offline"}))
        .await
        .ok();
    assert_eq!(offline, json!({"type": "held", "reason": "call_active"}));
    let quit = house
        .post_with(ACTIONS_PATH, &headers, json!({"type": "quit"}))
        .await;
    assert_eq!(quit.ok(), json!({"type": "applying"}));
    house
        .post_with(ACTIONS_PATH, &headers, json!({"type": "explode"}))
        .await
        .refused(400, "bad_request");
    let used = house
        .post_with(USE_ORG_PATH, &headers, json!({"org": "acme"}))
        .await;
    assert_eq!(used.ok(), json!({"type": "applying"}));
    let saved = house
        .post_with(SUPPORT_PATH, &headers, json!({"type": "save_bundle"}))
        .await;
    assert_eq!(saved.ok(), json!({"type": "saved", "path": "here"}));
    let cancelled = reply(with(house.request("POST", CANCEL_PATH), &headers))
        .await
        .ok();
    assert_eq!(cancelled, json!({"type": "cancelled"}));
    let shown = reply(with(house.request("POST", SHOW_PATH), &headers)).await;
    assert_eq!((shown.status, shown.body), (204, Value::Null));
    assert_eq!(
        house.desk.asked(),
        [
            "StatusApi Offline",
            "StatusApi Quit",
            "StatusApi use acme",
            "SaveBundle",
            "cancel",
            "show"
        ]
    );

    house
        .post_with(REQUESTS_PATH, &headers, json!({"state": "x"}))
        .await
        .refused(400, "bad_request");
}

#[tokio::test]
async fn no_other_key_does() {
    let house = House::open(Timings::default()).await;
    let access = house.doors.access();
    let key = access.key.expose();
    let last = if key.ends_with('A') { "B" } else { "A" };
    let forged = format!("Bearer {}{last}", &key[..key.len() - 1]);
    let basic = format!("Basic {key}");
    for given in [
        &[][..],
        &[("authorization", "Bearer ")],
        &[("authorization", &forged)],
        &[("authorization", &basic)],
    ] {
        house.get(PICTURE_PATH, given).await.refused(401, "unknown_key");
        house
            .post_with(REQUESTS_PATH, given, json!({"status": "Offline"}))
            .await
            .refused(401, "unknown_key");
        house
            .post_with(USE_ORG_PATH, given, json!({"org": "acme"}))
            .await
            .refused(401, "unknown_key");
        for path in [CANCEL_PATH, SHOW_PATH] {
            reply(with(house.request("POST", path), given))
                .await
                .refused(401, "unknown_key");
        }
    }
    assert!(house.desk.asked().is_empty());
    let other = House::open(Timings::default()).await;
    assert_ne!(other.doors.access().key.expose(), key);
}
