//! Records with their lines, from either format.

use serde_json::Value;

use crate::finding::{Code, Finding};

/// One exported record.
pub(super) struct Record {
    pub(super) line: usize,
    /// Field names as they are written, and their values; empty ones are left out.
    pub(super) fields: Vec<(String, Value)>,
}

pub(super) fn from_csv(text: &str) -> Result<Vec<Record>, Finding> {
    let head = text.lines().next().unwrap_or_default();
    let count = |separator: char| head.matches(separator).count();
    let separator = if count(';') > count(',') { b';' } else { b',' };
    let mut reader = csv::ReaderBuilder::new()
        .delimiter(separator)
        .trim(csv::Trim::All)
        .from_reader(text.as_bytes());
    let bad = |error: csv::Error| {
        let line = error.position().map_or(1, |position| position.line());
        let line = usize::try_from(line).unwrap_or(1);
        let remedy = "Export the records again as CSV: a line of column names, then a line for each rule.";
        Finding::error(line, Code::Syntax, format!("This is no CSV: {error}."), remedy)
    };
    let names: Vec<String> = reader.headers().map_err(bad)?.iter().map(str::to_owned).collect();
    let mut records = Vec::new();
    for row in reader.records() {
        let row = row.map_err(bad)?;
        let line = row.position().map_or(1, |position| position.line());
        let fields = names
            .iter()
            .zip(row.iter())
            .filter(|(_, value)| !value.is_empty());
        let fields = fields.map(|(name, value)| (name.clone(), Value::from(value)));
        records.push(Record {
            line: usize::try_from(line).unwrap_or(1),
            fields: fields.collect(),
        });
    }
    Ok(records)
}

pub(super) fn from_json(text: &str) -> Result<Vec<Record>, Finding> {
    let bad = |line: usize, reason: String| {
        let remedy = "Give a list of rule records, or Salesforce's answer to a query for them.";
        Finding::error(line, Code::Syntax, reason, remedy)
    };
    let document: Value = serde_json::from_str(text)
        .map_err(|error| bad(error.line(), format!("This is no JSON: {error}.")))?;
    let rules = [
        &document,
        &document["records"],
        &document["result"]["records"],
        &document["rules"],
    ];
    let rules = rules.into_iter().find_map(Value::as_array);
    let rules = rules.ok_or_else(|| bad(1, "There is no list of records in it.".to_owned()))?;
    let lines = lines_of_records(text);
    let mut records = Vec::new();
    for (place, rule) in rules.iter().enumerate() {
        // Their number is the same unless a record is no object, which is told below.
        let line = lines.get(place).copied().unwrap_or(1);
        let Some(object) = rule.as_object() else {
            return Err(bad(line, format!("Record {} is no object.", place + 1)));
        };
        let fields = object
            .iter()
            .filter(|(_, value)| !value.is_null() && *value != "");
        let fields = fields.map(|(name, value)| (name.clone(), value.clone()));
        records.push(Record {
            line,
            fields: fields.collect(),
        });
    }
    Ok(records)
}

/// The line of each object that stands in the outermost list of valid JSON.
fn lines_of_records(text: &str) -> Vec<usize> {
    let (mut lines, mut line) = (Vec::new(), 1);
    let mut open: Vec<char> = Vec::new();
    let mut outermost = usize::MAX;
    let mut in_text = false;
    let mut escaped = false;
    for letter in text.chars() {
        match letter {
            '\n' => line += 1,
            _ if in_text => {
                in_text = escaped || letter != '"';
                escaped = !escaped && letter == '\\';
                continue;
            }
            '"' => in_text = true,
            '[' | '{' => {
                if letter == '{' && open.last() == Some(&'[') && open.len() <= outermost {
                    outermost = open.len();
                    lines.push(line);
                }
                open.push(letter);
            }
            ']' | '}' => {
                open.pop();
            }
            _ => {}
        }
    }
    lines
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn each_record_has_its_line() {
        let text =
            "{\"a\": \"[{ \\\" \",\n \"records\": [\n  {\"criteria\": [{}, {}]},\n\n  {}, {\"b\":\n[]}]}";
        assert_eq!(lines_of_records(text), [3, 5, 5]);
    }
}
