//! A policy in macOS' managed preferences, as a configuration profile sets it: a dictionary a section.

use std::path::Path;

use plist::{Dictionary, Value as Plist};
use toml::Value;

use super::document::{Document, Given};
use super::finding::Finding;

/// The preferences' domain: the app's bundle identifier.
pub const PREFERENCES_DOMAIN: &str = "io.holdline.Holdline";

/// Reads a property list, XML or binary: the preferences, or a configuration profile that sets them.
pub(super) fn read(path: &Path) -> Document {
    match Plist::from_file(path) {
        Ok(Plist::Dictionary(list)) => match list.get("PayloadContent").and_then(Plist::as_array) {
            Some(payloads) => match payloads.iter().find_map(ours) {
                Some(sections) => document(sections, path),
                None => Document::unreadable(
                    path,
                    &std::io::Error::other(format!("no payload in it has the type {PREFERENCES_DOMAIN}")),
                ),
            },
            None => document(&list, path),
        },
        Ok(_) => Document::unreadable(path, &std::io::Error::other("it is no dictionary of sections")),
        Err(error) => Document::unreadable(path, &error),
    }
}

/// A payload of a profile, if it is for Holdline.
fn ours(payload: &Plist) -> Option<&Dictionary> {
    let payload = payload.as_dictionary()?;
    let kind = payload.get("PayloadType")?.as_string()?;
    (kind == PREFERENCES_DOMAIN).then_some(payload)
}

fn document(sections: &Dictionary, path: &Path) -> Document {
    let place = path.display().to_string();
    let mut given = Vec::new();
    let mut findings = Vec::new();
    for (section, inner) in sections {
        // What macOS adds to every payload.
        if section.starts_with("Payload") {
            continue;
        }
        let Some(inner) = inner.as_dictionary() else {
            findings.push(Finding {
                place: place.clone(),
                line: None,
                key: Some(section.clone()),
                reason: format!("{section} is no section"),
                remedy: "Make it a dictionary, such as guard with the key policy in it.".to_owned(),
            });
            continue;
        };
        for (key, value) in inner {
            match converted(value) {
                Some(value) => given.push(Given {
                    section: section.clone(),
                    key: key.clone(),
                    value,
                    line: None,
                }),
                None => findings.push(Finding {
                    place: place.clone(),
                    line: None,
                    key: Some(format!("{section}.{key}")),
                    reason: "no setting has a value of this type".to_owned(),
                    remedy: "Use string, integer, true, false or an array of them.".to_owned(),
                }),
            }
        }
    }
    let mut document = Document::of(given, &place, None);
    document.findings.extend(findings);
    document
}

fn converted(value: &Plist) -> Option<Value> {
    match value {
        Plist::Array(items) => items
            .iter()
            .map(converted)
            .collect::<Option<Vec<_>>>()
            .map(Value::Array),
        Plist::Boolean(value) => Some(Value::Boolean(*value)),
        Plist::Integer(number) => number.as_signed().map(Value::Integer),
        Plist::String(text) => Some(Value::String(text.clone())),
        _ => None,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn read_text(inner: &str) -> Document {
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join("io.holdline.Holdline.plist");
        let text = format!("<?xml version=\"1.0\"?><plist version=\"1.0\">{inner}</plist>");
        std::fs::write(&path, text).unwrap();
        read(&path)
    }

    #[test]
    fn a_profile_sets_sections() {
        let document = read_text(
            "<dict><key>PayloadUUID</key><string>x</string><key>guard</key><dict><key>policy</key>\
             <string>block</string></dict><key>trace</key><dict><key>enabled</key><false/></dict>\
             <key>loopback</key><dict><key>ports</key><array><integer>4711</integer></array></dict></dict>",
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
                "trace.enabled = false",
                "loopback.ports = [4711]"
            ]
        );
    }

    #[test]
    fn what_is_wrong_is_named() {
        let document = read_text(
            "<dict><key>guard</key><dict><key>policy</key><real>1</real><key>wrap_up</key><true/></dict>\
             <key>mode</key><string>observe</string></dict>",
        );
        assert!(document.entries.is_empty());
        let said: Vec<String> = document.findings.iter().map(Finding::to_string).collect();
        assert_eq!(said.len(), 3, "{said:?}");
        for part in [
            "guard.policy: no setting",
            "guard.wrap_up: invalid type",
            "mode is no section",
        ] {
            assert!(said.iter().any(|said| said.contains(part)), "{part}: {said:?}");
        }
        assert!(read_text("<array/>").findings[0].reason.contains("dictionary"));
        assert_eq!(read_text("<dict>").findings.len(), 1);
    }
}
