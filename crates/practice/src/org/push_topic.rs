//! PushTopics: the queries that streaming clients subscribe to, made and changed by REST like other records.

use jiff::Timestamp;
use presence::ids::RecordId;
use serde::{Deserialize, Serialize};
use serde_json::{Map, Value};

use super::Org;
use super::mint::prefix;
use crate::records;

/// `NotifyForFields`: which fields' changes make an event of an update.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub enum NotifyForFields {
    /// Those of the record.
    All,
    /// Those the query selects or compares.
    #[default]
    Referenced,
    /// Those it selects.
    Select,
    /// Those it compares.
    Where,
}

/// A PushTopic.
#[derive(Clone, Debug, PartialEq)]
pub struct PushTopic {
    /// `Id`
    pub id: RecordId,
    /// `Name`, that of the channel `/topic/NAME`.
    pub name: String,
    /// `Query`
    pub query: String,
    /// `ApiVersion`
    pub api_version: f64,
    /// `Description`
    pub description: Option<String>,
    /// `IsActive`
    pub is_active: bool,
    /// `NotifyForFields`
    pub notify_for_fields: NotifyForFields,
    /// `NotifyForOperationCreate`
    pub on_create: bool,
    /// `NotifyForOperationUpdate`
    pub on_update: bool,
    /// `NotifyForOperationDelete`
    pub on_delete: bool,
    /// `NotifyForOperationUndelete`; nothing is undeleted here.
    pub on_undelete: bool,
    /// `CreatedDate`
    pub created_at: Timestamp,
    /// `SystemModstamp`
    pub modified_at: Timestamp,
}

/// A write that the org does not take, in the words of the REST API.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
#[serde(rename_all = "camelCase")]
pub struct Unwritable {
    /// For people.
    pub message: String,
    /// Salesforce's code.
    pub error_code: &'static str,
    /// The fields it is about.
    pub fields: Vec<&'static str>,
}

impl Unwritable {
    fn new(error_code: &'static str, field: &'static str, message: impl Into<String>) -> Self {
        Self {
            message: message.into(),
            error_code,
            fields: vec![field],
        }
    }
}

/// The fields of a POST or PATCH.
#[derive(Deserialize)]
#[serde(rename_all = "PascalCase", deny_unknown_fields)]
struct Given {
    name: Option<String>,
    query: Option<String>,
    api_version: Option<f64>,
    description: Option<String>,
    is_active: Option<bool>,
    notify_for_fields: Option<NotifyForFields>,
    notify_for_operation_create: Option<bool>,
    notify_for_operation_update: Option<bool>,
    notify_for_operation_delete: Option<bool>,
    notify_for_operation_undelete: Option<bool>,
}

impl Given {
    fn parse(mut body: Map<String, Value>) -> Result<Self, Unwritable> {
        body.remove("attributes");
        serde_json::from_value(body.into()).map_err(|error| Unwritable {
            message: format!("This is no PushTopic: {error}"),
            error_code: "INVALID_FIELD",
            fields: Vec::new(),
        })
    }

    fn put_on(self, topic: &mut PushTopic) {
        fn put<T>(place: &mut T, given: Option<T>) {
            if let Some(given) = given {
                *place = given;
            }
        }
        put(&mut topic.name, self.name);
        put(&mut topic.query, self.query);
        put(&mut topic.api_version, self.api_version);
        put(&mut topic.description, self.description.map(Some));
        put(&mut topic.is_active, self.is_active);
        put(&mut topic.notify_for_fields, self.notify_for_fields);
        put(&mut topic.on_create, self.notify_for_operation_create);
        put(&mut topic.on_update, self.notify_for_operation_update);
        put(&mut topic.on_delete, self.notify_for_operation_delete);
        put(&mut topic.on_undelete, self.notify_for_operation_undelete);
    }
}

/// Of a name, characters.
const LONGEST_NAME: usize = 25;
/// Of a query, characters.
const LONGEST_QUERY: usize = 1_300;
/// Topics of an org, in its largest edition (salesforce.md).
const MOST: usize = 100;
/// PushTopics need an API version above that.
const OLD_API: f64 = 20.0;

impl Org {
    /// All PushTopics, oldest first.
    pub fn push_topics(&self) -> &[PushTopic] {
        &self.push_topics
    }

    /// The PushTopic of this name that can be subscribed to.
    pub fn active_topic(&self, name: &str) -> Option<&PushTopic> {
        self.push_topics
            .iter()
            .find(|topic| topic.name == name && topic.is_active)
    }

    /// What an administrator sets up for streaming: a PushTopic that tells of changes of presence.
    pub fn set_up_streaming(&mut self, now: Timestamp) {
        self.push_topics.push(PushTopic {
            id: self.mint.next(prefix::PUSH_TOPIC),
            name: "HoldlinePresence".to_owned(),
            query:
                "SELECT Id, UserId, ServicePresenceStatusId, IsCurrentState, StatusStartDate, SystemModstamp \
                    FROM UserServicePresence"
                    .to_owned(),
            api_version: 67.0,
            description: None,
            is_active: true,
            notify_for_fields: NotifyForFields::All,
            on_create: true,
            on_update: true,
            on_delete: true,
            on_undelete: true,
            created_at: now,
            modified_at: now,
        });
    }

    /// `POST sobjects/PushTopic`; answers the new record's id.
    pub fn create_push_topic(
        &mut self,
        now: Timestamp,
        body: Map<String, Value>,
    ) -> Result<RecordId, Unwritable> {
        let given = Given::parse(body)?;
        let missing = [
            ("Name", given.name.is_none()),
            ("Query", given.query.is_none()),
            ("ApiVersion", given.api_version.is_none()),
        ];
        if let Some((field, _)) = missing.into_iter().find(|(_, missing)| *missing) {
            let message = format!("Required fields are missing: [{field}]");
            return Err(Unwritable::new("REQUIRED_FIELD_MISSING", field, message));
        }
        if self.push_topics.len() == MOST {
            let message = format!("An org has at most {MOST} PushTopics; delete one");
            return Err(Unwritable::new("LIMIT_EXCEEDED", "Name", message));
        }
        let mut topic = PushTopic {
            id: self.mint.next(prefix::PUSH_TOPIC),
            name: String::new(),
            query: String::new(),
            api_version: 0.0,
            description: None,
            is_active: true,
            notify_for_fields: NotifyForFields::default(),
            on_create: true,
            on_update: true,
            on_delete: true,
            on_undelete: true,
            created_at: now,
            modified_at: now,
        };
        given.put_on(&mut topic);
        self.check_push_topic(now, &topic)?;
        let id = topic.id;
        self.push_topics.push(topic);
        Ok(id)
    }

    /// `PATCH sobjects/PushTopic/ID`; false where there is none.
    pub fn change_push_topic(
        &mut self,
        now: Timestamp,
        id: RecordId,
        body: Map<String, Value>,
    ) -> Result<bool, Unwritable> {
        let given = Given::parse(body)?;
        let Some(place) = self.push_topics.iter().position(|topic| topic.id == id) else {
            return Ok(false);
        };
        let mut topic = self.push_topics[place].clone();
        given.put_on(&mut topic);
        self.check_push_topic(now, &topic)?;
        topic.modified_at = now;
        self.push_topics[place] = topic;
        Ok(true)
    }

    /// `DELETE sobjects/PushTopic/ID`; false where there is none.
    pub fn delete_push_topic(&mut self, id: RecordId) -> bool {
        let before = self.push_topics.len();
        self.push_topics.retain(|topic| topic.id != id);
        self.push_topics.len() < before
    }

    fn check_push_topic(&self, now: Timestamp, topic: &PushTopic) -> Result<(), Unwritable> {
        let name = topic.name.as_str();
        let plain = |c: char| c.is_ascii_alphanumeric() || c == '_' || c == '-';
        if name.is_empty() || name.chars().count() > LONGEST_NAME || !name.chars().all(plain) {
            let message = format!("Name: 1 to {LONGEST_NAME} letters, digits, - and _");
            return Err(Unwritable::new("STRING_TOO_LONG", "Name", message));
        }
        let same = |other: &PushTopic| other.id != topic.id && other.name.eq_ignore_ascii_case(name);
        if self.push_topics.iter().any(same) {
            let message = format!("duplicate value found: Name duplicates value on a PushTopic: {name}");
            return Err(Unwritable::new("DUPLICATE_VALUE", "Name", message));
        }
        if topic.api_version <= OLD_API || topic.api_version > f64::from(records::NEWEST_API) {
            let message = format!("ApiVersion: above {OLD_API}, at most {}", records::NEWEST_API);
            return Err(Unwritable::new("INVALID_FIELD", "ApiVersion", message));
        }
        if topic.query.chars().count() > LONGEST_QUERY {
            let message = format!("Query: at most {LONGEST_QUERY} characters");
            return Err(Unwritable::new("STRING_TOO_LONG", "Query", message));
        }
        records::check_topic_query(self, now, &topic.query)
            .map_err(|(error_code, message)| Unwritable::new(error_code, "Query", message))
    }
}
