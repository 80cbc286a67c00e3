//! A query as a tree. Positions are byte offsets into the query's text.

use jiff::Timestamp;
use jiff::civil::Date;

/// A whole query.
#[derive(Clone, Debug, PartialEq)]
pub(crate) struct Query {
    pub(crate) select: Select,
    pub(crate) from: Path,
    /// Another name for the object in paths.
    pub(crate) alias: Option<String>,
    pub(crate) filter: Option<Condition>,
    pub(crate) order: Vec<Order>,
    pub(crate) limit: Option<usize>,
    pub(crate) offset: usize,
}

/// What is asked for.
#[derive(Clone, Debug, PartialEq)]
pub(crate) enum Select {
    Count,
    Fields(Vec<Path>),
}

/// A name, or names joined by dots.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct Path {
    pub(crate) names: Vec<String>,
    pub(crate) at: usize,
}

#[derive(Clone, Debug, PartialEq)]
pub(crate) enum Condition {
    And(Vec<Condition>),
    Compare {
        path: Path,
        comparison: Comparison,
        value: Literal,
    },
    In {
        path: Path,
        negated: bool,
        values: Vec<Literal>,
    },
    Not(Box<Condition>),
    Or(Vec<Condition>),
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Comparison {
    Equal,
    Greater,
    GreaterOrEqual,
    Less,
    LessOrEqual,
    Like,
    NotEqual,
}

#[derive(Clone, Debug, PartialEq)]
pub(crate) enum Literal {
    Boolean(bool),
    Date(Date),
    DateTime(Timestamp),
    Null,
    Number(f64),
    /// Between its quotes, escapes still in it: LIKE needs to tell `\%` from `%`.
    Text(String),
    Today,
}

#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct Order {
    pub(crate) path: Path,
    pub(crate) descending: bool,
    pub(crate) nulls_last: bool,
}
