//! The administrative template for Group Policy and Intune: what can be set (ADMX), and its English words (ADML).

use std::io;

use companion::settings::{Key, Kind, REGISTRY_KEY, keys};
use companion::texts::Texts;
use quick_xml::Writer;
use quick_xml::events::{BytesDecl, BytesText, Event};

const NAMESPACE: &str = "http://schemas.microsoft.com/GroupPolicy/2006/07/PolicyDefinitions";
const SUPPORTED: &str = "SUPPORTED_Holdline";
const ROOT: &str = "Holdline";

type Xml = Writer<Vec<u8>>;

fn written(body: impl FnOnce(&mut Xml) -> io::Result<()>) -> String {
    let mut xml = Writer::new_with_indent(Vec::new(), b' ', 2);
    let declared = xml.write_event(Event::Decl(BytesDecl::new("1.0", Some("utf-8"), None)));
    declared
        .and_then(|()| body(&mut xml))
        .expect("memory takes everything");
    String::from_utf8(xml.into_inner()).expect("only text was written") + "\n"
}

fn empty(xml: &mut Xml, name: &str, attributes: &[(&str, &str)]) -> io::Result<()> {
    xml.create_element(name)
        .with_attributes(attributes.iter().copied())
        .write_empty()?;
    Ok(())
}

fn within(
    xml: &mut Xml,
    name: &str,
    attributes: &[(&str, &str)],
    inner: impl FnOnce(&mut Xml) -> io::Result<()>,
) -> io::Result<()> {
    xml.create_element(name)
        .with_attributes(attributes.iter().copied())
        .write_inner_content(inner)?;
    Ok(())
}

fn text(xml: &mut Xml, name: &str, attributes: &[(&str, &str)], text: &str) -> io::Result<()> {
    xml.create_element(name)
        .with_attributes(attributes.iter().copied())
        .write_text_content(BytesText::new(text))?;
    Ok(())
}

/// The sections that have keys, each once.
fn sections() -> Vec<&'static str> {
    let mut sections: Vec<&str> = keys().iter().map(|key| key.section.as_str()).collect();
    sections.dedup();
    sections
}

fn id(key: &Key) -> String {
    format!("{}_{}", key.section, key.name)
}

fn string(id: &str) -> String {
    format!("$(string.{id})")
}

/// The ADMX.
pub(crate) fn definitions() -> String {
    let root = [
        ("xmlns", NAMESPACE),
        ("revision", "1.0"),
        ("schemaVersion", "1.0"),
    ];
    written(|xml| {
        within(xml, "policyDefinitions", &root, |xml| {
            within(xml, "policyNamespaces", &[], |xml| {
                empty(
                    xml,
                    "target",
                    &[
                        ("prefix", "holdline"),
                        ("namespace", "Holdline.Policies.Holdline"),
                    ],
                )
            })?;
            empty(xml, "resources", &[("minRequiredRevision", "1.0")])?;
            within(xml, "supportedOn", &[], |xml| {
                within(xml, "definitions", &[], |xml| {
                    empty(
                        xml,
                        "definition",
                        &[("name", SUPPORTED), ("displayName", &string(SUPPORTED))],
                    )
                })
            })?;
            within(xml, "categories", &[], |xml| {
                empty(xml, "category", &[("name", ROOT), ("displayName", &string(ROOT))])?;
                sections().into_iter().try_for_each(|section| {
                    let attributes = [
                        ("name", section),
                        ("displayName", &string(&format!("section_{section}"))),
                    ];
                    within(xml, "category", &attributes, |xml| {
                        empty(xml, "parentCategory", &[("ref", ROOT)])
                    })
                })
            })?;
            within(xml, "policies", &[], |xml| {
                keys().iter().try_for_each(|key| policy(xml, key))
            })
        })
    })
}

fn policy(xml: &mut Xml, key: &Key) -> io::Result<()> {
    let id = id(key);
    let (name, explain) = (string(&id), string(&format!("{id}_explain")));
    let presentation = format!("$(presentation.{id})");
    let place = format!(r"{REGISTRY_KEY}\{}", key.section);
    let mut attributes = vec![
        ("name", id.as_str()),
        ("class", "Both"),
        ("displayName", &name),
        ("explainText", &explain),
        ("key", &place),
    ];
    if key.kind == Kind::Boolean {
        attributes.push(("valueName", &key.name));
    } else {
        attributes.push(("presentation", &presentation));
    }
    let valued = [
        ("id", id.as_str()),
        ("valueName", &key.name),
        ("required", "true"),
    ];
    within(xml, "policy", &attributes, |xml| {
        empty(xml, "parentCategory", &[("ref", &key.section)])?;
        empty(xml, "supportedOn", &[("ref", SUPPORTED)])?;
        match &key.kind {
            Kind::Boolean => {
                within(xml, "enabledValue", &[], |xml| {
                    empty(xml, "decimal", &[("value", "1")])
                })?;
                within(xml, "disabledValue", &[], |xml| {
                    empty(xml, "decimal", &[("value", "0")])
                })
            }
            Kind::Choice(words) => within(xml, "elements", &[], |xml| {
                within(xml, "enum", &valued, |xml| {
                    words.iter().try_for_each(|word| {
                        let name = string(&format!("{id}_{word}"));
                        within(xml, "item", &[("displayName", &name)], |xml| {
                            within(xml, "value", &[], |xml| text(xml, "string", &[], word))
                        })
                    })
                })
            }),
            Kind::Integer(least) => within(xml, "elements", &[], |xml| {
                let least = least.to_string();
                let bounds = [("minValue", least.as_str()), ("maxValue", "1000000")];
                empty(xml, "decimal", &[valued.as_slice(), &bounds].concat())
            }),
            Kind::Integers | Kind::Texts => within(xml, "elements", &[], |xml| {
                empty(
                    xml,
                    "multiText",
                    &[valued.as_slice(), &[("maxLength", "4096")]].concat(),
                )
            }),
            Kind::Text => within(xml, "elements", &[], |xml| {
                empty(
                    xml,
                    "text",
                    &[valued.as_slice(), &[("maxLength", "1023")]].concat(),
                )
            }),
        }
    })
}

/// The ADML.
pub(crate) fn words() -> String {
    let root = [
        ("xmlns", NAMESPACE),
        ("revision", "1.0"),
        ("schemaVersion", "1.0"),
    ];
    written(|xml| {
        within(xml, "policyDefinitionResources", &root, |xml| {
            text(xml, "displayName", &[], "Holdline")?;
            text(
                xml,
                "description",
                &[],
                "Settings of Holdline, the desktop companion for Omni-Channel reps.",
            )?;
            within(xml, "resources", &[], |xml| {
                within(xml, "stringTable", &[], strings)?;
                within(xml, "presentationTable", &[], |xml| {
                    keys().iter().try_for_each(|key| presentation(xml, key))
                })
            })
        })
    })
}

fn strings(xml: &mut Xml) -> io::Result<()> {
    let say = |xml: &mut Xml, id: &str, words: &str| text(xml, "string", &[("id", id)], words);
    say(xml, ROOT, "Holdline")?;
    say(xml, SUPPORTED, "Holdline 0.1 or newer")?;
    for section in sections() {
        say(xml, &format!("section_{section}"), &format!("[{section}]"))?;
    }
    let texts = Texts::english();
    for key in keys() {
        let id = id(key);
        say(
            xml,
            &id,
            &format!("{} ({})", texts.text(&key.label_code(), &[]), key.path()),
        )?;
        let default = match &key.default {
            Some(default) => format!("Without this policy: {default}."),
            None => "Without this policy it is not set.".to_owned(),
        };
        let user = "The rep can't change what this policy sets.";
        say(
            xml,
            &format!("{id}_explain"),
            &format!("{}\n\n{default} {user}", key.about),
        )?;
        if let Kind::Choice(words) = &key.kind {
            for word in words {
                say(xml, &format!("{id}_{word}"), word)?;
            }
        }
    }
    Ok(())
}

fn presentation(xml: &mut Xml, key: &Key) -> io::Result<()> {
    let id = id(key);
    let label = Texts::english().text(&key.label_code(), &[]);
    let named = [("id", id.as_str())];
    let refers = [("refId", id.as_str())];
    match &key.kind {
        Kind::Boolean => Ok(()),
        Kind::Choice(words) => {
            let is_default =
                |word: &String| key.default.as_ref().and_then(|value| value.as_str()) == Some(word);
            let default = words.iter().position(is_default).unwrap_or(0).to_string();
            let attributes = [
                refers.as_slice(),
                &[("noSort", "true"), ("defaultItem", &default)],
            ]
            .concat();
            within(xml, "presentation", &named, |xml| {
                text(xml, "dropdownList", &attributes, &label)
            })
        }
        Kind::Integer(least) => {
            let default = key
                .default
                .as_ref()
                .and_then(|value| value.as_u64())
                .unwrap_or(*least)
                .to_string();
            let attributes = [refers.as_slice(), &[("defaultValue", default.as_str())]].concat();
            within(xml, "presentation", &named, |xml| {
                text(xml, "decimalTextBox", &attributes, &label)
            })
        }
        Kind::Integers | Kind::Texts => within(xml, "presentation", &named, |xml| {
            text(xml, "text", &[], &format!("{label}, one a line:"))?;
            empty(xml, "multiTextBox", &refers)
        }),
        Kind::Text => within(xml, "presentation", &named, |xml| {
            within(xml, "textBox", &refers, |xml| text(xml, "label", &[], &label))
        }),
    }
}
