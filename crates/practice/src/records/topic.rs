//! The query of a PushTopic: over one object that can be streamed, with its Id, without what only makes sense
//! for a list of rows.

use jiff::Timestamp;

use super::query::{Resolved, Run, Test, from};
use super::rows::Row;
use super::schema::Object;
use crate::org::Org;
use crate::soql::{Condition, Path, Query, Select, SoqlError, parse};

/// Of this org's objects those that PushTopics take (Streaming API, "Supported PushTopic Queries"): AgentWork,
/// VoiceCall and User are not on that list.
const STREAMED: [&str; 1] = ["UserServicePresence"];

/// A checked query.
pub(crate) struct TopicQuery<'q> {
    run: Run<'q>,
    selected: Vec<Resolved>,
    test: Option<Test>,
    compared: Vec<&'static str>,
}

impl<'q> TopicQuery<'q> {
    /// Checks a parsed query.
    pub(crate) fn new(
        org: &'q Org,
        now: Timestamp,
        soql: &'q str,
        query: &'q Query,
    ) -> Result<Self, SoqlError> {
        let run = Run {
            org,
            now,
            base: "",
            soql,
            query,
            object: from(org, soql, &query.from)?,
        };
        let Select::Fields(paths) = &query.select else {
            return Err(SoqlError::malformed(
                soql,
                0,
                "A PushTopic needs fields, not COUNT()",
            ));
        };
        let plain = |path: &Path| {
            let resolved = run.resolve(path)?;
            if resolved.steps.is_empty() {
                Ok(resolved)
            } else {
                let what = "relationships are not supported in the query of a PushTopic";
                Err(SoqlError::field(soql, path.at, what))
            }
        };
        let selected = paths.iter().map(plain).collect::<Result<Vec<_>, _>>()?;
        let mut compared = Vec::new();
        if let Some(condition) = &query.filter {
            for path in paths_of(condition) {
                compared.push(plain(path)?.field.name);
            }
        }
        let test = query.filter.as_ref().map(|filter| run.test(filter)).transpose()?;
        Ok(Self {
            run,
            selected,
            test,
            compared,
        })
    }

    pub(crate) fn object(&self) -> &'static Object {
        self.run.object
    }

    /// The selected fields.
    pub(crate) fn selected(&self) -> Vec<&'static str> {
        self.selected.iter().map(|path| path.field.name).collect()
    }

    /// The fields of its conditions.
    pub(crate) fn compared(&self) -> Vec<&'static str> {
        self.compared.clone()
    }

    /// Whether a record meets its conditions.
    pub(crate) fn passes(&self, row: &Row) -> bool {
        self.test.as_ref().is_none_or(|test| self.run.passes(test, row))
    }
}

/// Why a text is no query for a PushTopic: Salesforce's code and a message.
pub(crate) fn check_topic_query(org: &Org, now: Timestamp, soql: &str) -> Result<(), (&'static str, String)> {
    let told = |error: SoqlError| (error.error_code, error.message);
    let query = parse(soql).map_err(told)?;
    let checked = TopicQuery::new(org, now, soql, &query).map_err(told)?;
    let object = checked.object().name;
    if !STREAMED.contains(&object) {
        let message = format!("sObject type '{object}' is not supported in the query of a PushTopic");
        return Err(("INVALID_TYPE", message));
    }
    if !checked.selected().contains(&"Id") {
        let message = "The query of a PushTopic must select the field Id".to_owned();
        return Err(("INVALID_FIELD", message));
    }
    if !query.order.is_empty() || query.limit.is_some() || query.offset != 0 {
        let message = "ORDER BY, LIMIT and OFFSET are not supported in the query of a PushTopic".to_owned();
        return Err(("MALFORMED_QUERY", message));
    }
    Ok(())
}

/// The fields that a checked query selects; none where it is no longer good.
pub(crate) fn topic_fields(org: &Org, now: Timestamp, soql: &str) -> Vec<&'static str> {
    let query = parse(soql).ok();
    let checked = query.as_ref().map(|query| TopicQuery::new(org, now, soql, query));
    checked
        .and_then(Result::ok)
        .map_or_else(Vec::new, |checked| checked.selected())
}

fn paths_of(condition: &Condition) -> Vec<&Path> {
    match condition {
        Condition::And(conditions) | Condition::Or(conditions) => {
            conditions.iter().flat_map(paths_of).collect()
        }
        Condition::Compare { path, .. } | Condition::In { path, .. } => vec![path],
        Condition::Not(condition) => paths_of(condition),
    }
}
