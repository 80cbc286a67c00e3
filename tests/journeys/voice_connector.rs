//! A Salesforce Voice connector whose vendor can't queue joins with a token that was handed out: an Offline that
//! Salesforce sends during a call waits in Holdline's queue, no call is dropped, and a revoked token ends it.

use std::process::Command;

use journeys::process::Guard;
use journeys::programs;

use crate::stage::{Headless, Stage, Surface};

#[test]
fn headless() {
    let Some(node) = programs::node() else {
        return programs::skipped(
            "voice_connector",
            "there is no Node: `cargo xtask setup` brings one",
        );
    };
    let mut stage = Stage::ready(Surface::Headless);
    let token = told(
        &stage,
        &[
            "phone",
            "token",
            "new",
            "--name",
            "Acme Voice",
            "--rights",
            "control",
        ],
    );
    assert!(told(&stage, &["phone", "token", "list"]).contains("Acme Voice"));
    let seen = stage.sees("the practice phone", |seen| seen.phone.is_some());
    assert_eq!(seen.held, None);

    let mut connector = Command::new(node);
    connector
        .arg(programs::root().join("packages/voice-guard/test/live.mjs"))
        .env("PORT", port(&stage).to_string())
        .env("TOKEN", &token);
    let mut connector = Guard::start("voice-connector", &mut connector, &stage.place.logs);
    connector.wait_for("a call", |line| line["step"] == "on a call");
    let queued = connector.wait_for("the queue", |line| line["step"] == "queued");
    assert_eq!(
        (
            &queued["by"],
            &queued["state"],
            &queued["success"],
            &queued["isStatusSyncNeeded"]
        ),
        (
            &"holdline".into(),
            &"Available".into(),
            &true.into(),
            &true.into()
        )
    );
    let set = connector.wait_for("the state after the call", |line| line["step"] == "set");
    assert_eq!(
        (&set["by"], &set["state"], &set["dropped"]),
        (&"holdline".into(), &"Offline".into(), &0.into())
    );
    stage.sees("the connector's phone Offline", |seen| {
        seen.phone.as_deref() == Some("Offline")
    });

    told(&stage, &["phone", "token", "revoke", "Acme Voice"]);
    connector.wait_for("the end", |line| line["down"] == "revoked");
    assert!(connector.exit().success());
    let again = Headless::ask(&stage.place, &["phone", "token", "revoke", "Acme Voice"]);
    assert!(!again.status.success());
    assert!(String::from_utf8_lossy(&again.stderr).contains("phone token list"));
    stage.holdline_did_no_harm();
}

/// What the command says.
#[track_caller]
fn told(stage: &Stage, arguments: &[&str]) -> String {
    let said = Headless::ask(&stage.place, arguments);
    assert!(
        said.status.success(),
        "{arguments:?}: {}",
        String::from_utf8_lossy(&said.stderr)
    );
    String::from_utf8_lossy(&said.stdout).trim().to_owned()
}

/// Where this Holdline listens.
#[track_caller]
fn port(stage: &Stage) -> u64 {
    let access = std::fs::read(stage.place.profile.join("status-api.json")).expect("the status API's file");
    let access: serde_json::Value = serde_json::from_slice(&access).expect("JSON");
    access["port"].as_u64().expect("a port")
}
