//! Where counters and durations are exported to, for fleets.

use std::time::Duration;

use schemars::JsonSchema;
use serde::Deserialize;
use url::Url;

use super::file::Span;

/// `[telemetry]`, merged.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct TelemetrySettings {
    /// The collector's address, without `/v1/metrics`; `None`: nothing is exported.
    pub endpoint: Option<Url>,
    /// How often.
    pub interval: Duration,
}

const INTERVAL: Duration = Duration::from_secs(60);

/// `[telemetry]` of one file.
#[derive(Clone, Debug, Default, PartialEq, Eq, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields, default)]
pub(super) struct Telemetry {
    /// An OpenTelemetry collector (OTLP/HTTP), such as "https://collector.example:4318", that counters and durations
    /// are sent to: no names, numbers or ids. Nothing is sent where it is not set.
    endpoint: Option<Endpoint>,
    /// How often.
    #[schemars(extend("default" = "60s"))]
    interval: Option<Span>,
}

#[derive(Clone, Debug, PartialEq, Eq, Deserialize, JsonSchema)]
#[serde(try_from = "String")]
pub(super) struct Endpoint(#[schemars(with = "String")] Url);

impl TryFrom<String> for Endpoint {
    type Error = &'static str;

    fn try_from(text: String) -> Result<Self, Self::Error> {
        const WANTED: &str = "endpoint must be an https:// address (or http:// on this machine), without user name, \
                              password or query";
        let url: Url = text.parse().map_err(|_| WANTED)?;
        let here = matches!(url.host_str(), Some("localhost" | "127.0.0.1" | "[::1]"));
        let safe = url.scheme() == "https" || (url.scheme() == "http" && here);
        let plain = url.username().is_empty() && url.password().is_none() && url.query().is_none();
        if safe && plain { Ok(Self(url)) } else { Err(WANTED) }
    }
}

impl TelemetrySettings {
    pub(super) fn merge(user: Telemetry, policy: Telemetry) -> Self {
        let interval = policy.interval.or(user.interval);
        Self {
            endpoint: policy.endpoint.or(user.endpoint).map(|endpoint| endpoint.0),
            interval: interval.map_or(INTERVAL, |span| Duration::from_millis(span.ms)),
        }
    }
}
