//! What is asked of an org, and what is made of its answers.

use jiff::Timestamp;
use salesforce::{ApiUsage, Channel, Error, Missing, StatusKind, WorkStatus};

use crate::fake_org::{Asked, FakeOrg, ORG, Reply, USER, account, error, json, memory, rows};

const AVAILABLE: &str = "0N5000000000001";
const LUNCH: &str = "0N5000000000002";
const PHONE: &str = "0N9000000000001";
const CALL: &str = "0LQ000000000001";

/// An org that answers queries by this script, given the object of the FROM.
async fn org(script: impl Fn(&str, &Asked) -> Reply + Send + Sync + 'static) -> FakeOrg {
    FakeOrg::start(move |asked| match asked.path.as_str() {
        "/services/data" => json(r#"[{"version":"62.0"},{"version":"66.0"},{"version":"99.0"}]"#),
        "/services/data/v66.0/query" => {
            let soql = &asked.query["q"];
            let from = soql.split_once(" FROM ").unwrap().1.split(' ').next().unwrap();
            script(from, asked)
        }
        _ => script("", asked),
    })
    .await
}

fn no_developer_name(object: &str) -> Reply {
    let message =
        format!("\\nERROR at Row:1:Column:25\\nNo such column 'DeveloperName' on entity '{object}'.");
    error(
        400,
        format!(r#"[{{"message":"{message}","errorCode":"INVALID_FIELD"}}]"#),
    )
}

fn forbidden() -> Reply {
    error(
        400,
        r#"[{"message":"sObject type 'x' is not supported.","errorCode":"INVALID_TYPE"}]"#,
    )
}

fn at(text: &str) -> Option<Timestamp> {
    Some(text.parse().unwrap())
}

#[tokio::test]
async fn the_user_is_identified_and_every_answer_tells_the_usage_and_the_time() {
    let org = org(|_, _| {
        let mut reply = json(format!(
            r#"{{"organization_id":"{ORG}","user_id":"{USER}","preferred_username":"pat@example.org","name":"Pat"}}"#
        ));
        reply.1.push(("sforce-limit-info", "api-usage=18/5000".into()));
        reply.1.push(("date", "Fri, 01 Jan 2100 00:00:00 GMT".into()));
        reply
    })
    .await;
    let client = org.client(&memory()).await;
    assert_eq!(client.facts().api_usage, None);
    let identity = client.identity().await.unwrap();
    assert_eq!(
        (identity.org_id, identity.user_id),
        (account().org, account().user)
    );
    assert_eq!(identity.username.as_deref(), Some("pat@example.org"));
    assert_eq!(
        client.facts().api_usage,
        Some(ApiUsage {
            used: 18,
            limit: 5000
        })
    );
    assert!(client.facts().skew_ms.unwrap() > 1_000_000_000_000);
    assert_eq!(org.asked()[0].bearer, "access-0");
}

fn status_rows(developer_name: bool) -> Reply {
    let name = |name: &str| {
        if developer_name {
            format!(r#","DeveloperName":"{name}""#)
        } else {
            String::new()
        }
    };
    rows(&format!(
        r#"{{"attributes":{{}},"Id":"{LUNCH}","MasterLabel":"Offline"{}}},
           {{"attributes":{{}},"Id":"{AVAILABLE}","MasterLabel":"Available"{}}}"#,
        name("Lunch"),
        name("Available_for_calls")
    ))
}

fn junction_rows() -> Reply {
    rows(&format!(
        r#"{{"ServicePresenceStatusId":"{AVAILABLE}","ServiceChannelId":"{PHONE}"}}"#
    ))
}

#[tokio::test]
async fn a_status_is_online_by_its_channels_and_not_by_its_name() {
    let org = org(|from, _| match from {
        "ServicePresenceStatus" => status_rows(true),
        "ServiceChannelStatus" => junction_rows(),
        _ => rows(&format!(
            r#"{{"Id":"{PHONE}","RelatedEntity":"VoiceCall","DeveloperName":"sfdc_phone"}}"#
        )),
    })
    .await;
    let list = org.client(&memory()).await.statuses().await.unwrap();
    assert_eq!(list.missing, []);
    let [available, offline] = list.statuses.as_slice() else {
        panic!("{list:?}")
    };
    assert_eq!(
        (available.label.as_str(), available.kind()),
        ("Available", Some(StatusKind::Online))
    );
    assert_eq!(available.developer_name.as_deref(), Some("Available_for_calls"));
    let phone = Channel {
        id: PHONE.parse().unwrap(),
        related_entity: Some("VoiceCall".into()),
        developer_name: Some("sfdc_phone".into()),
    };
    assert_eq!(available.channels.as_deref(), Some([phone].as_slice()));
    // A Busy status that is *named* Offline is none.
    assert_eq!(
        (offline.label.as_str(), offline.kind()),
        ("Offline", Some(StatusKind::Busy))
    );
    assert_eq!(org.asked_at("/services/data").len(), 1);
}

#[tokio::test]
async fn without_view_developer_name_the_labels_do_and_the_permission_is_named() {
    let org = org(|from, asked| match from {
        "ServiceChannelStatus" => junction_rows(),
        object if asked.query["q"].contains("DeveloperName") => no_developer_name(object),
        "ServicePresenceStatus" => status_rows(false),
        _ => rows(&format!(r#"{{"Id":"{PHONE}","RelatedEntity":"VoiceCall"}}"#)),
    })
    .await;
    let list = org.client(&memory()).await.statuses().await.unwrap();
    assert_eq!(list.missing, [Missing::Permission("View DeveloperName".into())]);
    assert_eq!(list.statuses[0].developer_name, None);
    assert_eq!(list.statuses[0].kind(), Some(StatusKind::Online));
}

#[tokio::test]
async fn unreadable_channels_leave_the_kind_unknown() {
    let org = org(|from, _| {
        if from == "ServicePresenceStatus" {
            status_rows(true)
        } else {
            forbidden()
        }
    })
    .await;
    let list = org.client(&memory()).await.statuses().await.unwrap();
    assert_eq!(list.missing, [Missing::Object("ServiceChannelStatus".into())]);
    assert_eq!(list.statuses[0].kind(), None);
}

#[tokio::test]
async fn presence_is_the_current_row_or_logged_out() {
    let org = org(|_, _| {
        rows(&format!(
            r#"{{"Id":"0NA000000000001","ServicePresenceStatusId":"{AVAILABLE}","IsAway":false,
                "StatusStartDate":"2026-01-31T08:00:00.000+0000","SystemModstamp":"2026-01-31T08:00:01.000+0000"}}"#
        ))
    })
    .await;
    let client = org.client(&memory()).await;
    let row = client.presence(account().user).await.unwrap().unwrap();
    assert_eq!(row.status_id, AVAILABLE.parse().unwrap());
    assert_eq!(row.status_start_date, at("2026-01-31T08:00:00Z"));
    let soql = &org.asked_at("/services/data/v66.0/query")[0].query["q"];
    assert!(
        soql.contains(&format!("UserId = '{USER}' AND IsCurrentState = true")),
        "{soql}"
    );
}

#[tokio::test]
async fn work_is_read_from_every_page_with_either_form_of_status() {
    let org = org(|from, asked| match (from, asked.path.as_str()) {
        ("AgentWork", _) => json(format!(
            r#"{{"done":false,"nextRecordsUrl":"/services/data/v66.0/query/01gMORE-1","records":[
                {{"Id":"0Bz000000000001","WorkItemId":"{CALL}","Status":"Opened","ServiceChannelId":"{PHONE}",
                 "ServiceChannel":{{"attributes":{{}},"RelatedEntity":"VoiceCall"}},
                 "AssignedDateTime":"2026-01-31T08:00:00.000+0000","AcceptDateTime":"2026-01-31T08:00:05.000+0000",
                 "CloseDateTime":null,"SystemModstamp":"2026-01-31T08:00:06.000+0000"}}]}}"#
        )),
        (_, "/services/data/v66.0/query/01gMORE-1") => {
            rows(r#"{"Id":"0Bz000000000002","WorkItemId":null,"Status":0,"ServiceChannel":null}"#)
        }
        _ => forbidden(),
    })
    .await;
    let works = org.client(&memory()).await.works(account().user).await.unwrap();
    let [call, other] = works.as_slice() else {
        panic!("{works:?}")
    };
    assert_eq!(call.item_id, Some(CALL.parse().unwrap()));
    assert_eq!(
        (call.status, other.status),
        (WorkStatus::Opened, WorkStatus::Assigned)
    );
    assert_eq!(call.related_entity.as_deref(), Some("VoiceCall"));
    assert_eq!(call.accepted_at, at("2026-01-31T08:00:05Z"));
    assert_eq!(call.closed_at, None);
    assert_eq!(call.modified_at, at("2026-01-31T08:00:06Z"));
    assert_eq!((other.item_id, &other.related_entity), (None, &None));
}

#[tokio::test]
async fn one_unreadable_row_is_no_list_with_a_hole() {
    let org = org(|_, _| {
        rows(r#"{"Id":"0Bz000000000001","Status":"Opened"},{"Id":"0Bz000000000002","Status":"Ringing"}"#)
    })
    .await;
    let refused = org.client(&memory()).await.works(account().user).await;
    assert_eq!(
        refused,
        Err(Error::Unexpected {
            code: "malformed_answer".into(),
            status: 200
        })
    );
}

#[tokio::test]
async fn calls_are_asked_for_by_hundreds() {
    let org = org(|_, _| {
        rows(&format!(
            r#"{{"Id":"{CALL}","CallEndDateTime":"2026-01-31T08:00:00.000+0000","VendorCallKey":"k"}}"#
        ))
    })
    .await;
    let client = org.client(&memory()).await;
    assert_eq!(client.voice_calls(&[]).await, Ok(vec![]));
    let calls = client.voice_calls(&[CALL.parse().unwrap(); 101]).await.unwrap();
    assert_eq!(calls.len(), 2);
    assert_eq!(calls[0].vendor_call_key.as_deref(), Some("k"));
    assert_eq!(calls[0].ended_at, at("2026-01-31T08:00:00Z"));
    assert_eq!(org.asked_at("/services/data/v66.0/query").len(), 2);
}

#[tokio::test]
async fn calls_are_known_by_the_described_prefix_or_the_documented_one() {
    let prefix = async |reply: fn() -> Reply| {
        let org = org(move |_, asked| {
            assert_eq!(asked.path, "/services/data/v66.0/sobjects/VoiceCall/describe");
            reply()
        })
        .await;
        org.client(&memory()).await.voice_key_prefix().await
    };
    assert_eq!(
        prefix(|| json(r#"{"name":"VoiceCall","keyPrefix":"0ZZ"}"#)).await,
        Ok("0ZZ".into())
    );
    assert_eq!(prefix(|| json(r#"{"keyPrefix":null}"#)).await, Ok("0LQ".into()));
    let not_found = || {
        error(
            404,
            r#"[{"message":"The requested resource does not exist","errorCode":"NOT_FOUND"}]"#,
        )
    };
    assert_eq!(prefix(not_found).await, Ok("0LQ".into()));
    assert_eq!(prefix(forbidden).await, Ok("0LQ".into()));
    assert!(prefix(|| Reply(503, vec![], String::new())).await.is_err());
}
