//! A TOML document that is read key by key, so that several mistakes are told at once, each with its line.

use toml::Spanned;
use toml::de::{DeArray, DeTable, DeValue};

use crate::finding::{Code, Finding};
use crate::words::one_of;

/// Reads one document and gathers what is wrong with it.
pub(crate) struct Reader<'i> {
    text: &'i str,
    line_starts: Vec<usize>,
    pub(crate) findings: Vec<Finding>,
}

/// A table of the document, and what people call it.
#[derive(Clone)]
pub(crate) struct Table<'t, 'i> {
    pub(crate) table: &'t DeTable<'i>,
    pub(crate) line: usize,
    what: String,
}

/// A value with its line.
#[derive(Clone, Copy, Debug)]
pub(crate) struct At<T> {
    pub(crate) value: T,
    pub(crate) line: usize,
}

impl<'i> Reader<'i> {
    pub(crate) fn new(text: &'i str) -> Self {
        let breaks = text.bytes().enumerate().filter(|(_, byte)| *byte == b'\n');
        Self {
            text,
            line_starts: [0].into_iter().chain(breaks.map(|(at, _)| at + 1)).collect(),
            findings: Vec::new(),
        }
    }

    /// The document, or every place where it is no TOML.
    pub(crate) fn document(&mut self) -> Option<DeTable<'i>> {
        let (document, errors) = DeTable::parse_recoverable(self.text);
        for error in &errors {
            let line = error.span().map_or(1, |span| self.line_of(span.start));
            self.findings.push(Finding::error(
                line,
                Code::Syntax,
                format!("This is no valid TOML: {}.", first_line(error.message())),
                "Correct the line: keys are written key = \"value\", texts stand in double quotes.",
            ));
        }
        self.findings.sort();
        errors.is_empty().then(|| document.into_inner())
    }

    pub(crate) fn root<'t>(&self, document: &'t DeTable<'i>, what: &str) -> Table<'t, 'i> {
        Table {
            table: document,
            line: 1,
            what: what.to_owned(),
        }
    }

    fn line_of(&self, offset: usize) -> usize {
        self.line_starts.partition_point(|start| *start <= offset).max(1)
    }

    pub(crate) fn line<T>(&self, value: &Spanned<T>) -> usize {
        self.line_of(value.span().start)
    }

    pub(crate) fn wrong(&mut self, line: usize, code: Code, reason: String, remedy: impl Into<String>) {
        self.findings.push(Finding::error(line, code, reason, remedy));
    }

    /// Names every key that is none of `known`.
    pub(crate) fn only(&mut self, table: &Table<'_, 'i>, known: &[&str]) {
        for key in table.table.keys() {
            let name = key.get_ref().as_ref();
            if !known.contains(&name) {
                let reason = format!("{} has no key {name:?}.", table.what);
                self.wrong(self.line(key), Code::UnknownKey, reason, one_of(name, known));
            }
        }
    }

    /// Refuses a `schema` of a newer Holdline.
    pub(crate) fn schema(&mut self, table: &Table<'_, 'i>) {
        let Some(value) = table.table.get("schema") else {
            return self.missing(table, "schema", "Write schema = 1 at the top.");
        };
        let number = value.get_ref().as_integer();
        if number.is_none_or(|number| number.to_string() != crate::SCHEMA.to_string()) {
            let reason = "This Holdline reads files of schema 1 only.".to_owned();
            self.wrong(
                self.line(value),
                Code::BadValue,
                reason,
                "Write schema = 1, or update Holdline if the file was made for a newer one.",
            );
        }
    }

    pub(crate) fn missing(&mut self, table: &Table<'_, 'i>, key: &str, remedy: &str) {
        let reason = format!("{} lacks {key}.", table.what);
        self.wrong(table.line, Code::MissingKey, reason, remedy);
    }

    pub(crate) fn wrong_type(&mut self, value: &Spanned<DeValue<'i>>, key: &str, wanted: &str) {
        let reason = format!("{key} is of type {}.", value.get_ref().type_str());
        self.wrong(
            self.line(value),
            Code::WrongType,
            reason,
            format!("Write {wanted}."),
        );
    }

    /// A text that must be there and must not be empty.
    pub(crate) fn text(&mut self, table: &Table<'_, 'i>, key: &str, example: &str) -> Option<At<String>> {
        let remedy = format!("Write {key} = {example}.");
        let Some(value) = table.table.get(key) else {
            self.missing(table, key, &remedy);
            return None;
        };
        match value.get_ref().as_str() {
            Some("") => {
                let reason = format!("{key} is empty.");
                self.wrong(self.line(value), Code::BadValue, reason, remedy);
                None
            }
            Some(text) => Some(At {
                value: text.to_owned(),
                line: self.line(value),
            }),
            None => {
                self.wrong_type(value, key, &format!("a text: {key} = {example}"));
                None
            }
        }
    }

    /// A text that stands for one of several things.
    pub(crate) fn choice<T>(
        &mut self,
        table: &Table<'_, 'i>,
        key: &str,
        example: &str,
        read: impl Fn(&str) -> Result<T, String>,
    ) -> Option<At<T>> {
        let At { value: text, line } = self.text(table, key, example)?;
        match read(&text) {
            Ok(value) => Some(At { value, line }),
            Err(remedy) => {
                let reason = format!("There is no {key} {text:?}.");
                self.wrong(line, Code::BadValue, reason, remedy);
                None
            }
        }
    }

    /// A flag that may be left out.
    pub(crate) fn flag(&mut self, table: &Table<'_, 'i>, key: &str) -> Option<bool> {
        let value = table.table.get(key)?;
        let flag = value.get_ref().as_bool();
        if flag.is_none() {
            self.wrong_type(value, key, "true or false, without quotes");
        }
        flag
    }

    /// The tables of an array that may be left out.
    pub(crate) fn tables<'t>(
        &mut self,
        table: &Table<'t, 'i>,
        key: &str,
        what: impl Fn(usize) -> String,
        wanted: &str,
    ) -> Vec<Table<'t, 'i>> {
        let Some(value) = table.table.get(key) else {
            return Vec::new();
        };
        let Some(array) = value.get_ref().as_array() else {
            self.wrong_type(value, key, wanted);
            return Vec::new();
        };
        self.each_table(array, key, what, wanted)
    }

    fn each_table<'t>(
        &mut self,
        array: &'t DeArray<'i>,
        key: &str,
        what: impl Fn(usize) -> String,
        wanted: &str,
    ) -> Vec<Table<'t, 'i>> {
        let mut tables = Vec::new();
        for (place, entry) in array.iter().enumerate() {
            match entry.get_ref().as_table() {
                Some(table) => tables.push(Table {
                    table,
                    line: self.line(entry),
                    what: what(place + 1),
                }),
                None => self.wrong_type(entry, key, wanted),
            }
        }
        tables
    }

    /// A table that may be left out.
    pub(crate) fn table<'t>(
        &mut self,
        table: &Table<'t, 'i>,
        key: &str,
        wanted: &str,
    ) -> Option<Table<'t, 'i>> {
        let value = table.table.get(key)?;
        let inner = value.get_ref().as_table();
        if inner.is_none() {
            self.wrong_type(value, key, wanted);
        }
        Some(Table {
            table: inner?,
            line: self.line(value),
            what: key.to_owned(),
        })
    }

    pub(crate) fn done<T>(mut self, value: T) -> Result<T, Vec<Finding>> {
        if self.findings.is_empty() {
            return Ok(value);
        }
        self.findings.sort();
        Err(self.findings)
    }
}

/// A text, or a number as it is written.
pub(crate) fn plain(value: &DeValue<'_>) -> Option<String> {
    match value {
        DeValue::String(text) => Some(text.clone().into_owned()),
        DeValue::Integer(number) => Some(number.to_string()),
        DeValue::Float(number) => Some(number.as_str().to_owned()),
        _ => None,
    }
}

fn first_line(message: &str) -> &str {
    message.lines().next().unwrap_or_default().trim_end_matches('.')
}
