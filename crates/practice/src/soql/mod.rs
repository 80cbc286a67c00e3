//! SOQL: the query language of the REST API, as far as a client of Omni-Channel needs it.
//!
//! `SELECT fields | COUNT() FROM object [alias] [WHERE …] [ORDER BY …] [LIMIT n] [OFFSET n]`, with
//! relationship paths, `AND`/`OR`/`NOT` and parentheses, `= != <> < <= > >= LIKE IN NOT IN`, null, booleans,
//! numbers, texts with escapes, dates, datetimes and `TODAY`. As in Salesforce, AND and OR are not mixed
//! without parentheses. Errors carry Salesforce's code and the position in the query.

mod ast;
mod error;
mod lex;
mod like;
mod parse;

pub(crate) use ast::{Comparison, Condition, Literal, Path, Query, Select};
pub(crate) use error::SoqlError;
pub(crate) use like::{Pattern, plain};
pub(crate) use parse::parse;

#[cfg(test)]
mod tests;
