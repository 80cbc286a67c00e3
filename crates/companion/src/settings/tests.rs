use std::fs;
use std::path::PathBuf;

use presence::rules::RuleSet;
use presence::settings::{Authority, GuardPolicy, GuardedStatuses, Mode, Profile, WrapUpPolicy};

use super::*;

mod policy;
mod table;

/// A machine with a user's file and a policy, each in a folder of its own.
struct Machine {
    folder: tempfile::TempDir,
    user: PathBuf,
    policy: PathBuf,
}

impl Machine {
    fn with(user: &str, policy: &str) -> Self {
        let folder = tempfile::tempdir().unwrap();
        let place = |name: &str, file: &str, text: &str| {
            fs::create_dir(folder.path().join(name)).unwrap();
            let path = folder.path().join(name).join(file);
            fs::write(&path, text).unwrap();
            path
        };
        let user = place("user", USER_FILE, user);
        let policy = place("machine", "policy.toml", policy);
        Self { folder, user, policy }
    }

    fn file(&self, name: &str, text: &str) {
        fs::write(self.folder.path().join(name), text).unwrap();
    }

    fn load(&self) -> Loaded {
        load(&self.user, &[PolicySource::File(self.policy.clone())])
    }

    fn about(&self) -> String {
        let problems = self.load().problems;
        assert!(!problems.is_empty(), "something is wrong");
        let said: Vec<String> = problems.into_iter().map(|problem| problem.about).collect();
        said.join("; ")
    }
}

/// Settings of valid files.
fn settings(user: &str, policy: &str) -> Settings {
    let loaded = Machine::with(user, policy).load();
    assert_eq!(loaded.problems, []);
    loaded.settings
}

/// Settings that only a user's file sets.
fn engine(user: &str) -> presence::settings::Settings {
    settings(user, "").engine
}

const RULES: &str = "schema = 1\n[[rule]]\nname = \"r\"\nevent = \"Connect Agent State Change\"\ndestination = \
                     \"Salesforce\"\nstate = \"Lunch\"\n";

#[test]
fn every_key_sets_what_it_says() {
    assert_eq!(settings("[org]\nurl = \"a\"", "").org_url.as_deref(), Some("a"));
    assert_eq!(settings("[org]\nclient_id = \"a\"", "").client_id, "a");
    assert_eq!(settings("[loopback]\nports = [5, 6]", "").ports, [5, 6]);
    assert_eq!(settings("[oauth]\nports = [7]", "").oauth_ports, [7]);
    assert_eq!(
        engine("[guard]\npolicy = \"block\"").policy.guard,
        GuardPolicy::Block
    );
    assert_eq!(
        engine("[guard]\nwrap_up = \"allow\"").policy.wrap_up,
        WrapUpPolicy::Allow
    );
    assert_eq!(
        engine("[guard]\nguarded = \"non_routable\"").policy.guarded,
        GuardedStatuses::NonRoutable
    );
    assert_eq!(
        engine("[guard]\nhold_as = \"Break\"").hold_as.as_deref(),
        Some("Break")
    );
    for (text, ms) in [
        ("2h", 7_200_000),
        ("90m", 5_400_000),
        ("1h 30m", 5_400_000),
        ("PT1H", 3_600_000),
    ] {
        let file = format!("[guard]\nlongest_hold = \"{text}\"");
        assert_eq!(engine(&file).longest_hold_ms, Some(ms), "{text}");
    }
    assert_eq!(engine("[holdline]\nmode = \"observe\"").mode, Mode::Observe);
    assert_eq!(
        engine("[holdline]\nprofile = \"salesforce_voice\"").profile,
        Some(Profile::SalesforceVoice)
    );
    assert_eq!(engine("[sync]\nauthority = \"last\"").authority, Authority::Last);
    assert_eq!(engine("[sync]\nwrite_phone = false").write_phone, Some(false));
    assert_eq!(engine("[timings]\npercent = 50").timings.confirm_ms, 1_500);
    let keys = settings("[shortcut]\noffline = \"Ctrl+Alt+O\"\nshow = \"F9\"", "").shortcuts;
    let keys = (keys.offline.as_deref(), keys.show.as_deref());
    assert_eq!(keys, (Some("Ctrl+Alt+O"), Some("F9")));
}

#[test]
fn the_desktop_may_ask_in_the_reps_absence() {
    let user = "[away]\non_lock = \"Break\"\non_idle = \"Lunch\"";
    let away = settings(user, "[away]\non_lock = \"Offline\"\nidle_after = \"1h 30m\"").away;
    assert_eq!(away.on_lock.as_deref(), Some("Offline"));
    let minutes = |minutes: u64| std::time::Duration::from_secs(minutes * 60);
    assert_eq!(away.on_idle, Some((minutes(90), "Lunch".to_owned())));
    assert_eq!(
        settings(user, "").away.on_idle,
        Some((minutes(15), "Lunch".to_owned()))
    );
    assert_eq!(settings("", "").away, AwaySettings::default());
}

#[test]
fn without_files_the_built_in_values_stand() {
    let folder = tempfile::tempdir().unwrap();
    let loaded = load(&folder.path().join(USER_FILE), &[]);
    assert_eq!(loaded.problems, []);
    assert_eq!(loaded.settings.engine, presence::settings::Settings::default());
}

#[test]
fn the_policy_beats_the_user_key_by_key() {
    let user = "[guard]\npolicy = \"queue\"\nwrap_up = \"allow\"\nguarded = \"offline\"\nhold_as = \"A\"\n\
                longest_hold = \"1h\"\n[holdline]\nmode = \"observe\"\nprofile = \"connector\"\n[sync]\nauthority = \
                \"last\"\nwrite_phone = true\n[loopback]\nports = [5]\n";
    let policy = "[guard]\npolicy = \"block\"\nwrap_up = \"hold\"\nguarded = \"non_routable\"\nhold_as = \"B\"\n\
                  longest_hold = \"2h\"\n[holdline]\nmode = \"act\"\nprofile = \"cti_adapter\"\n[sync]\nauthority = \
                  \"telephony\"\nwrite_phone = false\n";
    let both = settings(user, policy);
    assert_eq!(both.engine, settings("", policy).engine);
    assert_eq!(both.ports, [5]);
}

#[test]
fn bad_values_and_unknown_keys_are_named_with_file_and_line() {
    for (text, line, word) in [
        ("[guard]\n\npolicy = \"sometimes\"", 3, "sometimes"),
        ("[guard]\nwrapup = \"allow\"", 2, "wrapup"),
        ("[guards]\n", 1, "guards"),
        ("[guard]\nguarded = \"busy\"", 2, "busy"),
        ("[guard]\nhold_as = \" \"", 2, "empty"),
        ("[guard]\nlongest_hold = \"soon\"", 2, "1h 30m"),
        ("[guard]\nlongest_hold = \"0s\"", 2, "1h 30m"),
        ("[guard]\nlongest_hold = \"-1h\"", 2, "1h 30m"),
        ("[guard]\nlongest_hold = 5", 2, "string"),
        ("[holdline]\nmode = \"watch\"", 2, "watch"),
        ("[holdline]\nprofile = \"phone\"", 2, "phone"),
        ("[sync]\nauthority = \"me\"", 2, "me"),
        ("[sync]\nwrite_phone = \"no\"", 2, "boolean"),
        ("[sync]\nrules = \"\"", 2, "empty"),
        ("[loopback]\nports = []", 2, "at least one"),
        ("[oauth]\nports = [70000]", 2, "70000"),
        ("[timings]\npercent = 0", 2, "at least 1"),
        ("[away]\nidle_after = \"soon\"", 2, "1h 30m"),
        ("[away]\non_lock = \"\"", 2, "empty"),
        ("[shortcut]\nquit = \"F9\"", 2, "quit"),
        ("[trace]\nmegabytes = 0", 2, "at least 1"),
        (
            "[telemetry]\nendpoint = \"http://collector.example\"",
            2,
            "https://",
        ),
        (
            "[telemetry]\nendpoint = \"https://a:b@collector.example\"",
            2,
            "password",
        ),
    ] {
        let about = Machine::with(text, "").about();
        assert!(
            about.contains(&format!("holdline.toml, line {line}:")),
            "{text}: {about}"
        );
        assert!(about.contains(word), "{text}: {about}");
        let about = Machine::with("", text).about();
        assert!(
            about.contains(&format!("policy.toml, line {line}:")),
            "{text}: {about}"
        );
    }
}

#[test]
fn a_file_that_is_not_valid_is_not_used_at_all() {
    let loaded = Machine::with("[guard]\nwrap_up = \"allow\"\nwhat = 1\n", "").load();
    assert_eq!(loaded.settings.engine.policy, Policy::default());
}

#[test]
fn a_policy_that_is_not_valid_does_not_leave_the_users_word_standing() {
    let user = "[guard]\nwrap_up = \"allow\"\n[holdline]\nmode = \"observe\"\n[sync]\nwrite_phone = \
                true\n[loopback]\nports = [5]\n";
    let loaded = Machine::with(user, "[guard]\nwhat = 1\n").load();
    assert_eq!(loaded.settings.engine.policy, Policy::default());
    assert_eq!(loaded.settings.engine.mode, Mode::Act);
    assert_eq!(loaded.settings.engine.write_phone, None);
    assert!(loaded.settings.engine.rules.rules.is_empty() && !loaded.settings.engine.rules.by_name);
    assert_eq!(loaded.settings.ports, [5]);
}

#[test]
fn rules_are_found_beside_the_user_s_settings() {
    let machine = Machine::with("", "");
    assert_eq!(machine.load().settings.engine.rules, RuleSet::default());
    machine.file("user/rules.toml", RULES);
    let rules = machine.load().settings.engine.rules;
    assert_eq!((rules.rules.len(), rules.by_name), (1, false));
}

#[test]
fn a_named_rules_file_is_looked_for_beside_the_file_that_names_it() {
    let machine = Machine::with("[sync]\nrules = \"mine.toml\"", "");
    machine.file("user/rules.toml", RULES);
    machine.file("user/mine.toml", &RULES.replace("Lunch", "Mine"));
    assert_eq!(machine.load().settings.engine.rules.rules[0].state, "Mine");

    let machine = Machine::with("[sync]\nrules = \"mine.toml\"", "[sync]\nrules = \"ours.toml\"");
    machine.file("user/mine.toml", RULES);
    machine.file("machine/ours.toml", &RULES.replace("Lunch", "Ours"));
    let loaded = machine.load();
    assert_eq!(loaded.problems, []);
    assert_eq!(loaded.settings.engine.rules.rules[0].state, "Ours");
}

#[test]
fn rules_that_are_not_valid_write_nothing() {
    let machine = Machine::with("", "");
    machine.file(
        "user/rules.toml",
        &RULES.replace("Connect Agent State Change", "Lunch time"),
    );
    let about = machine.about();
    assert!(
        about.contains("rules.toml, line 4") && about.contains("Lunch time"),
        "{about}"
    );
    assert!(about.contains("do not follow each other"), "{about}");
    let rules = machine.load().settings.engine.rules;
    assert!(rules.rules.is_empty() && !rules.by_name);
}

#[test]
fn a_named_rules_file_must_be_there() {
    let machine = Machine::with("[sync]\nrules = \"mine.toml\"", "");
    assert!(machine.about().contains("mine.toml"), "{}", machine.about());
    assert!(!machine.load().settings.engine.rules.by_name);
}

#[test]
fn settings_that_can_not_be_read_may_have_named_other_rules() {
    let machine = Machine::with("[sync\nrules = \"mine.toml\"", "");
    machine.file("user/rules.toml", RULES);
    let rules = machine.load().settings.engine.rules;
    assert!(rules.rules.is_empty() && !rules.by_name);
}

#[test]
fn the_trace_is_on_unless_it_is_turned_off_and_the_policy_has_the_last_word() {
    assert_eq!(settings("", "").trace_bytes, Some(32 << 20));
    assert_eq!(settings("[trace]\nenabled = false", "").trace_bytes, None);
    let both = settings(
        "[trace]\nenabled = false",
        "[trace]\nenabled = true\nmegabytes = 4",
    );
    assert_eq!(both.trace_bytes, Some(4 << 20));
}

#[test]
fn the_machines_policy_can_not_be_replaced() {
    let Machine { folder, user, policy } = Machine::with("", "");
    let machine = vec![PolicySource::File(policy)];
    assert!(matches!(
        choose_policy(machine.clone(), Some(user.clone())),
        Err(PolicyError::MachineHasOne(_))
    ));
    assert_eq!(choose_policy(machine.clone(), None).unwrap(), machine);
    assert_eq!(
        choose_policy(Vec::new(), Some(user.clone())).unwrap(),
        [PolicySource::File(user)]
    );
    let none = choose_policy(Vec::new(), Some(folder.path().join("none.toml"))).unwrap_err();
    assert!(none.to_string().contains("Check the path"), "{none}");
    drop(folder);
}

#[test]
fn the_policy_names_the_channels_that_are_calls() {
    let own = "[calls]\nchannels = [\"Own_Calls\"]";
    let theirs = "[calls]\nchannels = [\"Their_Calls\"]";
    assert!(settings("", "").voice_channels.is_empty());
    assert_eq!(settings(own, "").voice_channels, ["Own_Calls"]);
    assert_eq!(settings(own, theirs).voice_channels, ["Their_Calls"]);
    let about = Machine::with("[calls]\nchannels = [\" \"]", "").about();
    assert!(about.contains("line 2"), "{about}");
}

#[test]
fn the_policy_says_through_which_proxy_and_whom_to_trust() {
    let proxy = |user, policy| settings(user, policy).network.proxy;
    assert_eq!(proxy("", ""), ProxyChoice::System);
    assert_eq!(proxy("[network]\nproxy = \"none\"", ""), ProxyChoice::None);
    let named = "[network]\nproxy = \"http://proxy.example:3128\"";
    let url = ProxyChoice::Url("http://proxy.example:3128".to_owned());
    assert_eq!(proxy("[network]\nproxy = \"none\"", named), url);

    let machine = Machine::with("", "[network]\nca_certificates = [\"ours.pem\"]");
    machine.file("machine/ours.pem", "x\n-----BEGIN CERTIFICATE-----\n");
    let loaded = machine.load();
    assert_eq!(loaded.problems, []);
    let ours = machine.folder.path().join("machine/ours.pem");
    assert_eq!(loaded.settings.network.ca_certificates, [ours]);
}

#[test]
fn a_network_that_can_not_be_had_is_named() {
    for wrong in ["proxy.example", "socks", "http://", ""] {
        let about = Machine::with(&format!("[network]\nproxy = \"{wrong}\""), "").about();
        assert!(
            about.contains("line 2") && about.contains("\"system\""),
            "{about}"
        );
    }
    let about = Machine::with("[network]\nproxy = \"http://rep:s3cret@proxy\"", "").about();
    assert!(about.contains("without") && !about.contains("s3cret"), "{about}");

    let machine = Machine::with("[network]\nca_certificates = [\"none.pem\", \"key.pem\"]", "");
    machine.file("user/key.pem", "-----BEGIN PRIVATE KEY-----");
    let about = machine.about();
    assert!(
        about.contains("none.pem: ") && about.contains("key.pem: holds no certificate"),
        "{about}"
    );
    assert!(machine.load().settings.network.ca_certificates.is_empty());
}

#[test]
fn the_policy_says_whether_salesforce_pushes_and_by_which_topic() {
    let streaming = |user, policy| settings(user, policy).streaming;
    let built_in = streaming("", "");
    assert_eq!(
        (built_in.mode, built_in.topic.as_str()),
        (StreamingMode::Auto, "HoldlinePresence")
    );
    let ours = streaming("[streaming]\ntopic = \"Ours\"", "[streaming]\nmode = \"off\"");
    assert_eq!((ours.mode, ours.topic.as_str()), (StreamingMode::Off, "Ours"));
    for wrong in [
        "/topic/Ours",
        "",
        "Ours?UserId=1",
        "a name much longer than twenty-five",
    ] {
        let about = Machine::with(&format!("[streaming]\ntopic = \"{wrong}\""), "").about();
        assert!(about.contains("line 2") && about.contains("PushTopic"), "{about}");
    }
}
