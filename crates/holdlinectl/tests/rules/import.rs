//! `holdlinectl rules import`.

use crate::Desk;

const EXPORT: &str = "Name,Source,Destination,Operand A,Comparator,Operand B,Operand B Value,State\n\
    Lunch at the phone,Connect Agent State Change,Salesforce,Connect Agent New State,Equal to,Static Value,Lunch,Lunch\n";

#[test]
fn an_export_becomes_a_rules_file_and_nothing_is_written_over() {
    let desk = Desk::with(&[("export.csv", EXPORT)]);
    let said = desk.run(&["import", "export.csv"]);
    said.exits(0);
    assert!(
        said.out().contains("rules.toml: 1 rule carried over, 0 not."),
        "{}",
        said.out()
    );
    desk.run(&["check", "rules.toml"]).exits(0);
    let again = desk.run(&["import", "export.csv"]);
    again.exits(2);
    assert!(again.err().contains("--force"), "{}", again.err());
    desk.run(&["import", "export.csv", "--force"]).exits(0);
}

#[test]
fn what_is_not_carried_over_is_told_with_file_and_line() {
    let export = format!("{EXPORT}Fax,Connect Agent State Change,Fax,,,,,Lunch\n");
    let desk = Desk::with(&[("export.csv", export.as_str())]);
    let said = desk.run(&["import", "export.csv", "--out", "mine.toml"]);
    said.exits(1);
    assert!(said.out().contains("export.csv:3: error:"), "{}", said.out());
    assert!(
        said.out().contains("mine.toml: 1 rule carried over, 1 not."),
        "{}",
        said.out()
    );
}

#[test]
fn a_column_of_another_name_can_be_named() {
    let export = EXPORT.replacen("Source", "Trigger Word", 1);
    let desk = Desk::with(&[("export.csv", export.as_str()), ("export.txt", "")]);
    desk.run(&["import", "export.csv", "--map", "Trigger Word=source"])
        .exits(0);
    desk.run(&["import", "export.csv", "--map", "Trigger Word"])
        .exits(2);
    desk.run(&["import", "export.txt"]).exits(2);
}
