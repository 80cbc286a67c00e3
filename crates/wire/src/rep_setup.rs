//! What the console's Apex class says of the rep's own presence set-up (`console-package`, HoldlineSetup), so that
//! no rep needs View Setup and Configuration. Apex gives every absent value as null.

use presence::ids::{RecordId, StatusId};
use serde::{Deserialize, Deserializer, Serialize};

/// The rep's presence set-up.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct RepSetup {
    /// Whether `statuses` are the rep's own; else they are all of the org's.
    pub statuses_are_own: bool,
    /// Presence statuses.
    pub statuses: Vec<RepStatus>,
    /// The org's service channels.
    pub channels: Vec<RepChannel>,
    /// The rep's presence configuration; absent when none of the org's is known to be it.
    #[serde(default)]
    pub configuration: Option<RepConfiguration>,
}

/// A ServicePresenceStatus.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct RepStatus {
    /// Its id.
    pub id: StatusId,
    /// MasterLabel.
    pub label: String,
    /// DeveloperName.
    #[serde(default)]
    pub developer_name: Option<String>,
    /// The service channels it takes work from.
    pub channels: Vec<RecordId>,
}

/// A ServiceChannel.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct RepChannel {
    /// Its id.
    pub id: RecordId,
    /// MasterLabel.
    pub label: String,
    /// DeveloperName.
    #[serde(default)]
    pub developer_name: Option<String>,
    /// RelatedEntity: the object it routes.
    #[serde(default)]
    pub related_entity: Option<String>,
    /// What that object's ids begin with.
    #[serde(default)]
    pub key_prefix: Option<String>,
}

/// A PresenceUserConfig.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct RepConfiguration {
    /// MasterLabel.
    #[serde(default)]
    pub label: Option<String>,
    /// OptionsIsAutoAcceptEnabled.
    pub auto_accept: bool,
    /// OptionsIsDeclineEnabled.
    pub may_decline: bool,
    /// The labels of the decline reasons to choose from; empty where none is asked for.
    pub decline_reasons: Vec<String>,
    /// AfterConvoWorkMaxTime in seconds; absent without a timer.
    #[serde(default)]
    pub wrap_up_seconds: Option<u32>,
    /// AcwExtensionDuration in seconds; absent where reps can't extend it.
    #[serde(default)]
    pub wrap_up_extension_seconds: Option<u32>,
}

/// `None` also for what is no [`RepSetup`].
pub(crate) fn lenient<'de, D: Deserializer<'de>>(deserializer: D) -> Result<Option<RepSetup>, D::Error> {
    let value = Option::<serde_json::Value>::deserialize(deserializer)?;
    Ok(value.and_then(|value| serde_json::from_value(value).ok()))
}

#[cfg(test)]
mod tests {
    use crate::bridge::Report;

    /// As Apex serialises it, with what Holdline does not need beside it.
    const SETUP: &str = r#"{"orgId":"00D000000000001EAA","userId":"005000000000001AAA","statusesAreOwn":true,
        "statuses":[{"id":"0N5000000000001","label":"Available","developerName":null,
            "channels":["0N9000000000001"]}],
        "channels":[{"id":"0N9000000000001","label":"Phone","developerName":"sfdc_phone",
            "relatedEntity":"VoiceCall","keyPrefix":"0LQ"}],
        "configuration":{"label":"Voice","autoAccept":false,"mayDecline":true,"declineReasons":["Lunch"],
            "wrapUpSeconds":90,"wrapUpExtensionSeconds":null}}"#;

    fn report(setup: &str) -> Report {
        serde_json::from_str(&format!(r#"{{"session":"s","setup":{setup}}}"#)).unwrap()
    }

    #[test]
    fn what_apex_says_is_read() {
        let setup = report(SETUP).setup.unwrap();
        assert!(setup.statuses_are_own);
        assert_eq!(setup.statuses[0].developer_name, None);
        assert_eq!(setup.channels[0].key_prefix.as_deref(), Some("0LQ"));
        let configuration = setup.configuration.unwrap();
        assert_eq!(configuration.decline_reasons, ["Lunch"]);
        assert_eq!(
            (
                configuration.wrap_up_seconds,
                configuration.wrap_up_extension_seconds
            ),
            (Some(90), None)
        );
    }

    #[test]
    fn what_cannot_be_read_is_not_told_and_refuses_no_report() {
        for setup in [
            "null",
            "7",
            "{}",
            r#"{"statusesAreOwn":true,"statuses":[{"id":"x"}]}"#,
        ] {
            assert_eq!(report(setup).setup, None, "{setup}");
        }
        let without: Report = serde_json::from_str(r#"{"session":"s"}"#).unwrap();
        assert_eq!(without.setup, None);
    }
}
