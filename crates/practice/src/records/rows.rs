//! The rows of each object, made from the org at the moment they are asked for.

use std::collections::BTreeMap;

use jiff::{SignedDuration, Timestamp};
use presence::ids::RecordId;

use super::schema::Object;
use super::value::Value;
use crate::org::{CallPhase, NotifyForFields, Org, PresenceRow, Work, WorkStatus, catalog};

/// One record: values by field name.
#[derive(Clone, Debug, PartialEq)]
pub(crate) struct Row(BTreeMap<&'static str, Value>);

impl Row {
    /// A field's value; null where the row has none.
    pub(crate) fn value(&self, field: &str) -> &Value {
        self.0.get(field).unwrap_or(&Value::Null)
    }

    /// `Id`
    pub(crate) fn id(&self) -> Option<RecordId> {
        match self.value("Id") {
            Value::Id(id) => Some(*id),
            _ => None,
        }
    }
}

/// All rows of an object, oldest first.
pub(crate) fn rows(org: &Org, now: Timestamp, object: &Object) -> Vec<Row> {
    match object.name {
        "AgentWork" => agent_works(org),
        "Case" | "MessagingSession" => work_items(org, object.name),
        "Organization" => vec![organization(org)],
        "PresenceConfigDeclineReason" => offered_reasons(org),
        "PresenceDeclineReason" => decline_reasons(org),
        "PresenceUserConfig" => vec![default_config(org), rep_config(org)],
        "PresenceUserConfigProfile" => vec![rep_config_profile(org)],
        "PresenceUserConfigUser" => rep_config_users(org),
        "PushTopic" => push_topics(org),
        "ServiceChannel" => channels(org),
        "ServiceChannelStatus" => channel_statuses(org),
        "ServicePresenceStatus" => statuses(org),
        "User" => users(org),
        "UserServicePresence" => presences(org, now),
        "VoiceCall" => voice_calls(org),
        _ => Vec::new(),
    }
}

/// The row with this id.
pub(crate) fn row(org: &Org, now: Timestamp, object: &Object, id: RecordId) -> Option<Row> {
    rows(org, now, object)
        .into_iter()
        .find(|row| row.id() == Some(id))
}

fn agent_works(org: &Org) -> Vec<Row> {
    let works = org.works().iter().enumerate();
    works
        .map(|(place, work)| {
            let channel = &org.catalog.channels[work.channel];
            let owner = org.rep(work.rep).user_id.0;
            let call = work.call.map(|call| &org.calls()[call]);
            let wrapped_up = call.and_then(|call| Some(work.closed_at?.duration_since(call.ended_at?)));
            let timed_out = work.status == WorkStatus::DeclinedOnPushTimeout;
            row_of([
                ("Id", work.id.0.into()),
                ("Name", number_name(place)),
                ("Status", work.status.name().into()),
                ("UserId", owner.into()),
                ("OwnerId", owner.into()),
                ("WorkItemId", work.item.0.into()),
                ("ServiceChannelId", channel.id.into()),
                ("CapacityModel", "TabBased".into()),
                ("CapacityPercentage", number(channel.capacity_percentage)),
                ("IsInterruptible", false.into()),
                ("AssignedDateTime", work.assigned_at.into()),
                (
                    "RequestDateTime",
                    call.map_or(work.assigned_at, |call| call.started_at).into(),
                ),
                ("AcceptDateTime", work.accepted_at.into()),
                ("CloseDateTime", work.closed_at.into()),
                ("DeclineDateTime", work.declined_at.into()),
                ("CancelDateTime", work.canceled_at.into()),
                ("DeclineReason", work.decline_reason.as_deref().into()),
                ("PushTimeout", Value::Number(work.push_timeout_s as f64)),
                (
                    "PushTimeoutDateTime",
                    work.declined_at.filter(|_| timed_out).into(),
                ),
                (
                    "SpeedToAnswer",
                    seconds(work.accepted_at.map(|at| at.duration_since(work.assigned_at))),
                ),
                (
                    "HandleTime",
                    seconds(
                        work.closed_at
                            .zip(work.accepted_at)
                            .map(|(closed, accepted)| closed.duration_since(accepted)),
                    ),
                ),
                ("AfterConversationActualTime", seconds(wrapped_up)),
                ("AcwExtensionCount", number(work.extensions)),
                ("AcwExtensionDuration", whole_seconds(work.extended_ms)),
                ("CreatedDate", work.assigned_at.into()),
                ("LastModifiedDate", work.modified_at.into()),
                ("SystemModstamp", work.modified_at.into()),
                ("IsDeleted", false.into()),
            ])
        })
        .collect()
}

fn voice_calls(org: &Org) -> Vec<Row> {
    org.calls()
        .iter()
        .map(|call| {
            let owner = org.rep(call.rep).user_id.0;
            let disposition = match org.call_phase(call) {
                CallPhase::Queued | CallPhase::Ringing => "new",
                CallPhase::OnCall => "in-progress",
                CallPhase::WrapUp | CallPhase::Over if call.connected_at.is_some() => "completed",
                CallPhase::WrapUp | CallPhase::Over => "missed",
            };
            row_of([
                ("Id", call.id.0.into()),
                ("UserId", owner.into()),
                ("OwnerId", owner.into()),
                ("CallType", "Inbound".into()),
                ("CallDisposition", disposition.into()),
                ("FromPhoneNumber", call.from.as_str().into()),
                ("ToPhoneNumber", "+1 555 0150".into()),
                ("VendorCallKey", call.key.as_str().into()),
                ("VendorType", "ContactCenter".into()),
                ("CallStartDateTime", call.started_at.into()),
                ("CallConnectDateTime", call.connected_at.into()),
                ("CallEndDateTime", call.ended_at.into()),
                (
                    "CallDurationInSeconds",
                    seconds(call.ended_at.map(|at| at.duration_since(call.started_at))),
                ),
                ("CreatedDate", call.started_at.into()),
                ("LastModifiedDate", call.modified_at.into()),
                ("SystemModstamp", call.modified_at.into()),
                ("IsDeleted", false.into()),
            ])
        })
        .collect()
}

fn presences(org: &Org, now: Timestamp) -> Vec<Row> {
    let presences = org.presences().iter();
    presences
        .map(|presence| presence_row(org, presence, now))
        .collect()
}

/// A row of UserServicePresence.
pub(crate) fn presence_row(org: &Org, presence: &PresenceRow, now: Timestamp) -> Row {
    let owner = org.rep(presence.rep).user_id.0;
    let until = presence.ended_at.unwrap_or(now);
    row_of([
        ("Id", presence.id.into()),
        ("Name", Value::Text(format!("{:08}", presence.number))),
        ("UserId", owner.into()),
        ("OwnerId", owner.into()),
        ("ServicePresenceStatusId", presence.status_id.0.into()),
        ("IsCurrentState", presence.ended_at.is_none().into()),
        ("IsAway", false.into()),
        ("ConfiguredCapacity", number(catalog::CAPACITY)),
        ("ConfiguredInterruptCapacity", number(0)),
        ("StatusStartDate", presence.started_at.into()),
        ("StatusEndDate", presence.ended_at.into()),
        (
            "StatusDuration",
            seconds(Some(until.duration_since(presence.started_at))),
        ),
        ("CreatedDate", presence.started_at.into()),
        ("LastModifiedDate", presence.modified_at.into()),
        ("SystemModstamp", presence.modified_at.into()),
        ("IsDeleted", false.into()),
    ])
}

fn push_topics(org: &Org) -> Vec<Row> {
    let topics = org.push_topics().iter();
    topics
        .map(|topic| {
            let fields = match topic.notify_for_fields {
                NotifyForFields::All => "All",
                NotifyForFields::Referenced => "Referenced",
                NotifyForFields::Select => "Select",
                NotifyForFields::Where => "Where",
            };
            row_of([
                ("Id", topic.id.into()),
                ("Name", topic.name.as_str().into()),
                ("Query", topic.query.as_str().into()),
                ("ApiVersion", Value::Number(topic.api_version)),
                ("Description", topic.description.as_deref().into()),
                ("IsActive", topic.is_active.into()),
                ("NotifyForFields", fields.into()),
                ("NotifyForOperationCreate", topic.on_create.into()),
                ("NotifyForOperationUpdate", topic.on_update.into()),
                ("NotifyForOperationDelete", topic.on_delete.into()),
                ("NotifyForOperationUndelete", topic.on_undelete.into()),
                ("CreatedDate", topic.created_at.into()),
                ("LastModifiedDate", topic.modified_at.into()),
                ("SystemModstamp", topic.modified_at.into()),
                ("IsDeleted", false.into()),
            ])
        })
        .collect()
}

/// What was routed, other than calls.
fn work_items(org: &Org, object: &str) -> Vec<Row> {
    let of_object = |work: &&Work| org.catalog.channels[work.channel].related_entity == object;
    let works = org.works().iter().filter(of_object).enumerate();
    works
        .map(|(place, work)| {
            row_of([
                ("Id", work.item.0.into()),
                ("Name", number_name(place)),
                ("CaseNumber", number_name(place)),
                ("OwnerId", org.rep(work.rep).user_id.0.into()),
                ("CreatedDate", work.assigned_at.into()),
                ("SystemModstamp", work.assigned_at.into()),
            ])
        })
        .collect()
}

fn users(org: &Org) -> Vec<Row> {
    org.reps()
        .map(|(_, rep)| {
            row_of([
                ("Id", rep.user_id.0.into()),
                ("Username", rep.username().as_str().into()),
                ("Name", rep.name().as_str().into()),
                ("FirstName", rep.first_name.into()),
                ("LastName", rep.last_name.into()),
                ("Alias", rep.rep.into()),
                ("Email", rep.username().as_str().into()),
                ("IsActive", true.into()),
                ("UserType", "Standard".into()),
                ("ProfileId", org.catalog.profile.into()),
                (
                    "CallCenterId",
                    org.settings()
                        .call_center
                        .then_some(org.catalog.call_center)
                        .into(),
                ),
                ("LocaleSidKey", "en_US".into()),
                ("LanguageLocaleKey", "en_US".into()),
                ("TimeZoneSidKey", "UTC".into()),
                ("CreatedDate", org.created_at.into()),
                ("SystemModstamp", org.created_at.into()),
            ])
        })
        .collect()
}

fn organization(org: &Org) -> Row {
    row_of([
        ("Id", org.id.0.into()),
        ("Name", "Holdline practice org".into()),
        ("OrganizationType", "Developer Edition".into()),
        ("IsSandbox", false.into()),
        ("InstanceName", org.instance.as_str().into()),
        ("LanguageLocaleKey", "en_US".into()),
        ("CreatedDate", org.created_at.into()),
        ("SystemModstamp", org.created_at.into()),
    ])
}

fn default_config(org: &Org) -> Row {
    row_of([
        ("Id", org.catalog.default_config.into()),
        ("DeveloperName", "Default_Presence_Configuration".into()),
        ("MasterLabel", "Default Presence Configuration".into()),
        ("Language", "en_US".into()),
        ("Capacity", number(catalog::CAPACITY)),
        ("HasAfterConvoWorkTimer", false.into()),
        ("HasAcwExtensionEnabled", false.into()),
        ("OptionsIsAutoAcceptEnabled", false.into()),
        ("OptionsIsDeclineEnabled", true.into()),
        ("OptionsIsDeclineReasonEnabled", false.into()),
        ("OptionsIsDisconnectSoundEnabled", false.into()),
        ("OptionsIsRequestSoundEnabled", true.into()),
        ("SystemModstamp", org.created_at.into()),
    ])
}

fn rep_config_profile(org: &Org) -> Row {
    row_of([
        ("Id", org.catalog.rep_config_profile.into()),
        ("PresenceUserConfigId", org.catalog.rep_config.into()),
        ("ProfileId", org.catalog.profile.into()),
        ("SystemModstamp", org.created_at.into()),
    ])
}

fn rep_config_users(org: &Org) -> Vec<Row> {
    let own = org.reps().filter(|(_, rep)| rep.rep == catalog::OWN_CONFIG);
    own.map(|(_, rep)| {
        row_of([
            ("Id", org.catalog.rep_config_user.into()),
            ("PresenceUserConfigId", org.catalog.rep_config.into()),
            ("UserId", rep.user_id.0.into()),
            ("SystemModstamp", org.created_at.into()),
        ])
    })
    .collect()
}

fn rep_config(org: &Org) -> Row {
    let settings = org.settings();
    let status = |label: &Option<String>| {
        let status = label.as_deref().and_then(|label| org.catalog.status(label));
        status.map_or(Value::Null, |status| org.catalog.statuses[status].id.0.into())
    };
    row_of([
        ("Id", org.catalog.rep_config.into()),
        ("DeveloperName", "Service_Reps".into()),
        ("MasterLabel", "Service Reps".into()),
        ("Language", "en_US".into()),
        ("Capacity", number(catalog::CAPACITY)),
        ("HasAfterConvoWorkTimer", (settings.wrap_up_ms > 0).into()),
        ("AfterConvoWorkMaxTime", whole_seconds(settings.wrap_up_ms)),
        (
            "HasAcwExtensionEnabled",
            (settings.wrap_up_extension_ms > 0).into(),
        ),
        (
            "AcwExtensionDuration",
            whole_seconds(settings.wrap_up_extension_ms),
        ),
        ("MaxExtensions", number(settings.most_extensions)),
        ("OptionsIsAutoAcceptEnabled", false.into()),
        ("OptionsIsDeclineEnabled", settings.may_decline.into()),
        (
            "OptionsIsDeclineReasonEnabled",
            (!settings.decline_reasons.is_empty()).into(),
        ),
        ("OptionsIsDisconnectSoundEnabled", false.into()),
        ("OptionsIsRequestSoundEnabled", true.into()),
        ("PresenceStatusOnDeclineId", status(&settings.status_on_decline)),
        (
            "PresenceStatusOnPushTimeoutId",
            status(&settings.status_on_push_timeout),
        ),
        ("SystemModstamp", org.created_at.into()),
    ])
}

fn decline_reasons(org: &Org) -> Vec<Row> {
    let reasons = org.settings().decline_reasons.iter();
    reasons
        .zip(org.catalog.decline_reasons)
        .map(|(label, (id, _))| {
            row_of([
                ("Id", id.into()),
                ("DeveloperName", format!("Reason_{id}").as_str().into()),
                ("MasterLabel", label.as_str().into()),
                ("Language", "en_US".into()),
                ("SystemModstamp", org.created_at.into()),
            ])
        })
        .collect()
}

/// All of them are offered by the reps' configuration.
fn offered_reasons(org: &Org) -> Vec<Row> {
    let reasons = org.settings().decline_reasons.iter();
    reasons
        .zip(org.catalog.decline_reasons)
        .map(|(_, (reason, id))| {
            row_of([
                ("Id", id.into()),
                ("PresenceDeclineReasonId", reason.into()),
                ("PresenceUserConfigId", org.catalog.rep_config.into()),
                ("SystemModstamp", org.created_at.into()),
            ])
        })
        .collect()
}

fn channels(org: &Org) -> Vec<Row> {
    let channels = org.catalog.channels.iter();
    channels
        .map(|channel| {
            row_of([
                ("Id", channel.id.into()),
                ("DeveloperName", channel.developer_name.into()),
                ("MasterLabel", channel.label.into()),
                ("Language", "en_US".into()),
                ("RelatedEntity", channel.related_entity.into()),
                ("SystemModstamp", org.created_at.into()),
            ])
        })
        .collect()
}

fn channel_statuses(org: &Org) -> Vec<Row> {
    let mut rows = Vec::new();
    for status in &org.catalog.statuses {
        for (join, channel) in status.joins.iter().zip(&status.channels) {
            rows.push(row_of([
                ("Id", (*join).into()),
                ("ServiceChannelId", org.catalog.channels[*channel].id.into()),
                ("ServicePresenceStatusId", status.id.0.into()),
                ("SystemModstamp", org.created_at.into()),
            ]));
        }
    }
    rows
}

fn statuses(org: &Org) -> Vec<Row> {
    let statuses = org.catalog.statuses.iter();
    statuses
        .map(|status| {
            row_of([
                ("Id", status.id.0.into()),
                ("DeveloperName", status.developer_name.into()),
                ("MasterLabel", status.label.into()),
                ("Language", "en_US".into()),
                ("SystemModstamp", org.created_at.into()),
            ])
        })
        .collect()
}

fn row_of<const N: usize>(values: [(&'static str, Value); N]) -> Row {
    Row(values.into_iter().collect())
}

fn number(number: u32) -> Value {
    Value::Number(f64::from(number))
}

/// Salesforce counts these in seconds; a part of one is more than none.
fn whole_seconds(ms: u64) -> Value {
    Value::Number(ms.div_ceil(1000) as f64)
}

/// The name of an autonumbered record.
fn number_name(place: usize) -> Value {
    Value::Text(format!("{:08}", place + 1))
}

fn seconds(duration: Option<SignedDuration>) -> Value {
    duration.map_or(Value::Null, |duration| {
        Value::Number(duration.as_secs().max(0) as f64)
    })
}
