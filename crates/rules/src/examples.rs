//! Example tables, kept beside the rules: what is given, and what is to come of it.

use presence::event::Workload;
use presence::rules::{Destination, Given, Happening, OFFLINE, Operand, RuleEvent, parse_milli};
use toml::Spanned;
use toml::de::DeValue;

use crate::document::{Reader, Table, plain};
use crate::explain::{Explanation, explain};
use crate::finding::{Code, Finding};
use crate::parse::Parsed;
use crate::words::{OPERANDS, event_from, event_name};

/// One example.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Example {
    /// What people call it.
    pub name: String,
    /// Its `[[example]]`, counted from 1.
    pub line: usize,
    /// What happens.
    pub event: RuleEvent,
    /// The phone's state now.
    pub connect_new: Option<String>,
    /// The phone's state before.
    pub connect_old: Option<String>,
    /// Every name of the presence status now.
    pub salesforce_new: Vec<String>,
    /// The channel of the accepted work.
    pub channel: Option<String>,
    /// The workload.
    pub workload: Option<Workload>,
    /// What is to come of it.
    pub expected: Expected,
}

/// What rules are to write; `None`: nothing.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Expected {
    /// To the phone.
    pub connect: Option<String>,
    /// To presence.
    pub salesforce: Option<String>,
}

/// An example that does not come true for one destination.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Failure<'a> {
    /// Which example.
    pub example: &'a Example,
    /// The state that was expected; `None`: nothing.
    pub expected: Option<&'a str>,
    /// The state that the rules ask for.
    pub got: Option<&'a str>,
    /// Why.
    pub explanation: Explanation,
}

impl Example {
    /// What rules see.
    pub fn with_happening<T>(&self, see: impl FnOnce(&Happening<'_>) -> T) -> T {
        let names: Vec<&str> = self.salesforce_new.iter().map(String::as_str).collect();
        see(&Happening {
            event: self.event,
            connect_new: self.connect_new.as_deref(),
            connect_old: self.connect_old.as_deref(),
            salesforce_new: &names,
            channel: self.channel.as_deref(),
            workload: self.workload,
        })
    }
}

/// Tries every example; the answer is empty if all come true.
pub fn run_examples<'a>(parsed: &'a Parsed, examples: &'a [Example]) -> Vec<Failure<'a>> {
    let mut failures = Vec::new();
    for example in examples {
        for explanation in example.with_happening(|happening| explain(&parsed.set, happening)) {
            let expected = match explanation.destination {
                Destination::Connect => example.expected.connect.as_deref(),
                Destination::Salesforce => example.expected.salesforce.as_deref(),
            };
            let got = explanation
                .fires
                .map(|place| parsed.set.rules[place].state.as_str());
            if got != expected {
                failures.push(Failure {
                    example,
                    expected,
                    got,
                    explanation,
                });
            }
        }
    }
    failures
}

const GIVEN: &str = "a table: given = { \"Connect Agent New State\" = \"Lunch\" }";
const EXPECT: &str = "a table: expect = { salesforce = \"Lunch\" }";

/// Reads a file of example tables.
///
/// # Errors
/// Everything that is wrong with it.
pub fn parse_examples(text: &str) -> Result<Vec<Example>, Vec<Finding>> {
    let mut reader = Reader::new(text);
    let Some(document) = reader.document() else {
        return Err(reader.findings);
    };
    let root = reader.root(&document, "A file of examples");
    reader.only(&root, &["example", "schema"]);
    reader.schema(&root);
    let tables = reader.tables(
        &root,
        "example",
        |place| format!("Example {place}"),
        "each example below a line [[example]]",
    );
    let examples: Vec<Example> = tables
        .iter()
        .filter_map(|table| read_example(&mut reader, table))
        .collect();
    reader.done(examples)
}

fn read_example<'i>(reader: &mut Reader<'i>, table: &Table<'_, 'i>) -> Option<Example> {
    reader.only(table, &["event", "expect", "given", "name"]);
    let name = reader.text(table, "name", "\"Lunch at the phone\"");
    let event = reader.choice(table, "event", "\"Connect Agent State Change\"", event_from);
    let expected = match reader.table(table, "expect", EXPECT) {
        Some(expect) => read_expected(reader, &expect),
        None => Expected::default(),
    };
    let (name, event) = (name?, event?.value);
    let mut example = Example {
        name: name.value,
        line: table.line,
        event,
        connect_new: None,
        connect_old: None,
        salesforce_new: Vec::new(),
        channel: None,
        workload: None,
        expected,
    };
    if let Some(given) = reader.table(table, "given", GIVEN) {
        read_given(reader, &given, &mut example);
    }
    if event == RuleEvent::SalesforceAgentLogout && example.salesforce_new.is_empty() {
        example.salesforce_new = vec![OFFLINE.to_owned()];
    }
    Some(example)
}

fn read_expected<'i>(reader: &mut Reader<'i>, table: &Table<'_, 'i>) -> Expected {
    reader.only(table, &["connect", "salesforce"]);
    let mut state = |key: &str| {
        table.table.get(key)?;
        reader.text(table, key, "\"Lunch\"").map(|state| state.value)
    };
    Expected {
        connect: state("connect"),
        salesforce: state("salesforce"),
    }
}

fn read_given<'i>(reader: &mut Reader<'i>, table: &Table<'_, 'i>, example: &mut Example) {
    let derived = |operand: &Operand| {
        matches!(
            operand,
            Operand::SalesforceNewWorkloadPct | Operand::SalesforcePreviousWorkloadPct
        )
    };
    let known: Vec<&str> = OPERANDS
        .iter()
        .filter(|(_, operand)| !derived(operand))
        .map(|(name, _)| *name)
        .collect();
    reader.only(table, &known);
    let mut numbers = [None; 3];
    for (key, value) in table.table {
        let Some((name, operand)) = OPERANDS.iter().find(|(name, _)| *name == key.get_ref().as_ref()) else {
            continue;
        };
        if operand.given_at(example.event) == Given::Never {
            let reason = format!("{name:?} has no value at {:?}.", event_name(example.event));
            let line = reader.line(key);
            reader.wrong(
                line,
                Code::NeverGiven,
                reason,
                "Delete it, or choose another event.",
            );
            continue;
        }
        match operand {
            Operand::ConnectAgentNewState => example.connect_new = one_text(reader, name, value),
            Operand::ConnectAgentOldState => example.connect_old = one_text(reader, name, value),
            Operand::SalesforceServiceChannel => example.channel = one_text(reader, name, value),
            Operand::SalesforceAgentNewState => example.salesforce_new = texts(reader, name, value),
            Operand::SalesforceConfiguredCapacity => numbers[0] = number(reader, name, value),
            Operand::SalesforcePreviousWorkload => numbers[1] = number(reader, name, value),
            Operand::SalesforceNewWorkload => numbers[2] = number(reader, name, value),
            _ => {}
        }
    }
    example.workload = match numbers {
        [None, None, None] => None,
        [Some(configured_milli), previous, Some(new_milli)] => Some(Workload {
            configured_milli,
            previous_milli: previous.unwrap_or(0),
            new_milli,
        }),
        _ => {
            let reason =
                "A workload needs \"Salesforce New Workload\" and \"Salesforce Configured Capacity\"."
                    .to_owned();
            let remedy = "Give both (\"Salesforce Previous Workload\" is 0 if left out).";
            reader.wrong(table.line, Code::MissingKey, reason, remedy);
            None
        }
    };
}

fn one_text<'i>(reader: &mut Reader<'i>, name: &str, value: &Spanned<DeValue<'i>>) -> Option<String> {
    let text = value.get_ref().as_str().map(str::to_owned);
    if text.is_none() {
        reader.wrong_type(value, name, &format!("a text: {name:?} = \"Lunch\""));
    }
    text
}

/// A status' name, or all its names (label and developer name).
fn texts<'i>(reader: &mut Reader<'i>, name: &str, value: &Spanned<DeValue<'i>>) -> Vec<String> {
    let wanted = format!("a text, or a list of the status' names: {name:?} = [\"At lunch\", \"Lunch\"]");
    let list = value.get_ref().as_array();
    let entries: Vec<&Spanned<DeValue<'i>>> = list.map_or_else(|| vec![value], |list| list.iter().collect());
    let texts: Option<Vec<String>> = entries
        .iter()
        .map(|entry| entry.get_ref().as_str().map(str::to_owned))
        .collect();
    match texts {
        Some(texts) if !texts.is_empty() => texts,
        _ => {
            reader.wrong_type(value, name, &wanted);
            Vec::new()
        }
    }
}

fn number<'i>(reader: &mut Reader<'i>, name: &str, value: &Spanned<DeValue<'i>>) -> Option<i64> {
    let milli = plain(value.get_ref()).as_deref().and_then(parse_milli);
    if milli.is_none() {
        reader.wrong_type(
            value,
            name,
            &format!("a plain number with at most three decimals: {name:?} = 2.5"),
        );
    }
    milli
}
