//! The console toolkit: the methods of `lightning:omniToolkitAPI` with their arguments and results (seed 003,
//! Lightning Experience).
//!
//! Lists travel as JSON texts inside the result (`works`, `channels`), as there. What the guide leaves open:
//! `getServicePresenceStatusId` of a rep who is logged out resolves with nulls,
//! `getServicePresenceStatusChannels` with an empty list, and `logout` is rejected with `not_logged_in`.

use jiff::Timestamp;
use serde_json::{Value, json};

use super::log::Source;
use super::refusal::{Kind, Refusal};
use super::{Org, RepKey, WorkStatus};

/// Why a toolkit promise is rejected.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum Rejection {
    /// An argument is missing or no text.
    #[error("{method} needs the argument \"{argument}\", a text.")]
    Argument {
        /// The method.
        method: String,
        /// The argument.
        argument: &'static str,
    },
    /// The org refused.
    #[error(transparent)]
    Refused(#[from] Refusal),
    /// There is no such method.
    #[error(
        "The toolkit has no method \"{0}\". It has acceptAgentWork, closeAgentWork, declineAgentWork, \
         getAgentWorks, getAgentWorkload, getServicePresenceStatusChannels, getServicePresenceStatusId, login, \
         logout, lowerAgentWorkFlag, raiseAgentWorkFlag and setServicePresenceStatus."
    )]
    UnknownMethod(String),
}

impl Rejection {
    /// A stable code for programs.
    pub fn code(&self) -> &'static str {
        match self {
            Self::Argument { .. } => "bad_argument",
            Self::Refused(refusal) => refusal.code(),
            Self::UnknownMethod(_) => "unknown_method",
        }
    }

    /// Its kind.
    pub fn kind(&self) -> Kind {
        match self {
            Self::Argument { .. } | Self::UnknownMethod(_) => Kind::Bad,
            Self::Refused(refusal) => refusal.kind(),
        }
    }
}

impl Org {
    /// Calls a toolkit method in the rep's console.
    pub fn toolkit(
        &mut self,
        now: Timestamp,
        key: RepKey,
        method: &str,
        arguments: &Value,
        source: Source,
    ) -> Result<Value, Rejection> {
        let text = |argument: &'static str| {
            arguments
                .get(argument)
                .and_then(Value::as_str)
                .ok_or_else(|| Rejection::Argument {
                    method: method.to_owned(),
                    argument,
                })
        };
        match method {
            "acceptAgentWork" => {
                let work = self.find_work(key, text("workId")?)?;
                self.accept(now, work)?;
                Ok(Value::Bool(true))
            }
            "closeAgentWork" => {
                let work = self.find_work(key, text("workId")?)?;
                self.finish(now, work)?;
                Ok(Value::Bool(true))
            }
            "declineAgentWork" => {
                let work = self.find_work(key, text("workId")?)?;
                if !self.settings().may_decline {
                    return Err(Refusal::MayNotDecline {
                        rep: self.rep(key).rep,
                    }
                    .into());
                }
                let reason = text("declineReason").ok().map(str::to_owned);
                self.decline(now, work, reason)?;
                Ok(Value::Bool(true))
            }
            "getAgentWorks" => Ok(json!({ "works": self.agent_works(key).to_string() })),
            "getAgentWorkload" => {
                let workload = self.workload(key);
                Ok(json!({
                    "configuredCapacity": workload.configured_capacity,
                    "currentWorkload": workload.current_workload,
                    "configuredInterruptibleCapacity": 0,
                    "currentInterruptibleWorkload": 0,
                }))
            }
            "getServicePresenceStatusChannels" => {
                Ok(json!({ "channels": self.status_channels(self.rep(key).status) }))
            }
            "getServicePresenceStatusId" => Ok(self.status_result(self.rep(key).status)),
            "login" => {
                let status = self.status_argument(text("statusId")?)?;
                self.set_presence(now, key, status, source);
                Ok(Value::Bool(true))
            }
            "logout" => {
                self.log_out(now, key, source, None)?;
                Ok(Value::Bool(true))
            }
            "lowerAgentWorkFlag" => {
                let work = self.find_work(key, text("workId")?)?;
                self.flag(now, work, None)?;
                Ok(Value::Bool(true))
            }
            "raiseAgentWorkFlag" => {
                let work = self.find_work(key, text("workId")?)?;
                let message = text("message").unwrap_or_default().to_owned();
                self.flag(now, work, Some(message))?;
                Ok(Value::Bool(true))
            }
            "setServicePresenceStatus" => {
                let status = self.status_argument(text("statusId")?)?;
                self.set_presence(now, key, status, source);
                let mut result = self.status_result(Some(status));
                result["channels"] = self.status_channels(Some(status)).into();
                Ok(result)
            }
            other => Err(Rejection::UnknownMethod(other.to_owned())),
        }
    }

    /// A status id; labels are no ids, here as there.
    fn status_argument(&self, id: &str) -> Result<usize, Refusal> {
        let wanted = id.parse().ok();
        self.catalog
            .statuses
            .iter()
            .position(|status| Some(status.id) == wanted)
            .ok_or_else(|| Refusal::UnknownStatus(id.to_owned()))
    }

    fn agent_works(&self, key: RepKey) -> Value {
        self.works
            .iter()
            .filter(|work| work.rep == key && work.status.is_active())
            .map(|work| {
                json!({
                    "workId": work.id,
                    "workItemId": work.item,
                    "isEngaged": work.status == WorkStatus::Opened,
                })
            })
            .collect()
    }

    fn status_channels(&self, status: Option<usize>) -> String {
        let channels: Value = status
            .map_or(&[][..], |status| &self.catalog.statuses[status].channels)
            .iter()
            .map(|&channel| {
                let channel = &self.catalog.channels[channel];
                json!({ "channelId": channel.id, "developerName": channel.developer_name })
            })
            .collect();
        channels.to_string()
    }

    fn status_result(&self, status: Option<usize>) -> Value {
        let status = status.map(|status| &self.catalog.statuses[status]);
        json!({
            "statusId": status.map(|status| status.id),
            "statusName": status.map(|status| status.label),
            "statusApiName": status.map(|status| status.developer_name),
        })
    }
}
