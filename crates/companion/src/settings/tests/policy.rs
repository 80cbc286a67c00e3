//! Several sources of one policy, and a policy that is not valid.

use super::*;

#[test]
fn an_invalid_policy_weakens_no_guard() {
    let user = "[guard]\nwrap_up = \"allow\"\n[holdline]\nmode = \"observe\"\n[sync]\nauthority = \"last\"\n";
    let policy = "[guard]\nguarded = \"non_routable\"\npolicy = \"block\"\nwrap_up = \"allow\"\n[holdline]\nmode = \
                  \"observe\"\n[sync]\nauthority = \"telephony\"\n[org]\nurl = \"acme.my.salesforce.com\"\nwhat = 1\n";
    let loaded = Machine::with(user, policy).load();
    let engine = &loaded.settings.engine;
    // What guards more than the default still counts; what guards less does not.
    assert_eq!(engine.policy.guarded, GuardedStatuses::NonRoutable);
    assert_eq!(engine.policy.guard, GuardPolicy::Block);
    assert_eq!(engine.policy.wrap_up, WrapUpPolicy::Hold);
    assert_eq!(engine.mode, Mode::Act);
    assert_eq!(engine.authority, Authority::Omni);
    assert!(engine.rules.rules.is_empty() && !engine.rules.by_name);
    // A rep who can't sign in for a typing error elsewhere would be helped by nobody.
    assert_eq!(loaded.settings.org_url.as_deref(), Some("acme.my.salesforce.com"));
    assert_eq!(loaded.problems[0].code, ProblemCode::PolicyInvalid);

    // One that can't be read at all leaves the built-in values.
    for policy in ["[guard\nwrap_up = \"allow\"", "\u{0}", "guard = \"off\""] {
        let loaded = Machine::with(user, policy).load();
        assert_eq!(loaded.settings.engine.policy, Policy::default(), "{policy}");
        assert_eq!(loaded.settings.engine.mode, Mode::Act, "{policy}");
    }
}

#[test]
fn a_policy_that_may_not_be_read_is_no_missing_one() {
    let folder = tempfile::tempdir().unwrap();
    // A folder in the file's place can't be read by anybody, root included.
    let source = PolicySource::File(folder.path().to_owned());
    let user = folder.path().join(USER_FILE);
    fs::write(&user, "[guard]\nwrap_up = \"allow\"").unwrap();
    let loaded = load(&user, &[source]);
    assert_eq!(loaded.problems[0].code, ProblemCode::PolicyInvalid);
    assert_eq!(loaded.settings.engine.policy, Policy::default());
}

#[test]
fn an_invalid_policy_says_whom_to_tell() {
    let policy = "[support]\ncontact = \"Service desk, 4711\"\n[guard]\npolicy = \"sometimes\"";
    let about = Machine::with("", policy).about();
    assert!(
        about.contains("sometimes") && about.contains("Service desk, 4711"),
        "{about}"
    );
}

#[test]
fn everything_that_is_wrong_is_named_with_line_and_remedy() {
    let policy = "mode = \"act\"\n[gaurd]\npolicy = \"queue\"\n[guard]\npolicy = \"sometimes\"\nwrapup = \
                  \"hold\"\nlongest_hold = \"soon\"\n[trace]\nmegabytes = 0\n[loopback]\nports = [\n  1,\n  \"x\"]\n";
    let findings = Machine::with("", policy).load().findings;
    let said: Vec<(usize, &str, &str)> = findings
        .iter()
        .map(|finding| {
            (
                finding.line.unwrap(),
                finding.key.as_deref().unwrap(),
                finding.remedy.as_str(),
            )
        })
        .collect();
    assert_eq!(
        said,
        [
            (1, "mode", "Put it below a section's head, such as [guard]."),
            (2, "gaurd", "Did you mean [guard]? Else take it out."),
            (5, "guard.policy", "Write one of \"queue\", \"block\"."),
            (6, "guard.wrapup", "Did you mean guard.wrap_up? Else take it out."),
            (
                7,
                "guard.longest_hold",
                "Write a text in quotation marks; docs/settings.md says which."
            ),
            (9, "trace.megabytes", "Write a whole number from 1 on."),
            (
                11,
                "loopback.ports",
                "Write a list of whole numbers, such as [4711, 4712]."
            ),
        ]
    );
}

#[test]
fn several_slips_in_toml_itself_are_all_named() {
    let policy = "[guard]\npolicy = \"sometimes\"\nwrap_up = hold\nguarded = \n[trace]\nmegabytes = \
                  99999999999999999999\n";
    let findings = Machine::with("", policy).load().findings;
    let lines: Vec<usize> = findings.iter().map(|finding| finding.line.unwrap()).collect();
    assert_eq!(lines, [2, 3, 4, 6], "{findings:#?}");
}

fn registry(root: &str, section: &str, key: &str, text: &str) -> PolicySource {
    let value = RegistryValue::Text(text.to_owned());
    let inner = [(key.to_owned(), value)].into();
    PolicySource::Registry {
        root: root.to_owned(),
        values: [(section.to_owned(), inner)].into(),
    }
}

#[test]
fn the_first_source_of_a_policy_counts_most_key_by_key() {
    let machine = Machine::with(
        "[guard]\npolicy = \"queue\"",
        "[guard]\nhold_as = \"File\"\nwrap_up = \"allow\"",
    );
    let sources = [
        registry("HKLM", "guard", "policy", "block"),
        registry("HKCU", "guard", "hold_as", "User"),
        PolicySource::File(machine.policy.clone()),
    ];
    let loaded = load(&machine.user, &sources);
    assert_eq!(loaded.problems, []);
    let engine = loaded.settings.engine;
    assert_eq!(engine.policy.guard, GuardPolicy::Block);
    assert_eq!(engine.hold_as.as_deref(), Some("User"));
    assert_eq!(engine.policy.wrap_up, WrapUpPolicy::Allow);
    let by = |path: &str| {
        let shown = loaded
            .shown
            .iter()
            .find(|shown| shown.key.path() == path)
            .unwrap();
        (shown.set_by, shown.place.as_deref(), shown.line)
    };
    assert_eq!(by("guard.policy"), (SetBy::Policy, Some("HKLM"), None));
    assert_eq!(by("guard.hold_as"), (SetBy::Policy, Some("HKCU"), None));
    let file = machine.policy.display().to_string();
    assert_eq!(by("guard.wrap_up"), (SetBy::Policy, Some(file.as_str()), Some(3)));
    assert_eq!(by("guard.guarded"), (SetBy::BuiltIn, None, None));

    // One bad source makes the whole policy doubtful.
    let sources = [
        registry("HKLM", "guard", "polisy", "block"),
        PolicySource::File(machine.policy.clone()),
    ];
    let loaded = load(&machine.user, &sources);
    assert_eq!(loaded.settings.engine.policy, Policy::default());
}

#[test]
fn managed_preferences_are_a_policy() {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("io.holdline.Holdline.plist");
    let text = "<plist version=\"1.0\"><dict><key>holdline</key><dict><key>mode</key><string>observe</string></dict>\
                </dict></plist>";
    fs::write(&path, text).unwrap();
    let loaded = load(
        &folder.path().join(USER_FILE),
        &[PolicySource::ManagedPreferences(path)],
    );
    assert_eq!(
        (loaded.settings.engine.mode, loaded.problems),
        (Mode::Observe, vec![])
    );
}
