//! Somebody from support sits down at a desktop where Holdline runs: what holds, what is wrong, and a file to take
//! along.

use serde_json::Value;

use crate::stage::{Headless, Plan, Stage, Surface};

#[test]
fn headless() {
    let mut stage = Stage::set(
        Surface::Headless,
        Plan {
            policy: Some("[guard]\npolicy = \"block\"\n[support]\ncontact = \"Desk 4711\"\n"),
            ..Plan::default()
        },
    );
    stage.sign_in();
    let ask = |arguments: &[&str]| {
        let output = Headless::ask(&stage.place, arguments);
        (
            output.status.code(),
            String::from_utf8_lossy(&output.stdout).into_owned(),
        )
    };

    let (code, shown) = ask(&["policy", "show", "--set"]);
    assert_eq!(code, Some(0), "{shown}");
    assert!(shown.starts_with("In force in the running Holdline:"), "{shown}");
    assert!(
        shown.contains("guard.policy") && shown.contains("set by your organisation"),
        "{shown}"
    );
    assert!(
        shown.contains("loopback.ports") && shown.contains("set by you"),
        "{shown}"
    );

    let (code, found) = ask(&["doctor", "--json"]);
    let found: Value = serde_json::from_str(&found).expect("JSON");
    assert_eq!(found["running"], true);
    let finding = |check: &str| {
        let findings = found["findings"].as_array().expect("findings");
        let finding = findings.iter().find(|finding| finding["check"] == check);
        finding.unwrap_or_else(|| panic!("{check}: {found}"))["code"].clone()
    };
    for (check, code) in [
        ("ports", "serving"),
        ("network", "reached"),
        ("policy", "valid"),
        ("console", "connected"),
        ("console_host", "here"),
    ] {
        assert_eq!(finding(check), code, "{check}");
    }
    // Tokens in memory are a warning at least, whatever else this machine lacks.
    assert!(matches!(code, Some(1 | 2)), "{code:?}");

    let out = stage.place.logs.join("it.zip");
    let (code, said) = ask(&["diagnose", "--out", out.to_str().expect("our own folder")]);
    assert_eq!(code, Some(0), "{said}");
    assert!(said.contains("trace.jsonl") && said.contains("log.txt"), "{said}");
    assert!(std::fs::read(&out).expect("the file").starts_with(b"PK"));
}
