//! `GET /holdline`: which Holdline is this?

use presence::ids::{OrgId, UserId};
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

/// The path of the question.
pub const PATH: &str = "/holdline";

/// The value of [`Identity::app`].
pub const APP: &str = "holdline";

/// The answer: on a shared terminal server another rep's Holdline may own a port of the list, so a partner
/// asks every port and joins the one that serves its own org and user.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "camelCase")]
pub struct Identity {
    /// Always [`APP`].
    pub app: String,
    /// The protocol versions understood.
    pub protocols: Protocols,
    /// The signed-in org; absent while nobody is signed in.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    #[schemars(with = "Option<String>")]
    pub org_id: Option<OrgId>,
    /// The signed-in user; absent while nobody is signed in.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    #[schemars(with = "Option<String>")]
    pub user_id: Option<UserId>,
}

/// Protocol ranges, because admins and desktops update at different times.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "camelCase")]
pub struct Protocols {
    /// The console bridge.
    pub bridge: Range,
    /// The connector API.
    pub connector: Range,
    /// The status API.
    pub status: Range,
}

/// An inclusive range of protocol versions.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
pub struct Range {
    /// The oldest version understood.
    pub min: u32,
    /// The newest version understood.
    pub max: u32,
}

impl Range {
    /// Only one version.
    pub const fn only(version: u32) -> Self {
        Self {
            min: version,
            max: version,
        }
    }

    /// The newest version both sides understand.
    pub fn agree(self, other: Self) -> Option<u32> {
        let newest = self.max.min(other.max);
        (newest >= self.min && newest >= other.min).then_some(newest)
    }
}
