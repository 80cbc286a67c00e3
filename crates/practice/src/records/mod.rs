//! The org's records as the REST API shows them: objects with their fields, rows, queries over them.

mod query;
mod rows;
mod schema;
mod topic;
mod value;
mod wanted;

pub(crate) use query::query;
pub(crate) use rows::{Row, presence_row, row};
pub(crate) use schema::{Field, FieldType, NEWEST_API, OBJECTS, OLDEST_API, Object, object};
pub(crate) use topic::{TopicQuery, check_topic_query, topic_fields};

use crate::org::Org;

/// The object of this name, if the reps may read it.
pub(crate) fn visible_object(org: &Org, name: &str) -> Option<&'static Object> {
    object(name).filter(|object| !org.settings().hides(object.name, None))
}

/// The fields of an object that the reps may read.
pub(crate) fn visible(org: &Org, object: &Object) -> Vec<&'static Field> {
    let settings = org.settings();
    let sees = |field: &&Field| {
        (field.name != "DeveloperName" || settings.view_developer_name)
            && !settings.hides(object.name, Some(field.name))
    };
    object.fields.iter().filter(sees).collect()
}

/// Whether there is such an object (`User`) or field (`User.Name`).
pub(crate) fn exists(name: &str) -> bool {
    match name.split_once('.') {
        None => object(name).is_some(),
        Some((of, field)) => object(of).is_some_and(|object| {
            let same = |known: &Field| known.name.eq_ignore_ascii_case(field);
            object.fields.iter().any(same)
        }),
    }
}

#[cfg(test)]
mod tests;
