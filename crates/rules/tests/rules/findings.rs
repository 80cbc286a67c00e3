//! What the static analysis says, one finding after the other.

use rules::{Code, Finding, Severity, Statuses, check, parse_statuses};

use crate::{checked, codes, parsed};

/// One rule.
fn one(event: &str, when: &str, destination: &str, state: &str) -> String {
    format!(
        "schema = 1\n[[rule]]\nname = \"r\"\nevent = \"{event}\"\nwhen = [\n{when}\n]\ndestination = \
         \"{destination}\"\nstate = \"{state}\"\n"
    )
}

fn static_value(a: &str, comparator: &str, value: &str) -> String {
    format!("{{ a = \"{a}\", comparator = \"{comparator}\", b = \"Static Value\", value = \"{value}\" }},")
}

const PHONE: &str = "Connect Agent State Change";
const PRESENCE: &str = "Salesforce Agent State Change";
const LOGOUT: &str = "Salesforce Agent Logout";
const NEW: &str = "Salesforce Agent New State";

fn only(findings: &[Finding]) -> &Finding {
    assert_eq!(findings.len(), 1, "{findings:#?}");
    &findings[0]
}

#[test]
fn a_sound_rule_has_no_finding() {
    let text = one(
        PHONE,
        &static_value("Connect Agent New State", "equal", "Lunch"),
        "Salesforce",
        "Lunch",
    );
    assert_eq!(checked(&text), []);
}

#[test]
fn system_states_are_never_a_destination() {
    for state in [
        "AfterCallWork",
        "Busy",
        "CallingCustomer",
        "Pending",
        "PendingBusy",
    ] {
        let text = one(PRESENCE, &static_value(NEW, "equal", "On call"), "Connect", state);
        let findings = checked(&text);
        let finding = only(&findings);
        assert_eq!(
            (finding.line, finding.code, finding.severity),
            (9, Code::SystemState, Severity::Error)
        );
        assert!(finding.reason.contains(state));
    }
    let presence = one(
        PHONE,
        &static_value("Connect Agent New State", "equal", "Busy"),
        "Salesforce",
        "Busy",
    );
    assert_eq!(checked(&presence), [], "a presence status may have that name");
}

#[test]
fn text_has_no_order() {
    for operand in ["Connect Agent New State", "Connect Agent Old State", NEW] {
        let text = one(
            PHONE,
            &static_value(operand, "greater", "Lunch"),
            "Salesforce",
            "Lunch",
        );
        assert_eq!(codes(&checked(&text)), [(6, Code::TextOrder)]);
    }
}

#[test]
fn a_number_is_no_text() {
    let workload = "Salesforce Workload Changed";
    let text = one(
        workload,
        &static_value("Salesforce New Workload Pct", "greater", "80%"),
        "Connect",
        "Full",
    );
    assert_eq!(codes(&checked(&text)), [(6, Code::NotANumber)]);
}

#[test]
fn operands_without_a_value_never_hold() {
    let text = one(
        PHONE,
        &static_value("Salesforce Service Channel", "equal", "Email"),
        "Salesforce",
        "Busy",
    );
    let findings = checked(&text);
    assert_eq!(
        (only(&findings).line, only(&findings).code),
        (6, Code::NeverGiven)
    );
}

#[test]
fn a_logout_rule_must_say_offline_exactly() {
    let exact = one(LOGOUT, &static_value(NEW, "equal", "Offline"), "Connect", "Away");
    assert_eq!(checked(&exact), []);
    let misspelt = one(LOGOUT, &static_value(NEW, "equal", "offline"), "Connect", "Away");
    let findings = checked(&misspelt);
    assert_eq!(
        (only(&findings).line, only(&findings).code),
        (6, Code::LogoutWithoutOffline)
    );
    assert!(findings[0].reason.contains("\"offline\""));
    let without = one(LOGOUT, "", "Connect", "Away");
    assert_eq!(codes(&checked(&without)), [(2, Code::LogoutWithoutOffline)]);
}

#[test]
fn a_logout_rule_can_not_log_in() {
    let text = one(
        LOGOUT,
        &static_value(NEW, "equal", "Offline"),
        "Salesforce",
        "Available",
    );
    assert_eq!(codes(&checked(&text)), [(9, Code::LogsIn)]);
}

#[test]
fn a_state_change_to_offline_is_no_logout() {
    let text = one(
        PRESENCE,
        &static_value(NEW, "equal", "Offline"),
        "Connect",
        "Away",
    );
    let findings = checked(&text);
    assert_eq!(
        (only(&findings).line, only(&findings).code),
        (6, Code::StateChangeOffline)
    );
    assert!(findings[0].remedy.contains("Salesforce Agent Logout"));
}

#[test]
fn reaching_offline_is_told_as_guarded() {
    let text = one(
        PHONE,
        &static_value("Connect Agent New State", "equal", "Gone"),
        "Salesforce",
        "Offline",
    );
    let findings = checked(&text);
    assert_eq!(
        (only(&findings).severity, only(&findings).code),
        (Severity::Info, Code::ReachesOffline)
    );
}

#[test]
fn criteria_that_exclude_each_other_are_named() {
    let when = format!(
        "{}\n{}\n{}",
        static_value("Connect Agent New State", "equal", "A"),
        static_value("Connect Agent Old State", "equal", "A"),
        static_value("Connect Agent New State", "equal", "B")
    );
    let findings = checked(&one(PHONE, &when, "Salesforce", "X"));
    assert_eq!(
        (only(&findings).line, only(&findings).code),
        (8, Code::Contradiction)
    );
    assert!(findings[0].reason.contains("line 6"), "{}", findings[0].reason);
}

#[test]
fn a_status_may_have_two_names_but_not_three() {
    let named = |names: &[&str]| {
        let when: String = names
            .iter()
            .map(|name| static_value(NEW, "equal", name))
            .collect();
        codes(&checked(&one(PRESENCE, &when, "Connect", "X")))
    };
    assert_eq!(named(&["Lunch", "Lunch_Break"]), []);
    assert_eq!(
        named(&["Lunch", "Lunch_Break", "Other"]),
        [(2, Code::Contradiction)]
    );
}

#[test]
fn an_empty_file_and_names_used_twice_are_told() {
    assert_eq!(codes(&checked("schema = 1")), [(1, Code::NothingToDo)]);
    assert_eq!(checked("schema = 1\nby_name = true"), []);
    let rule = |state: &str| {
        let text = one(
            PHONE,
            &static_value("Connect Agent New State", "equal", state),
            "Salesforce",
            state,
        );
        text.replace("schema = 1\n", "")
    };
    let text = format!("schema = 1\n{}{}", rule("A"), rule("B"));
    assert_eq!(codes(&checked(&text)), [(10, Code::DuplicateName)]);
}

fn org() -> Statuses {
    parse_statuses(
        "status = [\n\
         { label = \"Available\", developer_name = \"Available_Voice\", kind = \"online\" },\n\
         { label = \"At lunch\", developer_name = \"Lunch\", kind = \"busy\" },\n\
         { label = \"Lunch\", developer_name = \"Team_Lunch\", kind = \"busy\" },\n\
         ]\n\
         phone_state = [\n\
         { name = \"Available\", kind = \"routable\" },\n\
         { name = \"Lunch\", kind = \"not_routable\" },\n\
         { name = \"MissedCallAgent\", kind = \"system\" },\n\
         ]\n",
    )
    .unwrap()
}

fn checked_with_org(text: &str) -> Vec<Finding> {
    check(&parsed(text), Some(&org()))
}

#[test]
fn unknown_statuses_are_found_on_both_sides_of_a_rule() {
    let when = static_value("Connect Agent New State", "equal", "Luch");
    let findings = checked_with_org(&one(PHONE, &when, "Salesforce", "Avialable"));
    assert_eq!(
        codes(&findings),
        [(6, Code::UnknownPhoneState), (9, Code::UnknownStatus)]
    );
    assert_eq!(findings[0].severity, Severity::Warning);
    assert!(findings[0].remedy.contains("\"Lunch\""), "{findings:#?}");
    assert_eq!(findings[1].severity, Severity::Error);
    assert!(findings[1].remedy.contains("\"Available\""), "{findings:#?}");
    let when = static_value(NEW, "equal", "At Lunch");
    let findings = checked_with_org(&one(PRESENCE, &when, "Connect", "Launch"));
    assert_eq!(
        codes(&findings),
        [(6, Code::UnknownStatus), (9, Code::UnknownPhoneState)]
    );
    assert!(findings[0].remedy.contains("\"At lunch\""), "{findings:#?}");
}

#[test]
fn a_logout_compares_with_no_status() {
    let text = one(LOGOUT, &static_value(NEW, "equal", "Offline"), "Connect", "Lunch");
    assert_eq!(checked_with_org(&text), []);
}

#[test]
fn labels_and_developer_names_are_told_apart() {
    let when = static_value(NEW, "equal", "Available_Voice");
    let findings = checked_with_org(&one(PRESENCE, &when, "Connect", "Available"));
    assert_eq!(codes(&findings), [(6, Code::DeveloperName)]);
    assert!(findings[0].remedy.contains("\"Available\""));

    let when = static_value(NEW, "equal", "Lunch");
    let findings = checked_with_org(&one(PRESENCE, &when, "Connect", "Lunch"));
    assert_eq!(codes(&findings), [(6, Code::AmbiguousName)]);

    let when = static_value(NEW, "equal", "Available");
    let two = format!("{when}\n{}", static_value(NEW, "not equal", "Available_Voice"));
    let findings = checked_with_org(&one(PRESENCE, &two, "Connect", "Available"));
    assert_eq!(
        codes(&findings),
        [(7, Code::DeveloperName), (7, Code::LabelAndDeveloperName)]
    );
}

#[test]
fn system_states_of_this_phone_are_no_destination_either() {
    let when = static_value(NEW, "equal", "Available");
    let findings = checked_with_org(&one(PRESENCE, &when, "Connect", "MissedCallAgent"));
    assert_eq!(codes(&findings), [(9, Code::SystemState)]);
}

#[test]
fn codes_are_stable_words() {
    assert_eq!(Code::LogoutWithoutOffline.name(), "logout_without_offline");
    assert_eq!(Code::NotANumber.name(), "not_a_number");
}
