//! Why a query is refused, in Salesforce's words and shape.

use serde::Serialize;

/// An error of the query resource.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, thiserror::Error)]
#[error("{error_code}: {message}")]
#[serde(rename_all = "camelCase")]
pub(crate) struct SoqlError {
    /// For people, with the place in the query.
    pub(crate) message: String,
    /// MALFORMED_QUERY, INVALID_FIELD, INVALID_TYPE or INVALID_QUERY_FILTER_OPERATOR.
    pub(crate) error_code: &'static str,
}

/// Characters of the query shown around the place.
const AROUND: usize = 40;

impl SoqlError {
    /// The query is no SOQL.
    pub(crate) fn malformed(query: &str, at: usize, what: &str) -> Self {
        Self::at("MALFORMED_QUERY", query, at, what)
    }

    /// A field that the object does not have, or cannot be compared so.
    pub(crate) fn field(query: &str, at: usize, what: &str) -> Self {
        Self::at("INVALID_FIELD", query, at, what)
    }

    /// An object that does not exist here.
    pub(crate) fn object(query: &str, at: usize, name: &str) -> Self {
        let what = format!(
            "sObject type '{name}' is not supported. Please reference your WSDL or the describe call for the \
             appropriate names."
        );
        Self::at("INVALID_TYPE", query, at, &what)
    }

    /// A value that no id can have.
    pub(crate) fn id(query: &str, at: usize, value: &str) -> Self {
        let what = format!("invalid ID field: {value}");
        Self::at("INVALID_QUERY_FILTER_OPERATOR", query, at, &what)
    }

    fn at(error_code: &'static str, query: &str, at: usize, what: &str) -> Self {
        let at = (0..=at.min(query.len()))
            .rev()
            .find(|&at| query.is_char_boundary(at))
            .unwrap_or(0);
        let (before, after) = query.split_at(at);
        let row = before.matches('\n').count() + 1;
        let line_before = before.rsplit('\n').next().unwrap_or_default();
        let column = line_before.chars().count() + 1;
        let skipped = line_before.chars().count().saturating_sub(AROUND);
        let shown_before: String = line_before.chars().skip(skipped).collect();
        let line_after = after.split('\n').next().unwrap_or_default();
        let shown_after: String = line_after.chars().take(AROUND).collect();
        let arrow = " ".repeat(shown_before.chars().count());
        Self {
            message: format!(
                "\n{shown_before}{shown_after}\n{arrow}^\nERROR at Row:{row}:Column:{column}\n{what}"
            ),
            error_code,
        }
    }
}
