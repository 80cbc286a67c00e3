//! What a condition compares a field with.

use std::cmp::Ordering;

use jiff::Timestamp;
use jiff::civil::Date;
use jiff::tz::TimeZone;

use super::value::{Value, compare};
use crate::soql::Comparison;

/// What a condition compares with.
pub(super) enum Wanted {
    /// A whole day, from its first instant to the next day's.
    Day(Timestamp, Timestamp),
    Value(Value),
}

pub(super) fn day(date: Date) -> Option<Wanted> {
    let start = |date: Date| Some(date.to_zoned(TimeZone::UTC).ok()?.timestamp());
    Some(Wanted::Day(start(date)?, start(date.tomorrow().ok()?)?))
}

impl Wanted {
    pub(super) fn holds(&self, comparison: Comparison, value: &Value) -> bool {
        let ordering = match (self, value) {
            (Self::Day(start, end), Value::DateTime(time)) => Some(if time < start {
                Ordering::Less
            } else if time < end {
                Ordering::Equal
            } else {
                Ordering::Greater
            }),
            (Self::Day(..), _) => None,
            (Self::Value(wanted), value) => compare(value, wanted),
        };
        match comparison {
            Comparison::Equal => ordering == Some(Ordering::Equal),
            Comparison::NotEqual => ordering != Some(Ordering::Equal),
            Comparison::Less => ordering == Some(Ordering::Less),
            Comparison::LessOrEqual => ordering.is_some_and(Ordering::is_le),
            Comparison::Greater => ordering == Some(Ordering::Greater),
            Comparison::GreaterOrEqual => ordering.is_some_and(Ordering::is_ge),
            // Has its own test.
            Comparison::Like => false,
        }
    }
}
