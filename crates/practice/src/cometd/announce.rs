//! Which PushTopics tell of a change of a record, and what they say.

use jiff::Timestamp;
use serde_json::{Map, Value as Json};

use super::broker::Draft;
use crate::org::{Change, NotifyForFields, Org, PushTopic};
use crate::records::{self, Row, TopicQuery};
use crate::soql;

/// The events of these changes, in order.
pub(crate) fn announce(org: &Org, now: Timestamp, changes: &[Change]) -> Vec<Draft> {
    let mut drafts = Vec::new();
    for change in changes {
        for topic in org.push_topics().iter().filter(|topic| topic.is_active) {
            drafts.extend(draft(org, now, change, topic));
        }
    }
    drafts
}

fn draft(org: &Org, now: Timestamp, change: &Change, topic: &PushTopic) -> Option<Draft> {
    // It was checked when the topic was made; a field that was hidden since then silences it.
    let query = soql::parse(&topic.query).ok()?;
    let query = TopicQuery::new(org, now, &topic.query, &query).ok()?;
    if query.object().name != change.object {
        return None;
    }
    let row =
        |row: &Option<crate::org::PresenceRow>| row.as_ref().map(|row| records::presence_row(org, row, now));
    let (before, after) = (row(&change.before), row(&change.after));
    let (kind, told, row) = match (&before, &after) {
        (None, Some(after)) => ("created", topic.on_create, after),
        (Some(before), Some(after)) => {
            let told = topic.on_update && concerns(topic, &query, before, after);
            ("updated", told, after)
        }
        (Some(before), None) => ("deleted", topic.on_delete, before),
        (None, None) => return None,
    };
    if !told || !query.passes(row) {
        return None;
    }
    // Of a deleted record only its id is told.
    let fields: Vec<&'static str> = if kind == "deleted" {
        vec!["Id"]
    } else {
        query.selected()
    };
    let sobject: Map<String, Json> = fields
        .iter()
        .map(|name| ((*name).to_owned(), row.value(name).json()))
        .collect();
    Some(Draft {
        topic: topic.name.clone(),
        kind,
        sobject: sobject.into(),
        // A filter is about the record, also when it is gone.
        fields: query
            .selected()
            .into_iter()
            .map(|name| (name, text(row.value(name).json())))
            .collect(),
    })
}

/// Whether a change of these fields counts (`NotifyForFields`).
fn concerns(topic: &PushTopic, query: &TopicQuery<'_>, before: &Row, after: &Row) -> bool {
    let changed = |fields: Vec<&'static str>| {
        fields
            .into_iter()
            .any(|field| before.value(field) != after.value(field))
    };
    match topic.notify_for_fields {
        NotifyForFields::All => true,
        NotifyForFields::Referenced => changed(query.selected()) || changed(query.compared()),
        NotifyForFields::Select => changed(query.selected()),
        NotifyForFields::Where => changed(query.compared()),
    }
}

fn text(value: Json) -> String {
    match value {
        Json::String(text) => text,
        other => other.to_string(),
    }
}
