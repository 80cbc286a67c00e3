//! `holdlinectl rules`: the real program, on files of its own.

mod import;

use std::fs;
use std::path::Path;
use std::process::{Command, Output};

/// A folder with files, and the program run in it.
struct Desk(tempfile::TempDir);

impl Desk {
    fn with(files: &[(&str, &str)]) -> Self {
        let folder = tempfile::tempdir().expect("a temporary folder");
        for (name, text) in files {
            fs::write(folder.path().join(name), text).expect("a file");
        }
        Self(folder)
    }

    fn run(&self, arguments: &[&str]) -> Said {
        let mut command = Command::new(env!("CARGO_BIN_EXE_holdlinectl"));
        command.arg("rules").args(arguments).current_dir(&self.0);
        Said(command.output().expect("holdlinectl runs"))
    }
}

struct Said(Output);

impl Said {
    #[track_caller]
    fn exits(&self, code: i32) -> &Self {
        assert_eq!(self.0.status.code(), Some(code), "{}\n{}", self.out(), self.err());
        self
    }

    fn out(&self) -> String {
        String::from_utf8_lossy(&self.0.stdout).into_owned()
    }

    fn err(&self) -> String {
        String::from_utf8_lossy(&self.0.stderr).into_owned()
    }
}

fn examples() -> Desk {
    let from = Path::new(env!("CARGO_MANIFEST_DIR")).join("../rules/examples");
    let names = ["rules.toml", "rules.test.toml", "statuses.toml"];
    let texts = names.map(|name| fs::read_to_string(from.join(name)).expect("an example file"));
    let files: Vec<(&str, &str)> = names.into_iter().zip(texts.iter().map(String::as_str)).collect();
    Desk::with(&files)
}

#[test]
fn the_example_files_are_clean_and_come_true() {
    let desk = examples();
    let checked = desk.run(&["check", "rules.toml", "--statuses", "statuses.toml"]);
    checked.exits(0);
    assert_eq!(
        checked.out().lines().collect::<Vec<_>>(),
        [
            "rules.toml:59: info: The rule \"Logged out of Omni-Channel\" sets Connect to Offline. It is guarded: \
             while a call is active it is held.",
            "    Nothing to do.",
            "8 rules: 0 errors, 0 warnings.",
        ]
    );
    let tried = desk.run(&["test", "rules.toml"]);
    tried.exits(0);
    assert_eq!(tried.out(), "10 of 10 examples come true.\n");
}

const SHADOWED: &str = "schema = 1\n[[rule]]\nname = \"any\"\nevent = \"Connect Agent State Change\"\ndestination = \
                        \"Salesforce\"\nstate = \"Avialable\"\n[[rule]]\nname = \"again\"\nevent = \"Connect Agent \
                        State Change\"\ndestination = \"Salesforce\"\nstate = \"Lunch\"\n";
const PICTURE: &str = r#"{"schema": 1, "session": {}, "statuses": [{"id": "0N5", "label": "Available",
    "kind": "online"}, {"id": "0N6", "label": "Lunch", "kind": "busy"}]}"#;

#[test]
fn findings_are_told_for_people_and_for_scripts() {
    let desk = Desk::with(&[("my.toml", SHADOWED), ("picture.json", PICTURE)]);
    let people = desk.run(&["check", "my.toml", "--statuses", "picture.json"]);
    people.exits(1);
    let out = people.out();
    assert!(
        out.contains("my.toml:6: error: The org has no status \"Avialable\": it can't be set."),
        "{out}"
    );
    assert!(out.contains("Did you mean \"Available\"?"), "{out}");
    assert!(
        out.contains("my.toml:7: warning: The rule \"again\" never fires"),
        "{out}"
    );
    assert!(out.ends_with("2 rules: 1 error, 1 warning.\n"), "{out}");

    let scripts = desk.run(&["check", "my.toml", "--json"]);
    scripts.exits(1);
    let lines: Vec<serde_json::Value> = scripts
        .out()
        .lines()
        .map(|line| serde_json::from_str(line).expect("JSON"))
        .collect();
    assert_eq!(lines.len(), 1);
    assert_eq!(lines[0]["file"], "my.toml");
    assert_eq!(lines[0]["line"], 7);
    assert_eq!(lines[0]["severity"], "warning");
    assert_eq!(lines[0]["code"], "shadowed");
    assert!(lines[0]["reason"].is_string() && lines[0]["remedy"].is_string());
}

#[test]
fn a_file_that_is_not_valid_tells_everything_that_is_wrong() {
    let desk = Desk::with(&[(
        "my.toml",
        "shema = 1\n[[rule]]\nname = \"x\"\nevent = \"Lunch\"\n",
    )]);
    let checked = desk.run(&["check", "my.toml"]);
    checked.exits(1);
    let out = checked.out();
    for words in [
        "my.toml:1: error:",
        "Did you mean \"schema\"?",
        "my.toml:2: error:",
        "my.toml:4: error:",
    ] {
        assert!(out.contains(words), "{words}: {out}");
    }
    assert!(out.contains("would not be used"), "{out}");
    for verb in ["test", "explain"] {
        let event = ["--event", "Salesforce Agent Logout"];
        let more = if verb == "explain" { &event[..] } else { &[] };
        let said = desk.run(&[&[verb, "my.toml"][..], more].concat());
        said.exits(2);
        assert!(said.err().contains("my.toml:4: error:"), "{}", said.err());
        assert_eq!(said.out(), "");
    }
}

#[test]
fn files_that_can_not_be_read_are_named() {
    let desk = Desk::with(&[("my.toml", SHADOWED), ("bad.json", "{\"statuses\": 5}")]);
    fs::write(desk.0.path().join("binary.toml"), [0xff, 0xfe, 0x00]).expect("a file");
    for (arguments, words) in [
        (&["check", "none.toml"][..], "none.toml can't be read"),
        (&["check", "binary.toml"], "binary.toml can't be read"),
        (&["check", "."], "can't be read"),
        (
            &["check", "my.toml", "--statuses", "none.json"],
            "none.json can't be read",
        ),
        (
            &["check", "my.toml", "--statuses", "bad.json"],
            "bad.json:1: error: The statuses can't be read",
        ),
        (&["test", "my.toml"], "my.test.toml does not exist"),
        (
            &["test", "my.toml", "--examples", "my.toml"],
            "A file of examples has no key \"rule\"",
        ),
        (&["test", "none.toml"], "none.toml can't be read"),
    ] {
        let said = desk.run(arguments);
        said.exits(2);
        assert!(said.err().contains(words), "{arguments:?}: {}", said.err());
    }
}

#[test]
fn an_example_that_does_not_come_true_is_explained() {
    let desk = Desk::with(&[
        ("my.toml", SHADOWED),
        (
            "my.test.toml",
            "schema = 1\n\n[[example]]\nname = \"Lunch\"\nevent = \"Connect Agent State Change\"\ngiven = { \
             \"Connect Agent New State\" = \"Lunch\" }\nexpect = { salesforce = \"Lunch\", connect = \"Lunch\" }\n",
        ),
    ]);
    let tried = desk.run(&["test", "my.toml"]);
    tried.exits(1);
    let out = tried.out();
    assert!(
        out.contains(
            "my.test.toml:3: error: \"Lunch\" does not come true: \"Lunch\" for Salesforce was expected, \
             \"Avialable\" came."
        ),
        "{out}"
    );
    assert!(
        out.contains("\"Lunch\" for Connect was expected, nothing came."),
        "{out}"
    );
    assert!(out.contains("line 2, \"any\" fires: it has no criteria"), "{out}");
    assert!(out.ends_with("0 of 1 examples come true.\n"), "{out}");
}

#[test]
fn an_event_is_explained_for_both_destinations() {
    let desk = examples();
    let explained = desk.run(&[
        "explain",
        "rules.toml",
        "--event",
        "Salesforce Workload Changed",
        "--workload",
        "3",
        "--previous-workload",
        "4.5",
        "--capacity",
        "5",
    ]);
    explained.exits(0);
    assert_eq!(
        explained.out().lines().collect::<Vec<_>>(),
        [
            "Connect: \"Room again\" sets \"Available\"",
            "  line 72, \"Full\" does not match: line 76, Salesforce New Workload Pct greater or equal \"80\": \
             Salesforce New Workload Pct is 60",
            "  line 81, \"Room again\" fires: Salesforce New Workload Pct less \"80\": Salesforce New Workload Pct \
             is 60; Salesforce Previous Workload Pct greater or equal \"80\": Salesforce Previous Workload Pct is \
             90",
            "  4 rules are about other events",
            "Salesforce: no rule fires",
            "  2 rules are about other events",
        ]
    );
    let logout = desk.run(&["explain", "rules.toml", "--event", "Salesforce Agent Logout"]);
    logout.exits(0);
    assert!(
        logout
            .out()
            .starts_with("Connect: \"Logged out of Omni-Channel\" sets \"Offline\""),
        "{}",
        logout.out()
    );
}

#[test]
fn questions_that_make_no_sense_are_refused_with_a_remedy() {
    let desk = examples();
    let explain = |arguments: &[&str]| desk.run(&[&["explain", "rules.toml"], arguments].concat());
    for (arguments, words) in [
        (
            &["--event", "Connect Agent Status Change"][..],
            "Did you mean \"Connect Agent State Change\"?",
        ),
        (
            &["--event", "Salesforce Agent Logout", "--channel", "x"],
            "Leave --channel out",
        ),
        (
            &["--event", "Salesforce Agent Logout", "--status", "offline"],
            "Leave --status out",
        ),
        (
            &["--event", "Salesforce Work Accepted", "--phone-was", "x"],
            "Leave --phone-was out",
        ),
        (
            &["--event", "Salesforce Workload Changed", "--workload", "3"],
            "--capacity",
        ),
        (
            &[
                "--event",
                "Salesforce Workload Changed",
                "--workload",
                "x",
                "--capacity",
                "5",
            ],
            "three decimals",
        ),
        (&[], "--event"),
    ] {
        let said = explain(arguments);
        said.exits(2);
        assert!(said.err().contains(words), "{arguments:?}: {}", said.err());
    }
}
