//! Tray menus, as dbusmenu describes them.

use std::collections::HashMap;

use zbus::zvariant::{Structure, Value};

/// An entry of a tray menu.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct MenuEntry {
    /// Its number, for [`super::TrayItem::activate`].
    pub id: i32,
    /// Its text, without the mark of its access key.
    pub label: String,
    /// It can be chosen.
    pub enabled: bool,
    /// A ticked check mark or a chosen option.
    pub checked: bool,
    /// The entries of its sub-menu.
    pub entries: Vec<MenuEntry>,
}

/// dbusmenu's (id, properties, children), children as variants of the same; none if it is hidden.
pub(super) fn entry(layout: &Structure<'_>) -> Option<MenuEntry> {
    let [id, properties, children] = layout.fields() else {
        return None;
    };
    let properties = HashMap::<String, Value<'_>>::try_from(properties.clone()).ok()?;
    let property = |name: &str| properties.get(name).map(plain);
    let flag = |name: &str| property(name).and_then(|value| bool::try_from(value).ok());
    if flag("visible") == Some(false) {
        return None;
    }
    let label = property("label").and_then(|value| String::try_from(value).ok());
    let state = property("toggle-state").and_then(|value| i32::try_from(value).ok());
    let children = Vec::<Value<'_>>::try_from(children.clone()).unwrap_or_default();
    Some(MenuEntry {
        id: i32::try_from(id.clone()).ok()?,
        // A single underscore marks the access key.
        label: label
            .unwrap_or_default()
            .replace("__", "\0")
            .replace('_', "")
            .replace('\0', "_"),
        enabled: flag("enabled") != Some(false),
        checked: state == Some(1),
        entries: children
            .iter()
            .filter_map(|child| entry(&structure(child)?))
            .collect(),
    })
}

pub(super) fn structure<'a>(value: &Value<'a>) -> Option<Structure<'a>> {
    match plain(value) {
        Value::Structure(structure) => Some(structure),
        _ => None,
    }
}

/// The value, out of its variant.
fn plain<'a>(value: &Value<'a>) -> Value<'a> {
    match value {
        Value::Value(inner) => plain(inner),
        value => value.clone(),
    }
}

/// The entry with this label, anywhere in the menu.
pub(super) fn find(entries: &[MenuEntry], label: &str) -> Option<MenuEntry> {
    entries.iter().find_map(|entry| {
        if entry.label == label {
            Some(entry.clone())
        } else {
            find(&entry.entries, label)
        }
    })
}
