//! What a settings file may say, and reading one. Everything is optional; `docs/settings.md` has the table.

use presence::settings::{Authority, GuardPolicy, GuardedStatuses, Mode, Profile, WrapUpPolicy};
use schemars::JsonSchema;
use serde::Deserialize;

use super::connector::Connector;
use super::desktop::{Away, ShortcutSettings};
use super::network::Network;
use super::phone::Phone;
use super::streaming::Streaming;
use super::telemetry::Telemetry;
use super::updates::{Desktop, Updates};

/// One file's content: the table that everything else about settings is made from (JSON Schema, ADMX, `policy
/// show`, the window's list). A key's comment is its description for administrators; `default` is what stands
/// without it, and a test compares the two.
#[derive(Clone, Debug, Default, PartialEq, Eq, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields, default)]
#[schemars(title = "Holdline settings")]
pub(super) struct File {
    pub(super) away: Away,
    pub(super) calls: Calls,
    pub(super) connector: Connector,
    pub(super) desktop: Desktop,
    pub(super) guard: Guard,
    pub(super) holdline: Holdline,
    pub(super) log: Log,
    pub(super) loopback: Loopback,
    pub(super) network: Network,
    pub(super) oauth: OAuth,
    pub(super) org: Org,
    pub(super) shortcut: ShortcutSettings,
    pub(super) streaming: Streaming,
    pub(super) support: Support,
    pub(super) sync: Sync,
    pub(super) telemetry: Telemetry,
    pub(super) telephony: Phone,
    pub(super) timings: Scale,
    pub(super) trace: TraceFiles,
    pub(super) updates: Updates,
}

#[derive(Clone, Debug, Default, PartialEq, Eq, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields, default)]
pub(super) struct Calls {
    /// Service channels, by developer name (or label, where reps may not read that), whose work counts as calls
    /// too, besides what routes VoiceCall. A call is known by what its record's id begins with, so other channels
    /// that route the same object count as well.
    pub(super) channels: Option<Vec<Name>>,
}

#[derive(Clone, Debug, Default, PartialEq, Eq, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields, default)]
pub(super) struct Guard {
    /// Which requests wait for the end of a call: going Offline and leaving Holdline, or every status that gets no
    /// work too.
    #[schemars(with = "String", extend("enum" = ["offline", "non_routable"], "default" = "offline"))]
    pub(super) guarded: Option<GuardedStatuses>,
    /// Label or developer name of a Busy status that is set at once when Offline is held, so that no new work is
    /// routed while the call goes on.
    pub(super) hold_as: Option<Name>,
    /// After how long ("2h", "90m", "1h 30m", "PT2H") the rep is asked whether a hold is to go on. It never
    /// ends by itself.
    pub(super) longest_hold: Option<Span>,
    /// Offline during a call: held until the call ends, or refused.
    #[schemars(with = "String", extend("enum" = ["queue", "block"], "default" = "queue"))]
    pub(super) policy: Option<GuardPolicy>,
    /// The same during wrap-up: treated like the call, or let through.
    #[schemars(with = "String", extend("enum" = ["hold", "allow"], "default" = "hold"))]
    pub(super) wrap_up: Option<WrapUpPolicy>,
}

#[derive(Clone, Debug, Default, PartialEq, Eq, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields, default)]
pub(super) struct Holdline {
    /// act: Holdline works. observe: it notes what guard and rules would do, and writes nothing; for a first
    /// roll-out.
    #[schemars(with = "String", extend("enum" = ["act", "observe"], "default" = "act"))]
    pub(super) mode: Option<Mode>,
    /// Who writes what to the phone. Detected where it is not set.
    #[schemars(with = "String", extend("enum" = ["connector", "cti_adapter", "salesforce_voice"]))]
    pub(super) profile: Option<Profile>,
}

#[derive(Clone, Debug, Default, PartialEq, Eq, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields, default)]
pub(super) struct Log {
    /// How much the log files in the profile say. No level writes tokens or whom a call is with.
    #[schemars(with = "String", extend("enum" = ["error", "warn", "info", "debug", "trace"], "default" = "info"))]
    pub(super) level: Option<LogLevel>,
    /// How much of it is kept, in megabytes.
    #[schemars(extend("default" = 8))]
    pub(super) megabytes: Option<Megabytes>,
}

/// How much is logged.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "snake_case")]
pub(super) enum LogLevel {
    Debug,
    Error,
    #[default]
    Info,
    Trace,
    Warn,
}

impl From<LogLevel> for tracing::Level {
    fn from(level: LogLevel) -> Self {
        match level {
            LogLevel::Debug => Self::DEBUG,
            LogLevel::Error => Self::ERROR,
            LogLevel::Info => Self::INFO,
            LogLevel::Trace => Self::TRACE,
            LogLevel::Warn => Self::WARN,
        }
    }
}

#[derive(Clone, Debug, Default, PartialEq, Eq, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields, default)]
pub(super) struct Org {
    /// Consumer key of the External Client App.
    #[schemars(extend("default" = "holdline"))]
    pub(super) client_id: Option<String>,
    /// The org to sign in to: a My Domain host, login.salesforce.com or test.salesforce.com. The rep is asked where
    /// it is not set.
    pub(super) url: Option<String>,
}

#[derive(Clone, Debug, Default, PartialEq, Eq, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields, default)]
pub(super) struct Loopback {
    /// Ports on 127.0.0.1 and ::1 where consoles and phones find Holdline, in order. Built in where it is not set.
    pub(super) ports: Option<PortList>,
}

#[derive(Clone, Debug, Default, PartialEq, Eq, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields, default)]
pub(super) struct OAuth {
    /// Loopback ports where the sign-in comes back, in order; they must be registered in the External Client App.
    /// Built in where it is not set.
    pub(super) ports: Option<PortList>,
}

#[derive(Clone, Debug, Default, PartialEq, Eq, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields, default)]
pub(super) struct Support {
    /// Whom a rep is to tell when something is wrong, as it is shown: "Service desk, extension 4711".
    pub(super) contact: Option<Name>,
}

#[derive(Clone, Debug, Default, PartialEq, Eq, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields, default)]
pub(super) struct Sync {
    /// Which side counts when phone and Omni-Channel were apart and both may have changed.
    #[schemars(with = "String", extend("enum" = ["omni", "telephony", "last"], "default" = "omni"))]
    pub(super) authority: Option<Authority>,
    /// The sync rules' file, relative to the file that names it. Where it is not set, rules.toml beside
    /// holdline.toml, if it is there; without rules, states of the same name follow each other.
    #[schemars(extend("x-path" = true))]
    pub(super) rules: Option<Name>,
    /// Whether rules may write to the phone. As the profile says where it is not set.
    pub(super) write_phone: Option<bool>,
}

#[derive(Clone, Debug, Default, PartialEq, Eq, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields, default)]
pub(super) struct TraceFiles {
    /// Whether a trace of what happened, and why, is written into the profile.
    #[schemars(extend("default" = true))]
    pub(super) enabled: Option<bool>,
    /// How much of it is kept, in megabytes.
    #[schemars(extend("default" = 32))]
    pub(super) megabytes: Option<Megabytes>,
}

#[derive(Clone, Debug, Default, PartialEq, Eq, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields, default)]
pub(super) struct Scale {
    /// Every duration of the engine times this, in percent; for tests and demonstrations.
    #[schemars(extend("default" = 100))]
    pub(super) percent: Option<Percent>,
}

/// A text with something in it.
#[derive(Clone, Debug, PartialEq, Eq, Deserialize, JsonSchema)]
#[serde(try_from = "String")]
pub(super) struct Name(pub(super) String);

impl TryFrom<String> for Name {
    type Error = &'static str;

    fn try_from(text: String) -> Result<Self, Self::Error> {
        if text.trim().is_empty() {
            return Err("the text is empty; write a name, or leave the key out");
        }
        Ok(Self(text))
    }
}

#[derive(Clone, Copy, Debug, PartialEq, Eq, Deserialize, JsonSchema)]
#[serde(try_from = "u64")]
#[schemars(extend("minimum" = 1))]
pub(super) struct Percent(pub(super) u64);

impl TryFrom<u64> for Percent {
    type Error = &'static str;

    fn try_from(percent: u64) -> Result<Self, Self::Error> {
        match percent {
            0 => Err("percent must be at least 1"),
            percent => Ok(Self(percent)),
        }
    }
}

#[derive(Clone, Copy, Debug, PartialEq, Eq, Deserialize, JsonSchema)]
#[serde(try_from = "u64")]
#[schemars(extend("minimum" = 1))]
pub(super) struct Megabytes(pub(super) u64);

impl TryFrom<u64> for Megabytes {
    type Error = &'static str;

    fn try_from(megabytes: u64) -> Result<Self, Self::Error> {
        match megabytes {
            0 => Err("megabytes must be at least 1"),
            megabytes => Ok(Self(megabytes)),
        }
    }
}

#[derive(Clone, Debug, PartialEq, Eq, Deserialize, JsonSchema)]
#[serde(try_from = "Vec<u16>")]
#[schemars(extend("minItems" = 1))]
pub(super) struct PortList(pub(super) Vec<u16>);

impl TryFrom<Vec<u16>> for PortList {
    type Error = &'static str;

    fn try_from(ports: Vec<u16>) -> Result<Self, Self::Error> {
        if ports.is_empty() {
            return Err("a list of ports needs at least one");
        }
        Ok(Self(ports))
    }
}

/// A duration as people write it ("2h", "1h 30m", "PT2H"), in milliseconds.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Deserialize, JsonSchema)]
#[serde(try_from = "String")]
pub(super) struct Span {
    pub(super) ms: u64,
}

impl TryFrom<String> for Span {
    type Error = String;

    fn try_from(text: String) -> Result<Self, Self::Error> {
        let duration: Option<jiff::SignedDuration> = text.parse().ok();
        let ms = duration.and_then(|duration| u64::try_from(duration.as_millis()).ok());
        match ms.filter(|ms| *ms > 0) {
            Some(ms) => Ok(Self { ms }),
            None => Err(format!(
                "{text:?} is no duration; write one such as \"2h\", \"90m\" or \"1h 30m\""
            )),
        }
    }
}
