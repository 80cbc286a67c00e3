//! Why a rule fires, and why no earlier one does.

use presence::rules::{Destination, Happening, RuleEvent};
use rules::{Verdict, explain};

use crate::parsed;

const FILE: &str = r#"schema = 1

[[rule]]
name = "Full"
event = "Salesforce Workload Changed"
when = [{ a = "Salesforce New Workload Pct", comparator = "greater or equal", b = "Static Value", value = 80 }]
destination = "Connect"
state = "Full"

[[rule]]
name = "Half"
event = "Salesforce Workload Changed"
when = [
  { a = "Salesforce New Workload", comparator = "greater", b = "Salesforce Previous Workload" },
  { a = "Connect Agent New State", comparator = "not equal", b = "Static Value", value = "Lunch" },
]
destination = "Connect"
state = "Half"

[[rule]]
name = "Other event"
event = "Connect Agent State Change"
destination = "Connect"
state = "Ready"

[[rule]]
name = "Logout without Offline"
event = "Salesforce Agent Logout"
destination = "Connect"
state = "Away"
"#;

#[test]
fn each_earlier_rule_says_which_criterion_failed_with_its_values() {
    let parsed = parsed(FILE);
    let happening = Happening {
        event: RuleEvent::SalesforceWorkloadChanged,
        connect_new: Some("Ready"),
        connect_old: None,
        salesforce_new: &[],
        channel: None,
        workload: Some(presence::event::Workload {
            configured_milli: 8_000,
            previous_milli: 2_000,
            new_milli: 5_250,
        }),
    };
    let [connect, salesforce] = explain(&parsed.set, &happening);
    assert_eq!(connect.destination, Destination::Connect);
    assert_eq!(connect.fires, Some(1));
    assert_eq!(connect.other_events, 2);
    assert_eq!(
        connect.steps[0].verdict,
        Verdict::Fails {
            criterion: 0,
            words:
                "Salesforce New Workload Pct greater or equal \"80\": Salesforce New Workload Pct is 65.625"
                    .to_owned()
        }
    );
    assert_eq!(
        connect.steps[1].verdict,
        Verdict::Fires(vec![
            "Salesforce New Workload greater Salesforce Previous Workload: Salesforce New Workload is 5.25, \
             Salesforce Previous Workload is 2"
                .to_owned(),
            "Connect Agent New State not equal \"Lunch\": Connect Agent New State is \"Ready\"".to_owned(),
        ])
    );
    assert_eq!((salesforce.fires, salesforce.steps.len()), (None, 0));

    let unknown_phone = Happening {
        connect_new: None,
        ..happening
    };
    let [connect, _] = explain(&parsed.set, &unknown_phone);
    assert_eq!(connect.fires, None);
    let Verdict::Fails { criterion: 1, words } = &connect.steps[1].verdict else {
        panic!("{connect:?}");
    };
    assert!(words.ends_with("Connect Agent New State has no value"), "{words}");
}

#[test]
fn a_logout_rule_without_offline_is_explained_as_such() {
    let parsed = parsed(FILE);
    let happening = Happening {
        event: RuleEvent::SalesforceAgentLogout,
        connect_new: None,
        connect_old: None,
        salesforce_new: &["Offline"],
        channel: None,
        workload: None,
    };
    let [connect, _] = explain(&parsed.set, &happening);
    assert_eq!(connect.fires, None);
    assert_eq!(connect.steps[0].verdict, Verdict::NoOffline);
}
