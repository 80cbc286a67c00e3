//! `rules explain`.

use std::process::ExitCode;

use presence::event::Workload;
use presence::rules::{Given, Happening, OFFLINE, Operand, RuleEvent};
use rules::{Explanation, Parsed, Verdict, event_name, operand_name};

use super::arguments::ExplainArguments;
use super::{Stop, read};
use crate::output;

pub(super) fn explain(arguments: &ExplainArguments) -> Result<ExitCode, Stop> {
    makes_sense(arguments)?;
    let parsed = read::rules_file(&arguments.file)?;
    let mut status: Vec<&str> = arguments.status.iter().map(String::as_str).collect();
    if arguments.event == RuleEvent::SalesforceAgentLogout {
        status = vec![OFFLINE];
    }
    let workload = arguments.workload.zip(arguments.capacity);
    let happening = Happening {
        event: arguments.event,
        connect_new: arguments.phone_state.as_deref(),
        connect_old: arguments.phone_was.as_deref(),
        salesforce_new: &status,
        channel: arguments.channel.as_deref(),
        workload: workload.map(|(new_milli, configured_milli)| Workload {
            configured_milli,
            previous_milli: arguments.previous_workload.unwrap_or(0),
            new_milli,
        }),
    };
    let explanations = rules::explain(&parsed.set, &happening);
    for explanation in &explanations {
        output::line(&in_words(&parsed, explanation))?;
    }
    if parsed.set.by_name && explanations.iter().any(|explanation| explanation.fires.is_none()) {
        output::line("Where no rule fires, states of the same name follow each other (by_name = true).")?;
    }
    Ok(ExitCode::SUCCESS)
}

/// Refuses what the event does not tell.
fn makes_sense(arguments: &ExplainArguments) -> Result<(), Stop> {
    let event = arguments.event;
    let said = [
        (
            "--phone-was",
            arguments.phone_was.is_some(),
            Operand::ConnectAgentOldState,
        ),
        (
            "--channel",
            arguments.channel.is_some(),
            Operand::SalesforceServiceChannel,
        ),
    ];
    for (option, given, operand) in said {
        if given && operand.given_at(event) == Given::Never {
            return Err(Stop::Unusable(format!(
                "{} has no value at {:?}. Leave {option} out, or choose another event.",
                operand_name(&operand),
                event_name(event)
            )));
        }
    }
    let logout = event == RuleEvent::SalesforceAgentLogout;
    if logout && arguments.status.iter().any(|status| status != OFFLINE) {
        return Err(Stop::Unusable(format!(
            "At a logout the status is {OFFLINE:?}. Leave --status out."
        )));
    }
    Ok(())
}

/// What the rules say for one destination.
pub(super) fn in_words(parsed: &Parsed, explanation: &Explanation) -> String {
    let mut words = format!("{:?}: ", explanation.destination);
    match explanation.fires {
        Some(place) => {
            let rule = &parsed.set.rules[place];
            words.push_str(&format!("{:?} sets {:?}", rule.name, rule.state));
        }
        None => words.push_str("no rule fires"),
    }
    for step in &explanation.steps {
        let (rule, lines) = (&parsed.set.rules[step.place], &parsed.lines[step.place]);
        let about = match &step.verdict {
            Verdict::Fails { criterion, words } => {
                format!("does not match: line {}, {words}", lines.criteria[*criterion])
            }
            Verdict::Fires(held) if held.is_empty() => "fires: it has no criteria".to_owned(),
            Verdict::Fires(held) => format!("fires: {}", held.join("; ")),
            Verdict::NoOffline => {
                format!("never fires: a logout rule must ask for the exact {OFFLINE:?}")
            }
        };
        words.push_str(&format!("\n  line {}, {:?} {about}", lines.rule, rule.name));
    }
    match explanation.other_events {
        0 => {}
        1 => words.push_str("\n  1 rule is about another event"),
        count => words.push_str(&format!("\n  {count} rules are about other events")),
    }
    words
}
