//! One record becomes a rule, or what is wrong with it.

use std::collections::{BTreeMap, BTreeSet};

use presence::rules::{Comparator, Criterion, Destination, Operand, Rule, parse_milli};
use serde_json::Value;

use super::Placed;
use super::fields::{Field, named, plain};
use super::table::Record;
use crate::finding::{Code, Finding};
use crate::words::{self, EVENTS, OPERANDS, one_of};

/// Reads records and notes what is not carried over.
pub(super) struct Reading {
    renames: BTreeMap<String, (Field, Option<u32>)>,
    pub(super) findings: Vec<Finding>,
    /// Columns that were told once already.
    unknown: BTreeSet<String>,
    names: BTreeSet<String>,
}

/// A criterion as it stands in the record.
#[derive(Default)]
struct Raw {
    a: Option<String>,
    a_value: Option<String>,
    comparator: Option<String>,
    b: Option<String>,
    b_value: Option<String>,
}

type Wrong = (String, String);

impl Reading {
    pub(super) fn new(renames: &[(String, String)]) -> Result<Self, Vec<Finding>> {
        let mut known = BTreeMap::new();
        for (theirs, ours) in renames {
            let Some(field) = named(ours) else {
                let reason = format!("A column can't be renamed to {ours:?}: there is no such field.");
                let remedy = "Name one of: name, source, destination, state, operandA, operandAValue, comparator, \
                              operandB, operandBValue, criteria, order, active.";
                return Err(vec![Finding::error(1, Code::UnknownKey, reason, remedy)]);
            };
            known.insert(plain(theirs), field);
        }
        Ok(Self {
            renames: known,
            findings: Vec::new(),
            unknown: BTreeSet::new(),
            names: BTreeSet::new(),
        })
    }

    /// The rule, or a finding why there is none.
    pub(super) fn rule(&mut self, record: &Record) -> Option<Placed> {
        match self.read(record) {
            Ok(placed) => placed,
            Err((reason, remedy)) => {
                let reason = format!("The rule is not carried over: {reason}");
                self.findings
                    .push(Finding::error(record.line, Code::NotCarriedOver, reason, remedy));
                None
            }
        }
    }

    fn read(&mut self, record: &Record) -> Result<Option<Placed>, Wrong> {
        let mut texts: BTreeMap<&'static str, String> = BTreeMap::new();
        let mut flat: BTreeMap<u32, Raw> = BTreeMap::new();
        let mut nested = Vec::new();
        let (mut active, mut order, mut value) = (true, None, None);
        for (name, content) in &record.fields {
            let Some((field, number)) = self.field(name, record.line) else {
                continue;
            };
            let text = || as_text(content).ok_or_else(|| no_text(name));
            let raw = flat.entry(number.unwrap_or(1)).or_default();
            match field {
                Field::Active => active = is_true(content),
                Field::Comparator => raw.comparator = Some(text()?),
                Field::Criteria => nested = criteria_of(content)?,
                Field::Destination => drop(texts.insert("destination", text()?)),
                Field::Name => drop(texts.insert("name", text()?)),
                Field::Nothing => {}
                Field::OperandA => raw.a = Some(text()?),
                Field::OperandAValue => raw.a_value = Some(text()?),
                Field::OperandB => raw.b = Some(text()?),
                Field::OperandBValue => raw.b_value = Some(text()?),
                Field::Order => order = as_text(content).and_then(|text| text.parse().ok()),
                Field::Source => drop(texts.insert("source", text()?)),
                Field::State => drop(texts.insert("state", text()?)),
                Field::Value => value = Some(text()?),
            }
        }
        if !active {
            let reason = "The rule is switched off in the adapter and not carried over.".to_owned();
            let remedy = "Nothing is to be done; switch it on and export again if it is wanted.";
            self.findings
                .push(Finding::info(record.line, Code::NotCarriedOver, reason, remedy));
            return Ok(None);
        }
        if let Some(value) = value {
            if texts.contains_key("state") {
                flat.entry(1).or_default().b_value.get_or_insert(value);
            } else {
                texts.insert("state", value);
            }
        }
        let mut text = |key: &str| {
            let remedy =
                format!("Fill in the {key} in the export, or name its column with --map COLUMN={key}.");
            texts.remove(key).ok_or((format!("it has no {key}."), remedy))
        };
        let event = known("source", &text("source")?, EVENTS.iter().cloned())?;
        let destination = destination(&text("destination")?)?;
        let state = text("state")?;
        let mut criteria = Vec::new();
        for raw in flat.into_values().chain(nested) {
            criteria.extend(criterion(raw)?);
        }
        let name = text("name").unwrap_or_else(|_| format!("{} to {state}", words::event_name(event)));
        let name = self.unused(name);
        Ok(Some(Placed {
            order,
            line: record.line,
            rule: Rule {
                name,
                event,
                criteria,
                destination,
                state,
            },
        }))
    }

    fn field(&mut self, name: &str, line: usize) -> Option<(Field, Option<u32>)> {
        let field = self.renames.get(&plain(name)).copied().or_else(|| named(name));
        if field.is_none() && self.unknown.insert(name.to_owned()) {
            let reason = format!("The field {name:?} is not known and not carried over.");
            let remedy =
                format!("If it is part of the rule, say which: --map {name:?}=FIELD (docs/rules.md).");
            self.findings
                .push(Finding::warning(line, Code::NotCarriedOver, reason, remedy));
        }
        field
    }

    /// Explanations tell rules apart by their names.
    fn unused(&mut self, name: String) -> String {
        let name = (1..)
            .map(|number| match number {
                1 => name.clone(),
                number => format!("{name} ({number})"),
            })
            .find(|name| !self.names.contains(name))
            .unwrap_or(name);
        self.names.insert(name.clone());
        name
    }
}

fn criterion(raw: Raw) -> Result<Option<Criterion>, Wrong> {
    let Raw {
        a,
        a_value,
        comparator,
        b,
        b_value,
    } = raw;
    if a.is_none() && b.is_none() && comparator.is_none() {
        return Ok(None);
    }
    let missing = |what: &str| {
        (
            format!("a criterion has no {what}."),
            format!("Fill in the {what} in the export, or write the rule by hand."),
        )
    };
    let a = operand(&a.ok_or_else(|| missing("operandA"))?, a_value)?;
    let comparator = comparator_of(&comparator.ok_or_else(|| missing("comparator"))?)?;
    let b = operand(&b.ok_or_else(|| missing("operandB"))?, b_value)?;
    if let (Operand::StaticValue(_), Operand::StaticValue(_)) = (&a, &b) {
        let remedy = "Compare one of them with something that changes, or delete the criterion.";
        return Err(("it compares two static values.".to_owned(), remedy.to_owned()));
    }
    let ordered = !matches!(comparator, Comparator::Equal | Comparator::NotEqual);
    for operand in [&a, &b] {
        if let Operand::StaticValue(value) = operand
            && ordered
            && parse_milli(value).is_none()
        {
            let remedy = "Compare with a plain number of at most three decimals.";
            return Err((
                format!("it compares by size with {value:?}, which is no number."),
                remedy.to_owned(),
            ));
        }
    }
    Ok(Some(Criterion { a, comparator, b }))
}

fn operand(name: &str, value: Option<String>) -> Result<Operand, Wrong> {
    let fixed = (words::STATIC_VALUE, Operand::StaticValue(String::new()));
    let found = known("operand", name, OPERANDS.iter().cloned().chain([fixed]))?;
    match (found, value) {
        (Operand::StaticValue(_), Some(value)) => Ok(Operand::StaticValue(value)),
        (Operand::StaticValue(_), None) => Err((
            "a Static Value has no value.".to_owned(),
            "Fill in the operand's value in the export, or name its column with --map.".to_owned(),
        )),
        (operand, _) => Ok(operand),
    }
}

/// What a word of the adapter's stands for, however it is spaced and capitalised.
fn known<T>(what: &str, word: &str, known: impl Iterator<Item = (&'static str, T)>) -> Result<T, Wrong> {
    let wanted = plain(word);
    let wanted = wanted.strip_prefix("amazon").unwrap_or(&wanted);
    let mut names = Vec::new();
    for (name, it) in known {
        if plain(name) == wanted {
            return Ok(it);
        }
        names.push(name);
    }
    Err((format!("there is no {what} {word:?}."), one_of(word, &names)))
}

fn comparator_of(word: &str) -> Result<Comparator, Wrong> {
    let symbol = match word.trim() {
        "=" | "==" => Some("equal"),
        "!=" | "<>" => Some("not equal"),
        ">" => Some("greater"),
        ">=" => Some("greater or equal"),
        "<" => Some("less"),
        "<=" => Some("less or equal"),
        _ => None,
    };
    let wanted = plain(symbol.unwrap_or(word));
    let short = wanted.replace("than", "").replace("equalto", "equal");
    let all = [
        Comparator::Equal,
        Comparator::Greater,
        Comparator::GreaterOrEqual,
        Comparator::Less,
        Comparator::LessOrEqual,
        Comparator::NotEqual,
    ];
    let named = all.map(|comparator| (words::comparator_name(comparator), comparator));
    let found = named.iter().find(|(name, _)| plain(name) == short);
    let names: Vec<&str> = named.iter().map(|(name, _)| *name).collect();
    found
        .map(|(_, comparator)| *comparator)
        .ok_or_else(|| (format!("there is no comparator {word:?}."), one_of(word, &names)))
}

fn destination(word: &str) -> Result<Destination, Wrong> {
    match plain(word).trim_start_matches("amazon").trim_end_matches("agent") {
        "connect" => Ok(Destination::Connect),
        "salesforce" | "omnichannel" => Ok(Destination::Salesforce),
        _ => Err((
            format!("there is no destination {word:?}."),
            one_of(word, &["Connect", "Salesforce"]),
        )),
    }
}

/// Criteria as a list of objects, or as the JSON text of one in a table's cell.
fn criteria_of(content: &Value) -> Result<Vec<Raw>, Wrong> {
    let wanted =
        "Write the criteria as a list of objects with operandA, comparator, operandB and their values.";
    let bad = || {
        (
            "its criteria are no list of objects.".to_owned(),
            wanted.to_owned(),
        )
    };
    let parsed: Value;
    let list = match content {
        Value::String(text) => {
            parsed = serde_json::from_str(text).map_err(|_| bad())?;
            &parsed
        }
        other => other,
    };
    let list = match list {
        Value::Array(list) => list.clone(),
        one @ Value::Object(_) => vec![one.clone()],
        _ => return Err(bad()),
    };
    let mut criteria = Vec::new();
    for entry in &list {
        let mut raw = Raw::default();
        for (name, value) in entry.as_object().ok_or_else(bad)? {
            let text = || as_text(value).ok_or_else(|| no_text(name));
            match named(name) {
                _ if value.is_null() || value == "" => {}
                Some((Field::OperandA, None)) => raw.a = Some(text()?),
                Some((Field::OperandAValue, None)) => raw.a_value = Some(text()?),
                Some((Field::Comparator, None)) => raw.comparator = Some(text()?),
                Some((Field::OperandB, None)) => raw.b = Some(text()?),
                Some((Field::OperandBValue | Field::Value, None)) => raw.b_value = Some(text()?),
                Some((Field::Nothing, None)) => {}
                _ => {
                    return Err((
                        format!("a criterion has the unknown field {name:?}."),
                        wanted.to_owned(),
                    ));
                }
            }
        }
        criteria.push(raw);
    }
    Ok(criteria)
}

fn as_text(value: &Value) -> Option<String> {
    match value {
        Value::String(text) => Some(text.trim().to_owned()),
        Value::Number(number) => Some(number.to_string()),
        _ => None,
    }
}

fn no_text(name: &str) -> Wrong {
    (
        format!("{name:?} is neither a text nor a number."),
        "Write a text there.".to_owned(),
    )
}

fn is_true(value: &Value) -> bool {
    match value {
        Value::Bool(is) => *is,
        Value::Number(number) => number.as_i64() != Some(0),
        Value::String(text) => !["false", "0", "no", "inactive"].contains(&text.to_lowercase().as_str()),
        _ => true,
    }
}
