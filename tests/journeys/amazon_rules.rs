//! The rules of Amazon's CTI adapter (seed 001), imported from an export, at work on the practice org and phone: the
//! seed's "Lunch" in both directions, and a logout that is enqueued at the phone.

use reqwest::Method;
use serde_json::json;

use crate::stage::{Plan, Stage, Surface};

/// As the adapter's rule records are exported.
const EXPORT: &str = "\
Name,Source,Destination,Operand A,Comparator,Operand B,Operand B Value,State
Lunch at the phone,Connect Agent State Change,Salesforce,Connect Agent New State,Equal to,Static Value,Lunch,Lunch
Available at the phone,Connect Agent State Change,Salesforce,Connect Agent New State,Equal to,Static Value,Available,Available
Lunch in Omni-Channel,Salesforce Agent State Change,Connect,Salesforce Agent New State,Equal to,Static Value,Lunch,Lunch
Available in Omni-Channel,Salesforce Agent State Change,Connect,Salesforce Agent New State,Equal to,Static Value,Available,Available
Logged out,Salesforce Agent Logout,Connect,Salesforce Agent New State,Equal to,Static Value,Offline,Offline
";

#[test]
fn imported() {
    plays(|stage| {
        let export = stage.place.profile.join("export.csv");
        std::fs::write(&export, EXPORT).expect("our own folder");
        let out = stage.place.profile.join("rules.toml");
        let path = |path: &std::path::Path| path.to_str().expect("a plain path").to_owned();
        let mut import = std::process::Command::new(journeys::programs::holdlinectl());
        import.args(["rules", "import", &path(&export), "--out", &path(&out)]);
        let said = import.output().expect("holdlinectl runs");
        assert!(said.status.success(), "{}", String::from_utf8_lossy(&said.stdout));
    });
}

#[test]
fn the_default_set() {
    plays(|stage| {
        let set = journeys::programs::root().join("docs/rules/amazon-connect.toml");
        std::fs::copy(set, stage.place.profile.join("rules.toml")).expect("our own folder");
    });
}

/// With rules that are put into place before Holdline starts.
#[track_caller]
fn plays(puts_rules: impl Fn(&Stage)) {
    let mut stage = Stage::empty(Surface::Headless, Plan::default());
    puts_rules(&stage);
    stage.rep.starts();
    stage.sign_in();
    both(&mut stage, "Available");

    at_the_phone(&stage, "Lunch");
    both(&mut stage, "Lunch");
    at_the_phone(&stage, "Available");
    both(&mut stage, "Available");

    stage.rep.asks_for("Lunch");
    both(&mut stage, "Lunch");
    stage.rep.asks_for("Available");
    both(&mut stage, "Available");

    stage.on_a_call();
    stage.in_the_console("logout", json!({}));
    let write = stage.org.wait_for_write("Offline at the phone", |write| {
        write.side == "telephony" && write.source == "holdline" && write.status == "Offline"
    });
    assert_eq!(write.enqueue, Some(true), "{write:?}");
    stage.holdline_did_no_harm();
    assert_eq!(stage.org.dropped(), Vec::<serde_json::Value>::new());
}

#[track_caller]
fn at_the_phone(stage: &Stage, state: &str) {
    stage
        .org
        .ask(Method::POST, "phones/pat/state", Some(json!({ "state": state })));
}

/// Phone and presence are this.
#[track_caller]
fn both(stage: &mut Stage, state: &str) {
    stage.sees(&format!("phone and presence {state}"), |seen| {
        seen.presence.as_deref() == Some(state) && seen.phone.as_deref() == Some(state)
    });
}
