use jiff::Timestamp;
use proptest::prelude::*;

use super::query::QueryResult;
use super::*;
use crate::org::{Org, Settings, Source};

const BASE: &str = "/services/data/v67.0/sobjects";

fn at(seconds: i64) -> Timestamp {
    Timestamp::from_second(1_700_000_000 + seconds).unwrap()
}

/// pat on a call, sam ringing, kim on a break after having been available.
fn org() -> Org {
    let mut org = Org::new(at(0), 7, Settings::default());
    let [pat, sam, kim] = ["pat", "sam", "kim"].map(|rep| org.find_rep(rep).unwrap());
    for rep in [pat, sam, kim] {
        org.set_presence(at(1), rep, 0, Source::Console);
    }
    org.set_presence(at(2), kim, 2, Source::Console);
    org.start_call(at(3), pat, "+1 555 0101", false).unwrap();
    org.accept(at(4), 0).unwrap();
    org.start_call(at(5), sam, "+1 555 0102", false).unwrap();
    org
}

fn run(soql: &str) -> QueryResult {
    query(&org(), at(10), BASE, soql).unwrap_or_else(|error| panic!("{soql}: {error}"))
}

fn total(soql: &str) -> usize {
    run(soql).total
}

fn code(soql: &str) -> &'static str {
    query(&org(), at(10), BASE, soql).expect_err(soql).error_code
}

#[test]
fn voice_work_by_relationship() {
    let result = run(
        "SELECT Id, Status, ServiceChannel.RelatedEntity, ServiceChannel.DeveloperName FROM AgentWork \
         WHERE ServiceChannel.RelatedEntity = 'VoiceCall' AND Status IN ('Assigned','Opened') \
         ORDER BY AssignedDateTime DESC",
    );
    assert_eq!(result.total, 2);
    let first = &result.records[0];
    assert_eq!(first["Status"], "Assigned");
    assert_eq!(first["attributes"]["type"], "AgentWork");
    let id = first["Id"].as_str().unwrap();
    assert_eq!(first["attributes"]["url"], format!("{BASE}/AgentWork/{id}"));
    assert_eq!(first["ServiceChannel"]["RelatedEntity"], "VoiceCall");
    assert_eq!(first["ServiceChannel"]["DeveloperName"], "sfdc_phone");
    assert_eq!(first["ServiceChannel"]["attributes"]["type"], "ServiceChannel");
}

#[test]
fn presence_history() {
    let kim = "UserServicePresence WHERE User.Username = 'KIM@practice.example'";
    assert_eq!(total(&format!("SELECT COUNT() FROM {kim}")), 2);
    let now = run(&format!(
        "SELECT ServicePresenceStatus.MasterLabel, StatusStartDate, StatusEndDate FROM {kim} AND IsCurrentState = true"
    ));
    assert_eq!(now.records[0]["ServicePresenceStatus"]["MasterLabel"], "Break");
    assert_eq!(now.records[0]["StatusEndDate"], serde_json::Value::Null);
    assert_eq!(now.records[0]["StatusStartDate"], "2023-11-14T22:13:22.000+0000");
}

#[test]
fn conditions_of_every_kind() {
    for (filter, count) in [
        ("Name LIKE 'p%'", 1),
        ("NOT Name LIKE 'p%'", 3),
        ("(NOT Alias = 'pat') AND Alias != 'sam'", 2),
        ("Alias = 'PAT' OR Alias = 'kim'", 2),
        ("Alias IN ('pat', 'sam', 'nobody')", 2),
        ("Alias NOT IN ('pat', 'sam')", 2),
        ("IsActive = true", 4),
        ("IsActive != true", 0),
        ("CreatedDate = 2023-11-14", 4),
        ("CreatedDate > 2023-11-14", 0),
        ("CreatedDate <= TODAY", 4),
        ("CreatedDate < 2023-11-14T22:13:20Z", 0),
        ("CreatedDate >= 2023-11-14T22:13:20Z", 4),
        ("User.Alias = 'pat'", 1),
        ("Name = null", 0),
        ("Name != null", 4),
    ] {
        assert_eq!(
            total(&format!("SELECT Id FROM User WHERE {filter}")),
            count,
            "{filter}"
        );
    }
    assert_eq!(total("SELECT u.Id FROM User u WHERE u.Alias = 'pat'"), 1);
    assert_eq!(total("SELECT Id FROM AgentWork WHERE AcceptDateTime = null"), 1);
    assert_eq!(
        total("SELECT Id FROM AgentWork WHERE CapacityPercentage >= 100"),
        2
    );
    assert_eq!(total("SELECT Id FROM ServiceChannelStatus"), 5);
}

#[test]
fn ids_compare_in_both_lengths() {
    let user = run("SELECT Id FROM User WHERE Alias = 'pat'").records[0]["Id"].clone();
    let id = user.as_str().unwrap();
    for id in [id, &id[..15]] {
        assert_eq!(
            total(&format!("SELECT Id FROM AgentWork WHERE UserId = '{id}'")),
            1
        );
    }
}

#[test]
fn order_limit_and_offset() {
    let names = |soql: &str| -> Vec<String> {
        let name = |record: &serde_json::Value| record["Alias"].as_str().unwrap().to_owned();
        run(soql).records.iter().map(name).collect()
    };
    assert_eq!(
        names("SELECT Alias FROM User ORDER BY Alias LIMIT 2"),
        ["alex", "kim"]
    );
    assert_eq!(
        names("SELECT Alias FROM User ORDER BY Alias DESC LIMIT 2 OFFSET 1"),
        ["pat", "kim"]
    );
    let accepted = |soql: &str| run(soql).records[0]["AcceptDateTime"].is_null();
    assert!(accepted(
        "SELECT AcceptDateTime FROM AgentWork ORDER BY AcceptDateTime"
    ));
    assert!(!accepted(
        "SELECT AcceptDateTime FROM AgentWork ORDER BY AcceptDateTime NULLS LAST"
    ));
}

#[test]
fn errors_have_salesforces_codes() {
    assert_eq!(code("SELECT Id FROM ScratchOrgInfo"), "INVALID_TYPE");
    assert_eq!(code("SELECT Foo FROM User"), "INVALID_FIELD");
    assert_eq!(code("SELECT Manager.Name FROM User"), "INVALID_FIELD");
    assert_eq!(code("SELECT Id FROM User ORDER BY Foo"), "INVALID_FIELD");
    assert_eq!(code("SELECT Id FROM User WHERE Foo = 1"), "INVALID_FIELD");
    assert_eq!(
        code("SELECT Id FROM User WHERE IsActive = 'true'"),
        "INVALID_FIELD"
    );
    assert_eq!(
        code("SELECT Id FROM User WHERE CreatedDate = '2023-01-01'"),
        "INVALID_FIELD"
    );
    assert_eq!(
        code("SELECT Id FROM User WHERE CreatedDate LIKE '2023%'"),
        "INVALID_FIELD"
    );
    assert_eq!(
        code("SELECT Id FROM User WHERE Id = 'nonsense'"),
        "INVALID_QUERY_FILTER_OPERATOR"
    );
    assert_eq!(code("SELECT Id, FROM User"), "MALFORMED_QUERY");
}

#[test]
fn every_field_of_every_object_can_be_asked_for() {
    let mut org = org();
    let alex = org.find_rep("alex").unwrap();
    org.set_presence(at(6), alex, 0, Source::Console);
    org.start_work(at(7), alex, "case").unwrap();
    org.start_work(at(8), alex, "messaging").unwrap();
    let topic = serde_json::json!({
        "Name": "Usp",
        "Query": "SELECT Id FROM UserServicePresence",
        "ApiVersion": 60.0,
    });
    let serde_json::Value::Object(topic) = topic else {
        panic!("an object");
    };
    org.create_push_topic(at(9), topic).unwrap();
    let reasons = serde_json::json!({ "declineReasons": ["Busy"] });
    org.change_settings(&reasons).unwrap();
    for object in &OBJECTS {
        let fields: Vec<&str> = object.fields.iter().map(|field| field.name).collect();
        let soql = format!("SELECT {} FROM {}", fields.join(", "), object.name);
        let result = query(&org, at(10), BASE, &soql).unwrap();
        assert!(result.total > 0, "{}", object.name);
        for record in &result.records {
            assert!(record["Id"].as_str().unwrap().starts_with(object.key_prefix));
        }
    }
}

proptest! {
    #[test]
    fn never_panics(soql in "SELECT [A-Za-z.,() ]{0,30} FROM (User|AgentWork|VoiceCall)( WHERE [ -~]{0,40})?") {
        let _ = query(&org(), at(10), BASE, &soql);
    }
}
