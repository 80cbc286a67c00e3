//! What the org's statuses and the phone's states are, as far as a file tells.

use presence::phone::AgentStateKind;
use serde::Deserialize;

use crate::finding::{Code, Finding};

/// Statuses and states to check a rules file against.
#[derive(Clone, Debug, Default, PartialEq, Eq, Deserialize)]
#[serde(deny_unknown_fields, default)]
pub struct Statuses {
    /// The presence statuses.
    #[serde(rename = "status")]
    pub presence: Vec<OrgStatus>,
    /// The phone's states; empty: not known, then nothing is said about them.
    #[serde(rename = "phone_state")]
    pub phone: Vec<PhoneState>,
}

/// A presence status of the org.
#[derive(Clone, Debug, PartialEq, Eq, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct OrgStatus {
    /// MasterLabel.
    pub label: String,
    /// DeveloperName, where it is known.
    pub developer_name: Option<String>,
    /// Online or Busy.
    pub kind: Kind,
}

/// A state of the phone.
#[derive(Clone, Debug, PartialEq, Eq, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct PhoneState {
    /// As the rep sees it.
    pub name: String,
    /// offline, not_routable, routable or system.
    pub kind: AgentStateKind,
}

/// Kinds of presence status.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Kind {
    /// Gets no work.
    Busy,
    /// Gets work.
    Online,
}

impl OrgStatus {
    /// Every name rules may know it by.
    pub fn names(&self) -> Vec<&str> {
        let label = Some(self.label.as_str());
        let developer_name = self.developer_name.as_deref();
        let other = developer_name.filter(|name| *name != self.label);
        label.into_iter().chain(other).collect()
    }
}

/// The picture of a running Holdline (`holdlinectl status --json`), as far as it is of use here.
#[derive(Deserialize)]
struct Picture {
    statuses: Vec<PictureStatus>,
}

#[derive(Deserialize)]
struct PictureStatus {
    label: String,
    #[serde(default)]
    developer_name: Option<String>,
    kind: Kind,
}

/// Reads a statuses file: TOML or JSON with lists `status` and `phone_state`, or a picture.
///
/// # Errors
/// What is wrong with it, with its line.
pub fn parse_statuses(text: &str) -> Result<Statuses, Finding> {
    if text.trim_start().starts_with('{') {
        return parse_json(text);
    }
    toml::from_str(text).map_err(|error| {
        let offset = error.span().map_or(0, |span| span.start);
        let before = text.get(..offset).unwrap_or_default();
        let line = before.bytes().filter(|byte| *byte == b'\n').count() + 1;
        unreadable(line, error.message())
    })
}

fn parse_json(text: &str) -> Result<Statuses, Finding> {
    let wrong = |error: serde_json::Error| unreadable(error.line().max(1), &error.to_string());
    let value: serde_json::Value = serde_json::from_str(text).map_err(wrong)?;
    if value.get("statuses").is_none() {
        return serde_json::from_str(text).map_err(wrong);
    }
    let picture: Picture = serde_json::from_str(text).map_err(wrong)?;
    let presence = picture.statuses.into_iter().map(|status| OrgStatus {
        label: status.label,
        developer_name: status.developer_name,
        kind: status.kind,
    });
    Ok(Statuses {
        presence: presence.collect(),
        phone: Vec::new(),
    })
}

fn unreadable(line: usize, message: &str) -> Finding {
    let reason = message.lines().next().unwrap_or_default().trim_end_matches('.');
    Finding::error(
        line,
        Code::Syntax,
        format!("The statuses can't be read: {reason}."),
        "Write [[status]] with label, developer_name (if known) and kind = \"online\" or \"busy\", and \
         [[phone_state]] with name and kind; or save the output of `holdlinectl status --json`.",
    )
}
