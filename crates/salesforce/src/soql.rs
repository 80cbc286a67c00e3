//! SOQL: quoting values, and reading every page of an answer.

use serde::Deserialize;
use serde::de::DeserializeOwned;

use crate::client::Client;
use crate::error::Error;

/// No list of ours is longer than this many pages (of 200 to 2,000 rows).
const MOST_PAGES: usize = 100;

/// A text as a SOQL string literal, quotes included. Every value in a query goes through here.
pub fn literal(text: &str) -> String {
    let mut quoted = String::with_capacity(text.len() + 2);
    quoted.push('\'');
    for c in text.chars() {
        match c {
            '\\' => quoted.push_str("\\\\"),
            '\'' => quoted.push_str("\\'"),
            '"' => quoted.push_str("\\\""),
            '\n' => quoted.push_str("\\n"),
            '\r' => quoted.push_str("\\r"),
            '\t' => quoted.push_str("\\t"),
            '\u{8}' => quoted.push_str("\\b"),
            '\u{c}' => quoted.push_str("\\f"),
            c => quoted.push(c),
        }
    }
    quoted.push('\'');
    quoted
}

/// Values as the list of an `IN`.
pub(crate) fn list<T: ToString>(values: &[T]) -> String {
    let literals: Vec<String> = values.iter().map(|value| literal(&value.to_string())).collect();
    format!("({})", literals.join(", "))
}

#[derive(Deserialize)]
#[serde(rename_all = "camelCase")]
pub(crate) struct Page<T> {
    pub(crate) done: bool,
    pub(crate) next_records_url: Option<String>,
    pub(crate) records: Vec<T>,
}

impl Client {
    /// Every row of a query. `object` is the object it asks for, in errors.
    pub(crate) async fn query<T: DeserializeOwned>(&self, soql: &str, object: &str) -> Result<Vec<T>, Error> {
        let path = format!("{}/query", self.data_path().await?);
        let first: Page<T> = self.json(&path, &[("q", soql)], object).await?;
        self.every_page(first, object).await
    }

    /// The rows of a first page and of all that follow it.
    pub(crate) async fn every_page<T: DeserializeOwned>(
        &self,
        first: Page<T>,
        object: &str,
    ) -> Result<Vec<T>, Error> {
        let mut page = first;
        let mut rows = std::mem::take(&mut page.records);
        for _ in 1..MOST_PAGES {
            if page.done {
                return Ok(rows);
            }
            // An unfinished answer that leads nowhere is not a complete list.
            let next = page.next_records_url.ok_or(Error::malformed(200))?;
            page = self.json(&next, &[], object).await?;
            rows.append(&mut page.records);
        }
        if page.done {
            Ok(rows)
        } else {
            Err(Error::malformed(200))
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    #[test]
    fn quotes_cannot_be_closed_from_inside() {
        assert_eq!(literal("O'Brien"), r"'O\'Brien'");
        assert_eq!(literal(r"\' OR Id != '"), r"'\\\' OR Id != \''");
        assert_eq!(list(&["a", "b"]), "('a', 'b')");
    }

    proptest! {
        #[test]
        fn a_literal_is_one_literal(text in any::<String>()) {
            let quoted = literal(&text);
            let inside = &quoted[1..quoted.len() - 1];
            let mut chars = inside.chars();
            let mut read = String::new();
            while let Some(c) = chars.next() {
                prop_assert_ne!(c, '\'');
                read.push(match c {
                    '\\' => match chars.next() {
                        Some('n') => '\n',
                        Some('r') => '\r',
                        Some('t') => '\t',
                        Some('b') => '\u{8}',
                        Some('f') => '\u{c}',
                        Some(c @ ('\\' | '\'' | '"')) => c,
                        other => panic!("{other:?}"),
                    },
                    c => c,
                });
            }
            prop_assert_eq!(read, text);
        }
    }
}
