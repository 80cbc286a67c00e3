//! The sources laid over each other, key by key.

use std::path::Path;

use toml::{Table, Value};
use wire::support::{SetBy, Setting};

use super::document::{Document, Entry};
use super::file::File;
use super::keys::{self, Key};
use crate::texts::Texts;

/// The rep's file under the policy's sources, the first of which counts most.
pub(super) struct Layers<'a> {
    user: &'a Document,
    user_place: String,
    policies: &'a [(String, Document)],
}

/// A key with what holds.
#[derive(Clone, Debug, PartialEq)]
pub struct Shown {
    /// Which.
    pub key: &'static Key,
    /// What holds, as TOML; `None`: nothing is set, or Holdline finds out.
    pub value: Option<String>,
    /// Who says so.
    pub set_by: SetBy,
    /// The file, registry key or preferences that say so.
    pub place: Option<String>,
    /// The line in the file, from 1.
    pub line: Option<usize>,
}

impl Shown {
    /// In words.
    pub fn told(&self, texts: &Texts) -> Setting {
        let place = self.place.as_ref().map(|place| match self.line {
            Some(line) => format!("{place}, line {line}"),
            None => place.clone(),
        });
        Setting {
            key: self.key.path(),
            label: texts.text(&self.key.label_code(), &[]),
            about: self.key.about.clone(),
            value: self.value.clone(),
            set_by: self.set_by,
            place,
        }
    }
}

impl<'a> Layers<'a> {
    pub(super) fn new(user: &'a Document, path: &Path, policies: &'a [(String, Document)]) -> Self {
        Self {
            user,
            user_place: path.display().to_string(),
            policies,
        }
    }

    /// What the rep sets.
    pub(super) fn user(&self) -> File {
        file_of(self.user.entries.iter())
    }

    /// What the policy sets.
    pub(super) fn policy(&self) -> File {
        let weakest_first = self.policies.iter().rev();
        file_of(weakest_first.flat_map(|(_, document)| document.entries.iter()))
    }

    pub(super) fn is_policys(&self, section: &str, key: &str) -> bool {
        self.in_policy(section, key).is_some()
    }

    pub(super) fn value(&self, section: &str, key: &str) -> Option<&Value> {
        let of_policy = self.in_policy(section, key).map(|(_, entry)| entry);
        let entry = of_policy.or_else(|| find(self.user, section, key));
        entry.map(|entry| &entry.value)
    }

    /// Every key.
    pub(super) fn shown(&self) -> Vec<Shown> {
        keys::keys().iter().map(|key| self.show(key)).collect()
    }

    fn show(&self, key: &'static Key) -> Shown {
        let (section, name) = (key.section.as_str(), key.name.as_str());
        let shown = |entry: &Entry, set_by, place: &str| Shown {
            key,
            value: Some(entry.value.to_string()),
            set_by,
            place: Some(place.to_owned()),
            line: entry.line,
        };
        if let Some((place, entry)) = self.in_policy(section, name) {
            return shown(entry, SetBy::Policy, place);
        }
        if let Some(entry) = find(self.user, section, name) {
            return shown(entry, SetBy::User, &self.user_place);
        }
        Shown {
            key,
            value: key.default.as_ref().map(ToString::to_string),
            set_by: SetBy::BuiltIn,
            place: None,
            line: None,
        }
    }

    fn in_policy(&self, section: &str, key: &str) -> Option<(&str, &Entry)> {
        self.policies.iter().find_map(|(place, document)| {
            let entry = find(document, section, key)?;
            Some((place.as_str(), entry))
        })
    }
}

fn find<'a>(document: &'a Document, section: &str, key: &str) -> Option<&'a Entry> {
    let mut entries = document.entries.iter();
    entries.find(|entry| entry.section == section && entry.key == key)
}

/// Later entries count more. Each has been read by itself already, so that together they can be read too.
fn file_of<'a>(entries: impl Iterator<Item = &'a Entry>) -> File {
    let mut sections = Table::new();
    for entry in entries {
        let section = sections
            .entry(entry.section.clone())
            .or_insert_with(|| Value::Table(Table::new()));
        if let Value::Table(section) = section {
            section.insert(entry.key.clone(), entry.value.clone());
        }
    }
    sections.try_into().unwrap_or_default()
}
