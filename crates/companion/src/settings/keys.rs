//! Every key, as a table: made from the schema of [`File`], and so from the types that read the files.

use std::sync::LazyLock;

use schemars::generate::SchemaSettings;
use serde_json::Value;

use super::file::File;

/// One key of the settings.
#[derive(Clone, Debug, PartialEq)]
pub struct Key {
    /// The section, as in `[guard]`.
    pub section: String,
    /// The key in it.
    pub name: String,
    /// What it is for, as administrators read it.
    pub about: String,
    /// What it may hold.
    pub kind: Kind,
    /// What stands where nobody sets it; `None`: nothing, or what Holdline finds out.
    pub default: Option<Value>,
    /// Whether it holds paths, relative to the file that sets them.
    pub is_path: bool,
}

/// What a key may hold.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Kind {
    /// True or false.
    Boolean,
    /// One of these words.
    Choice(Vec<String>),
    /// A whole number, at least this.
    Integer(u64),
    /// Whole numbers.
    Integers,
    /// A text.
    Text,
    /// Texts.
    Texts,
}

impl Key {
    /// `section.key`.
    pub fn path(&self) -> String {
        format!("{}.{}", self.section, self.name)
    }

    /// The text that names it in the catalogue.
    pub fn label_code(&self) -> String {
        format!("setting-{}-{}", self.section, self.name)
    }

    /// What may be written, in words, as an error's remedy says it.
    pub(super) fn wants(&self) -> String {
        match &self.kind {
            Kind::Boolean => "Write true or false.".to_owned(),
            Kind::Choice(words) => {
                let words: Vec<String> = words.iter().map(|word| format!("{word:?}")).collect();
                format!("Write one of {}.", words.join(", "))
            }
            Kind::Integer(least) => format!("Write a whole number from {least} on."),
            Kind::Integers => "Write a list of whole numbers, such as [4711, 4712].".to_owned(),
            Kind::Text => "Write a text in quotation marks; docs/settings.md says which.".to_owned(),
            Kind::Texts => "Write a list of texts, such as [\"one\", \"two\"].".to_owned(),
        }
    }
}

static KEYS: LazyLock<Vec<Key>> = LazyLock::new(|| read(&schema()));

/// Every key, in the order of sections and keys.
pub fn keys() -> &'static [Key] {
    &KEYS
}

pub(super) fn is_section(name: &str) -> bool {
    keys().iter().any(|key| key.section == name)
}

pub(super) fn find(section: &str, name: &str) -> Option<&'static Key> {
    keys()
        .iter()
        .find(|key| key.section == section && key.name == name)
}

/// The JSON Schema of a settings file, for editors and for checks without Holdline.
pub fn schema() -> Value {
    let settings = SchemaSettings::draft2020_12().with(|settings| settings.inline_subschemas = true);
    let mut schema = settings
        .into_generator()
        .into_root_schema_for::<File>()
        .to_value();
    tidy(&mut schema);
    schema["$id"] = "https://holdline.io/schemas/policy.schema.json".into();
    schema
}

/// What only Rust needs is left out: every key may be absent, but none may be null; the sections' defaults and the
/// names of Rust's types say nothing.
fn tidy(value: &mut Value) {
    if let Some(object) = value.as_object_mut() {
        if let Some(Value::Array(types)) = object.get_mut("type") {
            types.retain(|name| name != "null");
            if let [only] = types.as_slice() {
                let only = only.clone();
                object.insert("type".to_owned(), only);
            }
        }
        object.remove("format");
        object.remove("$defs");
        if object
            .get("default")
            .is_some_and(|value| value.is_object() || value.is_null())
        {
            object.remove("default");
        }
        // Our texts are wrapped in the source; a schema's are one line.
        if let Some(Value::String(text)) = object.get_mut("description") {
            *text = text.replace('\n', " ");
        }
        // The sections' comments are for the source's readers.
        if object.contains_key("properties") {
            object.remove("description");
        }
    }
    match value {
        Value::Array(items) => items.iter_mut().for_each(tidy),
        Value::Object(object) => object.values_mut().for_each(tidy),
        _ => {}
    }
}

fn read(schema: &Value) -> Vec<Key> {
    let members = |value: &Value| {
        let properties = value["properties"].as_object().cloned();
        properties.into_iter().flatten()
    };
    members(schema)
        .flat_map(|(section, inner)| members(&inner).map(move |(name, key)| (section.clone(), name, key)))
        .map(|(section, name, key)| Key {
            section,
            name,
            about: key["description"].as_str().unwrap_or_default().to_owned(),
            kind: kind(&key),
            default: key.get("default").cloned(),
            is_path: key["x-path"] == Value::Bool(true),
        })
        .collect()
}

fn kind(key: &Value) -> Kind {
    if let Some(words) = key["enum"].as_array() {
        let words = words.iter().filter_map(Value::as_str);
        return Kind::Choice(words.map(str::to_owned).collect());
    }
    match (key["type"].as_str(), key["items"]["type"].as_str()) {
        (Some("boolean"), _) => Kind::Boolean,
        (Some("integer"), _) => Kind::Integer(key["minimum"].as_u64().unwrap_or(0)),
        (Some("array"), Some("integer")) => Kind::Integers,
        (Some("array"), _) => Kind::Texts,
        _ => Kind::Text,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_key_says_what_it_is_for() {
        assert!(keys().len() > 20, "{}", keys().len());
        for key in keys() {
            assert!(key.about.ends_with('.'), "{}: {:?}", key.path(), key.about);
            assert!(!key.about.contains('\n'), "{}", key.path());
        }
        let policy = find("guard", "policy").unwrap();
        assert_eq!(policy.kind, Kind::Choice(vec!["queue".into(), "block".into()]));
        assert_eq!(policy.default, Some("queue".into()));
        assert_eq!(find("loopback", "ports").unwrap().kind, Kind::Integers);
        assert_eq!(find("calls", "channels").unwrap().kind, Kind::Texts);
        assert_eq!(find("trace", "enabled").unwrap().kind, Kind::Boolean);
        assert_eq!(find("trace", "megabytes").unwrap().kind, Kind::Integer(1));
        assert!(find("sync", "rules").unwrap().is_path);
    }
}
