//! The text catalogue: every word by code and arguments, from one Fluent file that the window uses too.

use std::sync::Arc;

use fluent_bundle::concurrent::FluentBundle;
use fluent_bundle::{FluentArgs, FluentResource};
use serde::Serialize;
use unic_langid::langid;

const ENGLISH: &str = include_str!("../texts/en.ftl");

/// The catalogue. Cheap to clone.
#[derive(Clone)]
pub struct Texts {
    bundle: Arc<FluentBundle<FluentResource>>,
}

impl Texts {
    /// The English catalogue.
    pub fn english() -> Self {
        // A test reads the whole file, so what is lost here on an error is seen there.
        let resource = FluentResource::try_new(ENGLISH.to_owned()).unwrap_or_else(|(partial, _)| partial);
        let mut bundle = FluentBundle::new_concurrent(vec![langid!("en")]);
        // Terminals and notifications show the isolation marks as boxes.
        bundle.set_use_isolating(false);
        let _ = bundle.add_resource(resource);
        Self {
            bundle: Arc::new(bundle),
        }
    }

    /// The text of a code, or the code itself where the catalogue lacks it.
    pub fn text(&self, code: &str, args: &[(&str, &str)]) -> String {
        self.find(code, None, args).unwrap_or_else(|| code.to_owned())
    }

    /// An attribute of a text, for example a problem's `remedy`.
    pub fn attribute(&self, code: &str, attribute: &str, args: &[(&str, &str)]) -> String {
        self.find(code, Some(attribute), args)
            .unwrap_or_else(|| code.to_owned())
    }

    fn find(&self, code: &str, attribute: Option<&str>, args: &[(&str, &str)]) -> Option<String> {
        let message = self.bundle.get_message(code)?;
        let pattern = match attribute {
            Some(attribute) => message.get_attribute(attribute)?.value(),
            None => message.value()?,
        };
        let args: FluentArgs<'_> = args.iter().copied().collect();
        Some(
            self.bundle
                .format_pattern(pattern, Some(&args), &mut Vec::new())
                .into_owned(),
        )
    }
}

impl std::fmt::Debug for Texts {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str("Texts")
    }
}

/// The stable snake_case code of a field-less enum value, as it stands in JSON and in the catalogue.
pub fn code_of(value: &impl Serialize) -> String {
    match serde_json::to_value(value) {
        Ok(serde_json::Value::String(code)) => code,
        Ok(_) | Err(_) => String::new(),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_catalogue_has_no_errors() {
        FluentResource::try_new(ENGLISH.to_owned())
            .map_err(|(_, errors)| errors)
            .unwrap();
    }
}
