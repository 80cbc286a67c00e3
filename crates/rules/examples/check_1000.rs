//! Reads and checks a file of 1,000 rules, as a large org might have, and prints the seconds as JSON.
//!
//! 40 teams have 10 states of their own on either side, which follow each other; 40 rules are about workload,
//! 40 about accepted work, and some are shadowed or chase each other, as happens in large files.

#![expect(
    clippy::disallowed_types,
    reason = "whoever measures needs a clock and fractions; the crate has neither"
)]

use std::fmt::Write as _;
use std::time::Instant;

const RULES: usize = 1_000;

fn main() {
    let text = file();
    let statuses = rules::parse_statuses(&statuses()).expect("the generated statuses are valid");
    let mut seconds: Vec<f64> = (0..5)
        .map(|_| {
            let start = Instant::now();
            let parsed = rules::parse(&text).expect("the generated file is valid");
            assert_eq!(parsed.set.rules.len(), RULES);
            let findings = rules::check(&parsed, Some(&statuses));
            let found = |code| findings.iter().any(|finding| finding.code == code);
            assert!(
                found(rules::Code::Shadowed) && found(rules::Code::Unreachable) && found(rules::Code::Cycle)
            );
            assert!(!found(rules::Code::NotAllChecked), "everything was worked out");
            start.elapsed().as_secs_f64()
        })
        .collect();
    seconds.sort_by(f64::total_cmp);
    println!("{{\"check_1000_seconds\": {:.4}}}", seconds[2]);
}

fn team_state(team: usize, state: usize) -> String {
    format!("Team {team} state {state}")
}

fn statuses() -> String {
    let mut text = String::new();
    for team in 0..40 {
        for state in 0..10 {
            let name = team_state(team, state);
            let _ = writeln!(
                text,
                "[[status]]\nlabel = {name:?}\ndeveloper_name = \"T{team}_{state}\"\nkind = \"busy\""
            );
            let _ = writeln!(text, "[[phone_state]]\nname = {name:?}\nkind = \"not_routable\"");
        }
    }
    text
}

fn file() -> String {
    let mut text = "schema = 1\n".to_owned();
    let criterion = |a: &str, comparator: &str, value: &str| {
        format!("{{ a = {a:?}, comparator = {comparator:?}, b = \"Static Value\", value = {value:?} }}")
    };
    let mut count = 0;
    let mut rule = |event: &str, when: &[String], to: &str, state: &str| {
        count += 1;
        let when = when.join(", ");
        let _ = writeln!(
            text,
            "[[rule]]\nname = \"Rule {count}\"\nevent = {event:?}\nwhen = [{when}]\ndestination = {to:?}\nstate = \
             {state:?}"
        );
        count
    };
    let (phone_event, omni_event) = ("Connect Agent State Change", "Salesforce Agent State Change");
    for team in 0..40 {
        for state in 0..10 {
            let name = team_state(team, state);
            // One team in ten chases itself round its states.
            let back = if team % 10 == 0 {
                team_state(team, (state + 1) % 10)
            } else {
                name.clone()
            };
            let by_phone = [
                criterion("Connect Agent New State", "equal", &name),
                criterion("Connect Agent Old State", "not equal", "AfterCallWork"),
            ];
            rule(phone_event, &by_phone, "Salesforce", &name);
            rule(
                omni_event,
                &[criterion("Salesforce Agent New State", "equal", &name)],
                "Connect",
                &back,
            );
        }
    }
    for team in 0..40 {
        let channel = criterion("Salesforce Service Channel", "equal", &format!("Channel {team}"));
        rule(
            "Salesforce Work Accepted",
            &[channel],
            "Connect",
            &team_state(team, 0),
        );
    }
    for step in 0..80 {
        let pct = "Salesforce New Workload Pct";
        let (from, to) = (step.to_string(), (step + 1).to_string());
        let within = [
            criterion(pct, "greater or equal", &from),
            criterion(pct, "less", &to),
        ];
        rule(
            "Salesforce Workload Changed",
            &within,
            "Connect",
            &team_state(step % 40, 1),
        );
    }
    // What forty steps cover together, and what one rule covers alone.
    let pct = "Salesforce New Workload Pct";
    let covered = [
        criterion(pct, "greater or equal", "10"),
        criterion(pct, "less", "50"),
    ];
    rule(
        "Salesforce Workload Changed",
        &covered,
        "Connect",
        &team_state(0, 2),
    );
    let mut last = 0;
    for nth in 0..79 {
        let name = team_state(nth % 40, nth % 10);
        let lunch = [
            criterion("Connect Agent New State", "equal", &name),
            criterion("Connect Agent Old State", "not equal", "AfterCallWork"),
            criterion("Salesforce New Workload Pct", "greater", "50"),
        ];
        last = rule(phone_event, &lunch, "Salesforce", &name);
    }
    assert_eq!(last, RULES);
    text
}
