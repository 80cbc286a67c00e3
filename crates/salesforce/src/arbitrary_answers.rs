//! Whatever bytes a server sends, an error comes out, never a panic; and none of its text gets into the error.

use proptest::prelude::*;
use reqwest::StatusCode;
use reqwest::header::{HeaderMap, HeaderValue};
use serde::de::DeserializeOwned;

use crate::error::Error;
use crate::facts::{ServerFacts, api_usage, http_date};
use crate::http::Answer;
use crate::key_prefix::Describe;
use crate::presence_config::{AssignmentRow, ConfigRow, OfferedRow, ReasonRow};
use crate::remedy::{Refusal, check};
use crate::select::CompositeAnswer;
use crate::setup::{ChannelRow, UserRow};
use crate::situation::OrganizationRow;
use crate::soql::Page;
use crate::statuses::{JunctionRow, StatusRow};
use crate::versions::{VersionRow, choose};
use crate::voice_calls::VoiceCall;
use crate::{Identity, PresenceRow, Work, answer, parse_org_url};

/// Reads it as everything that is ever asked for.
fn read(body: &[u8]) {
    fn page<T: DeserializeOwned>(body: &[u8]) {
        if let Ok(page) = answer::parse::<Page<T>>(200, body, "x") {
            assert!(page.records.len() <= body.len());
        }
    }
    page::<AssignmentRow>(body);
    page::<ChannelRow>(body);
    page::<ConfigRow>(body);
    page::<JunctionRow>(body);
    page::<OfferedRow>(body);
    page::<OrganizationRow>(body);
    page::<PresenceRow>(body);
    page::<ReasonRow>(body);
    page::<StatusRow>(body);
    page::<UserRow>(body);
    page::<VoiceCall>(body);
    page::<Work>(body);
    if let Ok(answer) = answer::parse::<CompositeAnswer>(200, body, "x") {
        let _ = answer.pages(&["x", "y"]);
    }
    let _ = answer::parse::<Describe>(200, body, "x");
    let _ = answer::parse::<Identity>(200, body, "x");
    if let Ok(versions) = answer::parse::<Vec<VersionRow>>(200, body, "x") {
        let _ = choose(&versions);
    }
}

/// JSON with the keys of real answers and any values.
fn json() -> impl Strategy<Value = String> {
    let key = prop::sample::select(vec![
        "records",
        "done",
        "nextRecordsUrl",
        "Id",
        "Status",
        "ServiceChannel",
        "SystemModstamp",
        "WorkItemId",
        "MasterLabel",
        "version",
        "keyPrefix",
        "compositeResponse",
        "body",
        "httpStatusCode",
        "referenceId",
        "AcwExtensionCount",
        "AfterConvoWorkMaxTime",
        "PresenceUserConfigId",
        "PresenceDeclineReasonId",
        "user_id",
        "errorCode",
        "message",
    ]);
    let leaf = prop_oneof![
        Just("null".to_owned()),
        Just("true".to_owned()),
        any::<i64>().prop_map(|number| number.to_string()),
        any::<String>().prop_map(|text| serde_json::to_string(&text).unwrap_or_default()),
        Just(r#""0Bz000000000001""#.to_owned()),
        Just(r#""2026-01-31T08:00:00.000+0000""#.to_owned()),
        Just(r#""99999-99-99T99:99:99+9999""#.to_owned()),
    ];
    leaf.prop_recursive(4, 64, 8, move |inner| {
        prop_oneof![
            prop::collection::vec(inner.clone(), 0..6).prop_map(|items| format!("[{}]", items.join(","))),
            prop::collection::vec((key.clone(), inner), 0..8).prop_map(|pairs| {
                let pairs: Vec<String> = pairs
                    .iter()
                    .map(|(key, value)| format!("\"{key}\":{value}"))
                    .collect();
                format!("{{{}}}", pairs.join(","))
            }),
        ]
    })
}

proptest! {
    #[test]
    fn any_bytes_are_read_without_a_panic(body in any::<Vec<u8>>()) {
        read(&body);
    }

    #[test]
    fn any_json_is_read_without_a_panic(body in json()) {
        read(body.as_bytes());
    }

    #[test]
    fn any_answer_is_sorted_by_remedy(
        status in 100u16..1000,
        body in prop_oneof![any::<Vec<u8>>(), json().prop_map(String::into_bytes)],
        retry_after in "[ -~]{0,40}",
    ) {
        let mut headers = HeaderMap::new();
        headers.insert("retry-after", HeaderValue::from_str(&retry_after).unwrap());
        let status = StatusCode::from_u16(status).unwrap();
        let answer = Answer { status, headers, body, facts: ServerFacts::default() };
        match check(&answer, "AgentWork") {
            Ok(()) => prop_assert!(status.is_success()),
            Err(Refusal::Other(Error::Unexpected { code, .. })) => {
                prop_assert!(code.len() <= 64 && code.is_ascii());
            }
            Err(_) => {}
        }
    }

    #[test]
    fn any_header_and_any_address_are_read_without_a_panic(text in any::<String>()) {
        let _ = (api_usage(&text), http_date(&text));
        if let Ok(url) = parse_org_url(&text) {
            prop_assert!(crate::org_url::is_secure(&url));
        }
    }
}
