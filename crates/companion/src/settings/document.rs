//! What one file, registry key or set of preferences says, key by key, and everything that is wrong with it.

use std::fs;
use std::io;
use std::path::Path;

use serde::Deserialize as _;
use toml::de::{DeTable, DeValue, ValueDeserializer};
use toml::{Spanned, Table, Value};

use super::file::File;
use super::finding::Finding;
use super::keys;

/// A source's content.
#[derive(Clone, Debug, Default)]
pub(super) struct Document {
    /// What it sets, those keys that are not valid left out.
    pub(super) entries: Vec<Entry>,
    /// What is wrong.
    pub(super) findings: Vec<Finding>,
}

/// One key that is set, and valid.
#[derive(Clone, Debug)]
pub(super) struct Entry {
    pub(super) section: String,
    pub(super) key: String,
    pub(super) value: Value,
    pub(super) line: Option<usize>,
}

/// A key that is set, with what its place is called.
pub(super) struct Given {
    pub(super) section: String,
    pub(super) key: String,
    pub(super) value: Value,
    pub(super) line: Option<usize>,
}

impl Document {
    /// Reads a TOML file. A missing one says nothing.
    pub(super) fn read(path: &Path) -> Self {
        match fs::read_to_string(path) {
            Ok(text) => Self::parse(&text, path),
            Err(error) if error.kind() == io::ErrorKind::NotFound => Self::default(),
            Err(error) => Self::unreadable(path, &error),
        }
    }

    /// A file that is there and can't be read.
    pub(super) fn unreadable(path: &Path, error: &dyn std::error::Error) -> Self {
        Self {
            entries: Vec::new(),
            findings: vec![Finding {
                place: path.display().to_string(),
                line: None,
                key: None,
                reason: error.to_string(),
                remedy: "Check that the file is text, and that everybody on this machine may read it."
                    .to_owned(),
            }],
        }
    }

    /// Reads TOML; paths in it are relative to the file's folder. A slip in the TOML keeps nothing else from being
    /// checked.
    pub(super) fn parse(text: &str, path: &Path) -> Self {
        let place = path.display().to_string();
        let (table, slips) = DeTable::parse_recoverable(text);
        let mut findings: Vec<Finding> = slips
            .iter()
            .map(|slip| Finding {
                place: place.clone(),
                line: Some(slip.span().map_or(1, |span| line_of(text, span.start))),
                key: None,
                reason: slip.message().to_owned(),
                remedy: "This is no valid TOML: mend the line.".to_owned(),
            })
            .collect();
        let mut given = Vec::new();
        for (section, inner) in table.get_ref() {
            let line = Some(line_of(text, section.span().start));
            let section = section.get_ref();
            match inner.get_ref() {
                DeValue::Table(_) if !keys::is_section(section) => {
                    findings.push(unknown_section(&place, line, section));
                }
                DeValue::Table(inner) => given.extend(inner.iter().map(|(key, value)| Given {
                    section: section.to_string(),
                    key: key.get_ref().to_string(),
                    value: value_of(value),
                    line: Some(line_of(text, key.span().start)),
                })),
                _ => findings.push(misplaced(&place, line, section)),
            }
        }
        given.sort_by_key(|given| given.line);
        let mut document = Self::of(given, &place, path.parent());
        // What is wrong with a line's TOML is wrong with its value too, and said once.
        let slips: Vec<_> = findings.iter().map(|finding| finding.line).collect();
        document.findings.retain(|finding| !slips.contains(&finding.line));
        document.findings.extend(findings);
        document.findings.sort_by_key(|finding| finding.line);
        document
    }

    /// Checks each key by itself, so that all that is wrong is found. Without a folder, paths must be absolute.
    pub(super) fn of(given: Vec<Given>, place: &str, folder: Option<&Path>) -> Self {
        let mut document = Self::default();
        for Given {
            section,
            key,
            value,
            line,
        } in given
        {
            let finding = |reason: String, remedy: String| Finding {
                place: place.to_owned(),
                line,
                key: Some(format!("{section}.{key}")),
                reason,
                remedy,
            };
            let Some(known) = keys::find(&section, &key) else {
                let reason = format!("there is no key {section}.{key}");
                document
                    .findings
                    .push(finding(reason, instead_of(&section, &key)));
                continue;
            };
            let mut alone = Table::new();
            alone.insert(
                section.clone(),
                Value::Table(Table::from_iter([(key.clone(), value.clone())])),
            );
            if let Err(error) = alone.try_into::<File>() {
                let reason = error.message().trim_end_matches('.').to_owned();
                document.findings.push(finding(reason, known.wants()));
                continue;
            }
            let mut value = value;
            if known.is_path
                && let Err(reason) = resolve(&mut value, folder)
            {
                let remedy = "Write the whole path.".to_owned();
                document.findings.push(finding(reason, remedy));
                continue;
            }
            document.entries.push(Entry {
                section,
                key,
                value,
                line,
            });
        }
        document
    }
}

fn line_of(text: &str, offset: usize) -> usize {
    let before = text.get(..offset).unwrap_or_default();
    before.bytes().filter(|byte| *byte == b'\n').count() + 1
}

/// A number too large for any key becomes a text, which no number's key takes.
fn value_of(value: &Spanned<DeValue<'_>>) -> Value {
    let read = Value::deserialize(ValueDeserializer::from(value.clone()));
    read.unwrap_or_else(|error| Value::String(error.message().to_owned()))
}

fn resolve(value: &mut Value, folder: Option<&Path>) -> Result<(), String> {
    match value {
        Value::Array(items) => items.iter_mut().try_for_each(|item| resolve(item, folder)),
        Value::String(path) => match folder {
            Some(folder) => {
                *path = folder.join(&*path).to_string_lossy().into_owned();
                Ok(())
            }
            None if Path::new(path).is_absolute() => Ok(()),
            None => Err(format!(
                "{path:?} is relative, and there is no file it could be relative to"
            )),
        },
        _ => Ok(()),
    }
}

fn misplaced(place: &str, line: Option<usize>, name: &str) -> Finding {
    Finding {
        place: place.to_owned(),
        line,
        key: Some(name.to_owned()),
        reason: format!("{name} stands outside of a section"),
        remedy: "Put it below a section's head, such as [guard].".to_owned(),
    }
}

fn unknown_section(place: &str, line: Option<usize>, name: &str) -> Finding {
    let sections = keys::keys().iter().map(|key| key.section.as_str());
    Finding {
        place: place.to_owned(),
        line,
        key: Some(name.to_owned()),
        reason: format!("there is no section {name}"),
        remedy: match nearest(name, sections) {
            Some(near) => format!("Did you mean [{near}]? Else take it out."),
            None => "Take it out; docs/settings.md has every key.".to_owned(),
        },
    }
}

fn instead_of(section: &str, key: &str) -> String {
    let in_section = keys::keys().iter().filter(|known| known.section == section);
    if let Some(near) = nearest(key, in_section.map(|known| known.name.as_str())) {
        return format!("Did you mean {section}.{near}? Else take it out.");
    }
    match keys::keys().iter().find(|known| known.name == key) {
        Some(known) => format!("Did you mean {}? Else take it out.", known.path()),
        None => "Take it out; docs/settings.md has every key.".to_owned(),
    }
}

fn nearest<'a>(name: &str, among: impl Iterator<Item = &'a str>) -> Option<&'a str> {
    let rated = among.map(|known| (strsim::jaro_winkler(name, known), known));
    let best = rated.max_by(|one, other| one.0.total_cmp(&other.0))?;
    (best.0 > 0.8).then_some(best.1)
}
