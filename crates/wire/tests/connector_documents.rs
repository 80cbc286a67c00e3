//! docs/connector/*.json hold the schemas of these types; this finds stale ones, and paths that are not told.
//!
//! `HOLDLINE_WRITE_BINDINGS=1 cargo test -p wire --test connector_documents` writes them anew.

use std::collections::BTreeSet;
use std::fs;
use std::path::PathBuf;

use schemars::generate::SchemaSettings;
use schemars::{JsonSchema, SchemaGenerator};
use serde_json::{Map, Value};
use wire::bridge::Problem;
use wire::connector::rest::{self, Joined, PairAnswer, PairPoll, Requests, Taken};
use wire::connector::{
    self, Answer, Enqueue, FromPhone, PROTOCOL, PhoneState, Registration, Rights, StateRequest, ToPhone,
};
use wire::identity::{self, Identity};
use wire::key::{Code, Key};

fn generator() -> SchemaGenerator {
    SchemaSettings::draft2020_12()
        .with(|settings| settings.definitions_path = "/components/schemas".into())
        .into_generator()
}

/// Adds a type and all it is made of.
fn add<T: JsonSchema>(schemas: &mut SchemaGenerator) {
    schemas.subschema_for::<T>();
}

fn path(name: &str) -> PathBuf {
    PathBuf::from(env!("CARGO_MANIFEST_DIR"))
        .join("../../docs/connector")
        .join(name)
}

fn read(name: &str) -> Value {
    let text = fs::read_to_string(path(name)).unwrap();
    serde_json::from_str(&text).unwrap()
}

/// Compares a document's schemas with the generated ones, or writes them.
#[track_caller]
fn has_schemas(name: &str, mut schemas: SchemaGenerator) {
    let fresh: Map<String, Value> = schemas.take_definitions(true);
    let mut document = read(name);
    if std::env::var_os("HOLDLINE_WRITE_BINDINGS").is_some() {
        document["components"]["schemas"] = Value::Object(fresh.clone());
        let text = serde_json::to_string_pretty(&document).unwrap();
        fs::write(path(name), format!("{text}\n")).unwrap();
    }
    assert!(
        read(name)["components"]["schemas"] == Value::Object(fresh),
        "docs/connector/{name} is stale. Write its schemas anew with:\n  \
         HOLDLINE_WRITE_BINDINGS=1 cargo test -p wire --test connector_documents"
    );
}

#[test]
fn openapi_has_the_schemas_of_this_contract() {
    let mut schemas = generator();
    add::<Registration>(&mut schemas);
    add::<Joined>(&mut schemas);
    add::<PairPoll>(&mut schemas);
    add::<PairAnswer>(&mut schemas);
    add::<PhoneState>(&mut schemas);
    add::<Requests>(&mut schemas);
    add::<Answer>(&mut schemas);
    add::<Taken>(&mut schemas);
    add::<Enqueue>(&mut schemas);
    add::<Problem>(&mut schemas);
    add::<Identity>(&mut schemas);
    has_schemas("openapi.json", schemas);
}

#[test]
fn asyncapi_has_the_schemas_of_this_contract() {
    let mut schemas = generator();
    add::<FromPhone>(&mut schemas);
    add::<ToPhone>(&mut schemas);
    add::<Registration>(&mut schemas);
    add::<PhoneState>(&mut schemas);
    add::<Answer>(&mut schemas);
    add::<Enqueue>(&mut schemas);
    add::<StateRequest>(&mut schemas);
    add::<Rights>(&mut schemas);
    add::<Code>(&mut schemas);
    add::<Key>(&mut schemas);
    has_schemas("asyncapi.json", schemas);
}

#[test]
fn every_path_and_version_is_told() {
    let openapi = read("openapi.json");
    let told: BTreeSet<&str> = openapi["paths"]
        .as_object()
        .unwrap()
        .keys()
        .map(String::as_str)
        .collect();
    let paths = [
        identity::PATH,
        rest::SESSIONS_PATH,
        rest::SESSION_PATH,
        rest::PAIRINGS_PATH,
        rest::STATE_PATH,
        rest::REQUESTS_PATH,
        rest::ANSWERS_PATH,
        rest::NEXT_STATE_PATH,
    ];
    assert_eq!(told, BTreeSet::from(paths));
    let asyncapi = read("asyncapi.json");
    assert_eq!(asyncapi["channels"]["connector"]["address"], connector::PATH);
    for document in [openapi, asyncapi] {
        assert_eq!(document["info"]["version"], PROTOCOL.max.to_string());
    }
}

/// Every frame that the document describes is one that this program reads and writes.
#[test]
fn every_example_frame_is_understood() {
    let asyncapi = read("asyncapi.json");
    let messages = asyncapi["components"]["messages"].as_object().unwrap();
    let (mut from, mut to) = (0, 0);
    for (name, message) in messages {
        let example = &message["examples"][0]["payload"];
        let again = match serde_json::from_value::<FromPhone>(example.clone()) {
            Ok(frame) => {
                from += 1;
                serde_json::to_value(frame)
            }
            Err(_) => {
                to += 1;
                serde_json::to_value(serde_json::from_value::<ToPhone>(example.clone()).unwrap())
            }
        };
        assert_eq!(again.unwrap()["type"], name.as_str());
    }
    assert_eq!((from, to), (4, 4));
}
