//! What a settings file may say, and reading one. Everything is optional; `docs/settings.md` has the table.

use std::fs;
use std::io;
use std::path::Path;

use presence::settings::{Authority, GuardPolicy, GuardedStatuses, Mode, Profile, WrapUpPolicy};
use serde::Deserialize;

use super::desktop::{Away, ShortcutSettings};
use super::network::Network;
use super::streaming::Streaming;

/// One file's content.
#[derive(Clone, Debug, Default, PartialEq, Eq, Deserialize)]
#[serde(deny_unknown_fields, default)]
pub(super) struct File {
    pub(super) away: Away,
    pub(super) calls: Calls,
    pub(super) guard: Guard,
    pub(super) holdline: Holdline,
    pub(super) loopback: Ports,
    pub(super) network: Network,
    pub(super) oauth: Ports,
    pub(super) org: Org,
    pub(super) shortcut: ShortcutSettings,
    pub(super) streaming: Streaming,
    pub(super) sync: Sync,
    pub(super) timings: Scale,
    pub(super) trace: TraceFiles,
}

#[derive(Clone, Debug, Default, PartialEq, Eq, Deserialize)]
#[serde(deny_unknown_fields, default)]
pub(super) struct Calls {
    pub(super) channels: Option<Vec<Name>>,
}

#[derive(Clone, Debug, Default, PartialEq, Eq, Deserialize)]
#[serde(deny_unknown_fields, default)]
pub(super) struct Guard {
    pub(super) guarded: Option<GuardedStatuses>,
    pub(super) hold_as: Option<Name>,
    pub(super) longest_hold: Option<Span>,
    pub(super) policy: Option<GuardPolicy>,
    pub(super) wrap_up: Option<WrapUpPolicy>,
}

#[derive(Clone, Debug, Default, PartialEq, Eq, Deserialize)]
#[serde(deny_unknown_fields, default)]
pub(super) struct Holdline {
    pub(super) mode: Option<Mode>,
    pub(super) profile: Option<Profile>,
}

#[derive(Clone, Debug, Default, PartialEq, Eq, Deserialize)]
#[serde(deny_unknown_fields, default)]
pub(super) struct Org {
    pub(super) client_id: Option<String>,
    pub(super) url: Option<String>,
}

#[derive(Clone, Debug, Default, PartialEq, Eq, Deserialize)]
#[serde(deny_unknown_fields, default)]
pub(super) struct Ports {
    pub(super) ports: Option<PortList>,
}

#[derive(Clone, Debug, Default, PartialEq, Eq, Deserialize)]
#[serde(deny_unknown_fields, default)]
pub(super) struct Sync {
    pub(super) authority: Option<Authority>,
    pub(super) rules: Option<Name>,
    pub(super) write_phone: Option<bool>,
}

#[derive(Clone, Debug, Default, PartialEq, Eq, Deserialize)]
#[serde(deny_unknown_fields, default)]
pub(super) struct TraceFiles {
    pub(super) enabled: Option<bool>,
    pub(super) megabytes: Option<Megabytes>,
}

/// Every duration times `percent / 100`, for tests and demonstrations.
#[derive(Clone, Debug, Default, PartialEq, Eq, Deserialize)]
#[serde(deny_unknown_fields, default)]
pub(super) struct Scale {
    pub(super) percent: Option<Percent>,
}

/// A text with something in it.
#[derive(Clone, Debug, PartialEq, Eq, Deserialize)]
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

#[derive(Clone, Copy, Debug, PartialEq, Eq, Deserialize)]
#[serde(try_from = "u64")]
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

#[derive(Clone, Copy, Debug, PartialEq, Eq, Deserialize)]
#[serde(try_from = "u64")]
pub(super) struct Megabytes(pub(super) u64);

impl TryFrom<u64> for Megabytes {
    type Error = &'static str;

    fn try_from(megabytes: u64) -> Result<Self, Self::Error> {
        match megabytes {
            0 => Err("megabytes must be at least 1; enabled = false turns the trace off"),
            megabytes => Ok(Self(megabytes)),
        }
    }
}

#[derive(Clone, Debug, PartialEq, Eq, Deserialize)]
#[serde(try_from = "Vec<u16>")]
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
#[derive(Clone, Copy, Debug, PartialEq, Eq, Deserialize)]
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

/// Reads a file. A missing one is an empty one; anything wrong is named with file and line.
pub(super) fn read(path: &Path) -> Result<File, String> {
    let text = match fs::read_to_string(path) {
        Ok(text) => text,
        Err(error) if error.kind() == io::ErrorKind::NotFound => return Ok(File::default()),
        Err(error) => return Err(format!("{}: {error}", path.display())),
    };
    toml::from_str(&text).map_err(|error| {
        let before = error
            .span()
            .and_then(|span| text.get(..span.start))
            .unwrap_or_default();
        let line = before.bytes().filter(|byte| *byte == b'\n').count() + 1;
        format!("{}, line {line}: {}", path.display(), error.message())
    })
}
