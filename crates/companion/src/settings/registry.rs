//! A policy in the Windows registry, as Group Policy and Intune write it: a key a section, a value a setting.
//!
//! Text is REG_SZ, true and false and numbers REG_DWORD, a list REG_MULTI_SZ. What the values mean is decided here,
//! without a registry; reading them is the platform's room.

use std::collections::BTreeMap;

use toml::Value;

use super::document::{Document, Given};
use super::finding::Finding;
use super::keys::{self, Kind};

/// The key below HKEY_LOCAL_MACHINE and HKEY_CURRENT_USER.
pub const REGISTRY_KEY: &str = r"Software\Policies\Holdline";

/// One value.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum RegistryValue {
    /// REG_DWORD or REG_QWORD.
    Number(u64),
    /// REG_SZ or REG_EXPAND_SZ.
    Text(String),
    /// REG_MULTI_SZ.
    Texts(Vec<String>),
    /// Anything else, or a value that can't be read.
    Other,
}

/// Sections, with their values by name.
pub type RegistryValues = BTreeMap<String, BTreeMap<String, RegistryValue>>;

/// `root`: the key that holds the sections, for people.
pub(super) fn document(values: &RegistryValues, root: &str) -> Document {
    let mut given = Vec::new();
    let mut findings = Vec::new();
    for (section, inner) in values {
        for (name, value) in inner {
            // The registry keeps case and does not mind it.
            let (section, name) = (section.to_ascii_lowercase(), name.to_ascii_lowercase());
            let kind = keys::find(&section, &name).map(|key| &key.kind);
            match converted(value, kind) {
                Ok(value) => given.push(Given {
                    section,
                    key: name,
                    value,
                    line: None,
                }),
                Err(wanted) => findings.push(Finding {
                    place: format!(r"{root}\{section}"),
                    line: None,
                    key: Some(format!("{section}.{name}")),
                    reason: "the value's type does not fit".to_owned(),
                    remedy: format!("Write it as {wanted}, or set it with the administrative template."),
                }),
            }
        }
    }
    let mut document = Document::of(given, root, None);
    document.findings.extend(findings);
    document
}

/// The value as TOML has it, or the registry type that is wanted.
fn converted(value: &RegistryValue, kind: Option<&Kind>) -> Result<Value, &'static str> {
    use RegistryValue as V;
    let number = |number: u64| i64::try_from(number).map(Value::Integer).map_err(|_| "REG_DWORD");
    match (kind, value) {
        (Some(Kind::Boolean), V::Number(0)) => Ok(Value::Boolean(false)),
        (Some(Kind::Boolean), V::Number(1)) => Ok(Value::Boolean(true)),
        (Some(Kind::Boolean), _) => Err("REG_DWORD 0 or 1"),
        (Some(Kind::Integer(_)), V::Number(value)) => number(*value),
        (Some(Kind::Integer(_)), _) => Err("REG_DWORD"),
        (Some(Kind::Integers), V::Texts(texts)) => {
            let numbers = lines(texts).map(|text| text.trim().parse().map(Value::Integer));
            let numbers: Result<Vec<Value>, _> = numbers.collect();
            numbers
                .map(Value::Array)
                .map_err(|_| "REG_MULTI_SZ, a number a line")
        }
        (Some(Kind::Integers), V::Number(value)) => number(*value).map(|value| Value::Array(vec![value])),
        (Some(Kind::Integers), _) => Err("REG_MULTI_SZ, a number a line"),
        (Some(Kind::Texts), V::Texts(texts)) => Ok(lines(texts).cloned().collect::<Vec<_>>().into()),
        (Some(Kind::Texts), V::Text(text)) => Ok(vec![text.clone()].into()),
        (Some(Kind::Texts), _) => Err("REG_MULTI_SZ"),
        (Some(Kind::Choice(_) | Kind::Text) | None, V::Text(text)) => Ok(Value::String(text.clone())),
        (Some(Kind::Choice(_) | Kind::Text), _) => Err("REG_SZ"),
        // There is no such key, and that is what will be said.
        (None, _) => Ok(Value::Boolean(false)),
    }
}

/// What a REG_MULTI_SZ says: it ends with an empty text, and is read with that.
fn lines(texts: &[String]) -> impl Iterator<Item = &String> {
    texts.iter().filter(|text| !text.trim().is_empty())
}

/// Reads both hives; the machine's counts before the user's.
#[cfg(windows)]
pub(super) fn read() -> Vec<(&'static str, RegistryValues)> {
    use windows_registry::{CURRENT_USER, LOCAL_MACHINE};
    let hives = [
        ("HKEY_LOCAL_MACHINE", LOCAL_MACHINE),
        ("HKEY_CURRENT_USER", CURRENT_USER),
    ];
    let policies = hives.into_iter().filter_map(|(name, hive)| {
        let root = hive.open(REGISTRY_KEY).ok()?;
        Some((name, values_below(&root)))
    });
    policies.collect()
}

#[cfg(windows)]
fn values_below(root: &windows_registry::Key) -> RegistryValues {
    let mut values = RegistryValues::new();
    for section in root.keys().into_iter().flatten() {
        let Ok(key) = root.open(&section) else { continue };
        let inner = key.values().into_iter().flatten();
        values.insert(
            section,
            inner.map(|(name, value)| (name, value_of(value))).collect(),
        );
    }
    values
}

#[cfg(windows)]
fn value_of(value: windows_registry::Value) -> RegistryValue {
    use windows_registry::Type;
    let read = match value.ty() {
        Type::U32 => u32::try_from(value).map(|number| RegistryValue::Number(number.into())),
        Type::U64 => u64::try_from(value).map(RegistryValue::Number),
        Type::String | Type::ExpandString => String::try_from(value).map(RegistryValue::Text),
        Type::MultiString => Vec::<String>::try_from(value).map(RegistryValue::Texts),
        _ => return RegistryValue::Other,
    };
    read.unwrap_or(RegistryValue::Other)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn values(entries: &[(&str, &str, RegistryValue)]) -> RegistryValues {
        let mut values = RegistryValues::new();
        for (section, name, value) in entries {
            let inner = values.entry((*section).to_owned()).or_default();
            inner.insert((*name).to_owned(), value.clone());
        }
        values
    }

    fn text(text: &str) -> RegistryValue {
        RegistryValue::Text(text.to_owned())
    }

    fn texts(texts: &[&str]) -> RegistryValue {
        RegistryValue::Texts(texts.iter().map(|&text| text.to_owned()).collect())
    }

    #[test]
    fn every_kind_of_value_is_read() {
        let document = document(
            &values(&[
                ("Guard", "Policy", text("block")),
                ("trace", "enabled", RegistryValue::Number(0)),
                ("trace", "megabytes", RegistryValue::Number(4)),
                ("loopback", "ports", texts(&["4711", " 4712", "", ""])),
                ("oauth", "ports", RegistryValue::Number(1717)),
                ("calls", "channels", texts(&["Own_Calls", ""])),
            ]),
            "HKLM",
        );
        assert_eq!(document.findings, []);
        let said: Vec<String> = document
            .entries
            .iter()
            .map(|entry| format!("{}.{} = {}", entry.section, entry.key, entry.value))
            .collect();
        assert_eq!(
            said,
            [
                "guard.policy = \"block\"",
                "calls.channels = [\"Own_Calls\"]",
                "loopback.ports = [4711, 4712]",
                "oauth.ports = [1717]",
                "trace.enabled = false",
                "trace.megabytes = 4",
            ]
        );
    }

    #[test]
    fn everything_that_is_wrong_is_named() {
        let document = document(
            &values(&[
                ("guard", "policy", text("sometimes")),
                ("guard", "polisy", text("block")),
                ("guards", "policy", RegistryValue::Other),
                ("network", "ca_certificates", texts(&["ours.pem"])),
                ("trace", "enabled", text("yes")),
                ("trace", "megabytes", RegistryValue::Number(0)),
                ("loopback", "ports", texts(&["many"])),
            ]),
            r"HKLM\P",
        );
        assert!(document.entries.is_empty(), "{:?}", document.entries);
        let said: Vec<String> = document.findings.iter().map(Finding::to_string).collect();
        for part in [
            r"HKLM\P, guard.policy: unknown variant `sometimes`",
            "there is no key guard.polisy",
            "there is no key guards.policy",
            "\"ours.pem\" is relative",
            r"HKLM\P\trace, trace.enabled: the value's type does not fit",
            "trace.megabytes: megabytes must be at least 1",
            "loopback.ports: the value's type",
        ] {
            assert!(said.iter().any(|said| said.contains(part)), "{part}: {said:#?}");
        }
        assert_eq!(said.len(), 7);
        let remedies: Vec<&str> = document
            .findings
            .iter()
            .map(|finding| finding.remedy.as_str())
            .collect();
        assert!(
            remedies.contains(&"Did you mean guard.policy? Else take it out."),
            "{remedies:?}"
        );
    }
}
