//! The org's records as the REST API shows them: objects with their fields, rows, queries over them.

mod query;
mod rows;
mod schema;
mod value;
mod wanted;

pub(crate) use query::query;
pub(crate) use rows::row;
pub(crate) use schema::{Field, FieldType, OBJECTS, Object, object};

use crate::org::Org;

/// The fields of an object that the reps may read.
pub(crate) fn visible(org: &Org, object: &Object) -> Vec<&'static Field> {
    let sees = |field: &&Field| field.name != "DeveloperName" || org.settings().view_developer_name;
    object.fields.iter().filter(sees).collect()
}

#[cfg(test)]
mod tests;
