//! The statuses file in its three forms.

use rules::{Code, Kind, parse_statuses};

#[test]
fn toml_json_and_a_picture_say_the_same() {
    let toml = "[[status]]\nlabel = \"Lunch\"\nkind = \"busy\"\n";
    let json = r#"{"status": [{"label": "Lunch", "kind": "busy"}]}"#;
    let picture =
        r#"{"schema": 1, "call": {}, "statuses": [{"id": "0N5", "label": "Lunch", "kind": "busy"}]}"#;
    for text in [toml, json, picture] {
        let statuses = parse_statuses(text).unwrap();
        assert_eq!(statuses.presence.len(), 1);
        assert_eq!(
            (statuses.presence[0].label.as_str(), statuses.presence[0].kind),
            ("Lunch", Kind::Busy)
        );
        assert!(statuses.phone.is_empty());
    }
}

#[test]
fn mistakes_have_a_line_and_a_remedy() {
    for (text, line, word) in [
        ("[[status]]\nlabel = \"Lunch\"\nkind = \"away\"\n", 3, "away"),
        ("[[status]]\nlabel = \"Lunch\"\nkin = \"busy\"\n", 3, "kin"),
        ("{\n\"status\": [{\"label\": 5}]}", 2, "invalid type"),
        ("{\n\"statuses\": [\n{}]}", 3, "label"),
        ("what", 1, "="),
    ] {
        let finding = parse_statuses(text).unwrap_err();
        assert_eq!((finding.line, finding.code), (line, Code::Syntax), "{finding:?}");
        assert!(finding.reason.contains(word), "{finding:?}");
        assert!(finding.remedy.contains("holdlinectl status --json"));
    }
}
