//! The table of keys says what the code does.

use super::*;

/// A value of the table as TOML writes it.
fn text_of(value: &serde_json::Value) -> String {
    let value: Value = serde_json::from_value(value.clone()).unwrap();
    value.to_string()
}

#[test]
fn each_default_in_the_table_is_what_stands_without_the_key() {
    let built_in = settings("", "");
    for key in keys() {
        let Some(default) = &key.default else { continue };
        let file = format!("[{}]\n{} = {}", key.section, key.name, text_of(default));
        assert_eq!(settings(&file, ""), built_in, "{file}");
        assert_eq!(settings("", &file), built_in, "{file}");
    }
}

#[test]
fn the_words_in_the_table_are_those_that_can_be_read() {
    for key in keys() {
        let Kind::Choice(words) = &key.kind else { continue };
        let file = |word: &str| format!("[{}]\n{} = {word:?}", key.section, key.name);
        for word in words {
            assert_eq!(
                Machine::with("", &file(word)).load().findings,
                [],
                "{}",
                file(word)
            );
        }
        // serde names those it knows.
        let about = Machine::with("", &file("no such word")).about();
        let known = about.matches('`').count() / 2 - 1;
        assert_eq!(known, words.len(), "{about}");
    }
}

#[test]
fn every_key_stands_in_the_documentation() {
    let text = fs::read_to_string(concat!(env!("CARGO_MANIFEST_DIR"), "/../../docs/settings.md")).unwrap();
    for key in keys() {
        assert!(
            text.contains(&format!("| `{}` |", key.path())),
            "{} is not in docs/settings.md",
            key.path()
        );
    }
    let rows = text.lines().filter(|line| line.starts_with("| `")).count();
    assert_eq!(rows, keys().len(), "docs/settings.md has a key that there is not");
}

#[test]
fn every_key_has_a_name_that_people_read() {
    let texts = crate::texts::Texts::english();
    for key in keys() {
        let code = key.label_code();
        assert_ne!(texts.text(&code, &[]), code, "add `{code} = …` to texts/en.ftl");
    }
}
