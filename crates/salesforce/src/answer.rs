//! Parsing the content of a happy answer.

use jiff::Timestamp;
use serde::de::DeserializeOwned;
use serde::{Deserialize, Deserializer};

use crate::error::Error;

/// Parses JSON. A row that cannot be read fails the whole answer: a list with holes would let the guard
/// believe that a call has ended.
pub(crate) fn parse<T: DeserializeOwned>(status: u16, body: &[u8], object: &str) -> Result<T, Error> {
    serde_json::from_slice(body).map_err(|error| {
        // The error's own text may quote the value; where it is says enough.
        let (line, column) = (error.line(), error.column());
        tracing::info!(object, line, column, category = ?error.classify(), "an answer could not be parsed");
        Error::malformed(status)
    })
}

/// A time as Salesforce writes it (`2026-01-31T08:00:00.000+0000`), absent when null.
pub(crate) fn time<'de, D: Deserializer<'de>>(deserializer: D) -> Result<Option<Timestamp>, D::Error> {
    let text = Option::<String>::deserialize(deserializer)?;
    text.map(|text| text.parse().map_err(serde::de::Error::custom))
        .transpose()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[derive(Deserialize)]
    struct Row {
        #[serde(default, deserialize_with = "time")]
        at: Option<Timestamp>,
    }

    #[test]
    fn salesforce_times_are_read() {
        let at = |json: &str| parse::<Row>(200, json.as_bytes(), "x").map(|row| row.at);
        let eight = Some("2026-01-31T08:00:00Z".parse().unwrap());
        assert_eq!(at(r#"{"at":"2026-01-31T08:00:00.000+0000"}"#), Ok(eight));
        assert_eq!(at(r#"{"at":"2026-01-31T08:00:00.000Z"}"#), Ok(eight));
        assert_eq!(at(r#"{"at":null}"#), Ok(None));
        assert_eq!(at("{}"), Ok(None));
        assert_eq!(at(r#"{"at":"noon"}"#), Err(Error::malformed(200)));
    }
}
