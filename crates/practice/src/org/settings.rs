//! What a trainer can change while the practice org runs (`GET/PUT /practice/v1/settings`).

use serde::{Deserialize, Serialize};
use wire::connector::Profile;

use super::catalog::MOST_DECLINE_REASONS;
use super::refusal::Refusal;
use crate::records;

/// The longest duration a setting takes: a day, milliseconds.
const LONGEST_MS: u64 = 24 * 60 * 60 * 1000;
/// `MaxExtensions` is 1 to 10 (seed 004).
const MOST_EXTENSIONS: u32 = 10;

/// How the practice connector treats `enqueueNextState`.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Connector {
    /// Passes it on, as it should.
    #[default]
    Honours,
    /// Ignores it, as the public demo connectors do: Offline mid-call drops the call.
    Naive,
}

/// How a Holdline reaches the phones.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum PhoneBy {
    /// Through Amazon Connect's panel, at `/ccp-v2/`.
    AmazonConnect,
    /// They join by themselves, through the connector API.
    #[default]
    Connector,
}

/// The settings. In a PUT, what is left out stays as it is.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub struct Settings {
    /// The practice connector.
    pub connector: Connector,
    /// After-conversation work ends by itself after this many milliseconds; 0 = there is none.
    pub wrap_up_ms: u64,
    /// By how many milliseconds a rep can extend wrap-up at a time; 0 = not at all.
    pub wrap_up_extension_ms: u64,
    /// How often a rep can extend one wrap-up.
    pub most_extensions: u32,
    /// Work that is not accepted within this many milliseconds is declined; null = never.
    pub push_timeout_ms: Option<u64>,
    /// Whether the presence configuration lets reps decline.
    pub may_decline: bool,
    /// Decline reasons, one of which must be given; empty = none is asked for.
    pub decline_reasons: Vec<String>,
    /// Label of the presence status after a decline, `Offline` = logged out, null = unchanged.
    pub status_on_decline: Option<String>,
    /// Label of the presence status after a push time-out, `Offline` = logged out, null = unchanged.
    pub status_on_push_timeout: Option<String>,
    /// A session ends when its access token was not used for this many milliseconds.
    pub session_timeout_ms: u64,
    /// API requests in 24 hours; more are refused with REQUEST_LIMIT_EXCEEDED.
    pub api_request_limit: u64,
    /// A CometD connect without an event is answered after this many milliseconds.
    pub cometd_timeout_ms: u64,
    /// A CometD client without a connect for this many milliseconds is gone.
    pub cometd_reconnect_ms: u64,
    /// Events can be replayed for this many milliseconds.
    pub cometd_retention_ms: u64,
    /// CometD clients at a time; more are refused.
    pub cometd_clients: u64,
    /// Events delivered in 24 hours; then clients are refused.
    pub cometd_events: u64,
    /// Salesforce's own endpoints answer 503; the practice API goes on.
    pub outage: bool,
    /// Whether the reps have the permission to read DeveloperName (seed 001); without it that field does not
    /// exist for them.
    pub view_developer_name: bool,
    /// Objects (`PresenceUserConfig`) and fields (`AgentWork.AcwExtensionCount`) that do not exist for the reps:
    /// an older org, or a permission they lack.
    pub hidden: Vec<String>,
    /// Whether the reps belong to a call centre (`User.CallCenterId`).
    pub call_center: bool,
    /// Whether an administrator has listed Holdline's addresses as CSP Trusted Sites.
    pub trusted_sites: bool,
    /// What the phones say they are when they register with a Holdline.
    pub phone_profile: Profile,
    /// How a Holdline reaches the phones.
    pub phone_by: PhoneBy,
    /// The panel answers the page that embeds it.
    pub ccp_acknowledges: bool,
    /// Origins that may embed the panel; null = any page of this machine.
    pub ccp_approved_origins: Option<Vec<String>>,
    /// The rep whom the panel signs in by itself, as a single sign-on that is alive does; null = nobody.
    pub ccp_signs_in: Option<String>,
    /// A call that the rep makes and nobody answers leaves the phone Available.
    pub unanswered_to_available: bool,
    /// Refresh-token rotation: each refresh token can be used once.
    pub rotation: bool,
}

impl Default for Settings {
    fn default() -> Self {
        Self {
            connector: Connector::Honours,
            wrap_up_ms: 90_000,
            wrap_up_extension_ms: 0,
            most_extensions: 3,
            push_timeout_ms: None,
            may_decline: true,
            decline_reasons: Vec::new(),
            status_on_decline: Some(OFFLINE.to_owned()),
            status_on_push_timeout: Some(OFFLINE.to_owned()),
            session_timeout_ms: 2 * 60 * 60 * 1000,
            api_request_limit: 15_000,
            cometd_timeout_ms: 110_000,
            cometd_reconnect_ms: 40_000,
            cometd_retention_ms: 24 * 60 * 60 * 1000,
            cometd_clients: 2_000,
            cometd_events: 1_000_000,
            outage: false,
            view_developer_name: true,
            hidden: Vec::new(),
            call_center: false,
            trusted_sites: true,
            phone_profile: Profile::Connector,
            phone_by: PhoneBy::Connector,
            ccp_acknowledges: true,
            ccp_approved_origins: None,
            ccp_signs_in: None,
            unanswered_to_available: false,
            rotation: false,
        }
    }
}

/// What being logged out of Omni-Channel is called wherever a status label is expected.
pub const OFFLINE: &str = "Offline";

impl Settings {
    /// These settings with the members of a JSON object put over them.
    pub(super) fn patched(&self, patch: &serde_json::Value) -> Result<Self, Refusal> {
        let bad = |detail: String| Refusal::BadSettings { detail };
        let Some(patch) = patch.as_object() else {
            return Err(bad("the body is not a JSON object".to_owned()));
        };
        let mut whole = serde_json::to_value(self).map_err(|error| bad(error.to_string()))?;
        if let Some(members) = whole.as_object_mut() {
            members.extend(patch.clone());
        }
        let settings: Self = serde_json::from_value(whole).map_err(|error| bad(error.to_string()))?;
        let durations = [
            ("wrapUpMs", Some(settings.wrap_up_ms)),
            ("wrapUpExtensionMs", Some(settings.wrap_up_extension_ms)),
            ("pushTimeoutMs", settings.push_timeout_ms),
            ("sessionTimeoutMs", Some(settings.session_timeout_ms)),
            ("cometdTimeoutMs", Some(settings.cometd_timeout_ms)),
            ("cometdReconnectMs", Some(settings.cometd_reconnect_ms)),
            ("cometdRetentionMs", Some(settings.cometd_retention_ms)),
        ];
        for (name, value) in durations {
            if value.is_some_and(|ms| ms > LONGEST_MS) {
                return Err(bad(format!("{name} is longer than a day ({LONGEST_MS} ms)")));
            }
        }
        if !(1..=MOST_EXTENSIONS).contains(&settings.most_extensions) {
            return Err(bad(format!("mostExtensions must be 1 to {MOST_EXTENSIONS}")));
        }
        if settings.decline_reasons.len() > MOST_DECLINE_REASONS {
            return Err(bad(format!(
                "declineReasons has more than {MOST_DECLINE_REASONS}"
            )));
        }
        let mut origins = settings.ccp_approved_origins.iter().flatten();
        if let Some(origin) = origins.find(|origin| !is_origin(origin)) {
            return Err(bad(format!(
                "ccpApprovedOrigins names \"{origin}\", which is no origin like \"http://localhost:47810\""
            )));
        }
        if let Some(name) = settings.hidden.iter().find(|name| !records::exists(name)) {
            return Err(bad(format!(
                "hidden names \"{name}\", which is no object and no Object.Field of this org"
            )));
        }
        Ok(settings)
    }

    /// Whether the reps may not see this object, or this field of it.
    pub(crate) fn hides(&self, object: &str, field: Option<&str>) -> bool {
        self.hidden
            .iter()
            .any(|name| match (name.split_once('.'), field) {
                (Some((of, hidden)), Some(field)) => {
                    of.eq_ignore_ascii_case(object) && hidden.eq_ignore_ascii_case(field)
                }
                (None, None) => name.eq_ignore_ascii_case(object),
                _ => false,
            })
    }
}

/// Whether this is an origin as browsers write it; it goes into a header.
fn is_origin(text: &str) -> bool {
    url::Url::parse(text).is_ok_and(|url| url.origin().ascii_serialization() == text)
}
