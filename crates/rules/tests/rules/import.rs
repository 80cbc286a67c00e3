//! Exports of Amazon's CTI adapter.

use presence::rules::{Comparator, Criterion, Destination, Operand, Rule, RuleEvent};
use proptest::prelude::*;
use rules::{Code, Finding, Format, Imported, Severity, import};

fn csv(text: &str) -> Imported {
    import(text, Format::Csv, &[]).unwrap()
}

fn json(text: &str) -> Imported {
    import(text, Format::Json, &[]).unwrap()
}

/// Seed 001's example.
fn lunch() -> Rule {
    Rule {
        name: "Lunch at the phone".into(),
        event: RuleEvent::ConnectAgentStateChange,
        criteria: vec![Criterion {
            a: Operand::ConnectAgentNewState,
            comparator: Comparator::Equal,
            b: Operand::StaticValue("Lunch".into()),
        }],
        destination: Destination::Salesforce,
        state: "Lunch".into(),
    }
}

/// Nothing is lost, and the file written says the same.
#[track_caller]
fn whole(imported: &Imported, rules: &[Rule]) {
    assert_eq!(imported.findings, []);
    assert_eq!(imported.set.rules, rules);
    same_in_the_file(imported);
}

#[track_caller]
fn same_in_the_file(imported: &Imported) {
    let parsed =
        rules::parse(&imported.text).unwrap_or_else(|findings| panic!("{findings:?}:\n{}", imported.text));
    assert_eq!(parsed.set, imported.set);
}

#[track_caller]
fn only_finding(imported: &Imported) -> &Finding {
    let [finding] = imported.findings.as_slice() else {
        panic!("one finding: {:?}", imported.findings);
    };
    assert_eq!(finding.code, Code::NotCarriedOver);
    assert!(!finding.remedy.is_empty());
    finding
}

#[test]
fn the_seeds_example_from_a_table() {
    let table = "Name,Source,Destination,Operand A,Comparator,Operand B,Operand B Value,State\n\
                 Lunch at the phone,Connect Agent State Change,Salesforce,Connect Agent New State,Equal to,\
                 Static Value,Lunch,Lunch\n";
    whole(&csv(table), &[lunch()]);
    whole(&csv(&format!("\u{feff}{}", table.replace(',', ";"))), &[lunch()]);
}

#[test]
fn the_seeds_example_from_records_of_a_package() {
    let answer = r#"{ "totalSize": 1, "done": true, "records": [ {
        "attributes": { "type": "Rule" }, "Id": "a00000000000001AAA", "Name": "Lunch at the phone",
        "amazonconnect__Source__c": "ConnectAgentStateChange",
        "amazonconnect__Destination__c": "Salesforce Agent",
        "amazonconnect__Criteria__c": [
            { "operandA": "Connect Agent New State", "comparator": "=", "operandB": "StaticValue", "value": "Lunch" } ],
        "amazonconnect__State__c": "Lunch", "OwnerId": null } ] }"#;
    whole(&json(answer), &[lunch()]);
    whole(
        &json(&format!("{{\"status\":0,\"result\":{answer}}}")),
        &[lunch()],
    );
}

#[test]
fn several_criteria_stand_in_numbered_columns_or_in_a_cell() {
    let second = Criterion {
        a: Operand::ConnectAgentOldState,
        comparator: Comparator::NotEqual,
        b: Operand::StaticValue("AfterCallWork".into()),
    };
    let mut expected = lunch();
    expected.criteria.push(second);
    let numbered = "Name,Source,Destination,State,Operand A,Comparator,Operand B,Operand B Value,\
                    Operand A 2,Comparator 2,Operand B 2,Operand B Value 2\n\
                    Lunch at the phone,Connect Agent State Change,Salesforce,Lunch,\
                    Connect Agent New State,Equal to,Static Value,Lunch,\
                    Connect Agent Old State,Not equal to,Static Value,AfterCallWork\n";
    whole(&csv(numbered), std::slice::from_ref(&expected));
    let cell = "Name,Source,Destination,State,Criteria\n\
                Lunch at the phone,Connect Agent State Change,Salesforce,Lunch,\"\
                [{\"\"operandA\"\":\"\"Connect Agent New State\"\",\"\"comparator\"\":\"\"Equal to\"\",\
                \"\"operandB\"\":\"\"Static Value\"\",\"\"operandBValue\"\":\"\"Lunch\"\"},\
                {\"\"operandA\"\":\"\"Connect Agent Old State\"\",\"\"comparator\"\":\"\"!=\"\",\
                \"\"operandB\"\":\"\"Static Value\"\",\"\"operandBValue\"\":\"\"AfterCallWork\"\"}]\"\n";
    whole(&csv(cell), &[expected]);
}

#[test]
fn the_order_field_decides_and_names_are_made_different() {
    let table = "Name,Source,Destination,State,Order\n\
                 Same,Salesforce Agent State Change,Connect,Break,2\n\
                 Same,Salesforce Agent State Change,Connect,Lunch,1\n\
                 ,Salesforce Agent State Change,Connect,Away,\n";
    let imported = csv(table);
    let order: Vec<_> = imported
        .set
        .rules
        .iter()
        .map(|rule| rule.state.as_str())
        .collect();
    assert_eq!(order, ["Lunch", "Break", "Away"]);
    let names: Vec<_> = imported.set.rules.iter().map(|rule| rule.name.as_str()).collect();
    assert_eq!(
        names,
        ["Same (2)", "Same", "Salesforce Agent State Change to Away"]
    );
    same_in_the_file(&imported);
}

#[test]
fn what_cannot_be_carried_over_is_told_with_its_line_and_a_remedy() {
    let head = "Name,Source,Destination,State,Operand A,Comparator,Operand B,Operand B Value\n";
    let good = "Good,Salesforce Agent Logout,Connect,Offline,Salesforce Agent New State,Equal to,Static Value,Offline\n";
    for (bad, reason) in [
        ("Bad,No such event,Connect,Offline,,,,\n", "source"),
        ("Bad,Salesforce Agent Logout,Fax,Offline,,,,\n", "destination"),
        ("Bad,Salesforce Agent Logout,Connect,,,,,\n", "state"),
        (
            "Bad,Salesforce Agent Logout,Connect,Offline,Weather,Equal to,Static Value,x\n",
            "operand",
        ),
        (
            "Bad,Salesforce Agent Logout,Connect,Offline,Salesforce Agent New State,Resembles,Static Value,x\n",
            "comparator",
        ),
        (
            "Bad,Salesforce Agent Logout,Connect,Offline,Static Value,Equal to,Static Value,x\n",
            "Static Value",
        ),
        (
            "Bad,Salesforce Workload Changed,Connect,Break,Salesforce New Workload,Greater than,Static Value,much\n",
            "number",
        ),
    ] {
        let imported = csv(&format!("{head}{good}{bad}"));
        let finding = only_finding(&imported);
        assert_eq!(
            (finding.line, finding.severity),
            (3, Severity::Error),
            "{finding:?}"
        );
        assert!(finding.reason.contains(reason), "{finding:?}");
        assert_eq!(imported.set.rules.len(), 1);
        same_in_the_file(&imported);
    }
}

#[test]
fn unknown_fields_are_told_once_and_can_be_named() {
    let table = "Name,Trigger Event,Destination,State,Colour\n\
                 One,Salesforce Agent State Change,Connect,Break,blue\n\
                 Two,Salesforce Agent State Change,Connect,Lunch,red\n";
    let renames = [("Trigger Event".to_owned(), "source".to_owned())];
    let imported = import(table, Format::Csv, &renames).unwrap();
    assert_eq!(imported.set.rules.len(), 2);
    let finding = only_finding(&imported);
    assert!(
        finding.reason.contains("Colour") && finding.remedy.contains("--map"),
        "{finding:?}"
    );
    let nonsense = [("Trigger Event".to_owned(), "nonsense".to_owned())];
    assert!(import(table, Format::Csv, &nonsense).is_err());
}

#[test]
fn a_rule_that_is_switched_off_stays_behind() {
    let imported = json(
        r#"[
            { "source": "Salesforce Agent State Change", "destination": "Connect", "state": "Break",
              "isActive": false },
            { "source": "Salesforce Agent State Change", "destination": "Connect", "state": "Lunch",
              "isActive": true } ]"#,
    );
    assert_eq!(imported.set.rules.len(), 1);
    let finding = only_finding(&imported);
    assert_eq!((finding.line, finding.severity), (2, Severity::Info));
}

#[test]
fn an_export_that_is_none_is_refused() {
    for (text, format) in [
        ("", Format::Csv),
        ("Name,Source\n", Format::Csv),
        ("a,b\n1,2,3\n", Format::Csv),
        ("{", Format::Json),
        ("{}", Format::Json),
        ("[]", Format::Json),
        ("[7]", Format::Json),
    ] {
        let findings = import(text, format, &[]).unwrap_err();
        assert!(!findings[0].remedy.is_empty(), "{text:?}");
    }
}

/// The shipped default set is a set that nothing is wrong with.
#[test]
fn the_default_set_passes_the_check() {
    let text = include_str!("../../../../docs/rules/amazon-connect.toml");
    let parsed = rules::parse(text).unwrap();
    assert_eq!(parsed.set.rules.len(), 8);
    assert_eq!(parsed.set.rules[0], lunch());
    let findings = rules::check(&parsed, None);
    let wrong: Vec<_> = findings
        .iter()
        .filter(|finding| finding.severity != Severity::Info)
        .collect();
    assert!(wrong.is_empty(), "{wrong:#?}");
}

proptest! {
    #[test]
    fn any_text_is_read_or_refused(text in ".{0,200}") {
        for format in [Format::Csv, Format::Json] {
            let _ = import(&text, format, &[]);
        }
    }

    #[test]
    fn any_words_come_back_from_the_file(name in "\\PC{1,20}", state in "\\PC{1,20}", value in "\\PC{1,20}") {
        let record = serde_json::json!([{
            "name": name, "source": "Connect Agent State Change", "destination": "Salesforce", "state": state,
            "operandA": "Connect Agent New State", "comparator": "Equal to", "operandB": "Static Value",
            "operandBValue": value,
        }]);
        let imported = json(&record.to_string());
        if imported.findings.is_empty() && imported.set.rules.iter().all(|rule| !rule.state.is_empty() && !rule.name.is_empty()) {
            same_in_the_file(&imported);
        }
    }
}
