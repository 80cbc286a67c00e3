//! Runs a query over the org's records.

use std::cmp::Ordering;

use jiff::Timestamp;
use jiff::tz::TimeZone;
use presence::ids::RecordId;
use serde_json::{Map, Value as Json, json};

use super::rows::{Row, row, rows};
use super::schema::{Field, FieldType, Object};
use super::value::{Value, compare};
use super::wanted::{Wanted, day};
use super::{visible, visible_object};
use crate::org::Org;
use crate::soql::{Comparison, Condition, Literal, Path, Pattern, Query, Select, SoqlError, parse, plain};

/// The answer to a query.
#[derive(Clone, Debug, PartialEq)]
pub(crate) struct QueryResult {
    /// How many rows there are; for COUNT() that is all there is to say.
    pub(crate) total: usize,
    /// The records, in Salesforce's JSON.
    pub(crate) records: Vec<Json>,
    /// The object and the fields asked for, for `columns=true`.
    pub(crate) entity: &'static str,
    pub(crate) columns: Vec<(String, FieldType)>,
}

/// Parses a query, checks it against the objects and runs it. `base` is the path of `sobjects`.
pub(crate) fn query(org: &Org, now: Timestamp, base: &str, soql: &str) -> Result<QueryResult, SoqlError> {
    let query = parse(soql)?;
    let run = Run {
        org,
        now,
        base,
        soql,
        query: &query,
        object: from(org, soql, &query.from)?,
    };
    run.run()
}

pub(super) fn from(org: &Org, soql: &str, path: &Path) -> Result<&'static Object, SoqlError> {
    let name = path.names.join(".");
    visible_object(org, &name).ok_or_else(|| SoqlError::object(soql, path.at, &name))
}

pub(super) struct Run<'q> {
    pub(super) org: &'q Org,
    pub(super) now: Timestamp,
    pub(super) base: &'q str,
    pub(super) soql: &'q str,
    pub(super) query: &'q Query,
    pub(super) object: &'static Object,
}

/// A path that was checked against the objects: relationships to follow, then a field.
pub(super) struct Resolved {
    pub(super) steps: Vec<(&'static Field, &'static str, &'static Object)>,
    pub(super) field: &'static Field,
}

/// A condition that was checked: every path is a field and every value fits it.
pub(super) enum Test {
    All(Vec<Test>),
    Any(Vec<Test>),
    Field(Resolved, Box<dyn Fn(&Value) -> bool>),
    Not(Box<Test>),
}

impl Run<'_> {
    fn run(&self) -> Result<QueryResult, SoqlError> {
        let fields = match &self.query.select {
            Select::Count => Vec::new(),
            Select::Fields(paths) => paths
                .iter()
                .map(|path| self.resolve(path))
                .collect::<Result<_, _>>()?,
        };
        let test = self
            .query
            .filter
            .as_ref()
            .map(|filter| self.test(filter))
            .transpose()?;
        let order: Vec<_> = self
            .query
            .order
            .iter()
            .map(|order| Ok((self.resolve(&order.path)?, order)))
            .collect::<Result<_, SoqlError>>()?;
        let mut found: Vec<Row> = rows(self.org, self.now, self.object)
            .into_iter()
            .filter(|row| test.as_ref().is_none_or(|test| self.passes(test, row)))
            .collect();
        found.sort_by(|a, b| {
            order.iter().fold(Ordering::Equal, |ordering, (path, order)| {
                ordering.then_with(|| {
                    let (a, b) = (self.follow(path, a), self.follow(path, b));
                    match (&a, &b) {
                        (Value::Null, Value::Null) => Ordering::Equal,
                        (Value::Null, _) if order.nulls_last => Ordering::Greater,
                        (Value::Null, _) => Ordering::Less,
                        (_, Value::Null) if order.nulls_last => Ordering::Less,
                        (_, Value::Null) => Ordering::Greater,
                        _ if order.descending => compare(&b, &a).unwrap_or(Ordering::Equal),
                        _ => compare(&a, &b).unwrap_or(Ordering::Equal),
                    }
                })
            })
        });
        let found: Vec<Row> = found
            .into_iter()
            .skip(self.query.offset)
            .take(self.query.limit.unwrap_or(usize::MAX))
            .collect();
        let records = match self.query.select {
            Select::Count => Vec::new(),
            Select::Fields(_) => found.iter().map(|row| self.record(row, &fields)).collect(),
        };
        Ok(QueryResult {
            total: found.len(),
            records,
            entity: self.object.name,
            columns: fields
                .iter()
                .map(|path| (path.to_string(), path.field.kind))
                .collect(),
        })
    }

    pub(super) fn resolve(&self, path: &Path) -> Result<Resolved, SoqlError> {
        let mut names = path.names.as_slice();
        if let [first, rest @ ..] = names
            && !rest.is_empty()
            && self.is_our_name(first)
            && self.object.relationship(first).is_none()
        {
            names = rest;
        }
        let mut object = self.object;
        let mut steps = Vec::new();
        let [relationships @ .., name] = names else {
            return Err(SoqlError::malformed(self.soql, path.at, "a field is missing"));
        };
        for relationship in relationships {
            let step = object.relationship(relationship);
            let step = step.filter(|(_, _, to)| visible_object(self.org, to.name).is_some());
            let step = step.ok_or_else(|| {
                let what = format!(
                    "Didn't understand relationship '{relationship}' in field path of '{}'.",
                    object.name
                );
                SoqlError::field(self.soql, path.at, &what)
            })?;
            object = step.2;
            steps.push(step);
        }
        let visible = visible(self.org, object).into_iter();
        let mut same = visible.filter(|field| field.name.eq_ignore_ascii_case(name));
        let field = same.next().ok_or_else(|| {
            let what = format!(
                "No such column '{name}' on entity '{}'. If you are attempting to use a custom field, be sure \
                 to append the '__c' after the custom field name. Please reference your WSDL or the describe \
                 call for the appropriate names.",
                object.name
            );
            SoqlError::field(self.soql, path.at, &what)
        })?;
        Ok(Resolved { steps, field })
    }

    fn is_our_name(&self, name: &str) -> bool {
        let alias = self.query.alias.as_deref();
        name.eq_ignore_ascii_case(self.object.name)
            || alias.is_some_and(|alias| alias.eq_ignore_ascii_case(name))
    }

    pub(super) fn test(&self, condition: &Condition) -> Result<Test, SoqlError> {
        let all = |conditions: &[Condition]| {
            conditions
                .iter()
                .map(|condition| self.test(condition))
                .collect::<Result<Vec<_>, _>>()
        };
        Ok(match condition {
            Condition::And(conditions) => Test::All(all(conditions)?),
            Condition::Or(conditions) => Test::Any(all(conditions)?),
            Condition::Not(condition) => Test::Not(Box::new(self.test(condition)?)),
            Condition::Compare {
                path,
                comparison: Comparison::Like,
                value: Literal::Text(raw),
            } => {
                let pattern = Pattern::new(raw);
                let resolved = self.resolve(path)?;
                if !matches!(resolved.field.kind, FieldType::Text | FieldType::Picklist) {
                    return Err(self.misfit(path, &resolved, "cannot be compared with LIKE"));
                }
                Test::Field(
                    resolved,
                    Box::new(move |value| matches!(value, Value::Text(text) if pattern.matches(text))),
                )
            }
            Condition::Compare {
                path,
                comparison,
                value,
            } => {
                let resolved = self.resolve(path)?;
                let wanted = self.wanted(path, &resolved, value)?;
                let comparison = *comparison;
                Test::Field(resolved, Box::new(move |value| wanted.holds(comparison, value)))
            }
            Condition::In {
                path,
                negated,
                values,
            } => {
                let resolved = self.resolve(path)?;
                let wanted = values
                    .iter()
                    .map(|value| self.wanted(path, &resolved, value))
                    .collect::<Result<Vec<_>, _>>()?;
                let negated = *negated;
                Test::Field(
                    resolved,
                    Box::new(move |value| {
                        wanted.iter().any(|wanted| wanted.holds(Comparison::Equal, value)) != negated
                    }),
                )
            }
        })
    }

    /// A literal as a value of the field's type.
    fn wanted(&self, path: &Path, resolved: &Resolved, literal: &Literal) -> Result<Wanted, SoqlError> {
        let misfit = |what| Err(self.misfit(path, resolved, what));
        let fits = match (resolved.field.kind, literal) {
            (_, Literal::Null) => Wanted::Value(Value::Null),
            (FieldType::Boolean, Literal::Boolean(value)) => Wanted::Value((*value).into()),
            (FieldType::Boolean, _) => return misfit("must be of type boolean, true or false"),
            (FieldType::DateTime, Literal::DateTime(time)) => Wanted::Value((*time).into()),
            (FieldType::DateTime, Literal::Date(date)) => {
                day(*date).ok_or_else(|| self.misfit(path, resolved, "is out of range"))?
            }
            (FieldType::DateTime, Literal::Today) => {
                let today = self.now.to_zoned(TimeZone::UTC).date();
                day(today).ok_or_else(|| self.misfit(path, resolved, "is out of range"))?
            }
            (FieldType::DateTime, _) => {
                return misfit("must be of type dateTime and should not be enclosed in quotes");
            }
            (FieldType::Double | FieldType::Int | FieldType::Percent, Literal::Number(number)) => {
                Wanted::Value(Value::Number(*number))
            }
            (FieldType::Double | FieldType::Int | FieldType::Percent, _) => {
                return misfit("must be a number and should not be enclosed in quotes");
            }
            (FieldType::Id | FieldType::Reference(..), Literal::Text(raw)) => {
                let text = plain(raw);
                let id: RecordId = text
                    .parse()
                    .map_err(|_| SoqlError::id(self.soql, path.at, &text))?;
                Wanted::Value(id.into())
            }
            (FieldType::Picklist | FieldType::Text, Literal::Text(raw)) => {
                Wanted::Value(Value::Text(plain(raw)))
            }
            _ => return misfit("must be of type string and should be enclosed in quotes"),
        };
        Ok(fits)
    }

    fn misfit(&self, path: &Path, resolved: &Resolved, what: &str) -> SoqlError {
        let what = format!(
            "value of filter criterion for field '{}' {what}",
            resolved.field.name
        );
        SoqlError::field(self.soql, path.at, &what)
    }

    pub(super) fn passes(&self, test: &Test, row: &Row) -> bool {
        match test {
            Test::All(tests) => tests.iter().all(|test| self.passes(test, row)),
            Test::Any(tests) => tests.iter().any(|test| self.passes(test, row)),
            Test::Field(path, holds) => holds(&self.follow(path, row)),
            Test::Not(test) => !self.passes(test, row),
        }
    }

    /// The value at the end of a path; null where a reference on the way is.
    fn follow(&self, path: &Resolved, row: &Row) -> Value {
        let mut here = row.clone();
        for (field, _, object) in &path.steps {
            match self.target(&here, field, object) {
                Some(target) => here = target,
                None => return Value::Null,
            }
        }
        here.value(path.field.name).clone()
    }

    fn target(&self, from: &Row, field: &Field, to: &Object) -> Option<Row> {
        match from.value(field.name) {
            Value::Id(id) => row(self.org, self.now, to, *id),
            _ => None,
        }
    }

    fn record(&self, row: &Row, fields: &[Resolved]) -> Json {
        let mut record = self.attributes(self.object, row);
        for path in fields {
            self.put(&mut record, row, &path.steps, path.field);
        }
        Json::Object(record)
    }

    fn put(
        &self,
        record: &mut Map<String, Json>,
        row: &Row,
        steps: &[(&'static Field, &'static str, &'static Object)],
        last: &Field,
    ) {
        let [(field, relationship, object), rest @ ..] = steps else {
            record.insert(last.name.to_owned(), row.value(last.name).json());
            return;
        };
        let Some(target) = self.target(row, field, object) else {
            record.insert((*relationship).to_owned(), Json::Null);
            return;
        };
        let inner = record
            .entry(*relationship)
            .or_insert_with(|| Json::Object(self.attributes(object, &target)));
        if let Json::Object(inner) = inner {
            self.put(inner, &target, rest, last);
        }
    }

    fn attributes(&self, object: &Object, row: &Row) -> Map<String, Json> {
        let id = row.id().map(|id| id.to_string()).unwrap_or_default();
        let mut record = Map::new();
        record.insert(
            "attributes".to_owned(),
            json!({ "type": object.name, "url": format!("{}/{}/{id}", self.base, object.name) }),
        );
        record
    }
}

impl std::fmt::Display for Resolved {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        for (_, relationship, _) in &self.steps {
            write!(f, "{relationship}.")?;
        }
        f.write_str(self.field.name)
    }
}
