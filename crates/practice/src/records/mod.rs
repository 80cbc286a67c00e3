//! The org's records as the REST API shows them: objects with their fields, rows, queries over them.

mod query;
mod rows;
mod schema;

pub(crate) use query::query;
pub(crate) use rows::row;
pub(crate) use schema::{FieldType, OBJECTS, Object, object};

#[cfg(test)]
mod tests;
