//! The rules file becomes a [`RuleSet`], or everything that is wrong with it.

use presence::rules::{Comparator, Criterion, Operand, Rule, RuleSet, parse_milli};
use toml::Spanned;
use toml::de::DeValue;

use crate::document::{At, Reader, Table, plain};
use crate::finding::{Code, Finding};
use crate::words::{self, STATIC_VALUE};

/// A rules file that can be used.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Parsed {
    /// What it says.
    pub set: RuleSet,
    /// Where it says it: one entry per rule of `set`.
    pub lines: Vec<RuleLines>,
}

/// The lines of one rule, counted from 1.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct RuleLines {
    /// Its `[[rule]]`.
    pub rule: usize,
    /// Its `state`.
    pub state: usize,
    /// Each of its criteria.
    pub criteria: Vec<usize>,
}

const RULE_KEYS: [&str; 5] = ["destination", "event", "name", "state", "when"];
const CRITERION: &str = "{ a = \"Connect Agent New State\", comparator = \"equal\", b = \"Static Value\", \
                         value = \"Lunch\" }";

/// Reads a rules file.
///
/// # Errors
/// Every finding of severity error, in the order of lines. The file is then not to be used at all.
pub fn parse(text: &str) -> Result<Parsed, Vec<Finding>> {
    let mut reader = Reader::new(text);
    let Some(document) = reader.document() else {
        return Err(reader.findings);
    };
    let root = reader.root(&document, "A rules file");
    reader.only(&root, &["by_name", "rule", "schema"]);
    reader.schema(&root);
    let by_name = reader.flag(&root, "by_name").unwrap_or(false);
    let tables = reader.tables(
        &root,
        "rule",
        |place| format!("Rule {place}"),
        "each rule below a line [[rule]]",
    );
    let (mut rules, mut lines) = (Vec::new(), Vec::new());
    for table in tables {
        if let Some((rule, its_lines)) = read_rule(&mut reader, &table) {
            rules.push(rule);
            lines.push(its_lines);
        }
    }
    reader.done(Parsed {
        set: RuleSet { rules, by_name },
        lines,
    })
}

fn read_rule<'i>(reader: &mut Reader<'i>, table: &Table<'_, 'i>) -> Option<(Rule, RuleLines)> {
    reader.only(table, &RULE_KEYS);
    let name = reader.text(table, "name", "\"Lunch at the phone\"");
    let event = reader.choice(
        table,
        "event",
        "\"Connect Agent State Change\"",
        words::event_from,
    );
    let destination = reader.choice(table, "destination", "\"Salesforce\"", words::destination_from);
    let state = reader.text(table, "state", "\"Lunch\"");
    let what = match &name {
        Some(name) => format!("A criterion of the rule {:?}", name.value),
        None => "A criterion".to_owned(),
    };
    let tables = reader.tables(
        table,
        "when",
        |_| what.clone(),
        &format!("a list of criteria: when = [ {CRITERION} ]"),
    );
    let mut criteria = Vec::new();
    for table in &tables {
        if let Some(criterion) = read_criterion(reader, table) {
            criteria.push(At {
                value: criterion,
                line: table.line,
            });
        }
    }
    let (name, event, destination, state) = (name?, event?, destination?, state?);
    let lines = RuleLines {
        rule: table.line,
        state: state.line,
        criteria: criteria.iter().map(|criterion| criterion.line).collect(),
    };
    let rule = Rule {
        name: name.value,
        event: event.value,
        criteria: criteria.into_iter().map(|criterion| criterion.value).collect(),
        destination: destination.value,
        state: state.value,
    };
    Some((rule, lines))
}

fn read_criterion<'i>(reader: &mut Reader<'i>, table: &Table<'_, 'i>) -> Option<Criterion> {
    reader.only(table, &["a", "b", "comparator", "value"]);
    let operand = |reader: &mut Reader<'i>, key: &str| {
        reader.choice(table, key, "\"Connect Agent New State\"", words::operand_from)
    };
    let a = operand(reader, "a");
    let b = operand(reader, "b");
    let comparator = reader.choice(table, "comparator", "\"equal\"", words::comparator_from);
    let (a, b, comparator) = (a?.value, b?.value, comparator?.value);
    let fixed = |operand: &Operand| matches!(operand, Operand::StaticValue(_));
    let value = table.table.get("value");
    match (fixed(&a), fixed(&b), value) {
        (true, true, _) => {
            let reason = "Two static values are compared: that always or never holds.".to_owned();
            let remedy = "Compare one of them with something that changes, or delete the criterion.";
            reader.wrong(table.line, Code::BadValue, reason, remedy);
            None
        }
        (false, false, Some(value)) => {
            let reason = format!("There is a value, but neither a nor b is {STATIC_VALUE:?}.");
            let remedy = format!("Delete value, or write b = {STATIC_VALUE:?}.");
            reader.wrong(reader.line(value), Code::UnknownKey, reason, remedy);
            None
        }
        (false, false, None) => Some(Criterion { a, comparator, b }),
        (_, _, None) => {
            reader.missing(
                table,
                "value",
                "Write what the operand is compared with: value = \"Lunch\".",
            );
            None
        }
        (first, _, Some(value)) => {
            let text = Operand::StaticValue(static_text(reader, value)?);
            let (a, b) = if first { (text, b) } else { (a, text) };
            Some(Criterion { a, comparator, b })
        }
    }
}

/// A static value: a text, or a number with at most three decimals.
fn static_text<'i>(reader: &mut Reader<'i>, value: &Spanned<DeValue<'i>>) -> Option<String> {
    let wanted = "a text or a plain number with at most three decimals: value = \"Lunch\" or value = 50";
    let Some(text) = plain(value.get_ref()) else {
        reader.wrong_type(value, "value", wanted);
        return None;
    };
    if !value.get_ref().is_str() && parse_milli(&text).is_none() {
        let reason = format!("The number {text} can't be compared with.");
        reader.wrong(
            reader.line(value),
            Code::BadValue,
            reason,
            format!("Write {wanted}."),
        );
        return None;
    }
    Some(text)
}

/// A criterion as people read it: `Connect Agent New State equal "Lunch"`.
pub(crate) fn in_words(criterion: &Criterion) -> String {
    let side = |operand: &Operand| match operand {
        Operand::StaticValue(text) => format!("{text:?}"),
        operand => words::operand_name(operand).to_owned(),
    };
    let comparator: Comparator = criterion.comparator;
    let comparator = words::comparator_name(comparator);
    format!("{} {comparator} {}", side(&criterion.a), side(&criterion.b))
}
