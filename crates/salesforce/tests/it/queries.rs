//! What is asked of an org, and what is made of its answers.

use std::time::Duration;

use jiff::Timestamp;
use salesforce::{ApiUsage, Declining, Error, Missing, Setup, StatusKind, WorkStatus, WrapUp};
use serde_json::Value;

use crate::fake_org::{Asked, FakeOrg, ORG, Reply, USER, account, error, json, memory, rows};

const AVAILABLE: &str = "0N5000000000001";
const LUNCH: &str = "0N5000000000002";
const PHONE: &str = "0N9000000000001";
const CHAT: &str = "0N9000000000002";
const CALL: &str = "0LQ000000000001";
const OTHER_CALL: &str = "0LQ000000000002";

/// An org that answers queries by this script, given the object of the FROM; asked one by one, or several in a
/// composite request.
async fn org(script: impl Fn(&str, &Asked) -> Reply + Send + Sync + 'static) -> FakeOrg {
    FakeOrg::start(move |asked| match asked.path.as_str() {
        "/services/data" => json(r#"[{"version":"62.0"},{"version":"66.0"},{"version":"99.0"}]"#),
        "/services/data/v66.0/query" => script(&object_of(&asked.query["q"]), asked),
        "/services/data/v66.0/composite" => {
            let body: Value = serde_json::from_str(&asked.body).unwrap();
            let parts = body["compositeRequest"].as_array().unwrap().iter().map(|part| {
                let (path, query) = part["url"].as_str().unwrap().split_once('?').unwrap();
                assert_eq!(
                    (path, &part["method"]),
                    ("/services/data/v66.0/query", &"GET".into())
                );
                let asked = Asked {
                    path: path.into(),
                    query: url::form_urlencoded::parse(query.as_bytes())
                        .into_owned()
                        .collect(),
                    ..asked.clone()
                };
                let Reply(status, _, body) = script(&object_of(&asked.query["q"]), &asked);
                let body: Value = serde_json::from_str(&body).unwrap();
                serde_json::json!({ "body": body, "httpHeaders": {}, "httpStatusCode": status,
                    "referenceId": part["referenceId"] })
            });
            assert!(parts.len() <= 5, "Salesforce takes no more queries at a time");
            json(serde_json::json!({ "compositeResponse": parts.collect::<Vec<_>>() }).to_string())
        }
        _ => script("", asked),
    })
    .await
}

fn object_of(soql: &str) -> String {
    soql.split_once(" FROM ")
        .unwrap()
        .1
        .split(' ')
        .next()
        .unwrap()
        .to_owned()
}

fn none() -> Reply {
    json(r#"{"totalSize":0,"done":true,"records":[]}"#)
}

/// How many API calls an org has answered, the list of versions not counted.
fn calls(org: &FakeOrg) -> usize {
    org.asked().len() - org.asked_at("/services/data").len()
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

/// The answers of an org in which everything can be read.
fn well_set_up(object: &str, asked: &Asked) -> Reply {
    match object {
        "ServicePresenceStatus" => status_rows(true),
        "ServiceChannelStatus" => junction_rows(),
        "ServiceChannel" => rows(&format!(
            r#"{{"Id":"{CHAT}","MasterLabel":"Chat","RelatedEntity":"MessagingSession","DeveloperName":"Web"}},
               {{"Id":"{PHONE}","MasterLabel":"Phone","RelatedEntity":"VoiceCall","DeveloperName":"sfdc_phone"}}"#
        )),
        "Organization" => rows(&format!(r#"{{"Id":"{ORG}","InstanceName":"NA100"}}"#)),
        "User" => rows(&format!(
            r#"{{"Id":"{USER}","ProfileId":"00e000000000001","CallCenterId":"04v000000000001"}}"#
        )),
        "PresenceUserConfigUser" => none(),
        "PresenceUserConfigProfile" => {
            rows(r#"{"PresenceUserConfigId":"0Nd000000000002","ProfileId":"00e000000000001"}"#)
        }
        "PresenceUserConfig" => rows(
            r#"{"Id":"0Nd000000000001","MasterLabel":"Default Presence Configuration"},
               {"Id":"0Nd000000000002","MasterLabel":"Phone","HasAfterConvoWorkTimer":true,
                "AfterConvoWorkMaxTime":45,"HasAcwExtensionEnabled":true,"AcwExtensionDuration":15.0,
                "OptionsIsDeclineEnabled":true,"OptionsIsDeclineReasonEnabled":true}"#,
        ),
        "PresenceConfigDeclineReason" => {
            rows(r#"{"PresenceUserConfigId":"0Nd000000000002","PresenceDeclineReasonId":"0Ng000000000001"}"#)
        }
        "PresenceDeclineReason" => rows(r#"{"Id":"0Ng000000000001","MasterLabel":"Wrong skill"}"#),
        _ => match asked.path.as_str() {
            "/services/data/v66.0/sobjects/VoiceCall/describe" => json(r#"{"keyPrefix":"0LQ"}"#),
            "/services/data/v66.0/sobjects/MessagingSession/describe" => json(r#"{"keyPrefix":"0Mw"}"#),
            _ => forbidden(),
        },
    }
}

async fn setup(org: &FakeOrg) -> Setup {
    org.client(&memory()).await.setup(account().user).await.unwrap()
}

#[tokio::test]
async fn the_set_up_is_read_in_few_calls_and_again_in_fewer() {
    let org = org(well_set_up).await;
    let client = org.client(&memory()).await;
    let setup = client.setup(account().user).await.unwrap();
    assert_eq!(calls(&org), 4, "two composites and two describes");
    assert_eq!(setup.missing, []);
    assert_eq!(setup.instance.as_deref(), Some("NA100"));
    assert!(setup.in_call_center);
    assert_eq!(setup.voice_key_prefix, "0LQ");
    let wrap_up = WrapUp {
        time: Duration::from_secs(45),
        extension: Duration::from_secs(15),
    };
    assert_eq!(setup.wrap_up, Some(wrap_up));
    let declining = Declining {
        allowed: true,
        reasons: vec!["Wrong skill".to_owned()],
    };
    assert_eq!(setup.declining, Some(declining));
    let channels = setup.channels.clone().unwrap();
    let told: Vec<_> = channels
        .iter()
        .map(|channel| {
            (
                channel.label.as_str(),
                channel.key_prefix.as_deref(),
                channel.is_voice(),
            )
        })
        .collect();
    assert_eq!(told, [("Phone", Some("0LQ"), true), ("Chat", Some("0Mw"), false)]);
    assert_eq!(client.setup(account().user).await, Ok(setup));
    assert_eq!(calls(&org), 6, "what the objects are called is known");
}

#[tokio::test]
async fn a_status_is_online_by_its_channels_and_not_by_its_name() {
    let org = org(well_set_up).await;
    let setup = setup(&org).await;
    let [available, offline] = setup.statuses.as_slice() else {
        panic!("{setup:?}")
    };
    assert_eq!(
        (available.label.as_str(), available.kind()),
        ("Available", Some(StatusKind::Online))
    );
    assert_eq!(available.developer_name.as_deref(), Some("Available_for_calls"));
    assert_eq!(available.channels, Some(vec![PHONE.parse().unwrap()]));
    // A Busy status that is *named* Offline is none.
    assert_eq!(
        (offline.label.as_str(), offline.kind()),
        ("Offline", Some(StatusKind::Busy))
    );
    assert_eq!(org.asked_at("/services/data").len(), 1);
}

#[tokio::test]
async fn without_view_developer_name_the_labels_do_and_the_permission_is_named() {
    let org = org(|object, asked| {
        if object.starts_with("Service") && asked.query["q"].contains("DeveloperName") {
            return no_developer_name(object);
        }
        match object {
            "ServicePresenceStatus" => status_rows(false),
            "ServiceChannel" => rows(&format!(
                r#"{{"Id":"{PHONE}","MasterLabel":"Phone","RelatedEntity":"VoiceCall"}}"#
            )),
            _ => well_set_up(object, asked),
        }
    })
    .await;
    let client = org.client(&memory()).await;
    let first = client.setup(account().user).await.unwrap();
    assert_eq!(first.missing, [Missing::Permission("View DeveloperName".into())]);
    assert_eq!(first.statuses[0].developer_name, None);
    assert_eq!(first.statuses[0].kind(), Some(StatusKind::Online));
    assert_eq!(first.channels.as_ref().unwrap()[0].label, "Phone");
    let asked = calls(&org);
    assert_eq!(client.setup(account().user).await, Ok(first), "still named");
    assert_eq!(calls(&org) - asked, 2, "not asked for again");
}

#[tokio::test]
async fn what_cannot_be_read_is_named_once_and_loses_nothing_else() {
    let org = org(|object, asked| match object {
        "ServiceChannelStatus" | "ServiceChannel" | "Organization" | "User" | "PresenceUserConfig" => {
            forbidden()
        }
        _ => well_set_up(object, asked),
    })
    .await;
    let setup = setup(&org).await;
    assert_eq!(setup.statuses.len(), 2);
    assert_eq!(setup.statuses[0].kind(), None);
    assert_eq!(
        (setup.channels, setup.wrap_up, setup.instance),
        (None, None, None)
    );
    assert!(!setup.in_call_center);
    assert_eq!(setup.voice_key_prefix, "0LQ");
    let names: Vec<_> = setup.missing.iter().map(Missing::name).collect();
    assert_eq!(
        names,
        [
            "ServiceChannelStatus",
            "ServiceChannel",
            "User",
            "PresenceUserConfig"
        ]
    );
}

#[tokio::test]
async fn decline_reasons_that_may_not_be_read_are_named_only_where_a_decline_needs_one() {
    let needed = org(|object, asked| match object {
        "PresenceDeclineReason" => forbidden(),
        _ => well_set_up(object, asked),
    })
    .await;
    let found = setup(&needed).await;
    assert_eq!(found.declining, None, "unread is not none");
    assert_eq!(found.missing, [Missing::Object("PresenceDeclineReason".into())]);

    let not_needed = org(|object, asked| match object {
        "PresenceDeclineReason" => forbidden(),
        "PresenceUserConfig" => rows(
            r#"{"Id":"0Nd000000000002","MasterLabel":"Phone","OptionsIsDeclineEnabled":true,
                "OptionsIsDeclineReasonEnabled":false}"#,
        ),
        _ => well_set_up(object, asked),
    })
    .await;
    let found = setup(&not_needed).await;
    assert!(
        found
            .declining
            .is_some_and(|declining| declining.allowed && declining.reasons.is_empty())
    );
    assert_eq!(found.missing, []);
}

#[tokio::test]
async fn an_object_that_cannot_be_described_has_no_prefix() {
    let org = org(|object, asked| match asked.path.as_str() {
        "/services/data/v66.0/sobjects/MessagingSession/describe" => forbidden(),
        _ => well_set_up(object, asked),
    })
    .await;
    let setup = setup(&org).await;
    let channels = setup.channels.unwrap();
    assert_eq!(channels[0].key_prefix.as_deref(), Some("0LQ"));
    assert_eq!(channels[1].key_prefix, None);
    assert_eq!(setup.missing, [Missing::Object("MessagingSession".into())]);
}

fn opened(item: &str, more: &str) -> Reply {
    rows(&format!(
        r#"{{"Id":"0Bz000000000001","WorkItemId":"{item}","Status":"Opened","ServiceChannelId":"{PHONE}"{more}}}"#
    ))
}

const OF_VOICE: &str = r#","ServiceChannel":{"RelatedEntity":"VoiceCall"},"AcwExtensionCount":2,
    "SystemModstamp":"2026-01-31T08:00:06.000+0000""#;

fn call(id: &str, ended: bool) -> String {
    let ended = if ended {
        r#""2026-01-31T08:00:00.000+0000""#
    } else {
        "null"
    };
    format!(r#"{{"Id":"{id}","CallEndDateTime":{ended},"VendorCallKey":"k"}}"#)
}

fn situated(object: &str, asked: &Asked) -> Reply {
    match object {
        "AgentWork" => opened(CALL, OF_VOICE),
        "UserServicePresence" => rows(&format!(
            r#"{{"Id":"0NA000000000001","ServicePresenceStatusId":"{AVAILABLE}",
                "StatusStartDate":"2026-01-31T08:00:00.000+0000","SystemModstamp":"2026-01-31T08:00:01.500+0000"}}"#
        )),
        "VoiceCall" => rows(&format!("{},{}", call(OTHER_CALL, true), call(CALL, false))),
        _ => well_set_up(object, asked),
    }
}

#[tokio::test]
async fn the_situation_is_one_call() {
    let org = org(situated).await;
    let client = org.client(&memory()).await;
    client.voice_key_prefix().await.unwrap();
    let before = calls(&org);
    let situation = client.situation(account().user, &[]).await.unwrap();
    assert_eq!(calls(&org) - before, 1);
    let [work] = situation.works.as_slice() else {
        panic!("{situation:?}")
    };
    assert_eq!((work.status, work.acw_extensions), (WorkStatus::Opened, 2));
    assert_eq!(work.modified_at, at("2026-01-31T08:00:06Z"));
    let presence = situation.presence.unwrap();
    assert_eq!(presence.system_modstamp, at("2026-01-31T08:00:01.500Z"));
    let [own] = situation.calls.as_slice() else {
        panic!("only the calls of these works: {:?}", situation.calls)
    };
    assert_eq!((own.id, own.ended_at), (CALL.parse().unwrap(), None));
    assert_eq!(situation.instance.as_deref(), Some("NA100"));
}

#[tokio::test]
async fn a_call_that_is_not_among_the_newest_is_asked_for_by_id() {
    let org = org(|object, asked| match object {
        "VoiceCall" if asked.query["q"].contains(CALL) => rows(&call(CALL, true)),
        "VoiceCall" => rows(&call(OTHER_CALL, false)),
        _ => situated(object, asked),
    })
    .await;
    let client = org.client(&memory()).await;
    let situation = client.situation(account().user, &[]).await.unwrap();
    assert!(situation.calls[0].ended_at.is_some());
    let by_id = org.asked_at("/services/data/v66.0/query");
    assert_eq!(by_id.len(), 1);
    assert!(by_id[0].query["q"].contains(CALL));
}

#[tokio::test]
async fn calls_that_may_not_be_read_lose_neither_works_nor_presence() {
    let org = org(|object, asked| match object {
        "VoiceCall" => forbidden(),
        _ => situated(object, asked),
    })
    .await;
    let situation = org
        .client(&memory())
        .await
        .situation(account().user, &[])
        .await
        .unwrap();
    assert_eq!((situation.works.len(), situation.calls.len()), (1, 0));
    assert!(situation.presence.is_some());
}

#[tokio::test]
async fn an_older_org_is_asked_again_without_the_fields_it_lacks_and_then_never_for_them() {
    let org = org(|object, asked| {
        let soql = asked.query.get("q").map_or("", String::as_str);
        let lacking = ["AcwExtensionCount", "ServiceChannel.RelatedEntity"];
        match (object, lacking.iter().find(|field| soql.contains(**field))) {
            ("AgentWork", Some(field)) => {
                let (entity, name) = field.split_once('.').unwrap_or(("AgentWork", field));
                error(
                    400,
                    format!(
                        r#"[{{"message":"\nNo such column '{name}' on entity '{entity}'.","errorCode":"INVALID_FIELD"}}]"#
                    ),
                )
            }
            ("AgentWork", None) => opened(CALL, ""),
            _ => situated(object, asked),
        }
    })
    .await;
    let client = org.client(&memory()).await;
    client.voice_key_prefix().await.unwrap();
    let before = calls(&org);
    let situation = client.situation(account().user, &[]).await.unwrap();
    assert_eq!(calls(&org) - before, 3, "twice again");
    assert_eq!((situation.works[0].acw_extensions, situation.calls.len()), (0, 1));
    client.situation(account().user, &[]).await.unwrap();
    assert_eq!(calls(&org) - before, 4);
}

#[tokio::test]
async fn a_field_that_is_needed_cannot_be_left_out() {
    let org = org(|object, asked| match object {
        "AgentWork" => error(
            400,
            r#"[{"message":"No such column 'Status' on entity 'AgentWork'.","errorCode":"INVALID_FIELD"}]"#,
        ),
        _ => situated(object, asked),
    })
    .await;
    let refused = org.client(&memory()).await.situation(account().user, &[]).await;
    let status = Missing::Field("AgentWork.Status".into());
    assert_eq!(refused, Err(Error::AskAdmin(status)));
}

#[tokio::test]
async fn an_answer_with_a_part_left_out_is_none() {
    let org = FakeOrg::start(|asked| match asked.path.as_str() {
        "/services/data" => json(r#"[{"version":"66.0"}]"#),
        _ => json(
            r#"{"compositeResponse":[{"body":{"done":true,"records":[]},"httpStatusCode":200,"referenceId":"query0"}]}"#,
        ),
    })
    .await;
    let refused = org.client(&memory()).await.situation(account().user, &[]).await;
    assert_eq!(refused.unwrap_err().code(), "unexpected_answer");
}

#[tokio::test]
async fn presence_is_the_current_row_or_logged_out() {
    let org = org(|_, _| {
        rows(&format!(
            r#"{{"Id":"0NA000000000001","ServicePresenceStatusId":"{AVAILABLE}",
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
