//! Words from the one catalogue, which the companion keeps.

use std::sync::LazyLock;

use companion::texts::Texts;
pub(crate) use companion::texts::code_of as code;

/// The catalogue.
pub(crate) static TEXTS: LazyLock<Texts> = LazyLock::new(Texts::english);

/// The words of an id with its arguments; the id itself where the catalogue has none.
pub(crate) fn text(id: &str, arguments: &[(&str, &str)]) -> String {
    TEXTS.text(id, arguments)
}
