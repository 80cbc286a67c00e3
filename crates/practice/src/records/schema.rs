//! Objects and fields, as `describe` shows them (salesforce.md "Reading", seed 003).

use crate::org::prefix;

/// The oldest and newest API versions (salesforce.md).
pub(crate) const OLDEST_API: u32 = 32;
pub(crate) const NEWEST_API: u32 = 67;

/// A field's type, as describe names it.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum FieldType {
    Boolean,
    DateTime,
    Double,
    Id,
    Int,
    Percent,
    Picklist,
    /// To a record of this object, by this relationship name; without one it cannot be followed in a query.
    Reference(&'static str, Option<&'static str>),
    Text,
}

impl FieldType {
    /// describe's name for it.
    pub(crate) fn name(self) -> &'static str {
        match self {
            Self::Boolean => "boolean",
            Self::DateTime => "datetime",
            Self::Double => "double",
            Self::Id => "id",
            Self::Int => "int",
            Self::Percent => "percent",
            Self::Picklist => "picklist",
            Self::Reference(..) => "reference",
            Self::Text => "string",
        }
    }
}

/// A field.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Field {
    pub(crate) name: &'static str,
    pub(crate) kind: FieldType,
}

/// An object.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Object {
    pub(crate) name: &'static str,
    pub(crate) label: &'static str,
    pub(crate) plural: &'static str,
    pub(crate) key_prefix: &'static str,
    pub(crate) fields: &'static [Field],
}

impl Object {
    /// The reference field with this relationship name, upper or lower case, the name as it is spelt, and
    /// the object it leads to.
    pub(crate) fn relationship(&self, name: &str) -> Option<(&'static Field, &'static str, &'static Object)> {
        self.fields.iter().find_map(|field| match field.kind {
            FieldType::Reference(to, Some(relationship)) if relationship.eq_ignore_ascii_case(name) => {
                Some((field, relationship, object(to)?))
            }
            _ => None,
        })
    }
}

/// The object of this name, upper or lower case.
pub(crate) fn object(name: &str) -> Option<&'static Object> {
    OBJECTS
        .iter()
        .find(|object| object.name.eq_ignore_ascii_case(name))
}

const fn field(name: &'static str, kind: FieldType) -> Field {
    Field { name, kind }
}

use FieldType::{Boolean, DateTime, Double, Id, Int, Percent, Picklist, Text};

const fn reference(name: &'static str, to: &'static str, relationship: &'static str) -> Field {
    field(name, FieldType::Reference(to, Some(relationship)))
}

/// All objects.
pub(crate) static OBJECTS: [Object; 16] = [
    Object {
        name: "AgentWork",
        label: "Agent Work",
        plural: "Agent Work",
        key_prefix: prefix::AGENT_WORK,
        fields: &[
            field("Id", Id),
            field("Name", Text),
            field("Status", Picklist),
            reference("UserId", "User", "User"),
            reference("OwnerId", "User", "Owner"),
            field("WorkItemId", FieldType::Reference("Name", None)),
            reference("ServiceChannelId", "ServiceChannel", "ServiceChannel"),
            field("CapacityModel", Picklist),
            field("CapacityPercentage", Percent),
            field("CapacityWeight", Double),
            field("IsInterruptible", Boolean),
            field("AssignedDateTime", DateTime),
            field("RequestDateTime", DateTime),
            field("AcceptDateTime", DateTime),
            field("CloseDateTime", DateTime),
            field("DeclineDateTime", DateTime),
            field("CancelDateTime", DateTime),
            field("DeclineReason", Text),
            field("PushTimeout", Int),
            field("PushTimeoutDateTime", DateTime),
            field("SpeedToAnswer", Int),
            field("HandleTime", Int),
            field("AfterConversationActualTime", Int),
            field("AcwExtensionCount", Int),
            field("AcwExtensionDuration", Int),
            field("CreatedDate", DateTime),
            field("LastModifiedDate", DateTime),
            field("SystemModstamp", DateTime),
            field("IsDeleted", Boolean),
        ],
    },
    Object {
        name: "Case",
        label: "Case",
        plural: "Cases",
        key_prefix: prefix::CASE,
        fields: &[
            field("Id", Id),
            field("CaseNumber", Text),
            reference("OwnerId", "User", "Owner"),
            field("CreatedDate", DateTime),
            field("SystemModstamp", DateTime),
        ],
    },
    Object {
        name: "MessagingSession",
        label: "Messaging Session",
        plural: "Messaging Sessions",
        key_prefix: prefix::MESSAGING_SESSION,
        fields: &[
            field("Id", Id),
            field("Name", Text),
            reference("OwnerId", "User", "Owner"),
            field("CreatedDate", DateTime),
            field("SystemModstamp", DateTime),
        ],
    },
    Object {
        name: "Organization",
        label: "Organization",
        plural: "Organizations",
        key_prefix: prefix::ORGANIZATION,
        fields: &[
            field("Id", Id),
            field("Name", Text),
            field("OrganizationType", Picklist),
            field("IsSandbox", Boolean),
            field("InstanceName", Text),
            field("LanguageLocaleKey", Picklist),
            field("NamespacePrefix", Text),
            field("TrialExpirationDate", DateTime),
            field("CreatedDate", DateTime),
            field("SystemModstamp", DateTime),
        ],
    },
    Object {
        name: "PresenceConfigDeclineReason",
        label: "Presence Configuration Decline Reason",
        plural: "Presence Configuration Decline Reasons",
        key_prefix: prefix::PRESENCE_CONFIG_DECLINE_REASON,
        fields: &[
            field("Id", Id),
            reference(
                "PresenceDeclineReasonId",
                "PresenceDeclineReason",
                "PresenceDeclineReason",
            ),
            reference("PresenceUserConfigId", "PresenceUserConfig", "PresenceUserConfig"),
            field("SystemModstamp", DateTime),
        ],
    },
    Object {
        name: "PresenceDeclineReason",
        label: "Presence Decline Reason",
        plural: "Presence Decline Reasons",
        key_prefix: prefix::PRESENCE_DECLINE_REASON,
        fields: &[
            field("Id", Id),
            field("DeveloperName", Text),
            field("MasterLabel", Text),
            field("Language", Picklist),
            field("SystemModstamp", DateTime),
        ],
    },
    Object {
        name: "PresenceUserConfig",
        label: "Presence User Configuration",
        plural: "Presence User Configurations",
        key_prefix: prefix::PRESENCE_USER_CONFIG,
        fields: &[
            field("Id", Id),
            field("DeveloperName", Text),
            field("MasterLabel", Text),
            field("Language", Picklist),
            field("Capacity", Int),
            field("HasAfterConvoWorkTimer", Boolean),
            field("AfterConvoWorkMaxTime", Int),
            field("HasAcwExtensionEnabled", Boolean),
            field("AcwExtensionDuration", Int),
            field("MaxExtensions", Int),
            field("OptionsIsAutoAcceptEnabled", Boolean),
            field("OptionsIsDeclineEnabled", Boolean),
            field("OptionsIsDeclineReasonEnabled", Boolean),
            field("OptionsIsDisconnectSoundEnabled", Boolean),
            field("OptionsIsRequestSoundEnabled", Boolean),
            reference(
                "PresenceStatusOnDeclineId",
                "ServicePresenceStatus",
                "PresenceStatusOnDecline",
            ),
            reference(
                "PresenceStatusOnPushTimeoutId",
                "ServicePresenceStatus",
                "PresenceStatusOnPushTimeout",
            ),
            field("SystemModstamp", DateTime),
        ],
    },
    Object {
        name: "PresenceUserConfigProfile",
        label: "Presence User Configuration Profile",
        plural: "Presence User Configuration Profiles",
        key_prefix: prefix::PRESENCE_USER_CONFIG_PROFILE,
        fields: &[
            field("Id", Id),
            reference("PresenceUserConfigId", "PresenceUserConfig", "PresenceUserConfig"),
            field("ProfileId", FieldType::Reference("Profile", None)),
            field("SystemModstamp", DateTime),
        ],
    },
    Object {
        name: "PresenceUserConfigUser",
        label: "Presence User Configuration User",
        plural: "Presence User Configuration Users",
        key_prefix: prefix::PRESENCE_USER_CONFIG_USER,
        fields: &[
            field("Id", Id),
            reference("PresenceUserConfigId", "PresenceUserConfig", "PresenceUserConfig"),
            reference("UserId", "User", "User"),
            field("SystemModstamp", DateTime),
        ],
    },
    Object {
        name: "PushTopic",
        label: "Push Topic",
        plural: "Push Topics",
        key_prefix: prefix::PUSH_TOPIC,
        fields: &[
            field("Id", Id),
            field("Name", Text),
            field("Query", Text),
            field("ApiVersion", Double),
            field("Description", Text),
            field("IsActive", Boolean),
            field("NotifyForFields", Picklist),
            field("NotifyForOperationCreate", Boolean),
            field("NotifyForOperationUpdate", Boolean),
            field("NotifyForOperationDelete", Boolean),
            field("NotifyForOperationUndelete", Boolean),
            field("CreatedDate", DateTime),
            field("LastModifiedDate", DateTime),
            field("SystemModstamp", DateTime),
            field("IsDeleted", Boolean),
        ],
    },
    Object {
        name: "ServiceChannel",
        label: "Service Channel",
        plural: "Service Channels",
        key_prefix: prefix::SERVICE_CHANNEL,
        fields: &[
            field("Id", Id),
            field("DeveloperName", Text),
            field("MasterLabel", Text),
            field("Language", Picklist),
            field("RelatedEntity", Picklist),
            field("SystemModstamp", DateTime),
        ],
    },
    Object {
        name: "ServiceChannelStatus",
        label: "Service Channel Status",
        plural: "Service Channel Statuses",
        key_prefix: prefix::SERVICE_CHANNEL_STATUS,
        fields: &[
            field("Id", Id),
            reference("ServiceChannelId", "ServiceChannel", "ServiceChannel"),
            reference(
                "ServicePresenceStatusId",
                "ServicePresenceStatus",
                "ServicePresenceStatus",
            ),
            field("SystemModstamp", DateTime),
        ],
    },
    Object {
        name: "ServicePresenceStatus",
        label: "Presence Status",
        plural: "Presence Statuses",
        key_prefix: prefix::SERVICE_PRESENCE_STATUS,
        fields: &[
            field("Id", Id),
            field("DeveloperName", Text),
            field("MasterLabel", Text),
            field("Language", Picklist),
            field("SystemModstamp", DateTime),
        ],
    },
    Object {
        name: "User",
        label: "User",
        plural: "Users",
        key_prefix: prefix::USER,
        fields: &[
            field("Id", Id),
            field("Username", Text),
            field("Name", Text),
            field("FirstName", Text),
            field("LastName", Text),
            field("Alias", Text),
            field("Email", Text),
            field("IsActive", Boolean),
            field("UserType", Picklist),
            field("ProfileId", FieldType::Reference("Profile", None)),
            field("CallCenterId", FieldType::Reference("CallCenter", None)),
            field("LocaleSidKey", Picklist),
            field("LanguageLocaleKey", Picklist),
            field("TimeZoneSidKey", Picklist),
            field("CreatedDate", DateTime),
            field("SystemModstamp", DateTime),
        ],
    },
    Object {
        name: "UserServicePresence",
        label: "User Presence",
        plural: "User Presences",
        key_prefix: prefix::USER_SERVICE_PRESENCE,
        fields: &[
            field("Id", Id),
            field("Name", Text),
            reference("UserId", "User", "User"),
            reference("OwnerId", "User", "Owner"),
            reference(
                "ServicePresenceStatusId",
                "ServicePresenceStatus",
                "ServicePresenceStatus",
            ),
            field("IsCurrentState", Boolean),
            field("IsAway", Boolean),
            field("ConfiguredCapacity", Int),
            field("ConfiguredInterruptCapacity", Int),
            field("StatusStartDate", DateTime),
            field("StatusEndDate", DateTime),
            field("StatusDuration", Int),
            field("CreatedDate", DateTime),
            field("LastModifiedDate", DateTime),
            field("SystemModstamp", DateTime),
            field("IsDeleted", Boolean),
        ],
    },
    Object {
        name: "VoiceCall",
        label: "Voice Call",
        plural: "Voice Calls",
        key_prefix: prefix::VOICE_CALL,
        fields: &[
            field("Id", Id),
            reference("UserId", "User", "User"),
            reference("OwnerId", "User", "Owner"),
            field("CallType", Picklist),
            field("CallDisposition", Picklist),
            field("FromPhoneNumber", Text),
            field("ToPhoneNumber", Text),
            field("VendorCallKey", Text),
            field("VendorType", Picklist),
            field("CallStartDateTime", DateTime),
            field("CallConnectDateTime", DateTime),
            field("CallEndDateTime", DateTime),
            field("CallDurationInSeconds", Int),
            field("CreatedDate", DateTime),
            field("LastModifiedDate", DateTime),
            field("SystemModstamp", DateTime),
            field("IsDeleted", Boolean),
        ],
    },
];
