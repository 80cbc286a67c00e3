//! Reads the template as Group Policy does, and Holdline what Group Policy then writes.

use std::collections::BTreeSet;
use std::fs;

use companion::settings::{PolicySource, RegistryValue, SetBy, keys, load};
use roxmltree::{Document, Node};

use super::{admx, root};

fn child<'a>(node: Node<'a, 'a>, name: &str) -> Option<Node<'a, 'a>> {
    node.children().find(|child| child.has_tag_name_of(name))
}

trait Named {
    fn has_tag_name_of(&self, name: &str) -> bool;
}

impl Named for Node<'_, '_> {
    /// Whatever the namespace.
    fn has_tag_name_of(&self, name: &str) -> bool {
        self.is_element() && self.tag_name().name() == name
    }
}

/// Everything Group Policy's editor can write for a policy.
fn choices(policy: Node<'_, '_>) -> Vec<(String, RegistryValue)> {
    let name = |node: Node<'_, '_>| node.attribute("valueName").expect("a value's name").to_owned();
    let Some(elements) = child(policy, "elements") else {
        let decimal = |word| {
            let value = child(policy, word)
                .and_then(|node| child(node, "decimal"))
                .expect("a decimal");
            RegistryValue::Number(value.attribute("value").unwrap().parse().unwrap())
        };
        let on_and_off = ["enabledValue", "disabledValue"].map(decimal);
        return on_and_off
            .into_iter()
            .map(|value| (name(policy), value))
            .collect();
    };
    let element = elements.first_element_child().expect("an element");
    let one = |value| vec![(name(element), value)];
    let section = policy.attribute("key").unwrap().rsplit('\\').next().unwrap();
    let value = name(element);
    match element.tag_name().name() {
        "enum" => element
            .descendants()
            .filter(|node| node.has_tag_name_of("string"))
            .map(|node| {
                (
                    value.clone(),
                    RegistryValue::Text(node.text().unwrap().to_owned()),
                )
            })
            .collect(),
        "decimal" => one(RegistryValue::Number(
            element.attribute("minValue").unwrap().parse().unwrap(),
        )),
        "multiText" if value == "ports" => one(RegistryValue::Texts(vec!["4711".into(), "4712".into()])),
        "multiText" if value == "origins" => {
            one(RegistryValue::Texts(vec!["https://phone.example.com".into()]))
        }
        "multiText" if value == "tokens" => one(RegistryValue::Texts(vec![format!(
            "report:{}:Phone",
            "a".repeat(43)
        )])),
        "multiText" if value == "ca_certificates" => one(RegistryValue::Texts(vec![certificate()])),
        "multiText" => one(RegistryValue::Texts(vec!["Some name".into()])),
        "text" => one(RegistryValue::Text(sample(section, &value))),
        other => panic!("no such element: {other}"),
    }
}

fn certificate() -> String {
    let path = root().join("crates/companion/tests/policy_files/ca.pem");
    path.display().to_string()
}

/// A text that a key with a form of its own takes.
fn sample(section: &str, key: &str) -> String {
    match (section, key) {
        (_, "every" | "idle_after" | "interval" | "longest_hold") => "90m".to_owned(),
        ("sync", "rules") => root()
            .join("crates/rules/examples/rules.toml")
            .display()
            .to_string(),
        ("network", "proxy") => "http://proxy.example:3128".to_owned(),
        ("telephony", "amazon_connect") => "https://acme.my.connect.aws".to_owned(),
        ("telephony", "login") => "https://sso.example/start".to_owned(),
        ("telemetry", "endpoint") => "https://collector.example:4318".to_owned(),
        _ => "Some-name".to_owned(),
    }
}

#[test]
fn every_setting_can_be_set_and_is_read() {
    let text = admx::definitions();
    let template = Document::parse(&text).expect("well-formed XML");
    let policies = template
        .descendants()
        .filter(|node| node.has_tag_name_of("policy"));
    let mut set = BTreeSet::new();
    for policy in policies {
        let (section, choices) = (policy.attribute("key").unwrap(), choices(policy));
        let section = section
            .strip_prefix(r"Software\Policies\Holdline\")
            .expect("below Holdline's key");
        for (name, value) in choices {
            let source = PolicySource::Registry {
                root: "HKEY_LOCAL_MACHINE".to_owned(),
                values: [(section.to_owned(), [(name.clone(), value.clone())].into())].into(),
            };
            let loaded = load("".as_ref(), &[source]);
            assert_eq!(loaded.findings, [], "{section}.{name} = {value:?}");
            let by_policy = loaded.shown.iter().filter(|shown| shown.set_by == SetBy::Policy);
            let by_policy: Vec<String> = by_policy.map(|shown| shown.key.path()).collect();
            assert_eq!(by_policy, [format!("{section}.{name}")]);
            set.extend(by_policy);
        }
    }
    let all: BTreeSet<String> = keys().iter().map(|key| key.path()).collect();
    assert_eq!(set, all);
}

#[test]
fn every_word_and_presentation_is_there_and_used() {
    let (definitions, words) = (admx::definitions(), admx::words());
    let words = Document::parse(&words).expect("well-formed XML");
    for kind in ["string", "presentation"] {
        let given: BTreeSet<String> = words
            .descendants()
            .filter(|node| node.has_tag_name_of(kind))
            .map(|node| node.attribute("id").unwrap().to_owned())
            .collect();
        let open = format!("$({kind}.");
        let wanted: BTreeSet<String> = definitions
            .split(&open)
            .skip(1)
            .map(|rest| rest.split(')').next().unwrap().to_owned())
            .collect();
        assert_eq!(given, wanted, "{kind}");
    }
    // A presentation's parts refer to an element of the policy of the same name.
    let template = Document::parse(&definitions).unwrap();
    let elements: BTreeSet<&str> = template
        .descendants()
        .filter(|node| node.has_attribute("valueName"))
        .filter_map(|node| node.attribute("id"))
        .collect();
    let referred: BTreeSet<&str> = words
        .descendants()
        .filter_map(|node| node.attribute("refId"))
        .collect();
    assert_eq!(referred, elements);
}

#[test]
fn the_test_s_own_certificate_is_one() {
    assert!(
        fs::read_to_string(certificate())
            .unwrap()
            .contains("BEGIN CERTIFICATE")
    );
}
