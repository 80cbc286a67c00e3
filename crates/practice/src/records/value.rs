//! A field's value.

use std::cmp::Ordering;

use jiff::Timestamp;
use presence::ids::RecordId;

/// A field's value.
#[derive(Clone, Debug, PartialEq)]
pub(crate) enum Value {
    Boolean(bool),
    DateTime(Timestamp),
    Id(RecordId),
    Null,
    Number(f64),
    Text(String),
}

impl Value {
    /// As the REST API writes it.
    pub(crate) fn json(&self) -> serde_json::Value {
        match self {
            Self::Boolean(value) => (*value).into(),
            Self::DateTime(time) => time.strftime("%Y-%m-%dT%H:%M:%S%.3f+0000").to_string().into(),
            Self::Id(id) => id.as_str().into(),
            Self::Null => serde_json::Value::Null,
            // Whole numbers are written without a point.
            Self::Number(number) if number.fract() == 0.0 => (*number as i64).into(),
            Self::Number(number) => (*number).into(),
            Self::Text(text) => text.as_str().into(),
        }
    }
}

impl From<bool> for Value {
    fn from(value: bool) -> Self {
        Self::Boolean(value)
    }
}

impl From<RecordId> for Value {
    fn from(id: RecordId) -> Self {
        Self::Id(id)
    }
}

impl From<Timestamp> for Value {
    fn from(time: Timestamp) -> Self {
        Self::DateTime(time)
    }
}

impl From<&str> for Value {
    fn from(text: &str) -> Self {
        Self::Text(text.to_owned())
    }
}

impl<T: Into<Self>> From<Option<T>> for Value {
    fn from(value: Option<T>) -> Self {
        value.map_or(Self::Null, Into::into)
    }
}

/// Two values of one type; texts without regard to case. Null equals null and has no order.
pub(super) fn compare(a: &Value, b: &Value) -> Option<Ordering> {
    match (a, b) {
        (Value::Boolean(a), Value::Boolean(b)) => Some(a.cmp(b)),
        (Value::DateTime(a), Value::DateTime(b)) => Some(a.cmp(b)),
        (Value::Id(a), Value::Id(b)) => Some(a.cmp(b)),
        (Value::Null, Value::Null) => Some(Ordering::Equal),
        (Value::Number(a), Value::Number(b)) => a.partial_cmp(b),
        (Value::Text(a), Value::Text(b)) => Some(a.to_lowercase().cmp(&b.to_lowercase())),
        _ => None,
    }
}
