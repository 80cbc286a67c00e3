//! Words from the one catalogue, `crates/companion/texts/en.ftl`.

use std::sync::LazyLock;

use fluent_bundle::concurrent::FluentBundle;
use fluent_bundle::{FluentArgs, FluentResource};
use serde::Serialize;

static CATALOGUE: LazyLock<FluentBundle<FluentResource>> = LazyLock::new(|| {
    let source = include_str!("../../crates/companion/texts/en.ftl").to_owned();
    // A test reads the catalogue without errors; should one get through, the rest of the words still serves.
    let resource = FluentResource::try_new(source).unwrap_or_else(|(resource, _)| resource);
    let mut bundle = FluentBundle::new_concurrent(vec![unic_langid::langid!("en")]);
    bundle.set_use_isolating(false);
    let _ = bundle.add_resource(resource);
    bundle
});

/// The words of an id with its arguments; the id itself where the catalogue has none.
pub(crate) fn text(id: &str, arguments: &[(&str, &str)]) -> String {
    format(id, None, arguments)
}

/// Likewise for an id's attribute.
pub(crate) fn attribute(id: &str, name: &str, arguments: &[(&str, &str)]) -> String {
    format(id, Some(name), arguments)
}

fn format(id: &str, attribute: Option<&str>, arguments: &[(&str, &str)]) -> String {
    let message = CATALOGUE.get_message(id);
    let pattern = message.and_then(|message| match attribute {
        None => message.value(),
        Some(name) => Some(message.get_attribute(name)?.value()),
    });
    let Some(pattern) = pattern else {
        tracing::error!(id, "no text");
        return id.to_owned();
    };
    let arguments: FluentArgs<'_> = arguments.iter().copied().collect();
    CATALOGUE.format_pattern(pattern, Some(&arguments), &mut Vec::new()).into_owned()
}

/// The snake_case name of a code.
pub(crate) fn code(code: &impl Serialize) -> String {
    match serde_json::to_value(code) {
        Ok(serde_json::Value::String(name)) => name,
        _ => String::new(),
    }
}
