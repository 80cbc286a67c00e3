//! Rules that can't do what they say, each seen by itself.

use presence::rules::{
    Comparator, Criterion, Destination, Given, OFFLINE, Operand, Rule, RuleEvent, SYSTEM_STATES, parse_milli,
};

use crate::finding::{Code, Finding};
use crate::parse::{Parsed, RuleLines, in_words};
use crate::words::{comparator_name, event_name, operand_name};

pub(super) fn check(parsed: &Parsed, findings: &mut Vec<Finding>) {
    for (rule, lines) in parsed.set.rules.iter().zip(&parsed.lines) {
        destination(rule, lines, findings);
        logout(rule, lines, findings);
        for (criterion, line) in rule.criteria.iter().zip(&lines.criteria) {
            never_given(rule, criterion, *line, findings);
            order(criterion, *line, findings);
            not_a_number(criterion, *line, findings);
            state_change_offline(rule, criterion, *line, findings);
        }
    }
}

fn destination(rule: &Rule, lines: &RuleLines, findings: &mut Vec<Finding>) {
    if rule.destination == Destination::Connect && SYSTEM_STATES.contains(&rule.state.as_str()) {
        findings.push(Finding::error(
            lines.state,
            Code::SystemState,
            format!(
                "The phone system sets {:?} by itself; nobody else can (seed 001).",
                rule.state
            ),
            "Choose a state that a rep can choose at the phone.",
        ));
    }
}

fn logout(rule: &Rule, lines: &RuleLines, findings: &mut Vec<Finding>) {
    if rule.event != RuleEvent::SalesforceAgentLogout {
        return;
    }
    if rule.destination == Destination::Salesforce {
        findings.push(Finding::error(
            lines.state,
            Code::LogsIn,
            "After a logout nothing is written to Salesforce: rules never log a rep in.".to_owned(),
            "Set the phone instead (destination = \"Connect\"), or delete the rule.",
        ));
    }
    if rule.asks_for_offline() {
        return;
    }
    let misspelt = rule
        .criteria
        .iter()
        .zip(&lines.criteria)
        .find_map(|(criterion, line)| {
            let text = compared_with(criterion, &Operand::SalesforceAgentNewState)?;
            (criterion.comparator == Comparator::Equal && text.eq_ignore_ascii_case(OFFLINE))
                .then_some((text, *line))
        });
    let (line, reason) = match misspelt {
        Some((text, line)) => (
            line,
            format!("It never fires: {text:?} is not the exact {OFFLINE:?} (seed 001)."),
        ),
        None => (
            lines.rule,
            format!(
                "The logout rule {:?} never fires: it must compare the new state with the exact {OFFLINE:?} \
                 (seed 001).",
                rule.name
            ),
        ),
    };
    findings.push(Finding::error(
        line,
        Code::LogoutWithoutOffline,
        reason,
        "Write { a = \"Salesforce Agent New State\", comparator = \"equal\", b = \"Static Value\", value = \
         \"Offline\" }.",
    ));
}

fn never_given(rule: &Rule, criterion: &Criterion, line: usize, findings: &mut Vec<Finding>) {
    for operand in [&criterion.a, &criterion.b] {
        if operand.given_at(rule.event) == Given::Never {
            findings.push(Finding::error(
                line,
                Code::NeverGiven,
                format!(
                    "{:?} has no value at {:?}: the criterion never holds.",
                    operand_name(operand),
                    event_name(rule.event)
                ),
                "Compare with what this event tells (docs/rules.md has the table), or choose another event.",
            ));
        }
    }
}

fn is_text(operand: &Operand) -> bool {
    matches!(
        operand,
        Operand::ConnectAgentNewState
            | Operand::ConnectAgentOldState
            | Operand::SalesforceAgentNewState
            | Operand::SalesforceServiceChannel
    )
}

fn is_number(operand: &Operand) -> bool {
    !is_text(operand) && !matches!(operand, Operand::StaticValue(_))
}

fn order(criterion: &Criterion, line: usize, findings: &mut Vec<Finding>) {
    if matches!(criterion.comparator, Comparator::Equal | Comparator::NotEqual) {
        return;
    }
    let text = [&criterion.a, &criterion.b]
        .into_iter()
        .find(|operand| is_text(operand));
    if let Some(operand) = text {
        findings.push(Finding::error(
            line,
            Code::TextOrder,
            format!(
                "{:?} is text, and text is neither greater nor less: {} does not hold.",
                operand_name(operand),
                in_words(criterion)
            ),
            "Write comparator = \"equal\" or \"not equal\".",
        ));
    }
}

fn not_a_number(criterion: &Criterion, line: usize, findings: &mut Vec<Finding>) {
    let text = match (&criterion.a, &criterion.b) {
        (number, Operand::StaticValue(text)) | (Operand::StaticValue(text), number) if is_number(number) => {
            text
        }
        _ => return,
    };
    if parse_milli(text).is_some() {
        return;
    }
    let outcome = match criterion.comparator {
        Comparator::NotEqual => "always",
        _ => "never",
    };
    findings.push(Finding::error(
        line,
        Code::NotANumber,
        format!(
            "{text:?} is no number, so that {:?} {outcome} holds.",
            comparator_name(criterion.comparator)
        ),
        "Write a plain number with at most three decimals, without a percent sign: value = 50.",
    ));
}

fn state_change_offline(rule: &Rule, criterion: &Criterion, line: usize, findings: &mut Vec<Finding>) {
    let compared = compared_with(criterion, &Operand::SalesforceAgentNewState);
    if rule.event == RuleEvent::SalesforceAgentStateChange
        && compared == Some(OFFLINE)
        && criterion.comparator == Comparator::Equal
    {
        findings.push(Finding::warning(
            line,
            Code::StateChangeOffline,
            "A logout is no state change (seed 001): this only holds for a status that is named Offline."
                .to_owned(),
            "For logging out of Omni-Channel write event = \"Salesforce Agent Logout\".",
        ));
    }
}

/// The static value that an operand is compared with.
pub(super) fn compared_with<'a>(criterion: &'a Criterion, operand: &Operand) -> Option<&'a str> {
    match (&criterion.a, &criterion.b) {
        (a, Operand::StaticValue(text)) if a == operand => Some(text),
        (Operand::StaticValue(text), b) if b == operand => Some(text),
        _ => None,
    }
}
