//! `holdlinectl doctor`, where no Holdline runs.

use std::fs;

use serde_json::Value;
use wire::support::Finding;

use crate::holdlinectl;

#[test]
fn it_names_what_is_wrong_with_a_remedy_and_an_exit_code() {
    let folder = tempfile::tempdir().unwrap();
    let policy = "[guard]\npolicy = \"sometimes\"\n[streaming]\nmode = \"off\"\n";
    fs::write(folder.path().join("policy.toml"), policy).unwrap();
    let doctor = ["doctor", "--profile", "profile", "--policy", "policy.toml"];
    let said = holdlinectl(folder.path(), &doctor);
    let out = said.exits(2).out();
    assert!(out.starts_with("No Holdline runs"), "{out}");
    assert!(
        out.contains("ERROR    Settings: ") && out.contains("policy.toml, line 2"),
        "{out}"
    );
    assert!(out.contains("→ Correct them"), "{out}");

    let json = holdlinectl(folder.path(), &[&doctor[..], &["--json"]].concat());
    let json: Value = serde_json::from_str(&json.exits(2).out()).unwrap();
    assert_eq!(json["running"], false);
    let findings: Vec<Finding> = serde_json::from_value(json["findings"].clone()).unwrap();
    assert!(findings.len() > 10, "{findings:?}");
}
