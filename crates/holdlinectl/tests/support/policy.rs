//! `holdlinectl policy`.

use std::fs;

use serde_json::Value;

use crate::holdlinectl;

#[test]
fn check_names_every_error_with_line_and_remedy() {
    let folder = tempfile::tempdir().unwrap();
    let file = folder.path().join("policy.toml");
    fs::write(
        &file,
        "[guard]\npolicy = \"sometimes\"\nwrapup = \"hold\"\n[trace]\nmegabytes = 0\n",
    )
    .unwrap();
    let said = holdlinectl(folder.path(), &["policy", "check", "policy.toml"]);
    assert_eq!(
        said.exits(1).out().lines().collect::<Vec<_>>(),
        [
            "policy.toml:2: error: unknown variant `sometimes`, expected `block` or `queue`",
            "    Write one of \"queue\", \"block\".",
            "policy.toml:3: error: there is no key guard.wrapup",
            "    Did you mean guard.wrap_up? Else take it out.",
            "policy.toml:5: error: megabytes must be at least 1",
            "    Write a whole number from 1 on.",
            "Not valid: 3 errors.",
        ]
    );
    let said = holdlinectl(folder.path(), &["policy", "check", "--json", "policy.toml"]);
    let lines: Vec<Value> = said
        .exits(1)
        .out()
        .lines()
        .map(|line| serde_json::from_str(line).unwrap())
        .collect();
    assert_eq!(
        (lines.len(), &lines[1]["line"], &lines[1]["key"]),
        (3, &3.into(), &"guard.wrapup".into())
    );

    fs::write(&file, "[guard]\npolicy = \"block\"\n").unwrap();
    let said = holdlinectl(folder.path(), &["policy", "check", "policy.toml"]);
    assert_eq!(said.exits(0).out(), "Valid.\n");
    let said = holdlinectl(folder.path(), &["policy", "check", "none.toml"]);
    assert!(said.exits(2).err().contains("Check the path"), "{}", said.err());
}

#[test]
fn show_says_what_holds_and_who_says_so() {
    let folder = tempfile::tempdir().unwrap();
    let policy = folder.path().join("policy.toml");
    fs::write(&policy, "[guard]\npolicy = \"block\"\n").unwrap();
    fs::create_dir(folder.path().join("profile")).unwrap();
    let user = folder.path().join("profile/holdline.toml");
    fs::write(&user, "[guard]\npolicy = \"queue\"\nwrap_up = \"allow\"\n").unwrap();
    let show = [
        "policy",
        "show",
        "--profile",
        "profile",
        "--policy",
        "policy.toml",
    ];
    let said = holdlinectl(folder.path(), &show).exits(0).out();
    for line in [
        "guard.policy  \"block\"  (set by your organisation: policy.toml, line 2)",
        "guard.wrap_up  \"allow\"  (set by you: profile/holdline.toml, line 3)",
        "guard.guarded  \"offline\"  (built in)",
        "org.url  -  (built in)",
    ] {
        let squeezed = |text: &str| text.split_whitespace().collect::<Vec<_>>().join(" ");
        assert!(squeezed(&said).contains(&squeezed(line)), "{line}: {said}");
    }
    let set = holdlinectl(folder.path(), &[&show[..], &["--set"]].concat())
        .exits(0)
        .out();
    assert_eq!(set.lines().count(), 3, "{set}");

    fs::write(&policy, "[guard]\npolicy = \"sometimes\"\n").unwrap();
    let said = holdlinectl(folder.path(), &[&show[..], &["--json"]].concat());
    let json: Value = serde_json::from_str(&said.exits(1).out()).unwrap();
    assert_eq!(json["running"], false);
    assert_eq!(json["findings"][0]["line"], 2);
}

#[test]
fn schema_prints_a_schema() {
    let folder = tempfile::tempdir().unwrap();
    let schema = holdlinectl(folder.path(), &["policy", "schema"]).exits(0).out();
    let schema: Value = serde_json::from_str(&schema).unwrap();
    assert_eq!(schema["additionalProperties"], false);
    let policy = &schema["properties"]["guard"]["properties"]["policy"];
    assert_eq!(policy["enum"], serde_json::json!(["queue", "block"]));
    assert_eq!(schema["properties"]["guard"]["additionalProperties"], false);
}
